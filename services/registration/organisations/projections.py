"""Events about organisations → their screens: the tree, honours, partners, introductions, offices, delegations, programmes."""

from typing import Any, Final

from shared.contracts import registration as e
from shared.contracts import registration_organisations as o
from shared.eventlog.envelope import Recorded

ORGANISATION_ESTABLISHED: Final = """
insert into organisations (district, organisation_id, kind, name, parent_id, community_type, occupation_group, uscc, contact_email,
    place)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
ORGANISATION_CONTACT: Final = "update organisations set contact_email = $3 where district = $1 and organisation_id = $2"
ORGANISATION_RENAMED: Final = """
update organisations set name = $4, former_names = array_append(array_remove(former_names, $4), $3)
where district = $1 and organisation_id = $2
"""
ORGANISATION_DISSOLVED: Final = """
update organisations set dissolved_on = $3, contact_email = null where district = $1 and organisation_id = $2
"""
HONOURED: Final = (
    "insert into organisation_honours (district, organisation_id, honour_id, level, title, year) values ($1, $2, $3, $4, $5, $6)"
)
HONOUR_REVOKED: Final = "delete from organisation_honours where district = $1 and organisation_id = $2 and honour_id = $3"
PARTNER_JOINED: Final = "insert into partner_units (district, community_id, partner_id, joined_on) values ($1, $2, $3, $4)"
PARTNER_LEFT: Final = "delete from partner_units where district = $1 and community_id = $2 and partner_id = $3"
INTRODUCED: Final = """
insert into community_introductions (district, community_id, overview, network, difficulties, ongoing_work, told_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (district, community_id) do update set overview = excluded.overview, network = excluded.network,
    difficulties = excluded.difficulties, ongoing_work = excluded.ongoing_work, told_at = excluded.told_at
"""
MEMBERS_DECLARED: Final = """
insert into member_counts (district, community_id, as_of, counts) values ($1, $2, $3, $4)
on conflict (district, community_id) do update set as_of = excluded.as_of, counts = excluded.counts
"""
OFFICE_ASSIGNED: Final = """
insert into offices (district, office_id, organisation_id, role, holder, name_sealed, starts_on, ends_on, is_part_time)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
OFFICE_ENDED: Final = "update offices set ended_on = $3 where district = $1 and office_id = $2"
DELEGATED: Final = """
insert into delegations (district, delegation_id, organisation_id, delegator, delegate, roles, starts_on, ends_on, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
DELEGATION_ENDED: Final = "update delegations set ended_on = $3 where district = $1 and delegation_id = $2"
PROGRAMME: Final = """
insert into programmes (district, programme_id, name, legal_basis, starts_on, ends_on, vocabulary, forms, member_categories)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (district, programme_id) do update set name = excluded.name, legal_basis = excluded.legal_basis, starts_on = excluded.starts_on,
    ends_on = excluded.ends_on, vocabulary = excluded.vocabulary, forms = excluded.forms, member_categories = excluded.member_categories
"""

Change = tuple[str, tuple[Any, ...]]


def of_organisation(event: Recorded) -> tuple[Change, ...]:
    """Statements and values (without the district) that follow from one event."""
    match event.data:
        case e.OrganisationEstablished() as fact:
            place = (fact.organisation_id, fact.kind, fact.name, fact.parent_id, fact.community_type)
            return ((ORGANISATION_ESTABLISHED, (*place, fact.occupation_group, fact.uscc, fact.contact_email, fact.place)),)
        case e.OrganisationContactChanged() as fact:
            return ((ORGANISATION_CONTACT, (fact.organisation_id, fact.contact_email)),)
        case o.OrganisationRenamed() as fact:
            return ((ORGANISATION_RENAMED, (fact.organisation_id, fact.former_name, fact.name)),)
        case o.OrganisationDissolved() as fact:
            return ((ORGANISATION_DISSOLVED, (fact.organisation_id, fact.dissolved_on)),)
        case o.OrganisationHonoured() as fact:
            return ((HONOURED, (fact.organisation_id, fact.honour_id, fact.level, fact.title, fact.year)),)
        case o.HonourRevoked() as fact:
            return ((HONOUR_REVOKED, (fact.organisation_id, fact.honour_id)),)
        case o.PartnerUnitJoined() as fact:
            return ((PARTNER_JOINED, (fact.community_id, fact.partner_id, fact.joined_on)),)
        case o.PartnerUnitLeft() as fact:
            return ((PARTNER_LEFT, (fact.community_id, fact.partner_id)),)
        case o.CommunityIntroduced() as fact:
            told = (fact.overview, fact.network, fact.difficulties, fact.ongoing_work)
            return ((INTRODUCED, (fact.community_id, *told, event.time)),)
        case o.MemberCategoriesDeclared() as fact:
            return ((MEMBERS_DECLARED, (fact.community_id, fact.as_of, fact.counts)),)
        case _:
            return _of_person_or_programme(event)


def _of_person_or_programme(event: Recorded) -> tuple[Change, ...]:
    match event.data:
        case o.OfficeAssigned() as fact:
            who = (fact.office_id, fact.organisation_id, fact.role, fact.holder, fact.name_sealed)
            return ((OFFICE_ASSIGNED, (*who, fact.starts_on, fact.ends_on, fact.is_part_time)),)
        case o.OfficeEnded() as fact:
            return ((OFFICE_ENDED, (fact.office_id, fact.ended_on)),)
        case o.DelegationGranted() as fact:
            who = (fact.delegation_id, fact.organisation_id, fact.delegator, fact.delegate, fact.roles)
            return ((DELEGATED, (*who, fact.starts_on, fact.ends_on, fact.reason)),)
        case o.DelegationEnded() as fact:
            return ((DELEGATION_ENDED, (fact.delegation_id, fact.ended_on)),)
        case o.ProgrammeAnnounced() | o.ProgrammeAmended() as fact:
            words = (fact.vocabulary, fact.model_dump(mode="json")["forms"], fact.member_categories)
            return ((PROGRAMME, (fact.programme_id, fact.name, fact.legal_basis, fact.starts_on, fact.ends_on, *words)),)
        case _:
            return ()
