"""Entries of the time bank."""

from typing import Final

from services.activities.writes import Writes, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

ENTRY_COLUMNS: Final = ("community_id", "from_member_id", "to_member_id", "minutes")


def time_ledger(event: Recorded) -> Writes:
    """Every entry is a row; nothing is taken away."""
    match data := event.data:
        case own.TimeCredited():
            more = {"kind": "CREDIT", **fields(data, "record_id", "expires_on")}
        case own.TimeTransferred():
            more = {"kind": "TRANSFER"}
        case own.TimeRedeemed():
            more = {"kind": "REDEMPTION", "purpose": data.purpose}
        case own.TimeExpired():
            more = {"kind": "EXPIRY", "expires_on": data.expires_on}
        case own.TimeReversed():
            more = {"kind": "REVERSAL", "reverses_entry_id": data.reverses_entry_id, "record_id": data.record_id, "purpose": data.reason}
        case _:
            return ()
    return (
        save(
            event,
            "time_entries",
            fields(data, "entry_id"),
            {**fields(data, *ENTRY_COLUMNS), "at": event.time, "arrived": event.sequence, **more},
        ),
    )
