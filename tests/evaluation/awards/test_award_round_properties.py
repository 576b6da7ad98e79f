"""Any sequence of commands keeps an award round fair: no result without consent or during the notice, nobody judges their own."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.award_notices.notice import CommentOnObjection
from services.evaluation.awards import ballots
from services.evaluation.awards.nominations import DeclineNomination
from services.evaluation.awards.opening import CallOffRound
from services.evaluation.awards.state import AwardRound, InNotice, Standing, Unopened, standing, unanswered
from shared.contracts.catalogue import published_events
from shared.contracts.evaluation.awards import (
    AwardDecided,
    AwardGranted,
    AwardObjectionDismissed,
    AwardObjectionUpheld,
    NominationAccepted,
    PanelVoteCast,
    PublicNoticePosted,
)
from shared.contracts.evaluation.codes import AwardOutcome, PanelOpinion
from shared.contracts.event import Event
from shared.decider import DomainError
from tests.evaluation import award_story as told
from tests.evaluation.award_story import CONSENT, OTHER, START, THIRD
from tests.evaluation.deciders import WHOLE_ROUND, AnyOfARound
from tests.evaluation.given import COMMUNITY, MEMBER, UNIT

MEMBERS = (MEMBER, OTHER, THIRD)
PEOPLE = ("ann", "bao", "cai", "dai", "unit secretary", str(OTHER))
members = st.sampled_from(MEMBERS)
people = st.sampled_from(PEOPLE)
objections = st.sampled_from([UUID(int=number) for number in (1, 2)])
steps = st.integers(0, 12)  # days that pass before a command
registered = st.sets(members, min_size=1)

moves = st.one_of(
    st.tuples(st.just("nominate"), members, people),
    st.tuples(st.just("accept"), members),
    st.tuples(st.just("decline"), members),
    st.tuples(st.just("appoint"), st.sets(people, min_size=2, max_size=4)),
    st.tuples(st.just("vote"), members, people, st.sampled_from((PanelOpinion.APPROVE, PanelOpinion.APPROVE, PanelOpinion.AGAINST))),
    st.tuples(st.just("all vote"), members, st.integers(0, len(PEOPLE))),
    st.tuples(st.just("decide"), registered),
    st.tuples(st.just("object"), objections, members, people),
    st.tuples(st.just("comment"), objections, members),
    st.tuples(st.just("uphold"), objections, people),
    st.tuples(st.just("dismiss"), objections, people),
    st.tuples(st.just("publish"), registered),
    st.tuples(st.just("call off")),
)


def way(panel: set[str], is_panel_first: bool, approvals: tuple[int, int]) -> list[tuple[tuple, int]]:
    """The way of a round to its end; the days are those that pass before a step."""
    appointed = [(("appoint", panel), 0)]
    nominated = [(("nominate", each, "unit secretary"), 0) for each in (MEMBER, OTHER)]
    return [
        *([*appointed, *nominated] if is_panel_first else [*nominated, *appointed]),
        (("accept", MEMBER), 1),
        (("accept", OTHER), 0),
        (("all vote", MEMBER, approvals[0]), 20),
        (("all vote", OTHER, approvals[1]), 0),
        (("decide", set(MEMBERS)), 0),
        (("object", UUID(int=1), MEMBER, "neighbour"), 0),
        (("dismiss", UUID(int=1), "dai"), 8),
        (("publish", set(MEMBERS)), 0),
    ]


STEPS = 11
ways = st.builds(way, st.sets(people, min_size=3, max_size=4), st.booleans(), st.tuples(st.integers(2, 6), st.integers(2, 6)))
chances = st.dictionaries(st.integers(0, STEPS - 1), st.tuples(moves, steps), max_size=4)


def disturbed(straight: list[tuple[tuple, int]], chance: dict[int, tuple[tuple, int]], skipped: set[int]) -> list[tuple[tuple, int]]:
    """The way with what comes in between, and without what is skipped."""
    sequence: list[tuple[tuple, int]] = []
    for number, step in enumerate(straight):
        sequence += [chance[number]] if number in chance else []
        sequence += [] if number in skipped else [step]
    return sequence


def commands(move: tuple, day: int) -> list[AnyOfARound]:
    today = START + timedelta(days=day)
    match move:
        case "nominate", member, by:
            return [told.nominate(member, nominated_by=by, today=today, unit_id=UNIT, registered_in=COMMUNITY)]
        case "accept", member:
            return [told.accept(member, today)]
        case "decline", member:
            return [DeclineNomination(member_id=member)]
        case "appoint", panel:
            return [told.appoint(*panel)]
        case "vote", member, voter, opinion:
            return [told.vote(voter, member, opinion, today)]
        case "all vote", member, approvals:
            said = [PanelOpinion.APPROVE] * approvals + [PanelOpinion.AGAINST] * (len(PEOPLE) - approvals)
            return [told.vote(voter, member, opinion, today) for voter, opinion in zip(PEOPLE, said, strict=True)]
        case "decide", still:
            return [told.decide(today, still).model_copy(update={"notice_until": today + timedelta(days=7)})]
        case "object", objection, member, by:
            asked = told.object_to(member, by, today, objection)
            return [asked.model_copy(update={"comment_until": today + timedelta(days=7)})]
        case "comment", objection, member:
            return [CommentOnObjection(objection_id=objection, member_id=member, comment="说明")]
        case "uphold", objection, by:
            return [told.uphold(by, today).model_copy(update={"objection_id": objection})]
        case "dismiss", objection, by:
            return [told.dismiss(by).model_copy(update={"objection_id": objection})]
        case "publish", still:
            return [told.publish(today, still)]
        case _:
            return [CallOffRound(reason="另行组织", today=today)]


def check(event: Event, command: AnyOfARound, before: AwardRound, past: list[Event]) -> None:
    """What an event may follow from."""
    match event:
        case PanelVoteCast():
            nominee = before.nominees[event.member_id]
            assert nominee.standing is Standing.ACCEPTED, "nobody is put before the panel without their own yes"
            assert command.voter in before.panel
            assert command.voter not in {str(event.member_id), nominee.nominated.nominated_by}
            assert command.today > CONSENT
        case AwardDecided(outcome=AwardOutcome.CHOSEN):
            votes = before.nominees[event.member_id].votes
            approvals = [ballots.opened(told.KEY, ballot, vote) for ballot, vote in votes.items()].count(PanelOpinion.APPROVE)
            assert len(before.panel) >= 3
            assert approvals * 2 > len(before.panel)
            assert event.member_id in command.registered
        case PublicNoticePosted():
            assert not isinstance(before, Unopened)
            assert len(event.member_ids) <= before.opened.awards
            assert list(event.member_ids) == sorted(event.member_ids), "by id, never by votes"
        case AwardObjectionUpheld() | AwardObjectionDismissed():
            objection = before.objections[event.objection_id]
            assert event.answered_by not in {objection.raised.raised_by, *before.panel}
        case AwardGranted():
            assert any(isinstance(each, NominationAccepted) and each.member_id == event.member_id for each in past)
            assert isinstance(before, InNotice)
            assert command.today > before.notice_until
            assert not unanswered(before)
            assert not any(isinstance(each, AwardObjectionUpheld) and each.member_id == event.member_id for each in past)
        case _:
            pass


def lived(sequence: list[tuple[tuple, int]], awards: int) -> AwardRound:
    """A round through these moves, every event checked."""
    state, day = WHOLE_ROUND.evolve(WHOLE_ROUND.initial, told.opened(awards)), 0
    past: list[Event] = []
    for move, step in sequence:
        day += step
        for command in commands(move, day):
            try:
                events = WHOLE_ROUND.decide(command, state)
            except DomainError:
                continue
            before = state
            for event in events:
                check(event, command, before, past)
                again = type(event).model_validate_json(event.model_dump_json())
                assert again == event
                state = WHOLE_ROUND.evolve(state, again)
                past.append(again)
        assert len(standing(state, Standing.GRANTED)) <= awards
    return state


@settings(max_examples=200)
@given(st.lists(st.tuples(moves, steps), max_size=25), st.integers(1, 2))
def test_a_round_stays_fair(sequence: list[tuple[tuple, int]], awards: int) -> None:
    lived(sequence, awards)


@settings(max_examples=300)
@given(ways, chances, st.sets(st.integers(0, STEPS - 1), max_size=2), st.integers(1, 2))
def test_a_round_on_its_way_stays_fair(
    straight: list[tuple[tuple, int]], chance: dict[int, tuple[tuple, int]], skipped: set[int], awards: int
) -> None:
    lived(disturbed(straight, chance, skipped), awards)


def test_the_way_leads_to_two_awards() -> None:
    """What the property above starts from does get to the end."""
    straight = way({"ann", "bao", "cai"}, is_panel_first=False, approvals=(6, 6))
    assert len(straight) == STEPS
    assert len(standing(lived(straight, 2), Standing.GRANTED)) == 2


def test_evolve_takes_every_event_of_the_system() -> None:
    foreign = [event for event in published_events() if not event.TYPE.startswith("guangcai.evaluation.")]
    for event in foreign:
        assert WHOLE_ROUND.evolve(WHOLE_ROUND.initial, event.model_construct()) == WHOLE_ROUND.initial
