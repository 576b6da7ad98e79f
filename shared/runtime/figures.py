"""The metrics of a running service for GET /metrics: the counters of its log, relay, consumer and performer."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.runtime.parts import Parts

COUNT_ROWS = """
SELECT (SELECT count(*) FROM parked WHERE district = $1) AS parked,
       (SELECT count(*) FROM intents WHERE district = $1 AND state = 'open') AS open,
       (SELECT count(*) FROM intents WHERE district = $1 AND state IN ('refused', 'failed')) AS refused
"""


class _Snapshot(Collector):
    """The metric families at the time of the request."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Once per exposition."""
        return self._families


async def exposition(parts: Parts) -> bytes:
    """Prometheus text: commands by outcome, relay, lag and events applied per source and district, parked events, open reactions."""
    registry = CollectorRegistry()
    registry.register(_Snapshot([*_counted(parts), *await _stored(parts)]))
    return generate_latest(registry)


def _counted(parts: Parts) -> Iterator[Metric]:
    appended = CounterMetricFamily("guangcai_log_appended_commands", "Commands brought to the log", labels=["outcome"])
    for outcome, number in parts.commands.outcomes.items():
        appended.add_metric([outcome], number)
    yield appended
    if parts.relay is not None:
        yield GaugeMetricFamily("guangcai_relay_lag_events", "Events stored and not yet confirmed by the broker", parts.relay.lag)
        yield GaugeMetricFamily("guangcai_relay_leads", "1 in the process that publishes", float(parts.relay.is_leading))
        yield CounterMetricFamily("guangcai_relay_published_events", "Events confirmed by the broker", parts.relay.published)
    progress = parts.consumer.progress
    lag = GaugeMetricFamily("guangcai_consumer_lag_events", "Events known and not yet applied", labels=["source", "district"])
    for lane, head in progress.heads.items():
        lag.add_metric(list(lane), max(0, head - progress.positions.get(lane, 0)))
    yield lag
    applied = CounterMetricFamily("guangcai_consumer_applied_events", "Events applied to the read model", labels=["source"])
    for source, number in progress.applied.items():
        applied.add_metric([source], number)
    yield applied
    yield CounterMetricFamily("guangcai_consumer_gaps", "Gaps healed from a feed", progress.gaps)


async def _stored(parts: Parts) -> list[Metric]:
    parked = GaugeMetricFamily("guangcai_parked_events", "Events waiting for an operator", labels=["district"])
    intents = GaugeMetricFamily("guangcai_intents", "Reactions not yet performed, and refused ones", labels=["district", "state"])
    for district in sorted({lane[1] for lane in parts.consumer.progress.heads}):
        async with parts.database.district(district, readonly=True) as tx:
            row = await tx.fetchrow(COUNT_ROWS, district)
        if row is not None:
            parked.add_metric([district], row["parked"])
            intents.add_metric([district, "open"], row["open"])
            intents.add_metric([district, "refused"], row["refused"])
    return [parked, intents]
