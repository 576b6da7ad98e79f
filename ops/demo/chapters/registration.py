"""Chapter 2: the roster is imported, units issue certificates, members report, communities confirm, units acknowledge the receipts.

Invariant: in the end everybody on the roster is registered; two members report late, one is first returned, one unit answers late.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from ops.demo import make_roster
from ops.demo.world import CAST, Diligence, Member, Unit, World, at

ROSTER_DAY = date(2025, 12, 1)
CERTIFICATES_DAY = date(2025, 12, 2)
CONSENT_DAY = date(2025, 12, 3)
LAUNCH = date(2025, 12, 8)
CORRECTED_DAY = date(2025, 12, 10)
ACKNOWLEDGED_DAY = date(2025, 12, 11)
PROFILES_DAY = date(2025, 12, 19)  # more than a week after the receipts: the unit that did not answer is reminded
LATE_ACKNOWLEDGED_DAY = date(2025, 12, 22)
AFTER_THE_DEADLINE = date(2026, 3, 10)
TOO_LATE_TO_BE_RATED = date(2026, 10, 20)
TEXT_VERSION = "2026-01"
EXAMPLE_COMMUNITY = "南园社区"
SKILLS = {
    "DISTRICT_ORGAN": ("政策咨询", "公文写作"),
    "TEACHER": ("课业辅导", "心理疏导"),
    "POLICE": ("治安防范", "法律职业资格"),
    "STREET_OFFICE": ("矛盾调解", "文体组织"),
}
PREFERENCES = ("周末", "晚间", "社区环境", "敬老助残")
WILLINGNESS = (  # the same preferences, as far as they fit the fields of service
    {"times": ("WEEKEND_MORNING", "WEEKEND_AFTERNOON")},
    {"times": ("WEEKDAY_EVENING",), "times_per_month": 4},
    {"kinds": ("ENVIRONMENT", "GREENING")},
    {"kinds": ("SUPPORT_FOR_THE_WEAK",), "times": ("WEEKEND_MORNING",), "times_per_month": 2},
)
WITH_LETTERS = 4  # every fourth member wants letters beside the inbox


async def tell(world: World) -> None:
    """From the workbook to the acknowledged receipt."""
    await _import_roster(world)
    await world.each(world.units.values(), lambda unit: _list_members(world, unit))
    _cast(world)
    await world.each(world.employers(), lambda unit: _issue_certificates(world, unit))
    await world.client.settle(at(CERTIFICATES_DAY, 20))
    writers = [member for number, member in enumerate(world.members, 1) if number % WITH_LETTERS == 1]
    await world.each(writers, lambda member: _consent_to_letters(world, member))
    await world.client.settle(at(CONSENT_DAY))
    await _launch(world)
    await _answer_receipts(world)


async def report(world: World, members: Iterable[Member], day: date) -> None:
    """These members report on that day, their communities confirm, their units acknowledge; also used for late members."""
    arrivals = list(members)
    await world.each(arrivals, lambda member: register(world, member, day))
    await confirm(world, day)
    units = {member.unit.name: member.unit for member in arrivals}
    await world.client.settle(at(day, 18))
    await world.each(units.values(), lambda unit: acknowledge(world, unit, day))
    await world.client.settle(at(day, 20))


async def register(world: World, member: Member, day: date) -> None:
    """A member reports with the certificate and consents to dual management."""
    body = {"certificate_no": world.told["certificates"][member.id], "consent_text_version": TEXT_VERSION}
    answer = await world.registration.result("/registrations", body, by=member.caller, at=at(day, 9))
    member.registration_id = UUID(answer["registration_id"])


async def confirm(world: World, day: date) -> None:
    """Every community confirms whoever has reported."""

    async def one(community_id: UUID) -> None:
        secretary = next(each for each in world.communities.values() if each.id == community_id).secretary
        await world.registration.post(f"/communities/{community_id}/confirmations", {}, by=secretary, at=at(day, 17))

    await world.client.settle(at(day, 16))
    await world.each([community.id for community in world.populated()], one)


async def acknowledge(world: World, unit: Unit, day: date) -> None:
    """A unit acknowledges all receipts that came back."""
    await world.registration.post(f"/units/{unit.id}/acknowledgements", {}, by=unit.liaison, at=at(day, 19))


async def _import_roster(world: World) -> None:
    """First a dry run, then the import; the error sheet goes back to the office."""
    file = ("roster.xlsx", world.roster)
    by, moment = world.admin, at(ROSTER_DAY)
    await world.registration.upload("/rosters", file, {"dry_run": "true"}, by=by, at=moment)
    outcome = await world.registration.upload("/rosters", file, {"dry_run": "false"}, by=by, at=moment)
    world.told["roster"] = outcome
    world.told["error_sheet"] = await world.registration.content(f"/rosters/{outcome['roster_id']}/errors.xlsx", by=by, at=moment)
    await world.client.settle(moment)
    await _try_a_second_roster(world)


async def _try_a_second_roster(world: World) -> None:
    """A dry run of what an office sends next: two sheets, an unknown column that is explained, a person who changed."""
    file, asked = ("second.xlsx", make_roster.correction_sheets(world.size)), {"dry_run": "true"}
    by, moment = world.admin, at(ROSTER_DAY)
    world.told["unexplained"] = await world.registration.upload("/rosters", file, asked, by=by, at=moment)
    explained = asked | {"columns": '{"联络方式": "phone"}'}
    world.told["explained"] = await world.registration.upload("/rosters", file, explained, by=by, at=moment)


async def _list_members(world: World, unit: Unit) -> None:
    communities = {community.id: community for community in world.communities.values()}
    for item in await world.registration.every(f"/units/{unit.id}/members", by=unit.liaison, at=at(ROSTER_DAY, 15)):
        community = communities[UUID(item["residence_community_id"])]
        is_probationary = item["political_status"] == "02"
        unit.members.append(Member(UUID(item["member_id"]), item["member_no"], unit, community, is_probationary))
    unit.members.sort(key=lambda member: member.number)


def _cast(world: World) -> None:
    """Assign the characters and choose who reports late. Random numbers are drawn in the same order in every run."""
    world.members = sorted((member for unit in world.employers() for member in unit.members), key=lambda member: member.number)
    for place, member in enumerate(world.members):
        member.community.members.append(member)
        member.diligence = Diligence(CAST[place % len(CAST)])
    home = world.communities[EXAMPLE_COMMUNITY].members or world.members
    example = next((member for member in home if not member.is_probationary), home[0])
    example.is_example, example.diligence = True, Diligence.KEEN
    example.community.members.remove(example)
    example.community.members.insert(0, example)
    late = [member for member in world.communities["公园社区"].members if not (member.is_probationary or member.is_example)]
    if len(late) > 4:
        late[-1].reports_on, late[-2].reports_on = TOO_LATE_TO_BE_RATED, AFTER_THE_DEADLINE


async def _issue_certificates(world: World, unit: Unit) -> None:
    answer = await world.registration.post(f"/units/{unit.id}/certificates", {}, by=unit.liaison, at=at(CERTIFICATES_DAY))
    numbers = {UUID(each["member_id"]): each["certificate_no"] for each in answer["issued"]}
    world.told.setdefault("certificates", {}).update(numbers)


async def _consent_to_letters(world: World, member: Member) -> None:
    body = {"purpose": "DIRECT_CONTACT", "text_version": TEXT_VERSION}
    await world.registration.post(f"/members/{member.id}/consents", body, by=member.caller, at=at(CONSENT_DAY))


async def _launch(world: World) -> None:
    """Launch day: all members report at once. One registration is returned for a wrong certificate number and repeated two days later."""
    arrivals = [member for member in world.members if member.reports_on == LAUNCH]
    await world.each(arrivals, lambda member: register(world, member, LAUNCH))
    returned = arrivals[-1]
    reason = {"reason": "登记表上的楼栋号有误，请核对后重新报到"}
    await world.client.settle(at(LAUNCH, 10))
    by = returned.community.secretary
    await world.registration.post(f"/registrations/{returned.registration_id}/return", reason, by=by, at=at(LAUNCH, 16))
    await confirm(world, LAUNCH)
    await world.client.settle(at(LAUNCH, 18))
    await world.each([returned], lambda member: register(world, member, CORRECTED_DAY))
    await confirm(world, CORRECTED_DAY)
    await world.client.settle(at(CORRECTED_DAY, 18))


async def _answer_receipts(world: World) -> None:
    """Units acknowledge; one only after a reminder a week later. Meanwhile members state skills and preferences."""
    *prompt, forgetful = world.employers()
    await world.each(prompt, lambda unit: acknowledge(world, unit, ACKNOWLEDGED_DAY))
    await world.client.settle(at(ACKNOWLEDGED_DAY, 20))
    tellers = [member for member in world.members if member.diligence in {Diligence.KEEN, Diligence.OCCASIONAL}]
    await world.each(tellers, lambda member: _state_profile(world, member))
    await world.client.settle(at(PROFILES_DAY))
    await acknowledge(world, forgetful, LATE_ACKNOWLEDGED_DAY)
    await world.client.settle(at(LATE_ACKNOWLEDGED_DAY))


async def _state_profile(world: World, member: Member) -> None:
    place = world.members.index(member)
    skills = SKILLS[member.unit.occupation_group] if member.diligence is Diligence.KEEN else SKILLS[member.unit.occupation_group][:1]
    preference = place % len(PREFERENCES)
    body = {"skills": skills, "preferences": [PREFERENCES[preference]], "willingness": WILLINGNESS[preference]}
    await world.registration.post(f"/members/{member.id}/profile", body, by=member.caller, at=at(PROFILES_DAY))
