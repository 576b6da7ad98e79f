"""After a merge of two entries of one person everything that the one had is the other's, whenever the merge is heard."""

import pytest

from services.notifications.app import FEATURES, SERVICE
from shared.contracts.activities.identity import MemberIdentityFollowed
from shared.contracts.activities.pairings import HelpPairingLeft
from shared.contracts.activities.records import LeaveApproved, SignUpWithdrawn
from shared.contracts.event import Event
from shared.contracts.notifications import NotificationQueued
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.contracts.registration.members import PersonalDataErased
from shared.testing.harness import ServiceUnderTest
from tests.merging import NEW, OLD, assert_everything_is_the_others, told_of

MEMBER_FIELDS = ("member_id", "recipient_id")
ENDING = (MemberIdentitiesMerged, MemberIdentityFollowed, HelpPairingLeft, SignUpWithdrawn, LeaveApproved, PersonalDataErased)
LISTS = ("/notices?limit=200",)


def worded(event: Event) -> Event:
    """With words that the catalogue has."""
    words = {"text_key": "member_reported", "text_args": {"unit": "某校", "certificate_no": "0001"}}
    return event.model_copy(update=words) if isinstance(event, NotificationQueued) else event


@pytest.mark.parametrize("seed", range(8))
async def test_everything_that_the_one_entry_had_is_the_others(service: ServiceUnderTest, seed: int) -> None:
    old, new = ([worded(each) for each in told_of(FEATURES, who, MEMBER_FIELDS, ENDING)] for who in (OLD, NEW))
    await assert_everything_is_the_others(service, SERVICE, (old, new), LISTS, seed)
