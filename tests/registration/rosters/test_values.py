"""Which unit or community is meant when its name stands in a title or an address, among others, or as part of a longer one."""

from uuid import UUID

import pytest

from services.registration.rosters.values import community_key, find_community, unit_in
from shared.contracts.registration.codes import OccupationGroup

COMMUNITIES = {community_key(name): UUID(int=place) for place, name in enumerate(("新风社区", "大新风社区", "南园社区", "南园东社区"), 1)}
SCHOOL, KINDERGARTEN, COURT = ((UUID(int=place), OccupationGroup.TEACHER) for place in (1, 2, 3))
UNITS = {"育光小学": SCHOOL, "云溪育光小学": SCHOOL, "育光小学附属幼儿园": KINDERGARTEN, "司法局": COURT}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("新风社区", 1),
        ("东林街道新风社区3栋", 1),
        ("东林街道大新风社区3栋", 2),
        ("南园社区居委会", 3),
        ("东林街道南园东社区", 4),
        ("东林街道新风社区或南园社区", None),
        ("南园社区与大新风社区", None),
        ("新风路3号", None),
        ("社区", None),
    ],
)
def test_the_only_community_of_an_address_is_meant(written: str, found: int | None) -> None:
    assert find_community(written, COMMUNITIES) == (None if found is None else UUID(int=found))


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (["育光小学在职党员花名册"], SCHOOL),
        (["花名册", "填报单位:司法局"], COURT),
        (["育光小学附属幼儿园花名册"], KINDERGARTEN),
        (["云溪育光小学"], SCHOOL),
        (["云溪育光小学", "育光小学"], SCHOOL),
        (["育光小学附属幼儿园", "育光小学"], KINDERGARTEN),
        (["司法局报送", "育光小学"], None),
        (["育光小学附属幼儿园、司法局"], None),
        (["花名册"], None),
        ([], None),
    ],
)
def test_the_only_unit_of_a_title_is_meant(texts: list[str], unit: tuple[UUID, OccupationGroup] | None) -> None:
    assert unit_in(texts, UNITS) == unit
