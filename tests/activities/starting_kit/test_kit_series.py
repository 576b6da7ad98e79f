"""The starting kit offers a community the series of its type, and the days that every community keeps."""

import pytest

from services.activities.series.templates import TEMPLATES, CommunityType
from services.activities.starting_kit.starting_kit import series_for


@pytest.mark.parametrize("kind", CommunityType)
def test_a_community_gets_what_returns_by_a_rule_for_its_type_or_for_all(kind: CommunityType) -> None:
    offered = series_for(kind)
    assert offered
    assert all(each.rule is not None and each.community_type in (None, kind) for each in offered)
    left_out = [each for each in TEMPLATES if each not in offered]
    assert all(each.rule is None or each.community_type not in (None, kind) for each in left_out)
