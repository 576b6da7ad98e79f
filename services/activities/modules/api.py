"""HTTP of what the district switches on for itself."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.activities.access import allow
from services.activities.modules import queries
from services.activities.modules.module import MODULE, ModuleDraft, On, SwitchOff, SwitchOn, module_id
from services.activities.modules.queries import ModuleView
from services.activities.wording import Line
from shared.contracts.activities.modules import DistrictModule
from shared.decider import Command
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter()


async def is_module_on(call: Call, module: DistrictModule) -> bool:
    """Whether the district has switched this on."""
    return isinstance(await call.state(MODULE, module_id(module)), On)


class SwitchOffBody(Command):
    """Why."""

    reason: Line


@router.get("/modules")
async def module_list(call: Annotated[Call, Depends(allow("see_modules"))]) -> list[ModuleView]:
    """What the district switched on, by which rules; everything else is off."""
    async with call.read() as tx:
        return await queries.modules(tx, call.district)


@router.post("/modules/{module}/on")
async def switch_on(module: DistrictModule, body: ModuleDraft, call: Annotated[Call, Depends(allow("switch_module"))]) -> CommandAnswer:
    """Switch a module on, with all the rules it asks for."""
    command = SwitchOn(module=module, decided_by=call.principal.subject, **dict(body))
    return await call.handle(MODULE, module_id(module), command)


@router.post("/modules/{module}/off")
async def switch_off(module: DistrictModule, body: SwitchOffBody, call: Annotated[Call, Depends(allow("switch_module"))]) -> CommandAnswer:
    """Switch a module off; what it holds stays readable."""
    command = SwitchOff(module=module, decided_by=call.principal.subject, reason=body.reason)
    return await call.handle(MODULE, module_id(module), command)
