"""Hearings by example: no deduction before the member could answer, and one for one event."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.evaluation.hearings.grounds import SourceEventOutsidePeriod, SourceEventShowsSomethingElse, SourceEventUnknown
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
from services.evaluation.scoring.facts import Fact
from shared.contracts.evaluation.codes import DeductionKind
from shared.contracts.evaluation.hearings import DeductionAnswered, DeductionDropped, DeductionProposed, DeductionUpheld
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.evaluation.given import COMMUNITY, MEMBER, PERIOD, YEAR, left_post, record

DEDUCTION = UUID(int=77)
CASE_IDS: dict[str, Any] = {"member_id": MEMBER, "period_id": PERIOD}


def proposed(source: int = 5) -> DeductionProposed:
    return DeductionProposed(
        **CASE_IDS, deduction_id=DEDUCTION, community_id=COMMUNITY, kind=DeductionKind.POST_ABANDONED, source_event_id=UUID(int=source),
        reason="离岗未告知", answer_until=date(2026, 6, 8), proposed_by="clerk",
    )  # fmt: skip


def propose(source: int = 5, **changes: Any) -> ProposeDeduction:
    return ProposeDeduction(**{**proposed(source).model_dump(), "period": YEAR, "known": (left_post(source),), **changes})


def uphold(day: int, by: str = "street", **changes: Any) -> UpholdDeduction:
    facts: dict[str, Any] = {"period": YEAR, "known": (left_post(),), **changes}
    return UpholdDeduction(deduction_id=DEDUCTION, decided_by=by, today=date(2026, 6, day), reason="情况属实", **facts)


def test_g11_a_deduction_waits_for_the_answer_or_its_time() -> None:
    Scenario(HEARING).given(proposed()).when(uphold(8)).then_rejected(HearingStillOpen, answer_until="2026-06-08")
    Scenario(HEARING).given(proposed()).when(uphold(9)).then_events(DeductionUpheld)
    answered = DeductionAnswered(**CASE_IDS, deduction_id=DEDUCTION, answer="我已电话告知")
    Scenario(HEARING).given(proposed()).when(AnswerDeduction(deduction_id=DEDUCTION, answer="我已电话告知")).then(answered)
    Scenario(HEARING).given(proposed(), answered).when(uphold(3)).then_events(DeductionUpheld)


def test_g11_who_proposes_a_deduction_does_not_decide_it() -> None:
    Scenario(HEARING).given(proposed()).when(uphold(9, by="clerk")).then_rejected(ProposerMayNotDecide)


def test_one_event_is_held_against_a_person_once_under_whichever_entry() -> None:
    charge = frozenset({(DeductionKind.POST_ABANDONED, UUID(int=5))})
    Scenario(HEARING).when(propose(elsewhere=charge)).then_rejected(DeductionAlreadyProposed)
    Scenario(HEARING).when(propose(6, elsewhere=charge)).then(proposed(6))
    Scenario(HEARING).given(proposed()).when(uphold(9, elsewhere=charge)).then_rejected(DeductionTookEffect)
    Scenario(HEARING).given(proposed(6)).when(uphold(9, known=(left_post(6),), elsewhere=charge)).then_events(DeductionUpheld)


def test_a_deduction_is_decided_once() -> None:
    drop = DropDeduction(deduction_id=DEDUCTION, decided_by="street", reason="证据不足")
    (dropped,) = Scenario(HEARING).given(proposed()).when(drop).then_events(DeductionDropped)
    Scenario(HEARING).given(proposed(), dropped).when(uphold(9)).then_rejected(DeductionIsDecided)
    Scenario(HEARING).when(uphold(9)).then_rejected(DeductionUnknown)


def test_one_hearing_per_event() -> None:
    Scenario(HEARING).given(proposed()).when(propose(deduction_id=UUID(int=78))).then_rejected(DeductionAlreadyProposed)
    Scenario(HEARING).given(proposed()).when(propose()).then_nothing()


def test_a_record_is_held_against_a_member_once_whichever_of_its_events_is_named() -> None:
    false = {"kind": DeductionKind.RECORD_FALSE, "known": (record(5), record(6, revision=2))}
    (first,) = Scenario(HEARING).when(propose(5, **false)).then_events(DeductionProposed)
    again = propose(6, **false, deduction_id=UUID(int=78))
    Scenario(HEARING).given(first).when(again).then_rejected(DeductionAlreadyProposed)


ABANDONED, FALSE = DeductionKind.POST_ABANDONED, DeductionKind.RECORD_FALSE
WITH_A_WORD = left_post()._replace(data={"post_id": "post"})


@pytest.mark.parametrize(
    ("kind", "known", "refusal"),
    [
        (ABANDONED, (), SourceEventUnknown),
        (ABANDONED, (left_post(6),), SourceEventUnknown),
        (ABANDONED, (WITH_A_WORD,), SourceEventShowsSomethingElse),
        (ABANDONED, (record(),), SourceEventShowsSomethingElse),
        (ABANDONED, (left_post(day=date(2025, 12, 31)),), SourceEventOutsidePeriod),
        (ABANDONED, (left_post(day=date(2027, 1, 1)),), SourceEventOutsidePeriod),
        (FALSE, (left_post(),), SourceEventShowsSomethingElse),
        (FALSE, (record(voided=True),), SourceEventShowsSomethingElse),
        (FALSE, (record(day=date(2025, 12, 31)),), SourceEventOutsidePeriod),
    ],
)
def test_what_no_event_shows_is_neither_proposed_nor_upheld(
    kind: DeductionKind, known: tuple[Fact, ...], refusal: type[DomainError]
) -> None:
    """Also what was proposed when nobody looked."""
    Scenario(HEARING).when(propose(kind=kind, known=known)).then_rejected(refusal)
    before = proposed().model_copy(update={"kind": kind})
    Scenario(HEARING).given(before).when(uphold(9, known=known)).then_rejected(refusal)


@pytest.mark.parametrize("known", [(record(),), (record(), record(7, revision=2, voided=True))])
def test_a_false_record_may_have_been_voided_since(known: tuple[Fact, ...]) -> None:
    before = proposed().model_copy(update={"kind": FALSE})
    Scenario(HEARING).when(propose(kind=FALSE, known=known)).then(before)
    Scenario(HEARING).given(before).when(uphold(9, known=known)).then_events(DeductionUpheld)
