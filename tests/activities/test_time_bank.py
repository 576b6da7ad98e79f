"""The time bank: double entry, reversal instead of deletion, never more spent than held, and never a point."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.activities.domain import errors
from services.activities.domain.district_module import ModuleIsOff
from services.activities.domain.time_ledger import LEDGER, BankService, Ledger, NotEnoughTime, RedeemTime, ReverseEntry, TransferTime
from services.evaluation.facts import FACTS
from shared.contracts.activities import TimeCredited, TimeRedeemed, TimeReversed, TimeTransferred
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, SECRETARY, member, record_id, some_id

TOPICS = ("guarantor", "expiry", "transfer", "exit")


def bank(number: int, minutes: int, revision: int = 1, person: int = 1, *, is_banked: bool = True) -> BankService:
    ids = {"community_id": COMMUNITY, "member_id": member(person), "record_id": record_id(number)}
    return BankService(**ids, record_revision=revision, minutes=minutes, is_banked=is_banked)


def spend(minutes: int, number: int = 1, person: int = 1, to: int | None = None, *, is_on: bool = True) -> TransferTime | RedeemTime:
    values: dict[str, Any] = {"community_id": COMMUNITY, "entry_id": some_id("d1", number), "member_id": member(person)}
    values |= {"minutes": minutes, "is_on": is_on}
    return RedeemTime(**values, purpose="陪同就医") if to is None else TransferTime(**values, to_member_id=member(to))


def reverse(entry_id: Any, number: int = 9, by: str = SECRETARY) -> ReverseEntry:
    return ReverseEntry(reverses_entry_id=entry_id, entry_id=some_id("d2", number), reason="登记有误", reversed_by=by)


def test_service_is_credited_once_by_its_latest_revision():
    (credit,) = Scenario(LEDGER).when(bank(1, 180)).then_events(TimeCredited)
    assert (credit.from_member_id, credit.to_member_id, credit.minutes) == (None, member(1), 180)
    Scenario(LEDGER).given(credit).when(bank(1, 180)).then_nothing()
    mirrored, again = Scenario(LEDGER).given(credit).when(bank(1, 120, revision=2)).then_events(TimeReversed, TimeCredited)
    assert (mirrored.reverses_entry_id, mirrored.minutes, again.minutes) == (credit.entry_id, 180, 120)
    Scenario(LEDGER).given(credit, mirrored, again).when(bank(1, 180, revision=1)).then_nothing()
    Scenario(LEDGER).given(credit).when(bank(1, 0, revision=2)).then_events(TimeReversed)
    Scenario(LEDGER).when(bank(1, 180, is_banked=False)).then_nothing()


@settings(deadline=None)
@given(st.permutations([(1, 180), (2, 120), (3, 0), (1, 180), (4, 60)]))
def test_the_order_of_news_about_a_record_does_not_matter(news: list[tuple[int, int]]):
    state: Ledger = LEDGER.initial
    for revision, minutes in news:
        for event in LEDGER.decide(bank(1, minutes, revision), state):
            state = LEDGER.evolve(state, event)
    assert (state.balances[member(1)], state.balances[None]) == (60, -60)


def test_nobody_spends_more_than_they_have_or_where_the_bank_is_off():
    (credit,) = Scenario(LEDGER).when(bank(1, 60)).then_events(TimeCredited)
    Scenario(LEDGER).given(credit).when(spend(61)).then_rejected(NotEnoughTime, balance=60)
    Scenario(LEDGER).given(credit).when(spend(60, is_on=False)).then_rejected(ModuleIsOff)
    (redeemed,) = Scenario(LEDGER).given(credit).when(spend(60)).then_events(TimeRedeemed)
    Scenario(LEDGER).given(credit, redeemed).when(spend(1, 2)).then_rejected(NotEnoughTime)
    (passed,) = Scenario(LEDGER).given(credit).when(spend(60, to=2)).then_events(TimeTransferred)
    Scenario(LEDGER).given(credit, passed).when(spend(60, 2, person=2)).then_events(TimeRedeemed)


def test_an_entry_is_reversed_once_and_not_by_those_it_concerns():
    (credit,) = Scenario(LEDGER).when(bank(1, 60)).then_events(TimeCredited)
    (redeemed,) = Scenario(LEDGER).given(credit).when(spend(60)).then_events(TimeRedeemed)
    own = reverse(redeemed.entry_id, by=str(member(1)))
    Scenario(LEDGER).given(credit, redeemed).when(own).then_rejected(errors.NobodyConfirmsTheirOwn)
    (back,) = Scenario(LEDGER).given(credit, redeemed).when(reverse(redeemed.entry_id)).then_events(TimeReversed)
    assert (back.from_member_id, back.to_member_id, back.minutes) == (None, member(1), 60)
    Scenario(LEDGER).given(credit, redeemed, back).when(reverse(redeemed.entry_id)).then_nothing()
    Scenario(LEDGER).given(credit, redeemed, back).when(reverse(back.entry_id)).then_rejected(errors.WrongStep)


PEOPLE, NUMBERS, MINUTES = st.integers(1, 3), st.integers(1, 12), st.integers(1, 300)
moves = st.one_of(
    st.builds(bank, st.integers(1, 4), st.integers(0, 300), st.integers(1, 3), PEOPLE),
    st.builds(spend, MINUTES, NUMBERS, PEOPLE, st.one_of(st.none(), PEOPLE)),
    st.builds(lambda number: reverse(some_id("d1", number), number), NUMBERS),
)


@settings(deadline=None)
@given(st.lists(moves, max_size=30))
def test_the_sum_of_all_accounts_is_zero_and_nothing_is_lost(commands: list[Any]):
    state: Ledger = LEDGER.initial
    entries: list[Any] = []
    for command in commands:
        if getattr(command, "entry_id", None) in state.entries:
            continue  # ids of entries are derived from command ids, which are never used twice
        try:
            events = LEDGER.decide(command, state)
        except DomainError:
            continue
        for event in events:
            state = LEDGER.evolve(state, event)
            entries.append(event)
        assert sum(state.balances.values()) == 0
        assert len(state.entries) == len(entries)
        for account, balance in state.balances.items():
            moved = [(entry.to_member_id == account) - (entry.from_member_id == account) for entry in entries]
            assert balance == sum(sign * entry.minutes for sign, entry in zip(moved, entries, strict=True))


def test_g8_minutes_of_the_time_bank_never_become_points():
    assert not {TimeCredited, TimeTransferred, TimeRedeemed, TimeReversed} & set(FACTS)


async def test_a_confirmed_service_is_credited_corrected_and_spent(district: District) -> None:
    path = f"/communities/{COMMUNITY}"
    ledger = f"{path}/time-ledger"
    await district.switch_on("TIME_BANK", *TOPICS)
    post_id = await district.open_post(is_time_banked=True)
    activity_id = await district.open_activity(post_id=post_id)
    district.service.now += timedelta(days=3)
    records = (await district.log(activity_id, 1, 2))["result"]["record_ids"]
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    assert (await district.get("/me/time-account", district.member(1)))["balance"] == 180
    await district.service.settled()
    change = f"/activities/{activity_id}/records/{records[str(member(1))]}/correct"
    await district.post(change, district.secretary, minutes=120, reason="提前离开")
    account = await district.get("/me/time-account", district.member(1))
    assert (account["balance"], [each["minutes"] for each in account["entries"]]) == (120, [180, -180, 120])
    assert await district.get(ledger, district.clerk) == {"accounts": 2, "pool_owes": 300, "sum_of_all": 0}
    too_much = {"minutes": 121, "purpose": "陪同就医"}
    problem = await district.post(f"{path}/time-redemptions", district.member(1), 409, **too_much)
    assert (problem["code"], problem["facts"]) == ("not_enough_time", {"balance": 120})
    redeemed = await district.post(f"{path}/time-redemptions", district.member(1), 201, minutes=60, purpose="陪同就医")
    passed = {"member_id": str(member(1)), "to_member_id": str(member(3)), "minutes": 30}
    await district.post(f"{path}/time-transfers", district.clerk, 422, **passed)
    await district.post(f"{path}/time-transfers", district.clerk, 201, **passed, consent="电话同意")
    await district.post(f"{path}/time-transfers", district.member(2), 403, **passed, consent="电话同意")
    entry_id = redeemed["result"]["entry_id"]
    await district.post(f"{path}/time-reversals", district.clerk, 403, entry_id=entry_id, reason="未成行")
    await district.post(f"{path}/time-reversals", district.secretary, 201, entry_id=entry_id, reason="未成行")
    assert (await district.get(f"{path}/time-accounts/{member(1)}", district.clerk))["balance"] == 90
    await district.get(f"{path}/time-accounts/{member(1)}", district.elsewhere, 403)
    assert await district.get(ledger, district.admin) == {"accounts": 3, "pool_owes": 300, "sum_of_all": 0}
    await district.post(f"/activities/{activity_id}/records/{records[str(member(2))]}/void", district.secretary, reason="未参加")
    assert (await district.get("/me/time-account", district.member(2)))["balance"] == 0
    (record, _) = [each for each in await district.service.log() if each.name == "ActivityConfirmed"]
    assert record.data.minutes == 180  # the record itself is untouched by what is spent


async def test_without_the_module_nothing_is_credited_or_spent(district: District) -> None:
    post_id = await district.open_post(is_time_banked=True)
    activity_id = await district.open_activity(post_id=post_id)
    district.service.now += timedelta(days=3)
    await district.log(activity_id, 1)
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    assert (await district.get("/me/time-account", district.member(1)))["entries"] == []
    body = {"minutes": 1, "purpose": "陪同就医"}
    answer = await district.post(f"/communities/{COMMUNITY}/time-redemptions", district.member(1), 409, **body)
    assert answer["code"] == "module_is_off"
