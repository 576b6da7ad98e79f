"""Records of service in the stream of their activity: the commands that log, confirm, vouch for, correct and void them.

Invariant: state and folding are those of ACTIVITY, because both deciders write to the same stream and share what is cached of it.
"""

from typing import Final, assert_never

from services.activities.gatherings.activity import ACTIVITY
from services.activities.gatherings.state import Activity, require_planned
from services.activities.records import corrections, service_log
from services.activities.records.confirming import ConfirmRoster, confirm_roster
from services.activities.records.corrections import (
    CorrectActivity,
    DeclineRecordCorrection,
    RemindOfCorrection,
    RequestRecordCorrection,
    VoidActivity,
)
from services.activities.records.service_log import LogActivity
from services.activities.records.vouching import VouchRecord, vouch
from shared.contracts.event import Event
from shared.decider import Decider

Correcting = CorrectActivity | VoidActivity | RequestRecordCorrection | RemindOfCorrection | DeclineRecordCorrection
RecordCommand = LogActivity | ConfirmRoster | VouchRecord | Correcting


def decide(command: RecordCommand, state: Activity) -> tuple[Event, ...]:
    """Decide one command about records of an activity."""
    activity = require_planned(state)
    match command:
        case LogActivity():
            return service_log.log(command, activity)
        case ConfirmRoster():
            return confirm_roster(command, activity)
        case VouchRecord():
            return vouch(command, activity)
        case CorrectActivity():
            return corrections.correct(command, activity)
        case VoidActivity():
            return corrections.void(command, activity)
        case RequestRecordCorrection():
            return corrections.request(command, activity)
        case RemindOfCorrection():
            return corrections.remind(command, activity)
        case DeclineRecordCorrection():
            return corrections.decline(command, activity)
        case _:
            assert_never(command)


RECORDS: Final = Decider(
    category=ACTIVITY.category,
    initial=ACTIVITY.initial,
    decide=decide,
    evolve=ACTIVITY.evolve,
    reservations=ACTIVITY.reservations,
)
