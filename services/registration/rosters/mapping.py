"""Labels that a caller explains along with a roster, and those that were explained before."""

import json
from typing import Any, Final
from uuid import UUID

from services.registration.policy import DISTRICT
from services.registration.rosters.column_mapping import ROSTER_COLUMNS, MapColumns
from services.registration.rosters.columns import LONGEST_LABEL, label_of
from shared.contracts.registration.rosters import RosterField
from shared.http.answers import Malformed
from shared.http.endpoints import Call
from shared.identifiers import content_id
from shared.privacy.personal_numbers import holds_number_of_a_person

MOST_COLUMNS: Final = 100
COLUMNS_DESCRIPTION: Final = (
    'JSON object that says what labels of columns mean, e.g. {"联络方式": "phone", "网格": "ignored"}; fields: '
    f"{', '.join(RosterField)}. It is remembered for the unit, or for the district when the district sends it."
)


def explained_columns(columns: str | None) -> dict[str, RosterField]:
    """Label in normal form → field. Raises Malformed."""
    if not columns:
        return {}
    try:
        said: Any = json.loads(columns)
        mapping = {label_of(label): RosterField(field) for label, field in said.items()}
    except (ValueError, AttributeError, RecursionError):
        raise Malformed(columns="a JSON object: label → field") from None
    is_short = len(mapping) <= MOST_COLUMNS and all(0 < len(label) <= LONGEST_LABEL for label in mapping)
    if not is_short or holds_number_of_a_person(*mapping):
        raise Malformed(columns=f"at most {MOST_COLUMNS} labels of at most {LONGEST_LABEL} signs, without numbers of persons")
    return mapping


async def remembered(call: Call) -> dict[str, RosterField]:
    """What was explained before: for the district, and for the caller's own units."""
    owners = [_district_id(call), *([] if call.principal.has_any(DISTRICT) else sorted(call.principal.organisations))]
    found: dict[str, RosterField] = {}
    for owner_id in owners:
        found |= (await call.state(ROSTER_COLUMNS, owner_id)).fields
    return found


async def remember(call: Call, explained: dict[str, RosterField]) -> None:
    """Keep what was explained, for whom the caller acts."""
    owners = [_district_id(call)] if call.principal.has_any(DISTRICT) else sorted(call.principal.organisations)
    for owner_id in owners:
        command = MapColumns(owner_id=owner_id, columns=explained)
        await call.step(f"roster columns/{owner_id}").handle(ROSTER_COLUMNS, owner_id, command)


def _district_id(call: Call) -> UUID:
    return content_id(f"roster columns|{call.district}".encode())
