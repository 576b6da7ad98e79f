"""Who may do what here. Deny by default; every route names one action."""

from typing import Final

from shared.http.endpoints import Policy
from shared.identity import Role

RECIPIENTS: Final = frozenset({Role.MEMBER, Role.UNIT_LIAISON, Role.UNIT_SECRETARY, Role.COMMUNITY_CLERK, Role.COMMUNITY_SECRETARY})

POLICY: Final[Policy] = {
    "read_inbox": RECIPIENTS,  # one's own, or that of the unit or community one acts for
    "mark_read": RECIPIENTS,
    "send_open_letter": frozenset({Role.COMMUNITY_SECRETARY, Role.DISTRICT_ADMIN}),  # to one's community, to the district
    "see_open_letters": RECIPIENTS | {Role.DISTRICT_ADMIN, Role.STREET_ADMIN, Role.AUDITOR},
    "read_own_copy": frozenset({Role.MEMBER}),
    "see_counts": frozenset({Role.DISTRICT_ADMIN, Role.STREET_ADMIN, Role.AUDITOR}),
    "see_failed_letters": frozenset({Role.DISTRICT_ADMIN}),
    "record_bounce": frozenset({Role.DISTRICT_ADMIN}),  # whoever looks after the district's mail server
}
