"""Who may do what: action → roles. Deny by default; whose community, unit or own matter it is, the endpoints check."""

from collections.abc import Mapping
from typing import Final

from shared.identity import Role

MEMBER: Final = frozenset({Role.MEMBER})
DESK: Final = frozenset({Role.COMMUNITY_CLERK, Role.COMMUNITY_SECRETARY})
ORGANISERS: Final = DESK | {Role.TEAM_LEADER}
SECRETARY: Final = frozenset({Role.COMMUNITY_SECRETARY})
OVERSIGHT: Final = frozenset({Role.STREET_ADMIN, Role.DISTRICT_ADMIN, Role.AUDITOR})
UNIT: Final = frozenset({Role.UNIT_LIAISON, Role.UNIT_SECRETARY})
EVERYBODY: Final = MEMBER | ORGANISERS | OVERSIGHT | UNIT | {Role.INSTRUCTOR, Role.APPEAL_REVIEWER, Role.SERVICE}

POLICY: Final[Mapping[str, frozenset[Role]]] = {
    "see_posts": EVERYBODY,
    "propose_post": DESK,
    "establish_post": SECRETARY,
    "amend_post": SECRETARY,
    "close_post": SECRETARY,
    "claim_post": MEMBER | DESK,
    "confirm_claim": DESK,
    "release_post": MEMBER | DESK,
    "complete_post_term": DESK,
    "see_teams": EVERYBODY,
    "form_team": DESK,
    "join_team": MEMBER,
    "see_activities": EVERYBODY,
    "plan_activity": ORGANISERS,
    "publish_activity": ORGANISERS,
    "amend_activity": DESK,
    "cancel_activity": DESK,
    "plan_series": ORGANISERS,
    "see_own_calendar": MEMBER,
    "see_community_calendar": EVERYBODY,
    "check_in": MEMBER,
    "open_calendar_link": MEMBER,
    "sign_up": MEMBER | ORGANISERS,
    "withdraw_sign_up": MEMBER,
    "request_leave": MEMBER,
    "decide_leave": DESK,
    "record_attendance": ORGANISERS,
    "log_activity": MEMBER | ORGANISERS,
    "see_confirmations": DESK,
    "see_roster": ORGANISERS | {Role.STREET_ADMIN, Role.DISTRICT_ADMIN},
    "confirm_roster": DESK,
    "vouch_record": DESK | {Role.STREET_ADMIN},
    "correct_record": DESK,
    "void_record": SECRETARY,
    "request_correction": MEMBER,
    "decline_correction": DESK,
    "declare_checklist": SECRETARY | {Role.DISTRICT_ADMIN},
    "tick_item": DESK,
    "issue_certificate": DESK,
    "revoke_certificate": SECRETARY,
    "see_own_certificates": MEMBER,
    "see_certificate": MEMBER | DESK,
    "export_records": DESK | {Role.DISTRICT_ADMIN, Role.AUDITOR},
    "see_own": MEMBER,
    "see_member": MEMBER | DESK | UNIT,
    "see_reports": DESK | OVERSIGHT,
    "submit_suggestion": MEMBER,
    "decide_suggestion": DESK,
    "adopt_suggestion": SECRETARY,
    "see_suggestions": MEMBER | DESK | OVERSIGHT,
    "propose_matter": MEMBER,
    "decide_matter": DESK,
    "see_matters": MEMBER | DESK | OVERSIGHT,
    "see_modules": EVERYBODY,
    "switch_module": frozenset({Role.DISTRICT_ADMIN}),
    "see_pairings": MEMBER | DESK,
    "offer_pairing": DESK,
    "join_pairing": MEMBER | DESK,
    "draw_area": DESK,
    "keep_time": DESK,
    "spend_time": MEMBER | DESK,
    "reverse_time": SECRETARY,
    "open_campaign": DESK,
    "see_register": EVERYBODY,
    "keep_register": DESK,
    "publish_affair": SECRETARY,
    "see_rota": MEMBER | ORGANISERS,
    "form_group": DESK,
    "lead_group": MEMBER | DESK,
    "record_need": MEMBER | ORGANISERS,
    "decide_need": DESK,
    "see_needs": EVERYBODY,
}
