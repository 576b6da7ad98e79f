"""Quarters of a calendar year, as units and communities report by them."""

from datetime import date, timedelta


def days_of_quarter(year: int, quarter: int) -> tuple[date, date]:
    """First and last day of quarter 1 to 4."""
    first = date(year, 3 * quarter - 2, 1)
    following = date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    return first, following - timedelta(days=1)
