"""A module of the district is on only with all its rules."""

import pytest

from services.activities.modules.module import MODULE, TOPICS, ModuleRulesMissing, RuleDraft, SwitchOff, SwitchOn
from shared.contracts.activities.modules import DistrictModule, ModuleSwitchedOff, ModuleSwitchedOn
from shared.testing.scenario import Scenario


@pytest.mark.parametrize("module", DistrictModule)
def test_a_module_is_on_only_with_all_its_rules(module: DistrictModule):
    rules = tuple(RuleDraft(topic=topic, text="按办法执行") for topic in TOPICS[module])
    on = SwitchOn(module=module, rules=rules, decided_by="admin")
    Scenario(MODULE).when(SwitchOn(module=module, rules=rules[1:], decided_by="admin")).then_rejected(ModuleRulesMissing)
    (switched,) = Scenario(MODULE).when(on).then_events(ModuleSwitchedOn)
    Scenario(MODULE).given(switched).when(on).then_nothing()
    off = SwitchOff(module=module, reason="人手不足", decided_by="admin")
    (back,) = Scenario(MODULE).given(switched).when(off).then_events(ModuleSwitchedOff)
    Scenario(MODULE).given(switched, back).when(on).then(switched)
