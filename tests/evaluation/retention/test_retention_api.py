"""A period is given up five years after its end with all that is said in it; facts go with the ledger; a rebuild is the same."""

from datetime import UTC, date, datetime

from ops.provision import Database
from services.evaluation.app import SERVICE
from services.evaluation.periods.period import PERIOD, ClosePeriod, GiveUpPeriod, OrderPublication, PeriodIsClosed, PeriodIsKept
from shared.contracts.activities.retention import Retained, ServiceRetentionApplied
from shared.contracts.evaluation.periods import EvaluationPeriodClosed, EvaluationPeriodGivenUp
from shared.eventlog.rebuild import rebuild
from shared.testing.harness import ServiceUnderTest
from shared.testing.scenario import Scenario
from tests.evaluation.periods.test_period import OPENED, P
from tests.evaluation.story import Year, tv1

GIVEN_UP = EvaluationPeriodGivenUp(period_id=P, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), applied_on=date(2032, 1, 1))

RETENTION = "retention/0192eeee-0000-7000-8000-000000000001"


def test_g15_a_period_is_kept_for_five_years_and_given_up_once() -> None:
    give_up, closed = GiveUpPeriod(period_id=P, today=date(2032, 1, 1)), EvaluationPeriodClosed(period_id=P)
    early = GiveUpPeriod(period_id=P, today=date(2031, 12, 31))
    for before in ((OPENED,), (OPENED, closed)):
        Scenario(PERIOD).given(*before).when(early).then_rejected(PeriodIsKept)
        Scenario(PERIOD).given(*before).when(give_up).then(GIVEN_UP)
    Scenario(PERIOD).given(OPENED, GIVEN_UP).when(give_up).then_nothing()
    Scenario(PERIOD).given(OPENED, GIVEN_UP).when(ClosePeriod(period_id=P)).then_nothing()
    order = OrderPublication(period_id=P, today=date(2032, 1, 2))
    Scenario(PERIOD).given(OPENED, GIVEN_UP).when(order).then_rejected(PeriodIsClosed)


async def test_g15_statements_and_appeals_go_with_their_period_and_facts_with_the_ledger(
    service: ServiceUnderTest, database: Database
) -> None:
    told = Year(service)
    await told.rules()
    await told.open()
    await tv1(told)
    await told.publish()
    await service.settled()
    appealed = await service.post(f"{told.case}/appeals", as_=told.self_, json={"grounds": "仍有出入"})
    assert appealed.status_code == 201, appealed.text

    async def counted() -> dict[str, int]:
        async with service.parts.database.district(service.district, readonly=True) as tx:
            tables = ("statements", "appeals", "cases", "periods", "facts")
            return {table: await tx.fetchval(f"SELECT count(*) FROM {table}") for table in tables}

    await service.settled()
    before = await counted()
    assert all(before.values())
    told.tell(retained(Retained.ATTENDANCE, date(2028, 12, 1)), on=date(2031, 12, 30), stream=RETENTION)
    await service.settled()
    assert await counted() == before
    told.tell(retained(Retained.ATTENDANCE, date(2029, 1, 1)), on=date(2032, 1, 2), stream=RETENTION)
    await service.settled()
    after = await counted()
    assert (after["statements"], after["appeals"], after["cases"], after["periods"]) == (0, 0, 0, 0)
    assert (await service.get(f"{told.case}/statement", as_=told.self_)).status_code == 404
    assert (await service.get(f"{told.case}/live-statement", as_=told.self_)).status_code == 404
    assert (await service.get("/me/statements", as_=told.self_)).json()["items"] == []
    ledger = {"SERVICE", "ITEM", "DUTY", "SUGGESTION_ADOPTED"}
    assert await kinds_left(service) == {*ledger, "NO_SHOW", "RENEWED"}
    told.tell(retained(Retained.ATTENDANCE, date(2031, 1, 1)), on=date(2034, 1, 1), stream=RETENTION)
    await service.settled()
    assert await kinds_left(service) == {*ledger, "RENEWED"}
    told.tell(retained(Retained.LEDGER, date(2027, 1, 1)), on=date(2037, 1, 1), stream=RETENTION)
    await service.settled()
    assert await kinds_left(service) == {"RENEWED"}
    given_up = [each for each in await service.log() if each.name == "EvaluationPeriodGivenUp"]
    assert len(given_up) == 1
    owner, role = database.url("evaluation_owner"), database.url("evaluation")
    assert (await rebuild(SERVICE.read_model(), service.feeds, owner_url=owner, service_url=role, swap=False)).is_equal
    service.now = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def retained(what: Retained, until: date) -> ServiceRetentionApplied:
    return ServiceRetentionApplied(what=what, until=until, applied_on=until)


async def kinds_left(service: ServiceUnderTest) -> set[str]:
    async with service.parts.database.district(service.district, readonly=True) as tx:
        return {row["kind"] for row in await tx.fetch("SELECT DISTINCT kind FROM facts")}
