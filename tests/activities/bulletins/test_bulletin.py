"""Names in a bulletin: who served is asked once, a yes can be taken back, a no leaves nothing behind."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.activities.bulletins.bulletin import BULLETIN, AnswerNaming, Asked, AskToBeNamed, NobodyServed, NotAskedToBeNamed, bulletin_id
from services.activities.following import FollowMember
from shared.contracts.activities.bulletins import BulletinNamingAgreed, BulletinNamingAsked, BulletinNamingWithdrawn
from shared.contracts.activities.identity import MemberIdentityFollowed
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.given import CLERK, COMMUNITY, member

MONTH = "2026-01"


IDS: dict[str, Any] = {"bulletin_id": bulletin_id(COMMUNITY, MONTH), "community_id": COMMUNITY, "month": MONTH}


def ask(*numbers: int) -> AskToBeNamed:
    return AskToBeNamed(**IDS, served=tuple(map(member, numbers)), asked_by=CLERK)


def answer(number: int, *, yes: bool) -> AnswerNaming:
    return AnswerNaming(member_id=member(number), may_be_named=yes)


def asked(number: int) -> BulletinNamingAsked:
    return BulletinNamingAsked(**IDS, member_id=member(number), asked_by=CLERK)


def agreed(number: int) -> BulletinNamingAgreed:
    return BulletinNamingAgreed(**IDS, member_id=member(number))


def withdrawn(number: int) -> BulletinNamingWithdrawn:
    return BulletinNamingWithdrawn(**IDS, member_id=member(number))


def test_who_served_is_asked_once():
    Scenario(BULLETIN).when(ask(1, 2)).then(asked(1), asked(2))
    Scenario(BULLETIN).given(asked(1)).when(ask(1, 2)).then(asked(2))
    Scenario(BULLETIN).given(asked(1)).when(ask(1)).then_nothing()
    Scenario(BULLETIN).when(ask()).then_rejected(NobodyServed)


def test_a_yes_is_the_members_own_and_can_be_taken_back_and_given_again():
    Scenario(BULLETIN).given(asked(1)).when(answer(1, yes=True)).then(agreed(1))
    Scenario(BULLETIN).given(asked(1), agreed(1)).when(answer(1, yes=True)).then_nothing()
    Scenario(BULLETIN).given(asked(1), agreed(1)).when(answer(1, yes=False)).then(withdrawn(1))
    Scenario(BULLETIN).given(asked(1), agreed(1), withdrawn(1)).when(answer(1, yes=True)).then(agreed(1))
    Scenario(BULLETIN).given(asked(1)).when(answer(2, yes=True)).then_rejected(NotAskedToBeNamed)
    Scenario(BULLETIN).when(answer(1, yes=True)).then_rejected(NotAskedToBeNamed)


def test_a_no_leaves_nothing_behind():
    Scenario(BULLETIN).given(asked(1)).when(answer(1, yes=False)).then_nothing()


def test_a_yes_follows_the_entry_that_remains():
    follow = FollowMember(member_id=member(1), into_member_id=member(2))
    followed = MemberIdentityFollowed(member_id=member(1), into_member_id=member(2))
    Scenario(BULLETIN).given(asked(1), agreed(1)).when(follow).then(followed)
    Scenario(BULLETIN).given(asked(1), agreed(1), followed).when(answer(2, yes=False)).then(withdrawn(2))


people = st.integers(1, 3)


commands = st.one_of(st.lists(people, max_size=3, unique=True).map(lambda who: ask(*who)), st.builds(answer, people, yes=st.booleans()))


@given(st.lists(commands, max_size=20))
def test_whoever_is_named_was_asked_and_said_yes_last(told: list[Any]):
    state, last = BULLETIN.initial, dict[Any, bool]()
    for command in told:
        try:
            events = BULLETIN.decide(command, state)
        except DomainError:
            continue
        if isinstance(command, AnswerNaming):
            last[command.member_id] = command.may_be_named
        for event in events:
            state = BULLETIN.evolve(state, event)
    yes_said = {who for who, yes in last.items() if yes}
    assert (state.agreed == yes_said <= state.asked) if isinstance(state, Asked) else not yes_said
