"""Codes of registration: kinds of organisations, occupation groups, political status, reasons and purposes."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """Place of an organisation in the tree district → street → community, the work units beside it, and what belongs to one of these."""

    DISTRICT = "DISTRICT"
    STREET = "STREET"
    COMMUNITY = "COMMUNITY"
    WORK_UNIT = "WORK_UNIT"
    BRANCH = "BRANCH"  # 党支部 of a community or unit
    RESIDENTS_COMMITTEE = "RESIDENTS_COMMITTEE"  # 居委会
    WORKSTATION = "WORKSTATION"  # 社区工作站, 登记站
    SERVICE_POINT = "SERVICE_POINT"  # 社区服务点
    MASS_ORGANISATION = "MASS_ORGANISATION"  # 妇联, 工会, 关工委, 共青团
    ASSOCIATION = "ASSOCIATION"  # 在职党员志愿者协会
    PARTNER_UNIT = "PARTNER_UNIT"  # 驻街单位, 共建单位 without members of its own in the programme


class OccupationGroup(StrEnum):
    """职业类别: the partition of registrants by occupation that a programme reports on."""

    DISTRICT_ORGAN = "DISTRICT_ORGAN"  # 区机关
    TEACHER = "TEACHER"  # 教师
    POLICE = "POLICE"  # 公安
    STREET_OFFICE = "STREET_OFFICE"  # 各办事处


class PoliticalStatus(StrEnum):
    """政治面貌, GB/T 4762 codes; only these two may register."""

    MEMBER = "01"  # 中共党员
    PROBATIONARY = "02"  # 预备党员


class ClosureReason(StrEnum):
    """Why a registration ended."""

    LEFT_SERVICE = "LEFT_SERVICE"
    RETIRED = "RETIRED"
    MOVED = "MOVED"
    DIED = "DIED"
    WITHDRAWN = "WITHDRAWN"


class ConsentPurpose(StrEnum):
    """What a member may agree to; each purpose has its own text, version and recipients."""

    DUAL_MANAGEMENT = "DUAL_MANAGEMENT"  # unit and community exchange registration, service records and assessments
    PUBLIC_NAMING = "PUBLIC_NAMING"  # name on notice boards and in bulletins
    DIRECT_CONTACT = "DIRECT_CONTACT"  # letters and messages outside the inbox
    CROSS_DISTRICT = "CROSS_DISTRICT"  # the work unit's and the community's district exchange name, unit and receipt
