"""Everything that a service can hear about a member, told of two entries of one person, for services that unite entries on reading."""

import random
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.event import Event
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.eventlog.envelope import Context, Recorded
from shared.feature import Feature
from shared.identity import Role
from shared.runtime.definition import ServiceDefinition
from shared.testing.harness import MemoryFeeds, ServiceUnderTest
from shared.testing.samples import sample

NAMESPACE = UUID("3a4c6f0e-2f7e-5a5b-9a3f-5d6f1d1c7a10")
OLD, NEW = UUID("0192aaaa-0000-7000-8000-00000000000a"), UUID("0192aaaa-0000-7000-8000-00000000000b")
TOLD_AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
SHARED = frozenset({"district_id", "unit_id", "community_id", "street_id", "organisation_id", "work_unit_id"})  # the same for both entries

Rows = dict[str, list[dict[str, Any]]]


def told_of(features: Iterable[Feature], member_id: UUID, member_fields: Collection[str], left_out: Collection[type[Event]]) -> list[Event]:
    """One event of every type that the features project, about this member or a thing that only they have a part in."""
    types = dict.fromkeys(each for feature in features for each in feature.projections)
    return [_about(sample(each), member_id, member_fields) for each in types if each not in left_out]


def _about(event: Event, member_id: UUID, member_fields: Collection[str]) -> Event:
    """The same with this member, and with ids that nothing of another member has."""
    own = {
        name: member_id if name in member_fields else uuid5(NAMESPACE, f"{member_id}/{value}")
        for name, value in event
        if isinstance(value, UUID) and name not in SHARED
    }
    return event.model_copy(update=own)


async def apply(service: ServiceUnderTest, definition: ServiceDefinition, events: Sequence[Event]) -> None:
    """Project the events, one after the other, as the consumer does."""
    feeds = MemoryFeeds()
    context = [Context(service.district, uuid5(NAMESPACE, repr(event)), TOLD_AT, "told") for event in events]
    recorded: list[Recorded] = [
        feeds.add(event, f"{event.service()}/{here.command_id}", here) for event, here in zip(events, context, strict=True)
    ]
    async with service.parts.database.district(service.district) as tx:
        for each in recorded:
            await definition.project(tx, [each])


async def copy_of(service: ServiceUnderTest, member_id: UUID) -> Rows:
    """The own copy, without the entry under which a row stands."""
    as_ = service.token(Role.MEMBER, subject=str(member_id))
    answer = await service.get("/me/copy", as_=as_)
    assert answer.status_code == 200, answer.text
    return answer.json()["tables"]


async def listed(service: ServiceUnderTest, path: str, member_id: UUID) -> list[str]:
    """The items of a list, as the member reads it."""
    answer = await service.get(path.format(member_id=member_id), as_=service.token(Role.MEMBER, subject=str(member_id)))
    assert answer.status_code == 200, answer.text
    return sorted(map(str, answer.json()["items"]))


def merged() -> MemberIdentitiesMerged:
    """OLD turned out to be NEW."""
    return sample(MemberIdentitiesMerged).model_copy(update={"member_id": OLD, "into_member_id": NEW})


def shuffled(chance: random.Random, *tellings: Sequence[Event]) -> list[Event]:
    """The tellings one among the other, each in its own order."""
    left = [list(each) for each in tellings]
    mixed: list[Event] = []
    while any(left):
        mixed.append(chance.choice([each for each in left if each]).pop(0))
    return mixed


async def assert_everything_is_the_others(
    service: ServiceUnderTest, definition: ServiceDefinition, tellings: Sequence[Sequence[Event]], lists: Sequence[str], seed: int
) -> None:
    """Tell the same of both entries without a merge, and with one somewhere in between: then either id leads to all that both had."""
    service.district = f"apart-{seed}"
    await apply(service, definition, [event for telling in tellings for event in telling])
    copies = [await copy_of(service, who) for who in (OLD, NEW)]
    items = [[await listed(service, path, who) for who in (OLD, NEW)] for path in lists]
    nothing = [name for name, rows in copies[0].items() if not rows]
    assert not nothing, f"no event that is told here leaves a row in {nothing}"
    empty = [path for path, (old, _) in zip(lists, items, strict=True) if not old]
    assert not empty, f"no event that is told here is listed in {empty}"

    service.district = f"merged-{seed}"
    await apply(service, definition, shuffled(random.Random(seed), *tellings, [merged()]))
    for who in (NEW, OLD):
        copy = await copy_of(service, who)
        for table, rows in copy.items():
            both = sorted(str(row) for each in copies for row in each[table])
            assert sorted(map(str, rows)) == both, f"{table} of {who}"
        for path, (old, new) in zip(lists, items, strict=True):
            assert await listed(service, path, who) == sorted([*old, *new]), path
