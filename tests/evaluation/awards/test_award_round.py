"""Award rounds by example: the member's own yes, a panel without a hand in it, and never a ranking."""

from datetime import timedelta
from functools import reduce
from uuid import UUID

import pytest

from services.evaluation.awards import ballots
from services.evaluation.awards.award_round import AWARD_ROUND
from services.evaluation.awards.nominations import (
    AlreadyNominated,
    ConsentWindowClosed,
    DeclineNomination,
    NobodyNominatesThemselves,
    NominationIsOver,
    NominationsClosed,
    NomineeOfAnotherCommunity,
    NotNominated,
)
from services.evaluation.awards.opening import AwardRoundIsClosed, AwardRoundUnknown, CallOffRound, RoundDatesOutOfOrder
from services.evaluation.awards.panel import (
    AwardIsDecided,
    MoreApprovedThanAwards,
    NotACandidate,
    NotOnPanel,
    PanelNotImpartial,
    PanelTooSmall,
    VotesMissing,
    VotesUnreadable,
    VotingHasBegun,
    VotingNotOpen,
)
from services.evaluation.awards.state import Answered, InNotice, Objection, Raised
from services.evaluation.periods.occasions import OccasionNotEnabled
from shared.contracts.evaluation.awards import (
    AwardDecided,
    AwardGranted,
    AwardObjectionCommented,
    AwardObjectionDismissed,
    AwardPanelAppointed,
    AwardRoundClosed,
    AwardRoundOpened,
    MemberNominated,
    NominationAccepted,
    NominationDeclined,
    NominationLapsed,
    PanelVoteCast,
    PublicNoticePosted,
)
from shared.contracts.evaluation.codes import AwardLevel, AwardOutcome, LapseCause, PanelOpinion, RoundOutcome
from shared.contracts.event import Event
from shared.testing.scenario import Scenario
from tests.evaluation import award_story as told
from tests.evaluation.award_story import APPOINTED, CONSENT, DECIDED, NOMINATE, NOTICE, OTHER, ROUND, START, THIRD, VOTE, VOTING
from tests.evaluation.deciders import WHOLE_ROUND
from tests.evaluation.given import COMMUNITY, MEMBER, UNIT

YES, NO, ABSTAIN = PanelOpinion.APPROVE, PanelOpinion.AGAINST, PanelOpinion.ABSTAIN
DAY = timedelta(days=1)
decline = DeclineNomination(member_id=MEMBER)
declined = NominationDeclined(round_id=ROUND, member_id=MEMBER, unit_id=UNIT, title="优秀志愿服务党员")


def test_g13_a_round_needs_an_occasion_that_the_district_has_enabled():
    Scenario(AWARD_ROUND).when(told.open_round(enabled=frozenset())).then_rejected(OccasionNotEnabled)
    (opened,) = Scenario(AWARD_ROUND).when(told.open_round()).then_events(AwardRoundOpened)
    assert (opened.level, opened.notice_days) == (AwardLevel.DISTRICT, 5)
    (own,) = Scenario(AWARD_ROUND).when(told.open_round(community_id=COMMUNITY)).then_events(AwardRoundOpened)
    assert own.level is AwardLevel.COMMUNITY
    Scenario(AWARD_ROUND).given(opened).when(told.open_round(title="另一项")).then_nothing()


@pytest.mark.parametrize(
    "days", [{"nominate_until": START - DAY}, {"consent_until": NOMINATE - DAY}, {"vote_until": CONSENT}], ids=lambda days: next(iter(days))
)
def test_days_of_a_round_follow_each_other(days: dict[str, object]):
    Scenario(AWARD_ROUND).when(told.open_round(**days)).then_rejected(RoundDatesOutOfOrder)


def test_nothing_happens_before_a_round_is_opened_or_after_it_is_closed():
    closed = AwardRoundClosed(round_id=ROUND, outcome=RoundOutcome.CALLED_OFF, closed_on=START)
    for command in (
        told.nominate(),
        told.accept(),
        decline,
        told.appoint(),
        told.vote("ann"),
        told.decide(),
        told.dismiss(),
        told.publish(),
    ):
        Scenario(WHOLE_ROUND).when(command).then_rejected(AwardRoundUnknown)
        Scenario(WHOLE_ROUND).given(told.opened(), *told.accepted(MEMBER), closed).when(command).then_rejected(AwardRoundIsClosed)


def test_a_member_is_nominated_once_in_time_and_by_somebody_else():
    (nominated,) = Scenario(AWARD_ROUND).given(told.opened()).when(told.nominate(today=NOMINATE)).then_events(MemberNominated)
    assert nominated == told.nominated()
    Scenario(AWARD_ROUND).given(told.opened()).when(told.nominate(today=NOMINATE + DAY)).then_rejected(NominationsClosed)
    Scenario(AWARD_ROUND).given(told.opened(), nominated).when(told.nominate(reason="再提一次")).then_nothing()
    by_community = told.nominate(unit_id=None, community_id=COMMUNITY)
    Scenario(AWARD_ROUND).given(told.opened(), nominated).when(by_community).then_rejected(AlreadyNominated)
    Scenario(AWARD_ROUND).given(told.opened(), nominated, declined).when(by_community).then_rejected(AlreadyNominated)
    Scenario(AWARD_ROUND).given(told.opened()).when(told.nominate(nominated_by=str(MEMBER))).then_rejected(NobodyNominatesThemselves)


def test_a_communitys_round_is_for_members_registered_there():
    own = told.opened(community_id=COMMUNITY)
    Scenario(AWARD_ROUND).given(own).when(told.nominate()).then_events(MemberNominated)
    Scenario(AWARD_ROUND).given(own).when(told.nominate(registered_in=UUID(int=7))).then_rejected(NomineeOfAnotherCommunity)


def test_g5_only_a_members_own_yes_puts_them_before_the_panel():
    asked = (told.opened(), told.nominated(), APPOINTED)
    Scenario(AWARD_ROUND).given(*asked).when(told.vote("ann")).then_rejected(NotACandidate)
    Scenario(AWARD_ROUND).given(*asked).when(told.accept(today=CONSENT)).then(NominationAccepted(round_id=ROUND, member_id=MEMBER))
    Scenario(AWARD_ROUND).given(*asked).when(told.accept(today=CONSENT + DAY)).then_rejected(ConsentWindowClosed)
    Scenario(AWARD_ROUND).given(told.opened()).when(told.accept()).then_rejected(NotNominated)
    Scenario(AWARD_ROUND).given(told.opened(), *told.accepted(MEMBER)).when(told.accept()).then_nothing()
    nobody = Scenario(AWARD_ROUND).given(*asked).when(told.decide()).then_events(AwardRoundClosed)
    assert nobody[0].outcome is RoundOutcome.NOBODY_CHOSEN


def test_g5_a_no_asks_for_no_reason_is_told_to_the_nominator_and_is_final():
    asked = (told.opened(), told.nominated())
    assert set(DeclineNomination.model_fields) == {"member_id"}
    Scenario(AWARD_ROUND).given(*asked).when(decline).then(declined)
    Scenario(AWARD_ROUND).given(*asked, declined).when(decline).then_nothing()
    Scenario(AWARD_ROUND).given(*asked, declined).when(told.accept()).then_rejected(NominationIsOver)
    Scenario(AWARD_ROUND).given(*asked, declined).when(told.nominate()).then_nothing()


def test_a_nominee_steps_back_at_any_time_before_the_result():
    voted = told.voted(MEMBER, YES, YES, YES)
    for so_far in (told.accepted(MEMBER), (*told.accepted(MEMBER), APPOINTED, *voted), told.on_notice(MEMBER)[1:]):
        Scenario(AWARD_ROUND).given(told.opened(), *so_far).when(decline).then(declined)
    gone = Scenario(WHOLE_ROUND).given(*told.on_notice(MEMBER), declined).when(told.publish()).then_events(AwardRoundClosed)
    assert gone[0].outcome is RoundOutcome.NOBODY_CHOSEN
    Scenario(AWARD_ROUND).given(*told.on_notice(MEMBER), *gone).when(decline).then_rejected(AwardRoundIsClosed)


def test_a_panel_has_at_least_three_without_nominees_and_nominators():
    Scenario(AWARD_ROUND).given(told.opened()).when(told.appoint()).then(APPOINTED)
    Scenario(AWARD_ROUND).given(told.opened()).when(told.appoint("ann", "bao")).then_rejected(PanelTooSmall, least=3)
    for partial in (str(MEMBER), "unit secretary"):
        biased = told.appoint("ann", "bao", partial)
        Scenario(AWARD_ROUND).given(told.opened(), told.nominated()).when(biased).then_rejected(PanelNotImpartial)
    on_panel = AwardPanelAppointed(round_id=ROUND, panel=("ann", "bao", str(MEMBER)))
    Scenario(AWARD_ROUND).given(told.opened(), on_panel).when(told.nominate()).then_rejected(PanelNotImpartial)
    Scenario(AWARD_ROUND).given(told.opened(), APPOINTED).when(told.nominate(nominated_by="ann")).then_rejected(PanelNotImpartial)
    said_no = told.appoint("ann", "bao", str(MEMBER))
    Scenario(AWARD_ROUND).given(told.opened(), told.nominated(), declined).when(said_no).then_events(AwardPanelAppointed)


def test_the_panel_stays_once_somebody_has_voted():
    ready = (told.opened(), *told.accepted(MEMBER), APPOINTED)
    Scenario(AWARD_ROUND).given(*ready).when(told.appoint()).then_nothing()
    Scenario(AWARD_ROUND).given(*ready).when(told.appoint("ann", "bao", "dai")).then_events(AwardPanelAppointed)
    Scenario(AWARD_ROUND).given(*ready, *told.voted(MEMBER, YES)).when(told.appoint("ann", "bao", "dai")).then_rejected(VotingHasBegun)


def test_the_panel_votes_when_all_nominees_are_known_and_may_think_again():
    ready = (told.opened(), *told.accepted(MEMBER), APPOINTED)
    Scenario(AWARD_ROUND).given(*ready).when(told.vote("ann", today=CONSENT)).then_rejected(VotingNotOpen)
    Scenario(AWARD_ROUND).given(*ready).when(told.vote("dai")).then_rejected(NotOnPanel)
    (cast,) = Scenario(AWARD_ROUND).given(*ready).when(told.vote("ann")).then_events(PanelVoteCast)
    Scenario(AWARD_ROUND).given(*ready, cast).when(told.vote("ann")).then_nothing()
    Scenario(AWARD_ROUND).given(*ready, cast).when(told.vote("ann", opinion=NO)).then_events(PanelVoteCast)
    Scenario(AWARD_ROUND).given(*told.on_notice(MEMBER)).when(told.vote("ann")).then_rejected(AwardIsDecided)
    assert set(PanelVoteCast.model_fields) == {"round_id", "member_id", "ballot", "sealed"}


def test_more_than_half_of_the_whole_panel_decide_and_no_number_is_told():
    ready = (told.opened(2), *told.accepted(MEMBER, OTHER, THIRD), APPOINTED)
    votes = (*told.voted(MEMBER, YES, YES, NO), *told.voted(OTHER, YES, ABSTAIN, ABSTAIN), *told.voted(THIRD, NO, NO, NO))
    *decided, notice = (
        Scenario(AWARD_ROUND)
        .given(*ready, *votes)
        .when(told.decide(today=VOTING))
        .then_events(AwardDecided, AwardDecided, AwardDecided, PublicNoticePosted)
    )
    assert [(each.member_id, each.outcome) for each in decided] == [
        (MEMBER, AwardOutcome.CHOSEN), (OTHER, AwardOutcome.NOT_CHOSEN), (THIRD, AwardOutcome.NOT_CHOSEN),
    ]  # fmt: skip
    assert (notice.member_ids, notice.until) == ((MEMBER,), NOTICE)
    assert set(AwardDecided.model_fields) == {"round_id", "member_id", "title", "outcome"}


def test_g9_without_the_key_nobody_tells_what_a_vote_says():
    ballot = told.ballot_of("ann", MEMBER)
    seals = [ballots.sealed(told.KEY, ballot, each) for each in PanelOpinion]
    assert len(set(seals)) == len(PanelOpinion)
    assert [ballots.opened(told.KEY, ballot, each) for each in seals] == list(PanelOpinion)
    assert {ballots.opened(b"another key", ballot, each) for each in seals} == {None}
    others = [told.ballot_of(voter, member) for voter in ("ann", "bao") for member in (MEMBER, OTHER)]
    assert len({ballots.sealed(told.KEY, each, YES) for each in others}) == len(others), "equal opinions have unequal seals"
    assert told.KEY.decode() not in repr(told.decide())


def test_votes_sealed_with_another_key_are_cast_again_and_nobody_counts_twice():
    ready = (told.opened(), *told.accepted(MEMBER), APPOINTED, *told.voted(MEMBER, YES, YES, YES, key=b"the key before"))
    for day in (VOTE, VOTE + DAY):
        Scenario(AWARD_ROUND).given(*ready).when(told.decide(today=day)).then_rejected(VotesUnreadable)
    two = (*ready, *told.voted(MEMBER, YES, NO))
    Scenario(AWARD_ROUND).given(*two).when(told.decide()).then_rejected(VotesUnreadable)
    (third,) = Scenario(AWARD_ROUND).given(*two).when(told.vote("cai", opinion=NO)).then_events(PanelVoteCast)
    nobody = Scenario(AWARD_ROUND).given(*two, third).when(told.decide()).then_events(AwardDecided, AwardRoundClosed)
    assert nobody[1].outcome is RoundOutcome.NOBODY_CHOSEN, "one of three, whatever was said under the key before"


def test_the_panel_has_its_time_to_vote():
    ready = (told.opened(), *told.accepted(MEMBER), APPOINTED, *told.voted(MEMBER, YES, YES))
    Scenario(AWARD_ROUND).given(*ready).when(told.decide(today=CONSENT)).then_rejected(VotingNotOpen)
    Scenario(AWARD_ROUND).given(*ready).when(told.decide(today=VOTE)).then_rejected(VotesMissing)
    Scenario(AWARD_ROUND).given(*ready).when(told.decide(today=VOTE + DAY)).then_events(AwardDecided, PublicNoticePosted)
    Scenario(AWARD_ROUND).given(told.opened(), *told.accepted(MEMBER)).when(told.decide()).then_rejected(PanelTooSmall)


def test_g9_when_more_are_approved_than_there_are_awards_people_talk_and_no_figure_decides():
    ready = (told.opened(1), *told.accepted(MEMBER, OTHER), APPOINTED)
    votes = (*told.voted(MEMBER, YES, YES, YES), *told.voted(OTHER, YES, YES, NO))
    Scenario(AWARD_ROUND).given(*ready, *votes).when(told.decide()).then_rejected(MoreApprovedThanAwards, awards=1)
    again = Scenario(AWARD_ROUND).given(*ready, *votes).when(told.vote("ann", MEMBER, NO, VOTE + DAY)).then_events(PanelVoteCast)
    Scenario(AWARD_ROUND).given(*ready, *votes, *again).when(told.decide()).then_rejected(MoreApprovedThanAwards)
    third = Scenario(AWARD_ROUND).given(*ready, *votes, *again).when(told.vote("bao", MEMBER, NO, VOTE + DAY)).then_events(PanelVoteCast)
    (_, _, notice) = (
        Scenario(AWARD_ROUND)
        .given(*ready, *votes, *again, *third)
        .when(told.decide())
        .then_events(AwardDecided, AwardDecided, PublicNoticePosted)
    )
    assert notice.member_ids == (OTHER,)


def test_whose_registration_has_ended_is_not_chosen_and_not_granted():
    ready = (
        told.opened(2),
        *told.accepted(MEMBER, OTHER),
        APPOINTED,
        *told.voted(MEMBER, YES, YES, YES),
        *told.voted(OTHER, YES, YES, YES),
    )
    lapsed, _, notice = (
        Scenario(WHOLE_ROUND)
        .given(*ready)
        .when(told.decide(registered={OTHER}))
        .then_events(NominationLapsed, AwardDecided, PublicNoticePosted)
    )
    assert (lapsed.member_id, lapsed.cause, notice.member_ids) == (MEMBER, LapseCause.REGISTRATION_ENDED, (OTHER,))
    late = Scenario(WHOLE_ROUND).given(*told.on_notice(MEMBER, OTHER, awards=2)).when(told.publish(registered={OTHER}))
    _, granted, _ = late.then_events(NominationLapsed, AwardGranted, AwardRoundClosed)
    assert granted.member_id == OTHER


def test_a_round_that_is_called_off_tells_everybody_who_has_not_said_no():
    off = CallOffRound(reason="条件有变,另行组织", today=DECIDED)
    so_far = (told.opened(), *told.accepted(OTHER), told.nominated(), told.nominated(THIRD))
    said_no = NominationDeclined(round_id=ROUND, member_id=THIRD, unit_id=UNIT, title="优秀志愿服务党员")
    first, second, closed = (
        Scenario(AWARD_ROUND).given(*so_far, said_no).when(off).then_events(NominationLapsed, NominationLapsed, AwardRoundClosed)
    )
    assert [first.member_id, second.member_id] == [MEMBER, OTHER]
    assert (first.cause, closed.outcome) == (LapseCause.ROUND_CALLED_OFF, RoundOutcome.CALLED_OFF)


def test_a_nomination_that_has_ended_is_neither_accepted_nor_declined():
    lapsed = NominationLapsed(round_id=ROUND, member_id=MEMBER, title="优秀志愿服务党员", cause=LapseCause.REGISTRATION_ENDED)
    for command in (decline, told.accept()):
        Scenario(AWARD_ROUND).given(told.opened(), told.nominated(), lapsed).when(command).then_rejected(NominationIsOver)


def test_what_is_told_of_somebody_who_is_not_nominated_changes_nothing():
    before = AWARD_ROUND.evolve(AWARD_ROUND.initial, told.opened())
    assert AWARD_ROUND.evolve(before, told.voted(OTHER, YES)[0]) == before
    assert AWARD_ROUND.evolve(before, NominationAccepted(round_id=ROUND, member_id=OTHER)) == before


@pytest.mark.parametrize(("votes", "is_chosen"), [((YES, YES, NO), True), ((YES, NO, NO), False), ((YES, NO, ABSTAIN), False)])
def test_two_of_three_choose_and_one_does_not(votes: tuple[PanelOpinion, ...], is_chosen: bool):
    ready = (told.opened(), *told.accepted(MEMBER), APPOINTED, *told.voted(MEMBER, *votes))
    decided = Scenario(AWARD_ROUND).given(*ready).when(told.decide())
    (first, *_) = decided.then_events(AwardDecided, PublicNoticePosted if is_chosen else AwardRoundClosed)
    assert (first.outcome is AwardOutcome.CHOSEN) is is_chosen


def test_half_of_an_even_panel_is_not_enough():
    four = AwardPanelAppointed(round_id=ROUND, panel=("ann", "bao", "cai", "dai"))
    votes = told.voted(MEMBER, YES, YES, NO)
    (no,) = (
        Scenario(AWARD_ROUND)
        .given(told.opened(), *told.accepted(MEMBER), four, *votes)
        .when(told.vote("dai", opinion=NO))
        .then_events(PanelVoteCast)
    )
    decided = Scenario(AWARD_ROUND).given(told.opened(), *told.accepted(MEMBER), four, *votes, no).when(told.decide())
    decided.then_events(AwardDecided, AwardRoundClosed)


def test_an_objection_is_kept_with_what_became_of_it():
    raised = (*told.on_notice(MEMBER, OTHER, awards=2), told.objected())
    commented = AwardObjectionCommented(round_id=ROUND, objection_id=told.OBJECTION, member_id=MEMBER, comment="已请假")

    def after(*events: Event) -> Objection | None:
        state = reduce(AWARD_ROUND.evolve, [*raised, *events], AWARD_ROUND.initial)
        assert isinstance(state, InNotice)
        return state.objections.get(told.OBJECTION)

    assert after() == Raised(told.objected())
    assert after(commented) == Raised(told.objected(), is_commented=True)
    dismissed = AwardObjectionDismissed(
        objection_id=told.OBJECTION, round_id=ROUND, member_id=MEMBER, title="优秀志愿服务党员", reason="不属实", answered_by="district"
    )
    assert after(commented, dismissed) == Answered(told.objected())
    assert after(dismissed, commented) == Answered(told.objected()), "a comment that comes later does not open it again"
