"""How features of this service declare their rows about members."""

from typing import Final

from shared.member_rows import BY_ID, MemberRows

UNMOVED: Final = "rows stay under the id that their event names; who asks for one entry is given all of them (membership/queries.py)"


def of_member(table: str, *, copied: str = BY_ID, not_copied: str = "") -> MemberRows:
    """Rows with the column member_id."""
    return MemberRows(table, unmoved=UNMOVED, copied=copied, not_copied=not_copied)
