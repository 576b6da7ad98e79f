"""The invariants after every run (I1 … I14): small functions over the observed state. Each yields its violations as text.

Their numbers are those of the fault model in docs/reliability.md.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from faults.history import Attempt, Call, Outage
from faults.world import World, decoded, definition
from services.activities.posts.applications import ACTIVE_POST_LIMIT
from services.activities.posts.post import SERVICE_POST
from services.activities.posts.state import Open, Post
from shared.contracts.activities.posts import PostClaimed, PostClaimWaitlisted, PostClaimWithdrawn, PostFulfilled, PostReleased
from shared.contracts.evaluation.statements import ScoreStatementPublished, ScoreStatementRestated
from shared.contracts.event import Event
from shared.contracts.notifications import NotificationQueued
from shared.contracts.registration.registrations import RegistrationConfirmed
from shared.eventlog.envelope import Recorded

ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MARK = re.compile(rb"mark-[0-9a-f]{16}")
LAG_0_WITHIN = 30.0
ANSWER_WITHIN = 2.0 + 0.5  # the promised time, and a margin for the busy client that measures it
EDGE = 1.0  # seconds at both ends of an outage in which an answer may belong to either side
SKEW = timedelta(minutes=30)
MOST_CONNECTIONS = 20  # per service: the pool, the bell, two leaders
MOST_MEMORY = 300.0  # MB per service
SHOWN = 5  # violations of one kind that are listed


@dataclass(frozen=True, slots=True)
class Violation:
    """One violated invariant."""

    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.what}"


Broken = Iterator[str]


def i1_commands(world: World) -> Broken:
    """A 2xx is in the log once, a refusal left no event, a retry got the first result, no event is without a command."""
    by_command: defaultdict[str, list[str]] = defaultdict(list)
    marks: Counter[bytes] = Counter()
    for service in world.log:
        for event in world.events(service):
            if event.causation_id is None:
                by_command[str(event.correlation_id)].append(str(event.id))
                marks.update(set(MARK.findall(event.body)) if event.type.split(".")[2] in FIRST_OF_ITS_MARK else ())
    for call in world.history.calls:
        yield from _one_call(call, by_command.get(str(call.key), []))
    known = {str(call.key) for call in world.history.calls} | world.expected.get("keys", set())
    yield from (f"an event of command {key}, which nobody sent" for key in by_command if key not in known)
    yield from (f"{mark.decode()} took effect {times} times" for mark, times in marks.items() if times > 1)


# Events with a free text for the first time; later events of the same aggregate repeat it.
FIRST_OF_ITS_MARK = {
    "ResidentNeedRecorded",
    "ResidentNeedAnswered",
    "PostProposed",
    "ActivityPlanned",
    "SuggestionSubmitted",
    "OrganisationEstablished",
}


def _one_call(call: Call, found: list[str]) -> Broken:
    answers = [each.answer for each in call.answers if each.status is not None and each.status < 300]
    if call.acknowledged is not None:
        promised = call.acknowledged["event_ids"]
        if missing := [each for each in promised if found.count(each) != 1]:
            yield f"{call} was answered {call.answers[0].status}, but {len(missing)} of its {len(promised)} events are not in the log once"
        elif len(found) != len(promised):
            yield f"{call} promised {len(promised)} events and left {len(found)}"
        if any(_result(each) != _result(call.acknowledged) for each in answers) or len(answers) != len(call.answers):
            yield f"{call} got different answers: {[each.status for each in call.answers]}"
    elif call.is_refused and found:
        yield f"{call} was refused with {call.answers[0].status} {call.answers[0].answer.get('code')} and left {len(found)} events"


def _result(answer: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(answer[name] for name in ("stream", "version", "event_ids", "event_types"))


def i2_sequences(world: World) -> Broken:
    """Sequences are 1..n per (service, district), stream versions contiguous in log order, bytes match hashes, heads match logs."""
    for service, rows in world.log.items():
        sequences: defaultdict[str, list[int]] = defaultdict(list)
        versions: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for row in rows:
            sequences[row.district].append(row.sequence)
            versions[row.district, row.stream].append(row.version)
            if hashlib.sha256(b"\x00" + row.body).digest() != row.leaf_hash:
                yield f"{service}/{row.district}/{row.sequence}: the stored hash is not that of the bytes"
            event = decoded(row.body)
            columns = (row.district, row.sequence, row.stream, row.version, row.type)
            if event is None or (event.district, event.sequence, event.stream, event.stream_version, event.type) != columns:
                yield f"{service}/{row.district}/{row.sequence}: bytes and columns disagree"
        for district, numbers in sequences.items():
            if numbers != list(range(1, len(numbers) + 1)):
                yield f"{service}/{district}: sequences are not 1..{len(numbers)}"
        for (name, district), size in world.heads.items():
            if name == service and size != len(sequences[district]):
                yield f"{service}/{district}: the head says {size}, the log has {len(sequences[district])}"
        broken = [stream for stream, numbers in versions.items() if numbers != list(range(1, len(numbers) + 1))]
        yield from (f"{service}: versions of {stream[1]} in {stream[0]} are not 1..n in log order" for stream in broken)


def i3_published(world: World) -> Broken:
    """Every event up to the relay's cursor is in the history stream and in the feed, byte for byte."""
    for service, rows in world.log.items():
        since: Mapping[tuple[str, str], int] = world.expected.get("stream_since", {})
        missing = changed = 0
        for row in rows:
            if since.get((service, row.district), 0) < row.sequence <= world.cursors.get((service, row.district), 0):
                bodies = world.stream.get((service, row.district, row.sequence), [])
                missing += not bodies
                changed += any(body != row.body for body in bodies)
        if missing:
            yield f"{service}: {missing} events behind the cursor never reached the history stream"
        if changed:
            yield f"{service}: {changed} events were published with other bytes"
        sizes = {district: size for (name, district), size in world.heads.items() if name == service}
        for district, size in sizes.items():
            if (position := world.cursors.get((service, district), 0)) > size:
                yield f"{service}/{district}: the cursor is at {position}, the log ends at {size}"
        if unknown := sum(name == service and sequence > sizes.get(district, 0) for name, district, sequence in world.stream):
            yield f"{service}: the history stream holds {unknown} events that the log does not"
        for district in world.districts:
            if world.feeds and world.feeds[service, district] != [row.body for row in rows if row.district == district]:
                yield f"{service}/{district}: the feed is not the log"
    if world.dead_letters < world.expected.get("dead_letters", 0):
        yield f"{world.expected['dead_letters']} messages were no events of ours, {world.dead_letters} are in the dead letters"


def i4_consumed(world: World) -> Broken:
    """Each consumer applied exactly the log: checkpoints at the heads, exactly the reactions that events cause, poison parked."""
    for service in world.log:
        sources = definition(service).sources
        wanted: dict[tuple[str, str, str], Recorded] = {}
        for source in sources:
            for event in world.events(source):
                if event.problem is not None:
                    if (service, event.district, source, event.sequence) not in world.parked.keys() | world.expected.get("skipped", set()):
                        yield f"{service}: {source}/{event.district}/{event.sequence} does not fit its contract and is parked nowhere"
                    continue
                for intent in definition(service).react(event):
                    wanted[service, event.district, intent.key] = event
        stored = {key for key in world.reactions if key[0] == service}
        if skipped := wanted.keys() - stored:
            yield f"{service}: {len(skipped)} events were applied without their reaction, e.g. {min(skipped)[2]}"
        if invented := stored - wanted.keys():
            yield f"{service}: {len(invented)} reactions to no event of the log, e.g. {min(invented)[2]}"
        for (source, district), size in world.heads.items():
            position = world.checkpoints.get((service, district, source), 0)
            if source in sources and position != size:
                yield f"{service}: the checkpoint of {source}/{district} is {position}, the log ends at {size}"
    unexpected = world.parked.keys() - world.expected.get("parked", set())
    yield from (f"{service}: {source}/{district}/{sequence} is parked" for service, district, source, sequence in sorted(unexpected))


def i5_folds(world: World) -> Broken:
    """Every live read model is the fold of the logs from event 1."""
    for service, outcome in world.rebuilt.items():
        if not outcome.is_equal:
            yield f"{service}: the live read model is not the fold of {outcome.events} events"


def i6_business(world: World) -> Broken:
    """No claim without registration, no more holders than places, no score line without its events, no notice or letter twice."""
    yield from _claims(world)
    known = {(event.district, event.id) for service in ("registration", "activities", "evaluation") for event in world.events(service)}
    for event in world.events("evaluation"):
        if isinstance(event.data, ScoreStatementPublished | ScoreStatementRestated):
            for line in event.data.lines:
                if any((event.district, each) not in known for each in line.source_event_ids):
                    yield f"evaluation/{event.district}/{event.sequence}: a line rests on an event that is in no log"
    notices = Counter(
        (event.district, data.source_event_id, data.recipient_id, data.notice_kind, data.channel)
        for event in world.events("notifications")
        if isinstance(data := event.data, NotificationQueued)
    )
    yield from (f"{times} letters of {id_}" for id_, times in world.letters.items() if times > 1)
    yield from (f"{times} notices of {kind} to {who} on {channel}" for (_, _, who, kind, channel), times in notices.items() if times > 1)


def _claims(world: World) -> Broken:
    registered = {
        (event.district, event.data.member_id) for event in world.events("registration") if isinstance(event.data, RegistrationConfirmed)
    }
    posts: dict[tuple[str, str], Post] = {}
    active: Counter[tuple[str, object]] = Counter()
    for event in world.events("activities"):
        if not event.stream.startswith("post/") or event.data is None:
            continue
        key = (event.district, event.stream)
        posts[key] = state = SERVICE_POST.evolve(posts.get(key, SERVICE_POST.initial), event.data)
        if isinstance(state, Open) and len(state.holders) > state.terms.capacity:
            yield f"{event.stream} in {event.district} has {len(state.holders)} holders on {state.terms.capacity} places"
        active[event.district, getattr(event.data, "member_id", None)] += _standing(event.data)
        if isinstance(event.data, PostClaimed) and (event.district, event.data.member_id) not in registered:
            yield f"activities/{event.district}/{event.sequence}: a claim of somebody who is not registered"
    yield from (f"member {who} stands on {times} posts at once" for (_, who), times in active.items() if times > ACTIVE_POST_LIMIT)


def _standing(event: Event) -> int:
    match event:
        case PostClaimed() if not event.from_waiting_list:
            return 1
        case PostClaimWaitlisted():
            return 1
        case PostReleased() | PostClaimWithdrawn() | PostFulfilled():
            return -1
        case _:
            return 0


def i8_districts(world: World) -> Broken:
    """No event, row, message or feed of one district contains an id of another."""
    owners: dict[bytes, str] = {}
    for service, rows in world.log.items():
        for row in rows:
            for each in (*ID.findall(row.body), *MARK.findall(row.body)):
                if owners.setdefault(each, row.district) != row.district:
                    yield f"{service}/{row.district}/{row.sequence} carries an id of {owners[each]}"
    for (table, district), text in world.texts.items():
        foreign = {owners[each] for each in ID.findall(text.encode()) if each in owners} - {district}
        if foreign:
            yield f"rows of {district} in {table} carry ids of {sorted(foreign)}"
    yield from world.leaked


def i10_positions(world: World) -> Broken:
    """Checkpoints and cursors never go back."""
    for move in world.moves:
        if move.becomes <= move.was:
            yield f"{move.service}: {move.source}/{move.district} went from {move.was} to {move.becomes}"


def i11_recovery(world: World) -> Broken:
    """Within 30 seconds after the last fault has healed all lags are 0, without intervention."""
    if world.seconds_to_lag_0 is None:
        yield f"after {LAG_0_WITHIN:.0f} s something still lags: {world.expected.get('lags')}"


def i12_outages(world: World) -> Broken:
    """Broker away: commands succeed. Database away: 503 with Retry-After within two seconds, no request hangs. Never a 500."""
    for call in world.history.calls:
        for attempt in call.attempts:
            if attempt.status == 500:
                yield f"{call} was answered 500"
            for outage in world.history.outages:
                if not outage.concerns(call):
                    continue
                if outage.began + EDGE < attempt.started and attempt.ended < outage.ended - EDGE:
                    yield from _during(outage, call, attempt.status, attempt.retry_after, attempt.seconds)
                elif attempt.started < outage.ended - EDGE - ANSWER_WITHIN and _hung(attempt, outage):
                    yield f"{call} hung for {attempt.seconds:.1f} s without the {outage.server}"


def _hung(attempt: Attempt, outage: Outage) -> bool:
    """Whether a request in progress at the beginning of the outage took too long, or was not answered by its end."""
    return attempt.ended - max(attempt.started, outage.began + EDGE) > ANSWER_WITHIN


def _during(outage: Outage, call: Call, status: int | None, retry_after: str | None, seconds: float) -> Broken:
    if outage.server == "broker" and (status is None or status >= 500):
        yield f"{call} was answered {status} without the broker"
    if outage.server == "database" and (status != 503 or not retry_after):
        yield f"{call} was answered {status} (Retry-After {retry_after}) without the database"
    if outage.server == "disk" and (status is None or status >= 500) and (status != 503 or not retry_after):
        yield f"{call} was answered {status} (Retry-After {retry_after}) with a full disk"
    if seconds > ANSWER_WITHIN:
        yield f"{call} took {seconds:.1f} s without the {outage.server}"


def i13_base(world: World) -> Broken:
    """Queues are empty, connections and memory are within their bounds again."""
    yield from (f"{depth} messages are left in the queue of {service}" for service, depth in world.queues.items() if depth)
    yield from (f"{name} holds {number} connections" for name, number in world.connections.items() if number > MOST_CONNECTIONS)
    yield from (f"{service} holds {size:.0f} MB" for service, size in world.memory.items() if size > MOST_MEMORY)


def i14_clocks(world: World) -> Broken:
    """Order and deduplication do not depend on clocks: with skewed clocks times run backwards in the logs, and nothing else breaks."""
    if not world.expected.get("are_clocks_skewed"):
        return
    backwards = 0
    for service in world.log:
        by_district: defaultdict[str, list[Recorded]] = defaultdict(list)
        for event in world.events(service):
            by_district[event.district].append(event)
        backwards += sum(later.time < earlier.time - SKEW for events in by_district.values() for earlier, later in pairwise(events))
    if not backwards:
        yield "clocks were skewed, yet no log shows time running backwards: the fault did not happen"


CHECKS: Mapping[str, Callable[[World], Broken]] = {
    "I1": i1_commands,
    "I2": i2_sequences,
    "I3": i3_published,
    "I4": i4_consumed,
    "I5": i5_folds,
    "I6": i6_business,
    "I8": i8_districts,
    "I10": i10_positions,
    "I11": i11_recovery,
    "I12": i12_outages,
    "I13": i13_base,
    "I14": i14_clocks,
}


def check(world: World) -> list[Violation]:
    """All violations."""
    return [Violation(name, what) for name, broken in CHECKS.items() for what in broken(world)]
