"""Chapter 1: the district establishes its organisations, publishes the scoring rules in time, and opens the evaluation period."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from ops.demo.make_roster import COMMUNITIES, JOINT_TABLE, STREET, UNITS
from ops.demo.world import FIRST_DAY, LAST_DAY, Community, Unit, World, at

ESTABLISHED = date(2025, 11, 10)
RULES_PUBLISHED = date(2025, 11, 17)  # more than 30 days before they take effect
PROGRAMME_DEADLINE = date(2026, 1, 31)
LEGAL_BASIS = "区委组织部《在职党员进社区报到服务实施办法》（示例）"


async def tell(world: World) -> None:
    """One street, seven communities of seven types, twelve units of four occupation groups; rules; the period."""
    street = await _establish(world, {"kind": "STREET", "name": STREET, "contact_email": "donglin@streets.guangcai.example"})
    communities = await world.each(
        [
            {
                "kind": "COMMUNITY",
                "name": each.name,
                "parent_id": street,
                "community_type": each.community_type,
                "contact_email": each.contact_email,
            }
            for each in COMMUNITIES
        ],
        lambda body: _establish(world, body),
    )
    units = await world.each(
        [
            {"kind": "WORK_UNIT", "name": each.name, "occupation_group": each.occupation_group, "contact_email": each.contact_email}
            for each in UNITS
        ],
        lambda body: _establish(world, body),
    )
    world.communities = {
        each.name: Community(id_, each.name, sum(JOINT_TABLE[each.name])) for each, id_ in zip(COMMUNITIES, communities, strict=True)
    }
    world.units = {each.name: Unit(id_, each.name, each.occupation_group) for each, id_ in zip(UNITS, units, strict=True)}
    await publish_rules(world, 1, FIRST_DAY.year, RULES_PUBLISHED)
    await _open_period(world)
    await world.client.settle(at(RULES_PUBLISHED))


async def _establish(world: World, body: Mapping[str, Any]) -> UUID:
    return UUID((await world.registration.result("/organisations", body, by=world.admin, at=at(ESTABLISHED)))["organisation_id"])


async def publish_rules(world: World, version: int, year: int, day: date) -> None:
    """Draft and publish a version of the scoring rules that takes effect on the first day of `year`."""
    draft = {"title": f"双管双评积分办法（{year}）", "legal_basis": LEGAL_BASIS, "version": version, "preset": "default"}
    rules = await world.evaluation.result("/rule-sets", draft, by=world.admin, at=at(day, 9))
    publication = {"effective_from": date(year, 1, 1)}
    await world.evaluation.post(f"/rule-sets/{rules['rule_set_id']}/publish", publication, by=world.admin, at=at(day, 10))


async def _open_period(world: World) -> None:
    body = {"title": "2026年度", "starts_on": FIRST_DAY, "ends_on": LAST_DAY, "programme_deadline": PROGRAMME_DEADLINE}
    opened = await world.evaluation.result("/periods", body, by=world.admin, at=at(RULES_PUBLISHED, 11))
    world.period_id = UUID(opened["period_id"])
