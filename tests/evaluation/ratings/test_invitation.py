"""Invitations to rate by example."""

from datetime import date
from typing import Any
from uuid import UUID

from services.evaluation.ratings.invitation import (
    INVITATION,
    InviteRating,
    LinkAlreadyUsed,
    LinkExpired,
    LinkUnknown,
    SubmitRating,
    WithholdRating,
)
from shared.contracts.evaluation.assessments import RatingInvited, RatingSubmitted, RatingWithheld
from shared.testing.scenario import Scenario
from tests.evaluation.given import COMMUNITY, MEMBER

LINK: dict[str, Any] = {
    "invitation_id": UUID(int=3), "activity_id": UUID(int=4), "member_id": MEMBER, "community_id": COMMUNITY, "rater_token_hash": "aa",
}  # fmt: skip
INVITED = RatingInvited(**LINK, served_on=date(2026, 5, 1), expires_on=date(2026, 6, 30))


def test_a_resident_rates_once() -> None:
    rate = SubmitRating(rating=5, rater_token_hash="aa", today=date(2026, 6, 30))
    Scenario(INVITATION).when(InviteRating(**INVITED.model_dump())).then(INVITED)
    rated = RatingSubmitted(**LINK, served_on=date(2026, 5, 1), rating=5)
    Scenario(INVITATION).given(INVITED).when(rate).then(rated)
    Scenario(INVITATION).given(INVITED, rated).when(rate).then_rejected(LinkAlreadyUsed)
    Scenario(INVITATION).given(INVITED).when(rate.model_copy(update={"rater_token_hash": "bb"})).then_rejected(LinkUnknown)
    Scenario(INVITATION).given(INVITED).when(rate.model_copy(update={"today": date(2026, 7, 1)})).then_rejected(LinkExpired)
    Scenario(INVITATION).when(rate).then_rejected(LinkUnknown)
    withhold = WithholdRating(rater_token_hash="aa", today=date(2026, 6, 1))
    Scenario(INVITATION).given(INVITED).when(withhold).then(RatingWithheld(**{k: v for k, v in LINK.items() if k != "rater_token_hash"}))
