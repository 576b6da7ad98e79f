"""服务意愿: which fields of service, at which times and how often a member offers to serve. Registration keeps it, posts are matched by it.

A module of its own because the contracts of registration and of activities both speak of fields of service.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class PostCategory(StrEnum):
    """Field of service of a post."""

    POVERTY_RELIEF = "POVERTY_RELIEF"  # 扶危济困
    PUBLIC_ORDER = "PUBLIC_ORDER"  # 维护治安
    ENVIRONMENT = "ENVIRONMENT"  # 环境整治
    POLICY_ADVICE = "POLICY_ADVICE"  # 政策咨询
    GREENING = "GREENING"  # 环境绿化
    SUPPORT_FOR_THE_WEAK = "SUPPORT_FOR_THE_WEAK"  # 帮扶弱势群体
    REEMPLOYMENT_TRAINING = "REEMPLOYMENT_TRAINING"  # 再就业培训
    LEGAL_AID = "LEGAL_AID"  # 法律援助
    MEDIATION = "MEDIATION"  # 矛盾调解
    CULTURE = "CULTURE"  # 文体活动
    OTHER = "OTHER"  # 其他


class ServiceTime(StrEnum):
    """When somebody can serve: before noon, until the end of work hours, after them. Offered freely, never a record of a person's time."""

    WEEKDAY_MORNING = "WEEKDAY_MORNING"
    WEEKDAY_AFTERNOON = "WEEKDAY_AFTERNOON"
    WEEKDAY_EVENING = "WEEKDAY_EVENING"
    WEEKEND_MORNING = "WEEKEND_MORNING"
    WEEKEND_AFTERNOON = "WEEKEND_AFTERNOON"
    WEEKEND_EVENING = "WEEKEND_EVENING"
    HOLIDAY = "HOLIDAY"  # public holidays; no weekly duty falls on them by rule


class ServicePreference(BaseModel):
    """What the member offers. Nothing named is unknown, never a refusal; `times_per_month` is the most they can do, None when not said."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kinds: tuple[PostCategory, ...] = ()
    times: tuple[ServiceTime, ...] = ()
    times_per_month: int | None = None
