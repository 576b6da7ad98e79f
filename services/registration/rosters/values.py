"""What cells of a roster mean: political status, occupation, telephones, units and communities as offices write them."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from services.registration.personal_fields import key
from services.registration.rosters.columns import WORDS
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus

POLITICAL: Final = {word: PoliticalStatus[code] for code, words in WORDS["political_status"].items() for word in words}
OCCUPATIONS: Final = {word: OccupationGroup[code] for code, words in WORDS["occupation"].items() for word in words}
# What stands behind or before the name of a unit or a community when its party organisation is meant.
PARTY_OF: Final = tuple(WORDS["party"]["behind"])
PARTY: Final = tuple(WORDS["party"]["before"])
LONGEST_BRANCH: Final = 20  # signs of 第三党支部 and the like behind a unit
APART: Final = "/\\、,;|或和&"
LANDLINE_SIGNS: Final = frozenset("0123456789-")
MOBILE: Final = 11


def telephones(text: str) -> list[str]:
    """The telephones in a cell as they are kept: without +86, groups and brackets. A part that is none stays as it is.

    `text` in normal form (no blanks).
    """
    for sign in APART:
        text = text.replace(sign, " ")
    return [number for part in text.split() for number in _telephone(part)]


def _telephone(part: str) -> list[str]:
    bare = part.replace("(", "").replace(")", "-" if part.startswith("(0") else "").replace("+", "").replace(".", "-").replace("_", "-")
    bare = bare.replace("–", "-").replace("—", "-").removesuffix("-")
    digits = bare.replace("-", "")
    for prefix in ("0086", "86"):
        if len(digits) == MOBILE + len(prefix) and digits.startswith(f"{prefix}1"):
            digits = digits.removeprefix(prefix)
    if len(digits) == MOBILE and digits.startswith("1"):
        return [digits]
    if len(digits) == 2 * MOBILE and digits[0] == digits[MOBILE] == "1":
        return [digits[:MOBILE], digits[MOBILE:]]
    if digits.startswith("860"):
        return [bare.removeprefix("86").removeprefix("-")]
    return [bare if LANDLINE_SIGNS.issuperset(bare) else part]


def community_key(name: str) -> str:
    """A community's name without 社区, 居委会 and its party organisation."""
    text = key(name)
    for prefix in PARTY:
        text = text.removeprefix(prefix)
    shorter = _without_party(text)
    return shorter.removesuffix("社区") or shorter or text


def find_community(written: str, communities: Mapping[str, UUID]) -> UUID | None:
    """The community that is written, also as part of an address if only one stands there. `communities` by `community_key`."""
    known = communities.get(community_key(written))
    if known is not None:
        return known
    text = key(written)
    # 新风社区 stands in 大新风社区, too: a longer name that is there wins.
    named = sorted((name for name in communities if name and f"{name}社区" in text), key=len, reverse=True)
    others = [name for name in named if name not in named[0]] if named else []
    return communities[named[0]] if named and not others else None


def find_unit(written: str, units: Mapping[str, tuple[UUID, OccupationGroup]], field: str) -> tuple[UUID, OccupationGroup] | None:
    """The unit that is written in a column `unit`, `unit_and_position` or `party_branch`. `units` by `key` of their names."""
    text = key(written)
    if text in units:
        return units[text]
    for prefix in PARTY:
        text = text.removeprefix(prefix)
    if text in units:
        return units[text]
    longest = max((name for name in units if text.startswith(name)), key=len, default="")
    rest = text.removeprefix(longest)
    if longest and (field == "unit_and_position" or (len(rest) <= LONGEST_BRANCH and rest.endswith(PARTY_OF))):
        return units[longest]
    return None


def unit_in(texts: list[str], units: Mapping[str, tuple[UUID, OccupationGroup]]) -> tuple[UUID, OccupationGroup] | None:
    """The only unit whose name stands in one of the texts (a title, the name of a sheet)."""
    named = sorted({name for text in texts for name in units if name in key(text)}, key=len, reverse=True)
    others = [name for name in named if units[name] != units[named[0]] and name not in named[0]] if named else []
    return units[named[0]] if named and not others else None


def _without_party(text: str) -> str:
    while suffix := next((each for each in PARTY_OF if text.endswith(each) and text != each), ""):
        text = text.removesuffix(suffix)
    return text
