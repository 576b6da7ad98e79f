"""What the communities of the story offer in the year: posts, and activities on real days of 2026. All names and texts are invented."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

DUTY_UNITS: Final = 4  # a duty afternoon counts four units
DUTY_MINUTES: Final = 180
DUTY_HOUR: Final = 14
# Saturdays; every post has duty on some of them.
DUTY_DAYS: Final = (
    date(2026, 3, 14),
    date(2026, 4, 25),
    date(2026, 6, 6),
    date(2026, 7, 18),
    date(2026, 9, 5),
    date(2026, 11, 14),
)


@dataclass(frozen=True, slots=True)
class PostPlan:
    """A post. `places` is for 75 registrants; `duties` are indexes of DUTY_DAYS."""

    community: str
    title: str
    category: str
    places: int
    duties: tuple[int, ...]
    text: str
    waiting_list_limit: int = 5
    qualification: str | None = None
    is_contested: bool = False


POSTS: Final = (
    PostPlan("南园社区", "代理家长岗", "SUPPORT_FOR_THE_WEAK", 6, (0, 1, 2, 3, 4, 5), "结对关心留守儿童,陪伴课业与周末活动"),
    PostPlan("南园社区", "图书角管理岗", "CULTURE", 5, (3,), "整理图书、登记借阅、组织共读"),
    PostPlan("南园社区", "楼院巡查岗", "PUBLIC_ORDER", 5, (1,), "周末巡查楼院,劝导飞线充电"),
    PostPlan("南园社区", "课后辅导岗", "OTHER", 3, (2,), "为双职工家庭孩子辅导作业", waiting_list_limit=1, is_contested=True),
    PostPlan("公园社区", "文体活动组织岗", "CULTURE", 6, (3,), "带领广场文体活动"),
    PostPlan("公园社区", "绿地养护岗", "GREENING", 5, (4,), "认养绿地,浇水除草"),
    PostPlan("公园社区", "政策咨询岗", "POLICY_ADVICE", 5, (5,), "解答社保、医保、住房政策"),
    PostPlan("安民社区", "治安巡逻岗", "PUBLIC_ORDER", 6, (1,), "夜间与周末巡逻,防诈骗宣传"),
    PostPlan("安民社区", "法律援助岗", "LEGAL_AID", 3, (3,), "接待法律咨询,协助调解", qualification="法律职业资格"),
    PostPlan("春光社区", "环境监督岗", "ENVIRONMENT", 6, (4,), "监督乱倒垃圾,组织清理"),
    PostPlan("春光社区", "垃圾分类指导岗", "ENVIRONMENT", 5, (2,), "桶边指导分类投放"),
    PostPlan("新风社区", "再就业培训岗", "REEMPLOYMENT_TRAINING", 4, (3,), "讲授办公软件与家政技能"),
    PostPlan("钢铁社区", "共建联络岗", "OTHER", 1, (4,), "联系辖区单位共建"),
    PostPlan("东晶社区", "科普讲解岗", "OTHER", 2, (5,), "科普角讲解与小实验"),
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """An activity that communities hold; `is_for_all`: the smallest ones, too."""

    day: date
    hour: int
    minutes: int
    title: str
    activity_type: str
    content: str
    recipient_type: str = "RESIDENTS"
    place: str = "社区广场"
    is_for_all: bool = True
    outcomes: tuple[dict[str, Any], ...] = ()


CLEANED: Final = (
    {"metric": "清理小广告", "number": "1000", "unit": "条", "approximate": True, "text": "1000余条"},
    {"metric": "清理卫生死角", "number": "20", "unit": "处", "approximate": True, "text": "20余处"},
)
OCCASIONS: Final = (
    Occasion(date(2026, 1, 24), 9, 180, "迎新春环境整治", "VOLUNTEER_SERVICE", "清扫楼道院落,清理堆物"),
    Occasion(date(2026, 4, 18), 9, 120, "惠民政策宣讲", "POLICY_TALK", "宣讲医保与养老新政策", place="社区会议室"),
    Occasion(date(2026, 5, 16), 9, 120, "与居民面对面", "FACE_TO_FACE", "听取居民意见,登记民情", place="社区议事厅"),
    Occasion(date(2026, 7, 1), 19, 120, "社区主题党日", "COMMUNITY_PARTY_LIFE", "重温入党誓词,交流报到体会", "COMMUNITY", "社区党员活动室"),
    Occasion(date(2026, 8, 8), 18, 150, "邻里纳凉晚会", "CULTURE", "邻里节目与游园", is_for_all=False),
    Occasion(date(2026, 9, 19), 8, 240, "清理小广告", "VOLUNTEER_SERVICE", "清理小广告和卫生死角", is_for_all=False, outcomes=CLEANED),
    Occasion(date(2026, 10, 17), 9, 180, "重阳敬老服务", "VOLUNTEER_SERVICE", "上门理发、量血压、陪聊", "ELDERLY", "社区养老驿站"),
)
# A long day: more than eight hours need an explicit confirmation, and at most eight count.
FLOOD: Final = Occasion(date(2026, 8, 22), 6, 570, "防汛应急", "EMERGENCY_CALL_OUT", "转移低洼住户,装填沙袋", "COMMUNITY", "沿河街")

NEEDS: Final = (
    ("南园社区", "SUPPORT_FOR_THE_WEAK", "留守儿童周末无人照看", "南园三区"),
    ("公园社区", "GREENING", "中心绿地荒草多", "公园东门"),
    ("安民社区", "LEGAL_AID", "老人不懂合同,想有人咨询", "安民里"),
    ("春光社区", "ENVIRONMENT", "垃圾分类投放混乱", "春光苑"),
    ("新风社区", "REEMPLOYMENT_TRAINING", "想学电脑找工作", "新风里"),
    ("东晶社区", "OTHER", "路口缺少红绿灯", "东晶路口"),
    ("钢铁社区", "OTHER", "活动室几点开门", "钢铁街"),
)
FORWARDED: Final = {"东晶社区": "区交通管理部门"}
ANSWERED: Final = {"钢铁社区": "周一至周六八点到二十点开放"}
SUGGESTIONS: Final = (
    ("增设电动车充电棚", "飞线充电多,建议在西门增设充电棚"),
    ("活动室延长开放", "建议晚间延长到二十一点"),
    ("楼道加装扶手", "老人上下楼不便,建议加装扶手"),
    ("共享工具角", "建议设共享工具角,居民可借用"),
)
MATTERS: Final = (
    ("修好单元门灯", "三栋单元门灯长期不亮"),
    ("联系修补路面", "东门路面坑洼,老人易摔"),
    ("更换公告栏", "公告栏玻璃破损"),
)
