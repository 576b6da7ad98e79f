"""Events of what a district switches on for itself: work with minors, the time bank. Without them neither exists there."""

from enum import StrEnum
from typing import ClassVar

from shared.contracts.event import Event, Value


class DistrictModule(StrEnum):
    """What is off unless a district decides otherwise."""

    WORK_WITH_MINORS = "WORK_WITH_MINORS"  # 留守儿童帮扶等
    TIME_BANK = "TIME_BANK"  # 社区时间银行


class ModuleRule(Value):
    """One of the rules a district declares with a module, e.g. who guarantees, when minutes expire."""

    topic: str
    text: str


class ModuleSwitchedOn(Event):
    """The district uses the module from now on, by these rules; a later one replaces them. Minutes credited from now on expire after so
    many months; without a number they never do.
    """

    TYPE: ClassVar[str] = "guangcai.activities.ModuleSwitchedOn"
    VERSION: ClassVar[int] = 1

    module: DistrictModule
    rules: tuple[ModuleRule, ...]
    decided_by: str
    minutes_expire_after_months: int | None = None


class ModuleSwitchedOff(Event):
    """The district does without the module; what it holds stays and can be read and taken along."""

    TYPE: ClassVar[str] = "guangcai.activities.ModuleSwitchedOff"
    VERSION: ClassVar[int] = 1

    module: DistrictModule
    reason: str
    decided_by: str
