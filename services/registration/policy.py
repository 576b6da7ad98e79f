"""Who may do what in registration. Deny by default: every route names one of these actions; whose members and papers, the routes check.

Who acts for somebody has that person's roles for the one organisation instead of the own ones, while the delegation lasts.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Final

from fastapi import Depends, Header

from services.registration.acting import acting
from shared.calendar.local_time import local_day
from shared.http.endpoints import Call, Policy, allow_by
from shared.identity import Forbidden, Role

MEMBER: Final = frozenset({Role.MEMBER})
UNIT: Final = frozenset({Role.UNIT_LIAISON, Role.UNIT_SECRETARY})
COMMUNITY: Final = frozenset({Role.COMMUNITY_CLERK, Role.COMMUNITY_SECRETARY})
DISTRICT: Final = frozenset({Role.DISTRICT_ADMIN})
ADMINISTRATION: Final = DISTRICT | {Role.STREET_ADMIN}
PEOPLE: Final = frozenset(Role) - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.SUBSCRIBER, Role.RESIDENT}

POLICY: Final[Policy] = {
    "establish_organisation": DISTRICT,
    "change_organisation_contact": DISTRICT,
    "rename_organisation": DISTRICT,
    "dissolve_organisation": DISTRICT,
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
    "close_away": UNIT,
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
    "request_correction": MEMBER,
    "answer_correction": UNIT,
    "reveal_field": UNIT | COMMUNITY,
    "change_political_status": UNIT,
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
    "draft_story": UNIT | COMMUNITY,
    "answer_story": MEMBER,
    "publish_story": frozenset({Role.UNIT_SECRETARY, Role.COMMUNITY_SECRETARY}),
    "read_stories": PEOPLE,
    "issue_account_code": UNIT | COMMUNITY,
    "claim_account": frozenset({Role.RESIDENT}),  # an account that belongs to nobody yet
    "release_account": MEMBER | DISTRICT,
    "read_account": frozenset({Role.SERVICE}),
    "read_paper_name": frozenset({Role.SERVICE}),
    "read_address": frozenset({Role.SERVICE}),
    "read_community_profile": PEOPLE,
    "introduce_community": COMMUNITY,
    "declare_member_categories": COMMUNITY,
    "list_member_categories": PEOPLE,
    "report_member_categories": PEOPLE,
    "enter_honour": DISTRICT | UNIT | COMMUNITY,
    "change_partners": DISTRICT | COMMUNITY,
    "assign_office": DISTRICT | UNIT | COMMUNITY,
    "list_offices": PEOPLE,
    "delegate": UNIT | COMMUNITY,
    "end_delegation": DISTRICT | UNIT | COMMUNITY | MEMBER,
    "list_delegations": DISTRICT | UNIT | COMMUNITY,
    "record_liaison_contact": UNIT | COMMUNITY,
    "acknowledge_liaison_contact": UNIT | COMMUNITY,
    "withdraw_liaison_contact": UNIT | COMMUNITY,
    "list_liaison_contacts": UNIT | COMMUNITY,
    "report_unvisited": ADMINISTRATION,
    "announce_programme": DISTRICT,
    "read_programmes": PEOPLE,
}
MAY_ACT: Final = MEMBER | UNIT | COMMUNITY


def allow(action: str) -> Callable[..., Awaitable[Call]]:
    """`allow_by` of this policy, and for those who act for somebody. Unknown actions fail at import."""
    roles = POLICY[action]
    by_role = allow_by({action: roles | MAY_ACT})(action)

    async def call(
        call: Annotated[Call, Depends(by_role)],
        guangcai_acting_for: Annotated[str | None, Header(description="subject of who delegated, to act for them")] = None,
    ) -> Call:
        if guangcai_acting_for is not None:
            call = await _acting_for(call, guangcai_acting_for)
        if not call.principal.has_any(roles):
            message = f"no role allows {action}"
            raise Forbidden(message)
        return call

    call.action = action  # pyright: ignore[reportFunctionMemberAccess]  # the policy test finds it here
    return call


async def _acting_for(call: Call, delegator: str) -> Call:
    async with call.read() as tx:
        rows = await acting(tx, call.district, delegator, call.principal.subject, local_day(call.now))
    if not rows:
        message = "no delegation in force"
        raise Forbidden(message)
    principal = replace(
        call.principal,
        roles=frozenset(Role(role) for row in rows for role in row["roles"]),
        organisations=frozenset(row["organisation_id"] for row in rows),
    )
    return replace(call, principal=principal).acting_for(delegator)
