"""Hearings by example: no deduction before the member could answer, and one for one event."""

from datetime import date
from typing import Any
from uuid import UUID

from services.evaluation.hearings.hearing import (
    HEARING,
    AnswerDeduction,
    DeductionAlreadyProposed,
    DeductionIsDecided,
    DeductionTookEffect,
    DeductionUnknown,
    DropDeduction,
    HearingStillOpen,
    ProposeDeduction,
    ProposerMayNotDecide,
    UpholdDeduction,
)
from shared.contracts.evaluation.codes import DeductionKind
from shared.contracts.evaluation.hearings import DeductionAnswered, DeductionDropped, DeductionProposed, DeductionUpheld
from shared.testing.scenario import Scenario
from tests.evaluation.given import COMMUNITY, MEMBER, PERIOD

DEDUCTION = UUID(int=77)
CASE_IDS: dict[str, Any] = {"member_id": MEMBER, "period_id": PERIOD}


def proposed(source: int = 5) -> DeductionProposed:
    return DeductionProposed(
        **CASE_IDS, deduction_id=DEDUCTION, community_id=COMMUNITY, kind=DeductionKind.POST_ABANDONED, source_event_id=UUID(int=source),
        reason="离岗未告知", answer_until=date(2026, 6, 8), proposed_by="clerk",
    )  # fmt: skip


def uphold(day: int, by: str = "street") -> UpholdDeduction:
    return UpholdDeduction(deduction_id=DEDUCTION, decided_by=by, today=date(2026, 6, day), reason="情况属实")


def test_g11_a_deduction_waits_for_the_answer_or_its_time() -> None:
    Scenario(HEARING).given(proposed()).when(uphold(8)).then_rejected(HearingStillOpen, answer_until="2026-06-08")
    Scenario(HEARING).given(proposed()).when(uphold(9)).then_events(DeductionUpheld)
    answered = DeductionAnswered(**CASE_IDS, deduction_id=DEDUCTION, answer="我已电话告知")
    Scenario(HEARING).given(proposed()).when(AnswerDeduction(deduction_id=DEDUCTION, answer="我已电话告知")).then(answered)
    Scenario(HEARING).given(proposed(), answered).when(uphold(3)).then_events(DeductionUpheld)


def test_g11_who_proposes_a_deduction_does_not_decide_it() -> None:
    Scenario(HEARING).given(proposed()).when(uphold(9, by="clerk")).then_rejected(ProposerMayNotDecide)


def test_one_event_is_held_against_a_person_once_under_whichever_entry() -> None:
    asked = ProposeDeduction(**proposed().model_dump())
    charge = frozenset({(DeductionKind.POST_ABANDONED, UUID(int=5))})
    Scenario(HEARING).when(asked.model_copy(update={"elsewhere": charge})).then_rejected(DeductionAlreadyProposed)
    other = ProposeDeduction(**proposed(6).model_dump(), elsewhere=charge)
    Scenario(HEARING).when(other).then(proposed(6))
    twice = uphold(9).model_copy(update={"elsewhere": charge})
    Scenario(HEARING).given(proposed()).when(twice).then_rejected(DeductionTookEffect)
    Scenario(HEARING).given(proposed(6)).when(twice).then_events(DeductionUpheld)


def test_a_deduction_is_decided_once() -> None:
    drop = DropDeduction(deduction_id=DEDUCTION, decided_by="street", reason="证据不足")
    (dropped,) = Scenario(HEARING).given(proposed()).when(drop).then_events(DeductionDropped)
    Scenario(HEARING).given(proposed(), dropped).when(uphold(9)).then_rejected(DeductionIsDecided)
    Scenario(HEARING).when(uphold(9)).then_rejected(DeductionUnknown)


def test_one_hearing_per_event() -> None:
    again = ProposeDeduction(**{**proposed().model_dump(), "deduction_id": UUID(int=78)})
    Scenario(HEARING).given(proposed()).when(again).then_rejected(DeductionAlreadyProposed)
    Scenario(HEARING).given(proposed()).when(ProposeDeduction(**proposed().model_dump())).then_nothing()
