"""Whether a district uses a module."""

from services.activities.modules.module import MODULE, module_id
from shared.contracts.activities import DistrictModule
from shared.web import Call


async def is_module_on(call: Call, module: DistrictModule) -> bool:
    """Whether the district has switched this on."""
    return (await call.state(MODULE, module_id(module))).is_on
