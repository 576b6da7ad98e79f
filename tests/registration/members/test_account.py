"""How a member gets in, by example and for any sequence: one account per member, one member per account, one code at a time."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.registration.members.account import (
    MOST_ATTEMPTS,
    AccountAlreadyClaimed,
    AccountClaimRefused,
    AccountTaken,
    ClaimAccount,
    IssueAccountCode,
    ReleaseAccount,
    TakeOverAccount,
    account_reservations,
)
from services.registration.members.member import MEMBER as MEMBERS
from services.registration.members.member import EnrolMember, EraseMember, MemberIsErased, MemberIsMerged, MemberUnknown, MergeInto
from services.registration.members.state import Enrolled
from shared.contracts.registration.accounts import (
    AccountClaimFailed,
    AccountCodeIssued,
    AccountReleaseReason,
    MemberAccountClaimed,
    MemberAccountReleased,
)
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.contracts.registration.members import PersonalDataErased
from shared.decider import Command, Release, Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import DAY, MEMBER, OTHER_MEMBER, UNIT, enrolled
from tests.registration.model import Model

WEEK = timedelta(days=7)
LIAISON = "liaison"
issue = IssueAccountCode(code_hash="right", valid_until=DAY + WEEK, issued_by=LIAISON)
issued = AccountCodeIssued(member_id=MEMBER, code_hash="right", valid_until=DAY + WEEK, issued_by=LIAISON)
claim = ClaimAccount(code_hash="right", account_hash="a", claimed_by="account-a", today=DAY)
claimed = MemberAccountClaimed(member_id=MEMBER, account_hash="a")
wrong = claim.model_copy(update={"code_hash": "wrong"})
failures = [AccountClaimFailed(member_id=MEMBER, account_hash="a", attempts_left=left) for left in reversed(range(MOST_ATTEMPTS))]


def released(reason: AccountReleaseReason) -> MemberAccountReleased:
    return MemberAccountReleased(member_id=MEMBER, account_hash="a", reason=reason)


def test_the_code_makes_an_account_the_members() -> None:
    Scenario(MEMBERS).given(enrolled).when(issue).then(issued)
    Scenario(MEMBERS).given(enrolled, issued).when(claim).then(claimed)
    assert account_reservations(claimed) == (Reserve("account", "a", AccountTaken),)


def test_a_claim_repeated_is_one_and_a_used_code_opens_nothing_for_others() -> None:
    done = Scenario(MEMBERS).given(enrolled, issued, claimed)
    done.when(claim).then_nothing()
    done.when(wrong).then_nothing()
    done.when(claim.model_copy(update={"account_hash": "b", "claimed_by": "account-b"})).then_rejected(AccountClaimRefused)


def test_a_wrong_code_is_on_record_and_the_fifth_voids_it() -> None:
    for tried, failed in enumerate(failures):
        Scenario(MEMBERS).given(enrolled, issued, *failures[:tried]).when(wrong).then(failed)
    Scenario(MEMBERS).given(enrolled, issued, *failures[:-1]).when(claim).then(claimed)
    for late in (claim, wrong):
        Scenario(MEMBERS).given(enrolled, issued, *failures).when(late).then_rejected(AccountClaimRefused)


def test_a_new_code_voids_the_one_before_and_brings_new_attempts() -> None:
    second = issued.model_copy(update={"code_hash": "second"})
    Scenario(MEMBERS).given(enrolled, issued, *failures, second).when(claim).then(failures[0])
    Scenario(MEMBERS).given(enrolled, issued, *failures, second).when(claim.model_copy(update={"code_hash": "second"})).then(claimed)


def test_a_code_lasts_to_its_last_day_and_is_not_for_who_issued_it() -> None:
    given_out = Scenario(MEMBERS).given(enrolled, issued)
    given_out.when(claim.model_copy(update={"today": DAY + WEEK + timedelta(days=1)})).then_rejected(AccountClaimRefused)
    given_out.when(claim.model_copy(update={"claimed_by": LIAISON})).then_rejected(AccountClaimRefused)
    given_out.when(claim.model_copy(update={"today": DAY + WEEK})).then(claimed)


def test_without_a_code_nothing_is_claimed() -> None:
    Scenario(MEMBERS).given(enrolled).when(claim).then_rejected(AccountClaimRefused)
    Scenario(MEMBERS).when(claim).then_rejected(MemberUnknown)


def test_an_account_is_released_before_another_one_is_claimed() -> None:
    lost = released(AccountReleaseReason.LOST)
    Scenario(MEMBERS).given(enrolled, issued, claimed).when(issue).then_rejected(AccountAlreadyClaimed)
    Scenario(MEMBERS).given(enrolled, issued, claimed).when(ReleaseAccount(reason=AccountReleaseReason.LOST)).then(lost)
    Scenario(MEMBERS).given(enrolled).when(ReleaseAccount(reason=AccountReleaseReason.LOST)).then_nothing()
    Scenario(MEMBERS).given(enrolled, issued, claimed, lost).when(claim).then_rejected(AccountClaimRefused)
    Scenario(MEMBERS).given(enrolled, issued, claimed, lost).when(issue).then(issued)
    assert account_reservations(lost) == (Release("account", "a"),)


def test_erasure_lets_the_account_go_first() -> None:
    erased = PersonalDataErased(member_id=MEMBER)
    Scenario(MEMBERS).given(enrolled, issued, claimed).when(EraseMember()).then(released(AccountReleaseReason.ERASED), erased)
    for command in (issue, claim):
        Scenario(MEMBERS).given(enrolled, issued, erased).when(command).then_rejected(MemberIsErased)


def test_the_account_of_an_entry_that_was_given_up_goes_over_unless_there_is_one() -> None:
    merge = MergeInto(into_member_id=OTHER_MEMBER, into_is_enrolled=True, reason="证件号一致")
    merged = MemberIdentitiesMerged(member_id=MEMBER, into_member_id=OTHER_MEMBER, unit_id=UNIT, reason="证件号一致")
    Scenario(MEMBERS).given(enrolled, issued, claimed).when(merge).then(released(AccountReleaseReason.MERGED), merged)
    Scenario(MEMBERS).given(enrolled, issued, merged).when(claim).then_rejected(MemberIsMerged)
    Scenario(MEMBERS).given(enrolled).when(TakeOverAccount(account_hash="a")).then(claimed)
    Scenario(MEMBERS).given(enrolled, issued, claimed).when(TakeOverAccount(account_hash="b")).then_nothing()


@st.composite
def steps(draw: st.DrawFn) -> tuple[UUID, Command]:
    """A command about the account of one of two members."""
    code, account = draw(st.sampled_from(["one", "two"])), draw(st.sampled_from(["a", "b", LIAISON]))
    today = DAY + draw(st.integers(0, 10)) * timedelta(days=1)
    member_id, other = draw(st.permutations([MEMBER, OTHER_MEMBER]))
    command = draw(
        st.sampled_from(
            [
                IssueAccountCode(code_hash=code, valid_until=today + WEEK, issued_by=LIAISON),
                ClaimAccount(code_hash=code, account_hash=account, claimed_by=account, today=today),
                TakeOverAccount(account_hash=account),
                ReleaseAccount(reason=AccountReleaseReason.LOST),
                MergeInto(into_member_id=other, into_is_enrolled=True, reason="证件号一致"),
                EraseMember(),
            ]
        )
    )
    return member_id, command


@given(st.lists(steps(), max_size=30))
def test_any_sequence_leaves_one_account_per_member_and_one_member_per_account(sequence: list[tuple[UUID, Command]]) -> None:
    model = Model()
    for number, member_id in enumerate((MEMBER, OTHER_MEMBER)):
        model.handle(MEMBERS, member_id, EnrolMember(**enrolled.model_dump() | {"member_id": member_id, "member_no": f"DY-{number}"}))
    for member_id, command in sequence:
        before = model.states["member", member_id]
        model.handle(MEMBERS, member_id, command)
        after = model.states["member", member_id]
        if isinstance(command, ClaimAccount) and isinstance(before, Enrolled) and isinstance(after, Enrolled):
            is_new = before.account.account_hash is None and after.account.account_hash is not None
            code = before.account.code
            assert not is_new or (code and (code.code_hash, code.issued_by != command.claimed_by) == (command.code_hash, True))
            assert after.account.attempts >= 0
        held = [state.account.account_hash for state in model.states.values() if isinstance(state, Enrolled) and state.account.account_hash]
        assert len(set(held)) == len(held), "an account acts as two members"
        taken = {key for (kind, key), holders in model.places.items() if kind == "account" and holders}
        assert taken == set(held), "an account that acts as nobody is free to claim"
