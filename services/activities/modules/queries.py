"""The district's modules with their rules."""

from typing import Final

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.modules import DistrictModule, ModuleRule

MODULES: Final = "SELECT * FROM modules WHERE district = $1 ORDER BY module"


class ModuleView(BaseModel):
    """A module and the rules it was switched on with."""

    module: DistrictModule
    is_on: bool
    rules: list[ModuleRule]
    minutes_expire_after_months: int | None = None


async def modules(tx: asyncpg.Connection, district: str) -> list[ModuleView]:
    """All modules, also those that were never switched on."""
    known = {row["module"]: ModuleView.model_validate(dict(row)) for row in await tx.fetch(MODULES, district)}
    return [known.get(each, ModuleView(module=each, is_on=False, rules=[])) for each in DistrictModule]
