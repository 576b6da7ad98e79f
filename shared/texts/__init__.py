"""What people read, in Chinese and English: one TOML file per service, and `common.toml` for what all of them say.

Tables: `[errors.<code>] zh`, with `en` only where no DomainError of that code has it as docstring, `[labels.<key>] zh en`,
`[notices.<key>] zh_title zh_body en_title en_body`.
Placeholders are `{name}`; both languages use the same ones (tests/shared/test_texts.py).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, cast

FOLDER: Final = Path(__file__).parent
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")

Entries = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in both languages."""

    zh: str
    en: str


@cache
def load(service: str) -> Entries:
    """All texts of `service`: table → key → field → text. Raises FileNotFoundError for an unknown service."""
    with (FOLDER / f"{service}.toml").open("rb") as file:
        return cast("Entries", tomllib.load(file))


def text(service: str, table: str, key: str, **args: object) -> Text:
    """Text `key` of `table` ("errors", "labels") in both languages with `args` filled in.

    Falls back to common.toml. Raises KeyError when neither file has it. A placeholder without an argument stays visible as `{name}`: a
    half-filled text is better than no answer.
    """
    entry = _entry(service, table, key)
    return Text(fill(entry["zh"], args), fill(entry["en"], args))


def refusal(service: str, code: str, english: str, facts: Mapping[str, object]) -> Text:
    """What a broken rule says: Chinese from the catalogue, English from the docstring of its class, which is the only place that has it.

    Raises KeyError when the catalogue has no Chinese text for `code`.
    """
    return Text(fill(_entry(service, "errors", code)["zh"], facts), fill(" ".join(english.split()).removesuffix("."), facts))


def notice(service: str, key: str, args: Mapping[str, object]) -> tuple[Text, Text]:
    """Title and body of a notice, both languages. Raises KeyError for an unknown key."""
    entry = _entry(service, "notices", key)
    title = Text(fill(entry["zh_title"], args), fill(entry["en_title"], args))
    return title, Text(fill(entry["zh_body"], args), fill(entry["en_body"], args))


def fill(template: str, args: Mapping[str, object]) -> str:
    """`template` with `{name}` replaced. Arguments are inserted as they are and never read as templates themselves."""
    return _PLACEHOLDER.sub(lambda match: str(args.get(match[1], match[0])), template)


def placeholders(template: str) -> frozenset[str]:
    """Names of the placeholders in `template`."""
    return frozenset(_PLACEHOLDER.findall(template))


def _entry(service: str, table: str, key: str) -> Mapping[str, str]:
    entry = load(service).get(table, {}).get(key) or load("common").get(table, {}).get(key)
    if entry is None:
        message = f"shared/texts/{service}.toml has no [{table}.{key}]"
        raise KeyError(message)
    return entry
