"""Venues, partnerships and the publications of open affairs as rows."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from shared.contracts.activities.registers import OpenAffairPublished, PartnershipAgreed, RegisterEntryClosed, VenueOpened
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def venue_opened(_event: Recorded, data: VenueOpened) -> Iterator[Write]:
    """A venue and whose it is."""
    yield _entered(data, "VENUE", data.owner_id)


def partnership_agreed(_event: Recorded, data: PartnershipAgreed) -> Iterator[Write]:
    """A partnership and with whom."""
    yield _entered(data, "PARTNERSHIP", data.partner_id)


def entry_closed(_event: Recorded, data: RegisterEntryClosed) -> Iterator[Write]:
    """The entry is in force no longer."""
    yield change("register_entries", fields(data, "entry_id"), fields(data, "closed_on", "reason"))


def affair_published(event: Recorded, data: OpenAffairPublished) -> Iterator[Write]:
    """Every publication of an affair is a row."""
    facts = fields(data, "community_id", "stage", "subject", "responsible", "published_on", "comments_until")
    keys = {"affair_id": data.affair_id, "number": event.stream_version}
    yield save("affair_publications", keys, {**facts, "content": data.text})


def _entered(data: VenueOpened | PartnershipAgreed, kind: str, organisation_id: UUID | None) -> Write:
    facts = data.model_dump(mode="json", exclude={"entry_id", "community_id", "owner_id", "partner_id"})
    values = {"community_id": data.community_id, "kind": kind, "organisation_id": organisation_id, "facts": facts}
    return save("register_entries", fields(data, "entry_id"), values)


PROJECTIONS: Final[Projections] = {
    VenueOpened: venue_opened,
    PartnershipAgreed: partnership_agreed,
    RegisterEntryClosed: entry_closed,
    OpenAffairPublished: affair_published,
}
