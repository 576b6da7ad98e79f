"""A contact is recorded once by one side, noted by the other, and never edited."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.registration.liaison.contact import (
    LIAISON_CONTACT,
    AcknowledgeLiaisonContact,
    LiaisonContactInFuture,
    LiaisonContactIsWithdrawn,
    LiaisonContactUnknown,
    NumberOfAPerson,
    RecorderMayNotAcknowledge,
    RecordLiaisonContact,
    WithdrawLiaisonContact,
)
from shared.contracts.registration.liaison import (
    LiaisonContactAcknowledged,
    LiaisonContactRecorded,
    LiaisonContactWithdrawn,
    LiaisonKind,
    LiaisonSide,
    LiaisonSubject,
)
from shared.testing.scenario import Scenario
from tests.registration.given import COMMUNITY, DAY, UNIT

CONTACT = UUID("0192ffff-0000-7000-8000-000000000011")
EDGE = {"contact_id": CONTACT, "unit_id": UNIT, "community_id": COMMUNITY}
record = RecordLiaisonContact(
    **EDGE,
    recorded_by=LiaisonSide.UNIT,
    recorder="liaison",
    kind=LiaisonKind.VISIT,
    subject=LiaisonSubject.POSTS,
    held_on=DAY,
    recorded_on=DAY,
    matter="商量下半年岗位",
)

recorded = LiaisonContactRecorded(**record.model_dump(exclude={"recorded_on"}))
acknowledged = LiaisonContactAcknowledged(**EDGE)
withdrawn = LiaisonContactWithdrawn(**EDGE, reason="重复登记")
withdraw = WithdrawLiaisonContact(reason="重复登记")


def test_a_contact_is_recorded_once_it_has_taken_place() -> None:
    Scenario(LIAISON_CONTACT).when(record).then(recorded)
    Scenario(LIAISON_CONTACT).given(recorded).when(record).then_nothing()
    tomorrow = record.model_copy(update={"held_on": DAY + timedelta(days=1)})
    Scenario(LIAISON_CONTACT).when(tomorrow).then_rejected(LiaisonContactInFuture)
    Scenario(LIAISON_CONTACT).when(withdraw).then_rejected(LiaisonContactUnknown)


def test_somebody_else_takes_note_once_and_not_of_what_was_withdrawn() -> None:
    note = AcknowledgeLiaisonContact(actor="clerk")
    Scenario(LIAISON_CONTACT).given(recorded).when(note).then(acknowledged)
    Scenario(LIAISON_CONTACT).given(recorded, acknowledged).when(note).then_nothing()
    Scenario(LIAISON_CONTACT).given(recorded).when(AcknowledgeLiaisonContact(actor="liaison")).then_rejected(RecorderMayNotAcknowledge)
    Scenario(LIAISON_CONTACT).given(recorded, withdrawn).when(note).then_rejected(LiaisonContactIsWithdrawn)


def test_a_contact_is_withdrawn_with_a_reason_and_stays_so() -> None:
    Scenario(LIAISON_CONTACT).given(recorded, acknowledged).when(withdraw).then(withdrawn)
    Scenario(LIAISON_CONTACT).given(recorded, withdrawn).when(withdraw).then_nothing()


@pytest.mark.parametrize("text", ["找 138 0013 8000 商量", "11010519491231002X"])
def test_g3_no_text_of_a_contact_holds_a_number_of_a_person(text: str) -> None:
    Scenario(LIAISON_CONTACT).when(record.model_copy(update={"matter": text})).then_rejected(NumberOfAPerson)
    Scenario(LIAISON_CONTACT).given(recorded).when(WithdrawLiaisonContact(reason=text)).then_rejected(NumberOfAPerson)
