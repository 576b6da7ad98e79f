"""What is known of a case after its events: the two halves, what was granted, hearings, appeals, handouts, and who had a hand in it."""

from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

import pytest

from services.evaluation.cases import appeal_phases, handout_phases, hearing_phases
from services.evaluation.cases.assessments import SubmitCommunityAssessment
from services.evaluation.cases.case import CASE
from services.evaluation.cases.grants import ExemptionEndsBeforeItStarts, GrantCommendation, GrantExemption
from services.evaluation.cases.published import GradeUnderReview, StatementNotPublished, settled
from services.evaluation.cases.published import published as published_of
from services.evaluation.cases.state import UNTOUCHED, CaseState, evolve
from shared.contracts.evaluation.assessments import CommendationGranted, CommunityAssessmentSubmitted, UnitAssessmentSubmitted
from shared.contracts.evaluation.codes import CommunityOpinion, ExemptionReason
from shared.contracts.evaluation.hearings import (
    AppealAccepted,
    AppealEscalated,
    AppealLodged,
    AppealRejected,
    CategoryWaived,
    DeductionAnswered,
    DeductionDropped,
    DeductionProposed,
    DeductionUpheld,
    ExemptionGranted,
    GradeProposalRefusalTakenBack,
    GradeProposalRefused,
)
from shared.contracts.evaluation.statements import (
    ReferenceGradeConfirmed,
    StatementExportDestroyed,
    StatementExported,
    StatementExportExpired,
)
from shared.contracts.event import Event
from shared.testing.samples import sample
from shared.testing.scenario import Scenario
from tests.evaluation.given import COMMUNITY, MEMBER, PERIOD, YEAR, lodged, published

CASE_IDS: dict[str, Any] = {"member_id": MEMBER, "period_id": PERIOD}
ONE, TWO = UUID(int=1), UUID(int=2)


def known(*events: Event) -> CaseState:
    """The state after these events."""
    return reduce(evolve, events, UNTOUCHED)


def made(type_: type[Event], **fields: Any) -> Any:
    """An event of which these fields matter."""
    return sample(type_).model_copy(update=fields)


def test_both_halves_are_known_as_said_last() -> None:
    first, last = (made(UnitAssessmentSubmitted, attended=number) for number in (1, 2))
    opinion = made(CommunityAssessmentSubmitted)
    both = known(first, opinion, last)
    assert (both.unit, both.community) == (last, opinion)


def test_whoever_had_a_hand_in_a_case_is_remembered() -> None:
    said = known(
        made(UnitAssessmentSubmitted, assessed_by="unit"),
        made(CommunityAssessmentSubmitted, assessed_by="community"),
        made(DeductionProposed, deduction_id=ONE, proposed_by="clerk"),
        made(DeductionUpheld, deduction_id=ONE, decided_by="street"),
        made(DeductionProposed, deduction_id=TWO, proposed_by="clerk"),
        made(DeductionDropped, deduction_id=TWO, decided_by="another street"),
    )
    assert said.involved == {"unit", "community", "clerk", "street", "another street"}
    assert isinstance(said.hearings[ONE], hearing_phases.Upheld)
    assert isinstance(said.hearings[TWO], hearing_phases.Dropped)


def test_an_answer_is_known_of_its_hearing() -> None:
    proposed, answered = made(DeductionProposed, deduction_id=ONE), made(DeductionAnswered, deduction_id=ONE)
    assert known(proposed).hearings[ONE] == hearing_phases.Open(proposed)
    assert known(proposed, answered).hearings[ONE] == hearing_phases.Open(proposed, is_answered=True)
    assert known(answered).hearings == {}


def test_what_was_granted_adds_up() -> None:
    spans = [(date(2026, 3, 1), date(2026, 3, 9)), (date(2026, 5, 1), date(2026, 5, 2))]
    exemptions = [
        made(ExemptionGranted, exemption_id=UUID(int=number), starts_on=first, ends_on=last)
        for number, (first, last) in enumerate(spans, start=10)
    ]
    commendations = [made(CommendationGranted, commendation_id=each) for each in (ONE, TWO)]
    granted = known(*exemptions, *commendations, *(made(CategoryWaived, category=each) for each in ("C1", "C2")))
    assert granted.granted == {ONE, TWO, UUID(int=10), UUID(int=11)}
    assert granted.exempted == tuple(spans)
    assert granted.waived == {"C1", "C2"}


def test_a_refused_proposal_is_remembered_after_it_is_taken_back() -> None:
    refused, back = made(GradeProposalRefused), made(GradeProposalRefusalTakenBack)
    for so_far, now, ever in (((), False, False), ((refused,), True, True), ((refused, back), False, True)):
        case = known(*so_far)
        assert (case.is_proposal_refused, case.has_ever_refused) == (now, ever)


def test_the_statement_and_the_grade_that_people_confirmed_are_known() -> None:
    confirmed = made(ReferenceGradeConfirmed)
    assert (known().statement, known().confirmed) == (None, None)
    assert (known(published()).statement, known(confirmed).confirmed) == (published(), confirmed)


def test_a_grade_is_settled_when_no_appeal_is_open_here_or_elsewhere() -> None:
    with pytest.raises(StatementNotPublished):
        published_of(known())
    assert settled(known(published()), has_open_appeal=False) == published()
    for case, elsewhere in ((known(published(), lodged()), False), (known(published()), True)):
        with pytest.raises(GradeUnderReview):
            settled(case, has_open_appeal=elsewhere)


def test_one_open_appeal_of_several_keeps_the_case_under_review() -> None:
    first, second = (made(AppealLodged, appeal_id=each) for each in (ONE, TWO))
    accepted = made(AppealAccepted, appeal_id=ONE)
    assert not known().is_under_review
    assert known(first, accepted, second).is_under_review
    assert not known(first, accepted).is_under_review


def test_an_appeal_goes_one_level_up_once_and_remembers_who_reviewed_it() -> None:
    appeal = made(AppealLodged, appeal_id=ONE)
    rejected, again = (made(AppealRejected, appeal_id=ONE, reviewer=who) for who in ("street", "district"))
    up = made(AppealEscalated, appeal_id=ONE)
    assert known(appeal, rejected).appeals[ONE] == appeal_phases.Rejected(appeal, frozenset({"street"}), is_final=False)
    assert known(appeal, rejected, up).appeals[ONE] == appeal_phases.Open(appeal, frozenset({"street"}), is_escalated=True)
    final = appeal_phases.Rejected(appeal, frozenset({"street", "district"}), is_final=True)
    assert known(appeal, rejected, up, again).appeals[ONE] == final


def test_a_handed_out_statement_expires_and_is_destroyed() -> None:
    out, late, gone = (made(each, export_id=ONE) for each in (StatementExported, StatementExportExpired, StatementExportDestroyed))
    assert known(out).handouts[ONE] == handout_phases.HandedOut(out)
    assert known(out, late).handouts[ONE] == handout_phases.Expired(out)
    assert known(out, late, gone).handouts[ONE] == handout_phases.Destroyed(out)
    assert known(gone).handouts == {}


def test_the_community_says_its_word_once() -> None:
    word = {**CASE_IDS, "community_id": COMMUNITY, "opinion": CommunityOpinion.COMMENDED, "assessed_by": "secretary"}
    said = CommunityAssessmentSubmitted(**word)
    Scenario(CASE).when(SubmitCommunityAssessment(**word)).then(said)
    Scenario(CASE).given(said).when(SubmitCommunityAssessment(**word)).then_nothing()
    Scenario(CASE).given(said).when(SubmitCommunityAssessment(**{**word, "reason": "积极"})).then_events(CommunityAssessmentSubmitted)


def test_each_commendation_is_granted_once() -> None:
    commend = GrantCommendation(**CASE_IDS, commendation_id=ONE, granted_on=date(2026, 12, 1), reason="抗洪值守", period=YEAR)
    (granted,) = Scenario(CASE).when(commend).then_events(CommendationGranted)
    Scenario(CASE).given(granted).when(commend).then_nothing()
    Scenario(CASE).given(granted).when(commend.model_copy(update={"commendation_id": TWO})).then_events(CommendationGranted)


def test_a_single_day_can_be_exempted() -> None:
    day = date(2026, 3, 1)
    grant = GrantExemption(**CASE_IDS, exemption_id=ONE, starts_on=day, ends_on=day, reason_code=ExemptionReason.HEALTH)
    (granted,) = Scenario(CASE).when(grant).then_events(ExemptionGranted)
    Scenario(CASE).given(granted).when(grant.model_copy(update={"ends_on": date(2026, 3, 2)})).then_nothing()
    before = grant.model_copy(update={"ends_on": date(2026, 2, 28)})
    Scenario(CASE).when(before).then_rejected(ExemptionEndsBeforeItStarts)
