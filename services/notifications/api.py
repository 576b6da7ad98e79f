"""HTTP of notifications: the inbox, marking as read, open letters, and what the district sees of it (totals, letters that failed)."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from services.notifications import queries
from services.notifications.notification import NOTIFICATION, Delivered, ReadNotification
from services.notifications.open_letter import OPEN_LETTER, LetterDraft, SendOpenLetter
from services.notifications.policy import POLICY
from services.notifications.queries import Counts, FailedLetter, InboxNotice, InboxQuery, OpenLetterView
from shared.contracts.notifications import Channel
from shared.http.answers import NotFound
from shared.http.endpoints import MOST_ITEMS, Call, CommandAnswer, allow_by
from shared.http.paging import Page, decode_cursor, page_of
from shared.identity import Forbidden, Principal, Role
from shared.privacy.own_copy import OwnCopy, own_copy

router = APIRouter()
allow = allow_by(POLICY)

After = Annotated[str | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS)]
DEFAULT_LIMIT: Final = 50


class Unread(BaseModel):
    """Number of unread notices."""

    unread: int


@router.get("/notices")
async def inbox(
    call: Annotated[Call, Depends(allow("read_inbox"))],
    organisation_id: Annotated[UUID | None, Query(description="only this unit or community")] = None,
    unread: Annotated[bool, Query(description="only unread ones")] = False,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[InboxNotice]:
    """Notices of the caller, newest first: a member's own, or those of the organisations the caller acts for."""
    mine = owners(call.principal, organisation_id)
    async with call.read() as tx:
        query = InboxQuery(owners=await queries.entries(tx, call.district, mine), before=position(after), only_unread=unread, limit=limit)
        return page_of(await queries.inbox(tx, call.district, query), limit, lambda notice: (notice.notification_id,))


@router.get("/me/copy")
async def my_copy(call: Annotated[Call, Depends(allow("read_own_copy"))]) -> OwnCopy:
    """Everything notifications holds about the caller; addresses are registration's."""
    if not is_uuid(call.principal.subject):
        raise NotFound
    async with call.read() as tx:
        entries = await queries.entries(tx, call.district, [UUID(call.principal.subject)])
    return await own_copy(call, entries)


@router.get("/notices/unread")
async def unread_notices(call: Annotated[Call, Depends(allow("read_inbox"))]) -> Unread:
    """How many notices wait in the caller's inbox."""
    async with call.read() as tx:
        return Unread(
            unread=await queries.unread(tx, call.district, await queries.entries(tx, call.district, owners(call.principal, None)))
        )


@router.get("/notices/counts")
async def notice_counts(call: Annotated[Call, Depends(allow("see_counts"))]) -> Counts:
    """Totals of the district by kind and state; nothing per person."""
    async with call.read() as tx:
        return await queries.counts(tx, call.district)


@router.post("/notices/{notification_id}/read")
async def mark_read(notification_id: UUID, call: Annotated[Call, Depends(allow("mark_read"))]) -> CommandAnswer:
    """Mark one of the caller's notices as read. Marking twice is marking once."""
    state = await call.state(NOTIFICATION, notification_id)
    # Somebody else's notice looks like none at all.
    if not isinstance(state, Delivered) or state.notice.channel is not Channel.INBOX:
        raise NotFound
    async with call.read() as tx:
        mine = await queries.entries(tx, call.district, owners(call.principal, None))
    if state.notice.recipient_id not in mine:
        raise NotFound
    return await call.handle(NOTIFICATION, notification_id, ReadNotification())


@router.post("/open-letters", status_code=201)
async def send_open_letter(body: LetterDraft, call: Annotated[Call, Depends(allow("send_open_letter"))]) -> CommandAnswer:
    """公开信: a community's secretary to all members registered there, the district to all of its own. Sent again, it is sent once."""
    writer = Role.DISTRICT_ADMIN if body.community_id is None else Role.COMMUNITY_SECRETARY
    if not call.principal.has_any({writer}):
        message = "a community's secretary writes to its members, the district to all"
        raise Forbidden(message)
    if body.community_id is not None:
        call.principal.require_organisation(body.community_id)
    letter_id = call.new_id("open letter")
    answer = await call.handle(OPEN_LETTER, letter_id, SendOpenLetter(letter_id=letter_id, **dict(body)))
    return answer.with_result(letter_id=letter_id)


@router.get("/open-letters")
async def open_letters(
    call: Annotated[Call, Depends(allow("see_open_letters"))],
    community_id: Annotated[UUID | None, Query(description="only those of this community")] = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[OpenLetterView]:
    """Open letters of the district and its communities, newest first."""
    async with call.read() as tx:
        found = await queries.open_letters(tx, call.district, community_id, place(after), limit)
    return page_of(found, limit, lambda letter: (letter.place,))


@router.get("/letters/failed")
async def failed_letters(
    call: Annotated[Call, Depends(allow("see_failed_letters"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[FailedLetter]:
    """Letters that will not be sent, newest first, with the reason; their notices are in the inboxes all the same."""
    async with call.read() as tx:
        found = await queries.failed_letters(tx, call.district, position(after), limit)
    return page_of(found, limit, lambda letter: (letter.notification_id,))


def owners(principal: Principal, organisation_id: UUID | None) -> list[UUID]:
    """Whose inboxes the caller may open. Raises Forbidden for an organisation they do not act for."""
    if organisation_id is not None:
        principal.require_organisation(organisation_id)
        return [organisation_id]
    mine = [UUID(principal.subject)] if Role.MEMBER in principal.roles and is_uuid(principal.subject) else []
    return [*mine, *sorted(principal.organisations)]


def is_uuid(text: str) -> bool:
    """Whether a subject is the id of a member."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def position(after: str | None) -> UUID | None:
    """Where the next page begins. Raises Malformed for a cursor that is none of ours."""
    parts = decode_cursor(after, (UUID,))
    return parts and parts[0]


def place(after: str | None) -> int | None:
    """As `position`, in the log."""
    parts = decode_cursor(after, (int,))
    return parts and parts[0]
