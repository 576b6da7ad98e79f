"""Names as people look them up: by signs, or by the initials of their pinyin (郑启明 → zqm), and in the order of it. Pure.

A surname is read as a surname (单 → s, 仇 → q), a sign with several readings by any of them: who looks up must not know which one is right.
"""

import os
from itertools import product
from typing import Final

os.environ |= {"PYPINYIN_NO_PHRASES": "1", "PYPINYIN_NO_DICT_COPY": "1"}  # 44 MB of phrases that are of no use sign by sign

from pypinyin import Style, lazy_pinyin, pinyin

from services.registration.personal_fields import key

MOST_READINGS: Final = 64
# Surnames whose reading as a surname is one of the sign, but not the usual one: names are sorted by it.
SURNAMES: Final = {
    "单": "s", "仇": "q", "解": "x", "查": "z", "区": "o", "朴": "p", "盖": "g", "曾": "z", "任": "r", "覃": "q", "翟": "z", "缪": "m",
    "乐": "y", "华": "h", "尉": "y", "种": "c", "秘": "b", "冼": "x", "逄": "p", "员": "y", "折": "s", "召": "s", "繁": "p", "洗": "x",
}  # fmt: skip
COMPOUND: Final = {"尉迟": "yc", "单于": "cy", "万俟": "mq", "长孙": "zs", "澹台": "tt", "令狐": "lh"}


def initials(name: str) -> frozenset[str]:
    """Every sequence of initials the name can be read with; letters and digits are their own initials."""
    compound = next((surname for surname in COMPOUND if name.startswith(surname)), None)
    # Sign by sign: as a phrase pypinyin would settle on one reading.
    signs = [_readings(sign) for sign in (name[2:] if compound else name)]
    if compound:
        signs.insert(0, {COMPOUND[compound]})
    found = set[str]()
    for reading in product(*(sorted(each) for each in signs)):
        found.add("".join(reading))
        if len(found) == MOST_READINGS:
            break
    return frozenset(found)


def is_found_by(name: str, looked_up: str) -> bool:
    """Does somebody who types `looked_up` mean this name: part of it, or the beginning of its initials?"""
    wanted = key(looked_up)
    return bool(wanted) and (wanted in key(name) or any(each.startswith(wanted) for each in initials(name)))


def by_pinyin(name: str) -> tuple[str, list[str], str]:
    """What names are sorted by: the initial of the surname as a surname is read, then every sign as it is usually read."""
    surname = COMPOUND.get(name[:2]) or SURNAMES.get(name[:1], "")
    spelt = [each.lower() for each in lazy_pinyin(name)]
    return surname[:1] or spelt[0][:1], spelt, name


def _readings(sign: str) -> set[str]:
    found = pinyin(sign, style=Style.NORMAL, heteronym=True)
    return {reading[0].lower() for each in found for reading in each}
