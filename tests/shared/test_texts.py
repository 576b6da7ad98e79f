"""Every text for people exists in Chinese and English, with the same placeholders, and no text is unused."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import services
from shared.contracts.notifications import NoticeKind
from shared.decider import DomainError
from shared.texts import FOLDER, fill, load, notice, placeholders, refusal, text

ROOT = Path(services.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("*.toml"))
PAIRS = {"errors": ("zh", "en"), "labels": ("zh", "en"), "notices": ("zh_title", "zh_body", "en_title", "en_body")}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”》）][,;:?!()]|[,;:?!()][\u4e00-\u9fff“《（]")


def domain_errors() -> Iterator[type[DomainError]]:
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if not module.name.endswith(".app"):
            importlib.import_module(module.name)
    waiting = [DomainError]
    while waiting:
        subclasses = [each for each in waiting.pop().__subclasses__() if each.__module__.startswith("services.")]
        yield from subclasses
        waiting += subclasses


CODES = frozenset(error.code() for error in domain_errors())


def test_every_broken_rule_can_be_said_in_both_languages() -> None:
    missing = {
        f"shared/texts/{error.__module__.split('.')[1]}.toml: [errors.{error.code()}] zh = … for {error.__doc__!r}"
        for error in domain_errors()
        if not has_error(error)
    }
    assert not missing, "add these texts:\n" + "\n".join(sorted(missing))


def has_error(error: type[DomainError]) -> bool:
    service = error.__module__.split(".")[1]
    return any(error.code() in load(name).get("errors", {}) for name in (service, "common") if name in FILES)


def test_every_broken_rule_says_in_english_what_is_wrong_and_nowhere_else() -> None:
    for error in domain_errors():
        service, english = error.__module__.split(".")[1], " ".join((error.__doc__ or "").split())
        assert english, f"{error.__qualname__}: the docstring is the English message"
        entries = [load(name).get("errors", {}).get(error.code()) for name in (service, "common") if name in FILES]
        entry = next(each for each in entries if each is not None)
        place = f"shared/texts/{service}.toml [errors.{error.code()}]"
        assert "en" not in entry, f"{place}: the English is the docstring of {error.__qualname__}; remove `en`"
        assert placeholders(entry["zh"]) == placeholders(english), f"{place} and the docstring must use the same placeholders"


def test_a_broken_rule_is_answered_with_its_docstring_filled_in() -> None:
    assert (
        refusal("evaluation", "panel_too_small", "A panel has at least {least}\n    members.", {"least": 3}).en
        == "A panel has at least 3 members"
    )


def test_every_notice_has_a_text_and_every_text_a_notice() -> None:
    assert set(load("notifications")["notices"]) == {kind.value.lower() for kind in NoticeKind}


@pytest.mark.parametrize("service", [name for name in FILES if name != "common"])
def test_no_error_text_is_left_over(service: str) -> None:
    codes = {error.code() for error in domain_errors() if error.__module__.startswith(f"services.{service}.")}
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / service).rglob("*.py"))
    unused = [code for code in load(service).get("errors", {}) if code not in codes and f'"{code}"' not in sources]
    assert not unused, f"shared/texts/{service}.toml says these, but nothing raises them any more; remove them: {unused}"


@pytest.mark.parametrize("service", FILES)
def test_both_languages_are_complete_and_use_the_same_placeholders(service: str) -> None:
    for table, fields in PAIRS.items():
        for key, entry in load(service).get(table, {}).items():
            place = f"shared/texts/{service}.toml [{table}.{key}]"
            if table == "errors" and key in CODES:
                assert CHINESE.search(entry["zh"]), f"{place}: zh is not Chinese"
                continue  # its English is the docstring
            assert set(fields) <= set(entry), f"{place} needs {fields}"
            for zh, en in zip(fields[: len(fields) // 2], fields[len(fields) // 2 :], strict=True):
                assert placeholders(entry[zh]) == placeholders(entry[en]), f"{place}: {zh} and {en} must use the same placeholders"
                assert CHINESE.search(entry[zh]), f"{place}: {zh} is not Chinese"
                # English may quote a Chinese heading.
                assert len(CHINESE.findall(entry[en])) * 4 < len(entry[en]), f"{place}: {en} is not English"


@pytest.mark.parametrize("service", FILES)
def test_chinese_has_chinese_punctuation(service: str) -> None:
    texts = [(key, field, value) for table in load(service).values() for key, entry in table.items() for field, value in entry.items()]
    half_width = [f"[{key}] {field}: {value}" for key, field, value in texts if "zh" in field and HALF_WIDTH.search(value)]
    assert not half_width, f"shared/texts/{service}.toml: write ，；：？！（） beside Chinese characters: {half_width}"


def test_texts_are_filled_in() -> None:
    title, body = notice("notifications", "post_claimed", {"post": "夜间巡逻"})
    assert title.zh == "认岗成功"
    assert "夜间巡逻" in body.zh
    assert "夜间巡逻" in body.en


def test_an_argument_is_never_read_as_a_template() -> None:
    assert fill("{title}: {reason}", {"title": "{reason}", "reason": "x"}) == "{reason}: x"


def test_a_missing_argument_stays_visible() -> None:
    assert fill("{title}", {}) == "{title}"


def test_every_service_can_say_what_all_services_say() -> None:
    assert text("notifications", "errors", "not_found").zh == text("common", "errors", "not_found").zh


def test_an_unknown_text_is_reported_by_its_place() -> None:
    with pytest.raises(KeyError, match=r"shared/texts/notifications.toml has no \[errors.nonsense\]"):
        text("notifications", "errors", "nonsense")
