"""First sign-in of members: a code on paper, an account that claims with it, an identity provider that asks whose account it is (ADR 14).

Invariant: whoever does not hold number and code learns nothing, not even whether there is such a number; no log names an account.
"""

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, Field

from services.registration.access import require_self_or_district
from services.registration.accounts import queries
from services.registration.inputs import Body
from services.registration.members.access import enrolled
from services.registration.members.account import AccountClaimRefused, ClaimAccount, IssueAccountCode, ReleaseAccount
from services.registration.members.member import MEMBER, MemberIsErased, MemberIsMerged
from services.registration.members.papers import member_lines
from services.registration.members.state import Enrolled
from services.registration.numbers import MEMBER_PREFIX, code_of, typed, typed_number
from services.registration.policy import allow
from services.registration.programmes.papers import PDF, sheet
from services.registration.registrations.access import require_manager
from services.registration.vault.access import vault_of
from shared.calendar.local_time import local_day
from shared.contracts.registration.accounts import AccountReleaseReason
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter(tags=["accounts"])

CODE_LASTS: Final = timedelta(days=7)
PSEUDONYM: Final = 16  # signs of an account's hash that say who acted
Typed = Annotated[str, Field(min_length=1, max_length=40)]


class ClaimBody(Body):
    """Both as printed on the paper; case, spaces and hyphens do not matter."""

    member_no: Typed
    code: Typed


class ClaimAnswer(BaseModel):
    """CLAIMED: sign in again, and you act as this member. REFUSED is the same for an unknown number and for every fault of a code."""

    outcome: Literal["CLAIMED", "REFUSED"]
    member_id: UUID | None = None


class ReleaseBody(Body):
    """Why."""

    reason: Literal[AccountReleaseReason.LOST, AccountReleaseReason.WRONG_PERSON, AccountReleaseReason.NOT_WANTED]


class AccountHolder(BaseModel):
    """The member that an account acts as: subject of the tokens to issue, with role MEMBER."""

    member_id: UUID


@router.post("/members/{member_id}/account-codes", status_code=201, response_model=CommandAnswer, responses={201: {"content": {PDF: {}}}})
async def issue_account_code(
    request: Request, member_id: UUID, call: Annotated[Call, Depends(allow("issue_account_code"))]
) -> CommandAnswer | Response:
    """Make a code for a member of one's unit or registrant of one's community, to be handed over in person: as a sheet to print for whoever
    accepts PDF. It voids the one before.
    """
    member = await enrolled(call, member_id)
    await require_manager(call, member)
    vault = vault_of(call)
    code = code_of(call.secret("account code"))
    command = IssueAccountCode(
        code_hash=vault.code_hash(call.district, member_id, typed(code)),
        valid_until=local_day(call.now) + CODE_LASTS,
        issued_by=call.principal.subject,
    )
    answer = await call.handle(MEMBER, member_id, command)
    issued = (await enrolled(call, member_id)).account.code
    valid_until = command.valid_until if issued is None else issued.valid_until  # a retry on a later day prints the day of the first
    result = {"member_no": member.member_no, "code": code, "valid_until": valid_until.isoformat()}
    if PDF not in request.headers.get("accept", ""):
        return answer.with_result(**result)
    printed = await sheet(call, "account_code", await member_lines(call, member_id, "print_account_code") | result)
    printed.status_code = HTTPStatus.CREATED
    return printed


@router.post("/account-claims")
async def claim_account(body: ClaimBody, call: Annotated[Call, Depends(allow("claim_account"))]) -> ClaimAnswer:
    """Claim by number and code that the account of this token is a member's."""
    vault, account = vault_of(call), call.principal.subject
    account_hash = vault.account_hash(call.district, account)
    # Key, expected version and ETag would differ for a number that exists, so they are removed first; the account stays unnamed.
    actor = replace(call.principal, subject=f"account:{account_hash[:PSEUDONYM]}")
    claim = replace(call, key=call.command_id, principal=actor, response=None)
    async with call.read() as tx:
        member_id = await queries.numbered(tx, call.district, typed_number(MEMBER_PREFIX, body.member_no))
    if member_id is None:
        return ClaimAnswer(outcome="REFUSED")
    code_hash = vault.code_hash(call.district, member_id, typed(body.code))
    command = ClaimAccount(code_hash=code_hash, account_hash=account_hash, claimed_by=account, today=local_day(call.now))
    try:
        await claim.step(code_hash).handle(MEMBER, member_id, command)
    except (AccountClaimRefused, MemberIsErased, MemberIsMerged):
        return ClaimAnswer(outcome="REFUSED")
    match await claim.state(MEMBER, member_id):
        case Enrolled() as member if member.account.account_hash == account_hash:
            return ClaimAnswer(outcome="CLAIMED", member_id=member_id)
        case _:
            return ClaimAnswer(outcome="REFUSED")


@router.post("/members/{member_id}/account/release")
async def release_account(member_id: UUID, body: ReleaseBody, call: Annotated[Call, Depends(allow("release_account"))]) -> CommandAnswer:
    """Let the account act as the member no longer, by the member or the district: unit and community only issue, so replacing takes two."""
    require_self_or_district(call, member_id)
    await enrolled(call, member_id)
    return await call.handle(MEMBER, member_id, ReleaseAccount(reason=body.reason))


@router.get("/accounts/member")
async def account_holder(
    call: Annotated[Call, Depends(allow("read_account"))],
    guangcai_account: Annotated[str, Header(min_length=1, max_length=200, description="subject of the account at the identity provider")],
) -> AccountHolder:
    """Whose account is it? For the identity provider, when it issues a token."""
    async with call.read() as tx:
        member_id = await queries.member_of(tx, call.district, vault_of(call).account_hash(call.district, guangcai_account))
    if member_id is None:
        raise NotFound
    return AccountHolder(member_id=member_id)
