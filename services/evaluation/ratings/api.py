"""Residents rate a service by a one-time link, without an account. We keep the hash of a link's token and nothing about who used it."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, model_validator

from services.evaluation.access import Body, allow, today
from services.evaluation.facts.queries import served as services_of
from services.evaluation.membership.access import membership_of
from services.evaluation.ratings.invitation import INVITATION, InviteRating, NothingToRate, SubmitRating, WithholdRating, invitation_id
from shared.http.endpoints import Call, CommandAnswer, allow_anonymous
from shared.identity import Role

router = APIRouter(tags=["ratings"])
LINK_DAYS: Final = 60
LOOKING_BACK: Final = timedelta(days=366)
Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class InvitationBody(Body):
    """How many links for the service of one member in one activity."""

    activity_id: UUID
    member_id: UUID
    count: Annotated[int, Field(ge=1, le=50)] = 1


class RatingBody(Body):
    """The link's token, and a rating or `withheld`."""

    token: Token
    rating: Annotated[int | None, Field(ge=1, le=5)] = None
    withheld: bool = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> "RatingBody":
        if (self.rating is None) is not self.withheld:
            message = "a rating, or withheld: true"
            raise ValueError(message)
        return self


class Tokens(BaseModel):
    """Tokens of the links, for who prints or sends them: shown in this answer only, and again to a retry of the same request."""

    tokens: list[str]


def token_of(call: Call, number: int) -> str:
    """43 letters that cannot be derived from anything stored, nor from the caller's key."""
    return urlsafe_b64encode(call.secret(f"link/{number}")).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@router.post("/rating-invitations", status_code=201)
async def invite_ratings(body: InvitationBody, call: Annotated[Call, Depends(allow("invite_rating"))]) -> Tokens:
    """Make one-time links for the service of a member; the community hands them to residents."""
    membership = await membership_of(call, body.member_id)
    call.principal.require_organisation(membership.community_id)
    days = (today(call) - LOOKING_BACK, today(call))
    async with call.read() as tx:
        served = await services_of(tx, call.district, membership.entries, body.activity_id, days)
    if not served:
        raise NothingToRate
    tokens = [token_of(call, number) for number in range(body.count)]
    for number, token in enumerate(tokens):
        command = InviteRating(
            invitation_id=invitation_id(hash_of(token)),
            activity_id=body.activity_id,
            member_id=membership.member_id,
            community_id=membership.community_id,
            served_on=served[-1][0],
            expires_on=today(call) + timedelta(days=LINK_DAYS),
            rater_token_hash=hash_of(token),
        )
        await call.step(f"link/{number}").handle(INVITATION, command.invitation_id, command)
    return Tokens(tokens=tokens)


@router.post("/districts/{district}/ratings", status_code=201)
async def rate(body: RatingBody, call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))]) -> CommandAnswer:
    """Use a link: rate from 1 to 5, or withhold."""
    token_hash = hash_of(body.token)
    if body.rating is None:
        command = WithholdRating(rater_token_hash=token_hash, today=today(call))
    else:
        command = SubmitRating(rating=body.rating, rater_token_hash=token_hash, today=today(call))
    return await call.handle(INVITATION, invitation_id(token_hash), command)
