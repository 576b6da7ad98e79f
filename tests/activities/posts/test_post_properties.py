"""Whatever happens to a post, it never has more holders than places, and nobody overtakes on the waiting list."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from services.activities.posts.applications import ClaimPost
from services.activities.posts.claims import CompletePostTerm, ConfirmPostClaim, ReleasePost
from services.activities.posts.post import SERVICE_POST, AmendPost, ClosePost, EstablishPost
from services.activities.posts.state import Closed, Open, Proposed
from shared.contracts.activities.codes import ReleaseReason
from shared.contracts.activities.posts import PostClaimed, PostClaimWaitlisted, PostClaimWithdrawn, PostReleased
from tests.activities.given import DAY, SECRETARY, TERM_END, claim_id, member, proposed
from tests.activities.streams import Stream

PEOPLE = st.integers(1, 6)
claim_ids = st.builds(lambda person, attempt: claim_id(person * 100 + attempt), PEOPLE, st.integers(1, 3))


class PostAndClaims(Stream):
    """A post from its proposal on, with six people who claim it, up to three times each."""

    decider, begins, then = SERVICE_POST, (proposed,), (EstablishPost(),)

    @rule(person=PEOPLE, attempt=st.integers(1, 3))
    def claim(self, person: int, attempt: int) -> None:
        self.handle(ClaimPost(claim_id=claim_id(person * 100 + attempt), member_id=member(person), today=DAY))

    @rule(claim=claim_ids)
    def confirm(self, claim: UUID) -> None:
        self.handle(ConfirmPostClaim(claim_id=claim, taken_up_on=DAY, confirmed_by=SECRETARY))

    @rule(claim=claim_ids, by_member=st.booleans(), reason=st.sampled_from(ReleaseReason))
    def release(self, claim: UUID, by_member: bool, reason: ReleaseReason) -> None:
        self.handle(ReleasePost(claim_id=claim, by_member=by_member, reason=reason, today=DAY, leaves_on=DAY, done_units=1))

    @rule(claim=claim_ids)
    def complete(self, claim: UUID) -> None:
        self.handle(CompletePostTerm(claim_id=claim, ended_on=TERM_END, today=TERM_END, done_units=2))

    @rule(capacity=st.integers(1, 4), waiting=st.integers(0, 4))
    def amend(self, capacity: int, waiting: int) -> None:
        self.handle(AmendPost(reason="调整", capacity=capacity, waiting_list_limit=waiting))

    @rule()
    def establish(self) -> None:
        self.handle(EstablishPost())

    @rule()
    def close(self) -> None:
        self.handle(ClosePost(reason="撤岗", today=DAY))

    @invariant()
    def holders_fit_and_everybody_is_there_once(self) -> None:
        assert isinstance(self.state, Proposed | Open | Closed)
        if isinstance(self.state, Open):
            assert len(self.state.holders) <= self.state.terms.capacity
            people = [claim.member_id for claim in self.state.claims]
            assert len(people) == len(set(people))

    @invariant()
    def the_waiting_list_is_exact(self) -> None:
        waiting: list[Any] = []
        for event in self.history:
            match event:
                case PostClaimWaitlisted():
                    waiting.append(event.claim_id)
                    assert event.position == len(waiting)
                case PostClaimed(from_waiting_list=True):
                    assert waiting.pop(0) == event.claim_id  # whoever waited longest
                case PostClaimed():
                    assert not waiting  # nobody overtakes those who wait
                case PostClaimWithdrawn(was_waiting=True):
                    waiting.remove(event.claim_id)
                case PostReleased():
                    assert 0 <= event.agreed_units <= event.originally_agreed_units
                case _:
                    pass
        line = self.state.waiting if isinstance(self.state, Open) else ()
        assert [claim.claim_id for claim in line] == waiting


def test_a_post_never_has_more_holders_than_places_and_the_waiting_list_is_exact() -> None:
    run_state_machine_as_test(PostAndClaims)
