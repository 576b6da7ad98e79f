"""The access log is kept for three years."""

from datetime import date, timedelta

from services.registration.access_log.retention import ACCESS_RETENTION, AccessesAreKept, ApplyAccessRetention
from shared.contracts.registration.changes import AccessRetentionApplied
from shared.privacy.retention import month_after
from shared.testing.scenario import Scenario


def test_who_looked_is_kept_for_three_years_and_given_up_once() -> None:
    until, due = date(2026, 2, 1), date(2029, 2, 1)
    apply = ApplyAccessRetention(until=until, entries=7, applied_on=due)
    applied = AccessRetentionApplied(until=until, entries=7, applied_on=due)
    Scenario(ACCESS_RETENTION).when(apply).then(applied)
    Scenario(ACCESS_RETENTION).given(applied).when(apply).then_nothing()
    Scenario(ACCESS_RETENTION).given(applied).when(apply.model_copy(update={"until": date(2026, 1, 1)})).then_nothing()
    early = apply.model_copy(update={"applied_on": due - timedelta(days=1)})
    Scenario(ACCESS_RETENTION).when(early).then_rejected(AccessesAreKept)
    assert [month_after(day) for day in (date(2026, 11, 30), date(2026, 12, 1), date(2028, 2, 29))] == [
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2028, 3, 1),
    ]
