"""What members offer to the service. The last of the features: following a merge changes rows that the others declare."""

from collections.abc import Sequence

from services.activities.members import api, own_copy
from services.activities.members.projections import projections
from services.activities.members.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature


def feature(others: Sequence[Feature]) -> Feature:
    """The feature, which moves and deletes the rows of the others."""
    return Feature("members", (api.router, own_copy.router), projections(others), REACTIONS, PERFORMERS)
