"""Unit in one district, community in another: the paper goes out, the guest is received there, the receipt comes back.

Invariant: this module and the reactions are the only ones that look into a second district, and only at the one edge whose number and check
signs the desk holds; the host gets name, unit, occupation group and political status, with the member's consent and on record at home.
"""

import hmac
from dataclasses import dataclass, replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from services.registration.access import require_community, require_unit
from services.registration.certificates.certificate import CERTIFICATE, IssueLiaisonCertificate
from services.registration.crossings import queries
from services.registration.crossings.crossing import (
    CROSSING,
    GUEST,
    AcknowledgeAway,
    Away,
    EndAway,
    IssueAwayCertificate,
    NotSent,
    ReceiveGuest,
    guest_certificate,
    guest_of,
    guest_registration,
    guest_unit,
)
from services.registration.exports import exported
from services.registration.inputs import Body, ConsentTextVersion
from services.registration.members.access import enrolled
from services.registration.members.consents import GiveConsent
from services.registration.members.member import MEMBER, EnrolMember
from services.registration.members.state import Enrolled
from services.registration.numbers import MEMBER_PREFIX, check_signs, printed
from services.registration.organisations.organisation import ORGANISATION, EstablishOrganisation
from services.registration.organisations.state import Established
from services.registration.policy import allow
from services.registration.registrations.registration import REGISTRATION, RegisterMember
from services.registration.registrations.state import Ties
from services.registration.vault.access import opened, vault_of
from shared.calendar.local_time import local_day
from shared.contracts.registration.codes import ClosureReason, ConsentPurpose, OrganisationKind
from shared.http.answers import NotFound
from shared.http.endpoints import DISTRICT, Call, CommandAnswer

router = APIRouter(tags=["crossings"])

AWAY_PREFIX: Final = "KQ"  # 跨区
DistrictCode = Annotated[str, Field(pattern=f"^{DISTRICT.pattern}$")]


class AwayBody(Body):
    """Which district, and the community there as people call it."""

    host_district: DistrictCode
    host_community: Annotated[str, Field(min_length=2, max_length=80)]


class EndAwayBody(Body):
    """Why the crossing ends."""

    reason: ClosureReason


class GuestBody(Body):
    """What is printed on the paper, and the version of the consent text the member agreed to at the desk."""

    home_district: DistrictCode
    certificate_no: Annotated[str, Field(min_length=4, max_length=40)]
    check_signs: Annotated[str, Field(min_length=4, max_length=20)]
    consent_text_version: ConsentTextVersion


@router.post("/members/{member_id}/away-certificates", status_code=201)
async def issue_away_certificate(
    member_id: UUID, body: AwayBody, call: Annotated[Call, Depends(allow("issue_certificate"))]
) -> CommandAnswer:
    """Send a member to a community of another district; the answer holds what is printed on the paper."""
    member = await enrolled(call, member_id)
    require_unit(call, member.unit_id)
    crossing_id = call.new_id("crossing")
    command = IssueAwayCertificate(
        crossing_id=crossing_id,
        certificate_no=printed(AWAY_PREFIX, crossing_id),
        member_id=member_id,
        unit_id=member.unit_id,
        home_district=call.district,
        **body.model_dump(),
    )
    answer = await call.handle(CROSSING, crossing_id, command)
    return answer.with_result(crossing_id=crossing_id, certificate_no=command.certificate_no, check_signs=check_signs(crossing_id))


@router.post("/away-registrations/{crossing_id}/acknowledgement")
async def acknowledge_away(crossing_id: UUID, call: Annotated[Call, Depends(allow("acknowledge_receipt"))]) -> CommandAnswer:
    """The unit has seen the receipt from the other district."""
    await _require_own(call, crossing_id)
    return await call.handle(CROSSING, crossing_id, AcknowledgeAway())


@router.post("/away-registrations/{crossing_id}/closure")
async def end_away(crossing_id: UUID, body: EndAwayBody, call: Annotated[Call, Depends(allow("close_away"))]) -> CommandAnswer:
    """End the crossing, also before anybody used the certificate; the other district is informed."""
    await _require_own(call, crossing_id)
    return await call.handle(CROSSING, crossing_id, EndAway(ended_on=local_day(call.now), reason=body.reason))


@exported(router, "/units/{unit_id}/away-registrations", "away_registrations")
async def away_registrations(unit_id: UUID, call: Annotated[Call, Depends(allow("read_unit_list"))]) -> list[queries.AwayRegistration]:
    """The unit's members in other districts: where, since when, and the receipt; nothing of what they do there."""
    require_unit(call, unit_id)
    async with call.read() as tx:
        return await queries.away_of_unit(tx, call.district, unit_id)


@exported(router, "/communities/{community_id}/guests", "guests")
async def guests(community_id: UUID, call: Annotated[Call, Depends(allow("read_community_register"))]) -> list[queries.Guest]:
    """The community's registrants from other districts, pseudonymous; by name they are in the register."""
    require_community(call, community_id)
    async with call.read() as tx:
        return await queries.guests_of(tx, call.district, community_id)


@router.post("/communities/{community_id}/guests", status_code=201)
async def receive_guest(community_id: UUID, body: GuestBody, call: Annotated[Call, Depends(allow("register_at_desk"))]) -> CommandAnswer:
    """Register somebody with a certificate from another district. Safe to send again; from then on an ordinary registration."""
    require_community(call, community_id)
    answer = await _from_home(call, body)
    return await _Reception(call, answer, community_id).receive(body.consent_text_version)


@dataclass(frozen=True, slots=True)
class _HomeAnswer:
    """What the home district discloses to the host."""

    away: Away
    home_district: str
    member: Enrolled
    unit: Established
    name: str


async def _from_home(call: Call, body: GuestBody) -> _HomeAnswer:
    """The edge as its home knows it. Raises NotFound for everything that is not a good paper for this district, without saying why."""
    home = replace(call, district=body.home_district, read_after={})
    async with home.read() as tx:
        crossing_id = await queries.by_number(tx, home.district, body.certificate_no)
    # Always one comparison, and one answer for "no such number", "wrong signs" and "for another district".
    expected = check_signs(crossing_id or UUID(int=0))
    if not hmac.compare_digest(expected.encode(), body.check_signs.strip().upper().encode()) or crossing_id is None:
        raise NotFound
    away = await home.state(CROSSING, crossing_id)
    if not isinstance(away, Away) or away.issued.host_district != call.district:
        raise NotFound
    member, unit = await enrolled(home, away.issued.member_id), await home.state(ORGANISATION, away.issued.unit_id)
    if not isinstance(unit, Established):
        raise NotFound
    ring = await opened(home, [member.member_id], f"crossing to {call.district}")
    async with home.read() as tx:
        sealed = await queries.sealed_name(tx, home.district, member.member_id)
    return _HomeAnswer(away, body.home_district, member, unit, ring.open(member.member_id, "name", sealed) or "")


@dataclass(frozen=True, slots=True)
class _Reception:
    """The steps that make a guest an ordinary registrant of the host; each finds what it made when it is repeated."""

    call: Call
    answer: _HomeAnswer
    community_id: UUID

    async def receive(self, consent_text_version: str) -> CommandAnswer:
        """Unit, member, consents, certificate, edge, registration."""
        await self._establish_unit()
        await self._enrol()
        for purpose in (ConsentPurpose.DUAL_MANAGEMENT, ConsentPurpose.CROSS_DISTRICT):
            consent = GiveConsent(purpose=purpose, text_version=consent_text_version)
            await self._step(f"consent/{purpose}").handle(MEMBER, self.member_id, consent)
        ties = self.ties
        await self._step("certificate").handle(CERTIFICATE, ties.certificate_id, IssueLiaisonCertificate(**ties.model_dump()))
        registration_id = guest_registration(self.crossing_id)
        edge = ReceiveGuest(
            crossing_id=self.crossing_id,
            home_district=self.answer.home_district,
            member_id=self.member_id,
            registration_id=registration_id,
            community_id=self.community_id,
            unit_id=self.unit_id,
        )
        await self._step("guest").handle(GUEST, self.crossing_id, edge)
        command = RegisterMember(
            registration_id=registration_id,
            member_id=self.member_id,
            community_id=self.community_id,
            certificate=ties,
            certificate_is_live=True,
            occupation_group=self.answer.member.occupation_group,
            political_status=self.answer.member.political_status,
            consents=frozenset({ConsentPurpose.DUAL_MANAGEMENT}),
            reported_on=local_day(self.call.now),
        )
        answer = await self.call.acting_for(str(self.member_id)).handle(REGISTRATION, registration_id, command)
        return answer.with_result(registration_id=registration_id, member_id=self.member_id)

    @property
    def crossing_id(self) -> UUID:
        return self.answer.away.issued.crossing_id

    @property
    def member_id(self) -> UUID:
        return guest_of(self.crossing_id)

    @property
    def unit_id(self) -> UUID:
        return guest_unit(self.answer.unit.organisation_id, self.call.district)

    @property
    def ties(self) -> Ties:
        return Ties(
            member_id=self.member_id,
            certificate_id=guest_certificate(self.crossing_id),
            certificate_no=self.answer.away.issued.certificate_no,
            unit_id=self.unit_id,
            community_id=self.community_id,
            home_district=self.answer.home_district,
        )

    def _step(self, label: str) -> Call:
        return self.call.step(f"guest/{label}").acting_for(str(self.member_id))

    async def _establish_unit(self) -> None:
        name = f"{self.answer.unit.name}（{self.answer.home_district}）"
        command = EstablishOrganisation(
            organisation_id=self.unit_id, kind=OrganisationKind.WORK_UNIT, name=name, occupation_group=self.answer.member.occupation_group
        )
        await self.call.step(f"guest unit/{self.unit_id}").handle(ORGANISATION, self.unit_id, command)

    async def _enrol(self) -> None:
        ring = await vault_of(self.call).key_ring(self.call.district, [self.member_id], create=True)
        command = EnrolMember(
            member_id=self.member_id,
            member_no=printed(MEMBER_PREFIX, self.member_id),
            unit_id=self.unit_id,
            occupation_group=self.answer.member.occupation_group,
            political_status=self.answer.member.political_status,
            residence_community_id=self.community_id,
            name_sealed=ring.seal(self.member_id, "name", self.answer.name),
        )
        await self._step("member").handle(MEMBER, self.member_id, command)


async def _require_own(call: Call, crossing_id: UUID) -> None:
    match await call.state(CROSSING, crossing_id):
        case NotSent():
            raise NotFound
        case state:
            require_unit(call, state.issued.unit_id)
