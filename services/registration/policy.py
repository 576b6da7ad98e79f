"""Who may do what in registration. Deny by default: every route names one of these actions; whose members and papers, the routes check."""

from typing import Final

from shared.identity import Role
from shared.web import Policy, allow_by

MEMBER: Final = frozenset({Role.MEMBER})
UNIT: Final = frozenset({Role.UNIT_LIAISON, Role.UNIT_SECRETARY})
COMMUNITY: Final = frozenset({Role.COMMUNITY_CLERK, Role.COMMUNITY_SECRETARY})
DISTRICT: Final = frozenset({Role.DISTRICT_ADMIN})
ADMINISTRATION: Final = DISTRICT | {Role.STREET_ADMIN}
PEOPLE: Final = frozenset(Role) - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.SUBSCRIBER, Role.RESIDENT}

POLICY: Final[Policy] = {
    "establish_organisation": DISTRICT,
    "change_organisation_contact": DISTRICT,
    "list_organisations": PEOPLE,
    "import_roster": DISTRICT | UNIT,
    "see_roster": DISTRICT | UNIT,
    "issue_certificate": UNIT,
    "revoke_certificate": UNIT,
    "list_certificates": MEMBER | UNIT | COMMUNITY,
    "check_certificate": PEOPLE,
    "print_certificate": MEMBER | UNIT | COMMUNITY,
    "register_member": MEMBER | COMMUNITY,
    "print_registration": MEMBER | UNIT | COMMUNITY,
    "look_up_registrants": COMMUNITY,
    "register_at_desk": COMMUNITY,
    "confirm_registration": COMMUNITY,
    "return_registration": COMMUNITY,
    "acknowledge_receipt": UNIT,
    "renew_registration": MEMBER,
    "suspend_registration": COMMUNITY | UNIT,
    "resume_registration": COMMUNITY | UNIT,
    "close_registration": MEMBER | COMMUNITY | UNIT,
    "request_transfer": MEMBER | COMMUNITY | UNIT,
    "decline_transfer": MEMBER | COMMUNITY | UNIT,
    "accept_transfer": COMMUNITY,
    "list_transfers": COMMUNITY,
    "list_renewals_due": COMMUNITY | UNIT | DISTRICT,
    "enrol_member": DISTRICT | UNIT,
    "change_work_unit": DISTRICT | UNIT,
    "mark_lost_contact": COMMUNITY | UNIT,
    "restore_contact": MEMBER | COMMUNITY | UNIT,
    "request_name_correction": MEMBER,
    "answer_name_correction": UNIT,
    "merge_members": DISTRICT,
    "list_registrations": MEMBER | COMMUNITY | UNIT | DISTRICT,
    "list_outstanding_receipts": UNIT | DISTRICT,
    "read_community_register": COMMUNITY,
    "read_unit_list": UNIT,
    "report_registrants": PEOPLE,
    "read_own_page": MEMBER,
    "update_profile": MEMBER,
    "change_contact": MEMBER,
    "give_consent": MEMBER,
    "withdraw_consent": MEMBER,
    "erase_member": MEMBER | DISTRICT,
    "read_address": frozenset({Role.SERVICE}),
}
allow = allow_by(POLICY)
