"""How features of this service declare their rows about members."""

from typing import Final

from shared.member_rows import MemberRows

UNMOVED: Final = "an entry that was merged keeps its papers and accounts; the page of the entry that remains shows them (own_page/api.py)"
NOT_COPIED: Final = "the copy of this service is the member's own page, with sealed fields opened (own_page/api.py)"


def of_member(table: str, column: str = "member_id") -> MemberRows:
    """Rows that the member reads on the own page."""
    return MemberRows(table, column, unmoved=UNMOVED, not_copied=NOT_COPIED)
