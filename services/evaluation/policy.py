"""Who may do what here. Deny by default; every route names one action. Nobody but the engine writes a score line.

Organisations narrow it further: a unit acts for its members, a community for those registered there, a member for itself.
"""

from typing import Final

from shared.http.endpoints import Policy
from shared.identity import Role

EVERYBODY: Final = frozenset(Role) - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.SUBSCRIBER}
UNIT: Final = frozenset({Role.UNIT_LIAISON, Role.UNIT_SECRETARY})
COMMUNITY: Final = frozenset({Role.COMMUNITY_CLERK, Role.COMMUNITY_SECRETARY})
OVERVIEW: Final = frozenset({Role.DISTRICT_ADMIN, Role.STREET_ADMIN, Role.AUDITOR})
PARTICIPANTS: Final = UNIT | COMMUNITY | {Role.MEMBER, Role.TEAM_LEADER, Role.INSTRUCTOR, Role.STREET_ADMIN, Role.DISTRICT_ADMIN}
CHECKING: Final = frozenset({Role.APPEAL_REVIEWER, Role.AUDITOR})
ONE_CASE: Final = UNIT | COMMUNITY | CHECKING | {Role.MEMBER}

POLICY: Final[Policy] = {
    "read_rules": EVERYBODY,
    "write_rules": frozenset({Role.DISTRICT_ADMIN}),
    "run_period": frozenset({Role.DISTRICT_ADMIN}),
    "see_progress": OVERVIEW,
    "see_counts": OVERVIEW | UNIT | COMMUNITY,
    "list_cases": OVERVIEW | UNIT | COMMUNITY,
    "assess_for_unit": frozenset({Role.UNIT_SECRETARY}),
    "assess_for_community": frozenset({Role.COMMUNITY_SECRETARY}),
    "commend": frozenset({Role.COMMUNITY_SECRETARY, Role.DISTRICT_ADMIN}),
    "exempt": frozenset({Role.UNIT_SECRETARY, Role.DISTRICT_ADMIN}),
    "waive": frozenset({Role.COMMUNITY_SECRETARY, Role.DISTRICT_ADMIN}),
    "propose_deduction": frozenset({Role.COMMUNITY_SECRETARY}),
    "answer_deduction": frozenset({Role.MEMBER}),
    "decide_deduction": frozenset({Role.COMMUNITY_SECRETARY, Role.STREET_ADMIN}),
    "appeal": frozenset({Role.MEMBER}),
    "review_appeal": frozenset({Role.APPEAL_REVIEWER}),
    "list_appeals": frozenset({Role.APPEAL_REVIEWER, Role.DISTRICT_ADMIN, Role.AUDITOR}),
    "confirm_grade": frozenset({Role.UNIT_SECRETARY}),
    "refuse_proposal": frozenset({Role.MEMBER}),
    "export_statement": frozenset({Role.UNIT_SECRETARY, Role.DISTRICT_ADMIN}),
    "list_exports": UNIT,
    "read_case": ONE_CASE,
    "read_own": frozenset({Role.MEMBER}),
    "try_rules": frozenset({Role.MEMBER}),
    "invite_rating": COMMUNITY,
    "write_report": COMMUNITY,
    "send_report": frozenset({Role.COMMUNITY_SECRETARY}),
    "comment_on_report": frozenset({Role.MEMBER}),
    "acknowledge_report": UNIT,
    "read_reports": UNIT | COMMUNITY | {Role.MEMBER},
    "see_award_rounds": EVERYBODY,
    "open_award_round": frozenset({Role.COMMUNITY_SECRETARY, Role.DISTRICT_ADMIN}),
    "run_award_round": frozenset({Role.COMMUNITY_SECRETARY, Role.DISTRICT_ADMIN}),
    "nominate": frozenset({Role.COMMUNITY_SECRETARY, Role.UNIT_SECRETARY}),
    "answer_nomination": frozenset({Role.MEMBER}),
    "see_nominations": PARTICIPANTS,
    "vote_on_award": PARTICIPANTS,
    "object_to_award": PARTICIPANTS,
    "comment_on_award_objection": frozenset({Role.MEMBER}),
    "answer_award_objection": frozenset({Role.COMMUNITY_SECRETARY, Role.DISTRICT_ADMIN, Role.APPEAL_REVIEWER}),
    "see_award_objections": frozenset({Role.MEMBER, Role.COMMUNITY_SECRETARY, Role.DISTRICT_ADMIN, Role.APPEAL_REVIEWER}),
}
