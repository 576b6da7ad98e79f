"""The district's modules as rows: on or off, with their rules."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.activities.modules import ModuleSwitchedOff, ModuleSwitchedOn
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def switched_on(_event: Recorded, data: ModuleSwitchedOn) -> Iterator[Write]:
    """With the rules as declared now."""
    rules = [each.model_dump(mode="json") for each in data.rules]
    declared = {"is_on": True, "rules": rules, **fields(data, "minutes_expire_after_months")}
    yield save("modules", fields(data, "module"), declared)


def switched_off(_event: Recorded, data: ModuleSwitchedOff) -> Iterator[Write]:
    """The rules stay readable."""
    yield change("modules", fields(data, "module"), {"is_on": False})


PROJECTIONS: Final[Projections] = {ModuleSwitchedOn: switched_on, ModuleSwitchedOff: switched_off}
