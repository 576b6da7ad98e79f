"""After a merge of two entries of one person everything that the one had is the other's, whenever the merge is heard."""

import pytest

from services.evaluation.app import FEATURES, SERVICE
from shared.contracts.activities.retention import ServiceRetentionApplied
from shared.contracts.evaluation.periods import EvaluationPeriodGivenUp
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.testing.harness import ServiceUnderTest
from tests.merging import NEW, OLD, assert_everything_is_the_others, told_of

MEMBER_FIELDS = ("member_id",)
ENDING = (MemberIdentitiesMerged, EvaluationPeriodGivenUp, ServiceRetentionApplied)
# Statements are listed as the one that both became, which a reaction publishes (test_merges_api.py).
LISTS = ("/feedback-reports?limit=200&member_id={member_id}", "/award-rounds/nominations?limit=200")


@pytest.mark.parametrize("seed", range(8))
async def test_everything_that_the_one_entry_had_is_the_others(service: ServiceUnderTest, seed: int) -> None:
    old, new = (told_of(FEATURES, who, MEMBER_FIELDS, ENDING) for who in (OLD, NEW))
    await assert_everything_is_the_others(service, SERVICE, (old, new), LISTS, seed)
