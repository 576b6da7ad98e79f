"""Help pairings: voluntary, nameless, and with minors never one adult alone."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.activities.modules.module import ModuleIsOff
from services.activities.pairings.pairing import (
    PAIRING,
    EndPairing,
    JoinPairing,
    LeavePairing,
    NoteVisit,
    OfferPairing,
    ReviewPairing,
    StateParentalConsent,
)
from services.activities.pairings.state import NotAHelper, Pairing, PairingIsComplete, PairingIsNotRunning, Running
from services.activities.refusals import FutureRecord, NobodyConfirmsTheirOwn, TermEndsBeforeItStarts, TwoAdultsNeeded
from shared.contracts.activities.codes import RecipientType, ReleaseReason
from shared.contracts.activities.pairings import (
    HelpPairingEnded,
    HelpPairingJoined,
    HelpPairingLeft,
    HelpPairingOffered,
    HelpPairingPaused,
    HelpPairingStarted,
    HelpPairingVisited,
    PairingEnd,
    PairingPause,
    PairingProgress,
    ParentalConsentStated,
)
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.given import CLERK, COMMUNITY, DAY, SECRETARY, TERM_END, TERM_START, member, some_id

PAIRING_ID = some_id("ae", 1)


IDS = {"pairing_id": PAIRING_ID, "community_id": COMMUNITY}


DRAFT: dict[str, Any] = {
    "recipient_type": RecipientType.ELDERLY,
    "goal": "每周探望,代购药品",
    "file_no": "帮扶档案12号",
    "helpers_wanted": 1,
    "term_start": TERM_START,
    "term_end": TERM_END,
    "review_by": date(2026, 6, 30),
}


offered = HelpPairingOffered(**IDS, **DRAFT, is_with_minors=False)


with_minors = offered.model_copy(update={"recipient_type": RecipientType.CHILDREN, "helpers_wanted": 2, "is_with_minors": True})


consent = ParentalConsentStated(**IDS, is_given=True, stated_by=CLERK)


def joined(number: int) -> HelpPairingJoined:
    return HelpPairingJoined(**IDS, member_id=member(number))


def started(*numbers: int) -> HelpPairingStarted:
    return HelpPairingStarted(**IDS, member_ids=tuple(member(number) for number in numbers))


def join(number: int) -> JoinPairing:
    return JoinPairing(member_id=member(number), today=DAY)


def visit(*numbers: int, second_adult: str | None = None, on: date = DAY) -> NoteVisit:
    people = tuple(member(number) for number in numbers)
    return NoteVisit(visited_on=on, today=DAY, member_ids=people, second_adult=second_adult, noted_by=CLERK)


def test_a_pairing_starts_with_its_helper_and_rests_without():
    Scenario(PAIRING).when(OfferPairing(**IDS, **DRAFT, is_minors_module_on=False)).then(offered)
    Scenario(PAIRING).given(offered).when(join(1)).then(joined(1), started(1))
    Scenario(PAIRING).given(offered, joined(1), started(1)).when(join(2)).then_rejected(PairingIsComplete)
    Scenario(PAIRING).given(offered, joined(1), started(1)).when(join(1)).then_nothing()
    leave = LeavePairing(member_id=member(1), by_member=True, reason=ReleaseReason.WORKLOAD)
    left = HelpPairingLeft(**IDS, member_id=member(1), reason=ReleaseReason.WORKLOAD)
    paused = HelpPairingPaused(**IDS, cause=PairingPause.TOO_FEW_HELPERS)
    Scenario(PAIRING).given(offered, joined(1), started(1)).when(leave).then(left, paused)
    Scenario(PAIRING).given(offered).when(leave).then_rejected(NotAHelper)


def test_g14_with_children_it_needs_the_module_two_helpers_and_consent():
    children = DRAFT | {"recipient_type": RecipientType.CHILDREN}
    Scenario(PAIRING).when(OfferPairing(**IDS, **children, is_minors_module_on=False)).then_rejected(ModuleIsOff)
    Scenario(PAIRING).when(OfferPairing(**IDS, **children, is_minors_module_on=True)).then(with_minors)
    Scenario(PAIRING).given(with_minors).when(join(1)).then(joined(1))
    Scenario(PAIRING).given(with_minors, joined(1)).when(join(2)).then(joined(2))
    stated = StateParentalConsent(is_given=True, stated_by=CLERK)
    Scenario(PAIRING).given(with_minors, joined(1), joined(2)).when(stated).then(consent, started(1, 2))
    running = (with_minors, joined(1), joined(2), consent, started(1, 2))
    taken_back = StateParentalConsent(is_given=False, stated_by=CLERK)
    paused = HelpPairingPaused(**IDS, cause=PairingPause.NO_PARENTAL_CONSENT)
    Scenario(PAIRING).given(*running).when(taken_back).then(consent.model_copy(update={"is_given": False}), paused)


def test_g14_nobody_visits_minors_alone():
    running = (with_minors, joined(1), joined(2), consent, started(1, 2))
    Scenario(PAIRING).given(*running).when(visit(1)).then_rejected(TwoAdultsNeeded)
    Scenario(PAIRING).given(*running).when(visit(1, 1)).then_rejected(TwoAdultsNeeded)
    Scenario(PAIRING).given(*running).when(visit(1, 2)).then_events(HelpPairingVisited)
    Scenario(PAIRING).given(*running).when(visit(1, second_adult="班主任")).then_events(HelpPairingVisited)
    Scenario(PAIRING).given(*running).when(visit(1, 3)).then_rejected(NotAHelper)
    Scenario(PAIRING).given(*running).when(visit(1, 2, on=DAY + timedelta(days=1))).then_rejected(FutureRecord)
    Scenario(PAIRING).given(with_minors, joined(1), joined(2)).when(visit(1, 2)).then_rejected(PairingIsNotRunning)
    Scenario(PAIRING).given(offered, joined(1), started(1)).when(visit(1)).then_events(HelpPairingVisited)


def test_whoever_helps_does_not_review_and_an_ended_pairing_moves_no_more():
    running = (offered, joined(1), started(1))
    review = {"progress": PairingProgress.ON_COURSE, "review_by": date(2026, 9, 30), "today": DAY}
    Scenario(PAIRING).given(*running).when(ReviewPairing(**review, reviewed_by=str(member(1)))).then_rejected(NobodyConfirmsTheirOwn)
    late = review | {"review_by": date(2027, 3, 1)}
    Scenario(PAIRING).given(*running).when(ReviewPairing(**late, reviewed_by=SECRETARY)).then_rejected(TermEndsBeforeItStarts)
    end = EndPairing(reason=PairingEnd.GOAL_REACHED, ended_by=SECRETARY)
    ended = HelpPairingEnded(**IDS, reason=PairingEnd.GOAL_REACHED, ended_by=SECRETARY)
    Scenario(PAIRING).given(*running).when(end).then(ended)
    Scenario(PAIRING).given(*running, ended).when(end).then_nothing()
    Scenario(PAIRING).given(*running, ended).when(join(2)).then_rejected(PairingIsNotRunning)


PEOPLE = st.integers(1, 4)


commands = st.one_of(
    st.builds(join, PEOPLE),
    st.builds(lambda number: LeavePairing(member_id=member(number), by_member=False, reason=ReleaseReason.OTHER), PEOPLE),
    st.builds(lambda given: StateParentalConsent(is_given=given, stated_by=CLERK), st.booleans()),
    st.builds(lambda numbers: visit(*numbers), st.lists(PEOPLE, min_size=1, max_size=2)),
)


@given(st.lists(commands, max_size=25))
def test_g14_no_sequence_leaves_one_adult_alone_with_minors(sequence: list[Any]):
    state: Pairing = PAIRING.evolve(PAIRING.initial, with_minors)
    for command in sequence:
        try:
            events = PAIRING.decide(command, state)
        except DomainError:
            continue
        for event in events:
            if isinstance(event, HelpPairingVisited):
                assert len(set(event.member_ids)) >= 2
                assert isinstance(state, Running)
            state = PAIRING.evolve(state, event)
        assert (isinstance(state, Running)) == (len(state.helpers) >= 2 and state.has_consent)
