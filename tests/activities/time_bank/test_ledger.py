"""The ledger of the time bank: credited once, spent while it lasts, expired, reversed; the sum of all accounts is 0."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.activities.modules.module import MODULE, ModuleHoldsNoMinutes, ModuleIsOff, RuleDraft, SwitchOn
from services.activities.refusals import NobodyConfirmsTheirOwn, WrongStep
from services.activities.time_bank.ledger import (
    LEDGER,
    BankService,
    ExpireTime,
    Ledger,
    NotEnoughTime,
    RedeemTime,
    ReverseEntry,
    TransferTime,
)
from services.activities.time_bank.lots import usable
from services.evaluation.facts.sources import FACTS
from shared.contracts.activities.modules import DistrictModule, ModuleSwitchedOn
from shared.contracts.activities.time_bank import TimeCredited, TimeExpired, TimeRedeemed, TimeReversed, TimeTransferred
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, SECRETARY, member, record_id, some_id

TOPICS = ("guarantor", "expiry", "transfer", "exit")


TODAY = date(2026, 3, 1)


def bank(number: int, minutes: int, revision: int = 1, person: int = 1, *, is_banked: bool = True, days: int | None = None) -> BankService:
    """`days`: how long the minutes can be used from TODAY."""
    ids = {"community_id": COMMUNITY, "member_id": member(person), "record_id": record_id(number)}
    expires_on = None if days is None else TODAY + timedelta(days=days)
    return BankService(**ids, record_revision=revision, minutes=minutes, is_banked=is_banked, expires_on=expires_on)


def spend(
    minutes: int, number: int = 1, person: int = 1, to: int | None = None, *, is_on: bool = True, days: int = 0
) -> TransferTime | RedeemTime:
    values: dict[str, Any] = {"community_id": COMMUNITY, "entry_id": some_id("d1", number), "member_id": member(person)}
    values |= {"minutes": minutes, "is_on": is_on, "today": TODAY + timedelta(days=days)}
    return RedeemTime(**values, purpose="陪同就医") if to is None else TransferTime(**values, to_member_id=member(to))


def expire(days: int, number: int = 1) -> ExpireTime:
    return ExpireTime(community_id=COMMUNITY, entry_id=some_id("d3", number), today=TODAY + timedelta(days=days))


def told(*commands: Any) -> Ledger:
    """The ledger after these commands."""
    state: Ledger = LEDGER.initial
    for command in commands:
        for event in LEDGER.decide(command, state):
            state = LEDGER.evolve(state, event)
    return state


def balances(state: Ledger) -> tuple[int, ...]:
    """Of the members 1 and 2; the sum over all accounts is looked at on the way."""
    assert sum(state.balances.values()) == 0
    return tuple(state.balances.get(member(number), 0) for number in (1, 2))


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
    Scenario(LEDGER).given(credit, redeemed).when(own).then_rejected(NobodyConfirmsTheirOwn)
    (back,) = Scenario(LEDGER).given(credit, redeemed).when(reverse(redeemed.entry_id)).then_events(TimeReversed)
    assert (back.from_member_id, back.to_member_id, back.minutes) == (None, member(1), 60)
    Scenario(LEDGER).given(credit, redeemed, back).when(reverse(redeemed.entry_id)).then_nothing()
    Scenario(LEDGER).given(credit, redeemed, back).when(reverse(back.entry_id)).then_rejected(WrongStep)


def test_minutes_expire_the_oldest_first_and_what_was_spent_before_does_not():
    given = (bank(1, 60, days=30), bank(2, 60, days=60), bank(3, 60), spend(30))
    assert LEDGER.decide(expire(30), told(*given)) == ()  # the last day counts
    (entry,) = LEDGER.decide(expire(31), told(*given))
    assert isinstance(entry, TimeExpired)
    assert (entry.from_member_id, entry.to_member_id, entry.minutes, entry.expires_on) == (member(1), None, 30, TODAY + timedelta(days=30))
    assert balances(told(*given, expire(31))) == (120, 0)
    assert LEDGER.decide(expire(31, 2), told(*given, expire(31))) == ()
    assert balances(told(*given, expire(31), expire(61, 2), expire(4000, 3))) == (60, 0)


def test_nobody_spends_minutes_after_their_last_day():
    (credit,) = Scenario(LEDGER).when(bank(1, 60, days=30)).then_events(TimeCredited)
    Scenario(LEDGER).given(credit).when(spend(1, days=31)).then_rejected(NotEnoughTime, balance=0)
    Scenario(LEDGER).given(credit).when(spend(60, days=30)).then_events(TimeRedeemed)


def test_minutes_passed_on_keep_their_last_day():
    given = (bank(1, 60, days=30), bank(2, 60, days=60), spend(80, to=2))
    lots = told(*given).lots(member(2))
    assert [(each.minutes, each.expires_on) for each in lots] == [(60, TODAY + timedelta(days=30)), (20, TODAY + timedelta(days=60))]
    assert balances(told(*given, expire(31))) == (40, 20)
    assert balances(told(*given, expire(61))) == (0, 0)


def test_a_record_corrected_or_voided_after_its_minutes_expired_costs_nobody_twice():
    given = (bank(1, 60, days=30), bank(2, 60), expire(31))
    corrected = told(*given, bank(1, 90, revision=2, days=99))
    assert balances(corrected) == (150, 0)
    assert [each.expires_on for each in corrected.lots(member(1))] == [TODAY + timedelta(days=30), None]  # a correction does not prolong
    assert balances(told(*given, bank(1, 90, revision=2, days=99), expire(31, 2))) == (60, 0)
    assert balances(told(*given, bank(1, 0, revision=2), expire(31, 2))) == (60, 0)


def test_what_comes_back_after_its_last_day_expires_and_an_expiry_itself_is_not_taken_back():
    spent = (bank(1, 60, days=30), spend(40), expire(31), reverse(some_id("d1", 1)))
    assert balances(told(*spent)) == (40, 0)
    assert balances(told(*spent, expire(31, 2))) == (0, 0)
    passed = (bank(1, 60, days=30), spend(40, to=2), expire(31), reverse(some_id("d1", 1)))
    assert balances(told(*passed)) == (40, 0)
    assert balances(told(*passed, expire(31, 2))) == (0, 0)
    state = told(bank(1, 60, days=30), expire(31))
    (expiry,) = (each for each in state.entries.values() if isinstance(each, TimeExpired))
    Scenario(LEDGER).given(*state.entries.values()).when(reverse(expiry.entry_id)).then_rejected(WrongStep)


def test_only_the_time_bank_declares_when_minutes_expire():
    rules = tuple(RuleDraft(topic=topic, text="按办法执行") for topic in (*TOPICS, "responsible", "vetting", "consent"))
    bank_on = SwitchOn(module=DistrictModule.TIME_BANK, rules=rules, minutes_expire_after_months=12, decided_by="district")
    (declared,) = Scenario(MODULE).when(bank_on).then_events(ModuleSwitchedOn)
    assert declared.minutes_expire_after_months == 12
    Scenario(MODULE).given(declared).when(bank_on).then_nothing()
    longer = bank_on.model_copy(update={"minutes_expire_after_months": 24})
    Scenario(MODULE).given(declared).when(longer).then_events(ModuleSwitchedOn)
    minors = bank_on.model_copy(update={"module": DistrictModule.WORK_WITH_MINORS})
    Scenario(MODULE).when(minors).then_rejected(ModuleHoldsNoMinutes)


PEOPLE, NUMBERS, MINUTES = st.integers(1, 3), st.integers(1, 12), st.integers(1, 300)


DAYS = st.integers(0, 3)


moves = st.one_of(
    st.builds(bank, st.integers(1, 4), st.integers(0, 300), st.integers(1, 3), PEOPLE, days=st.one_of(st.none(), DAYS)),
    st.builds(spend, MINUTES, NUMBERS, PEOPLE, st.one_of(st.none(), PEOPLE), days=DAYS),
    st.builds(expire, DAYS, st.integers(13, 30)),
    st.builds(lambda number: reverse(some_id("d1", number), number), NUMBERS),
)


@given(st.lists(moves, max_size=30))
def test_the_sum_of_all_accounts_is_zero_and_nothing_is_lost(commands: list[Any]):
    state: Ledger = LEDGER.initial
    entries: list[Any] = []
    used: set[UUID] = set()
    for command in commands:
        if getattr(command, "entry_id", None) in used:
            continue  # ids of entries are derived from command ids, which are never used twice
        used |= {command.entry_id} if hasattr(command, "entry_id") else set()
        try:
            events = LEDGER.decide(command, state)
        except DomainError:
            continue
        for event in events:
            assert event.entry_id not in state.entries
            state = LEDGER.evolve(state, event)
            entries.append(event)
        for person in range(1, 4):
            lots, balance = state.lots(member(person)), state.balances.get(member(person), 0)
            assert sum(each.minutes for each in lots) == max(balance, 0)
            assert not isinstance(command, ExpireTime) or usable(lots, command.today) == lots
        assert sum(state.balances.values()) == 0
        assert len(state.entries) == len(entries)
        for account, balance in state.balances.items():
            moved = [(entry.to_member_id == account) - (entry.from_member_id == account) for entry in entries]
            assert balance == sum(sign * entry.minutes for sign, entry in zip(moved, entries, strict=True))


def test_g8_minutes_of_the_time_bank_never_become_points():
    assert not {TimeCredited, TimeTransferred, TimeRedeemed, TimeReversed, TimeExpired} & set(FACTS)
