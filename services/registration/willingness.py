"""Willingness to serve (服务意愿) as a line of text, for papers and workbooks. What the member left open is left out."""

from shared.contracts.service_preference import ServicePreference
from shared.texts import text


def in_words(offered: ServicePreference) -> str:
    """Fields of service, times, and how often at most, in Chinese."""
    kinds = [_word(f"post_category_{each.lower()}") for each in offered.kinds]
    times = [_word(f"service_time_{each.lower()}") for each in offered.times]
    number = offered.times_per_month
    often = [] if number is None else [text("registration", "labels", "times_per_month", number=number).zh]
    return ";".join("、".join(part) for part in (kinds, times, often) if part)


def _word(key: str) -> str:
    return text("registration", "labels", key).zh
