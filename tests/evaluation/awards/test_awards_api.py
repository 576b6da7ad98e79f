"""An award round over HTTP: who may do what, who sees what before and after the member's yes, secret votes, a public notice."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest_asyncio

from ops.provision import Database
from services.evaluation.app import SERVICE
from shared.contracts.evaluation.codes import PanelOpinion
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.registrations import MemberRegistered, RegistrationClosed
from shared.eventlog.envelope import decode
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from shared.testing.name_desk import NameDesk
from tests.evaluation.story import Year, new_id

NOBODY = UUID(int=404)
PANEL = ("ann.chen", "bo.wu", "cai.lin")
REASON = "全年坚持夜间巡逻"


@dataclass
class Spring:
    """A district in the spring after its year: a unit and a community with three members."""

    year: Year
    members: list[UUID]

    def on(self, month: int, day: int) -> None:
        self.year.service.now = datetime(2027, month, day, 2, tzinfo=UTC)

    def as_member(self, number: int) -> str:
        return self.year.service.token(Role.MEMBER, subject=str(self.members[number]))

    def on_panel(self, name: str) -> str:
        return self.year.service.token(Role.STREET_ADMIN, subject=name)

    async def post(self, path: str, as_: str, status: int = 200, **json: Any) -> dict[str, Any]:
        answer = await self.year.service.post(path, as_=as_, json=json)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def items(self, path: str, as_: str, **query: Any) -> list[dict[str, Any]]:
        answer = await self.year.service.get(path, as_=as_, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def notices(self, where: str | None = None, **query: Any) -> dict[str, Any]:
        service = self.year.service
        await service.settled()
        path = f"/districts/{where or service.district}/award-notices"
        answer = await service.client.get(path, params=query, headers={"Guangcai-Time": service.now.isoformat()})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def on_notice(self, round_: str) -> list[dict[str, Any]]:
        return [each for each in (await self.notices())["items"] if each["round_id"] == round_[-36:]]

    async def opened(self, community: bool = False, **changes: Any) -> str:
        """The path of a new round, opened on the first of March."""
        self.on(3, 1)
        days = {"nominate_until": "2027-03-10", "consent_until": "2027-03-20", "vote_until": "2027-03-31"}
        body = {"period_id": str(self.year.period), "title": "优秀志愿服务党员", "criteria": "坚持服务,群众认可", "awards": 1, **days}
        by = self.year.community_secretary if community else self.year.district_admin
        whose = {"community_id": str(self.year.community)} if community else {}
        opened = await self.post("/award-rounds", by, 201, **body, **whose, **changes)
        return f"/award-rounds/{opened['result']['round_id']}"

    async def standing(self, round_: str, *numbers: int) -> None:
        """Nominated by their unit, and agreed."""
        for number in numbers:
            nomination = {"member_id": str(self.members[number]), "grounds": ["SUSTAINED_SERVICE"], "reason": REASON}
            await self.post(f"{round_}/nominations", self.year.unit_secretary, 201, **nomination)
            await self.post(f"{round_}/nominations/{self.members[number]}/accept", self.as_member(number))

    def joins(self) -> int:
        """The number of one more registered member."""
        self.year.member, self.year.registration = new_id(), new_id()
        self.year.registers()
        self.members.append(self.year.member)
        return len(self.members) - 1

    def leaves(self, number: int) -> None:
        """The registration ends on 22 March."""
        service = self.year.service
        (registered,) = [
            each.data
            for each in map(decode, service.feeds.bodies["registration", service.district])
            if isinstance(each.data, MemberRegistered) and each.data.member_id == self.members[number]
        ]
        ids = registered.model_dump(include={"registration_id", "member_id", "certificate_id", "unit_id", "community_id"})
        closed = RegistrationClosed(**ids, closed_on=date(2027, 3, 22), reason=ClosureReason.RETIRED)
        self.year.tell(closed, on=date(2027, 3, 22), stream=f"registration/{registered.registration_id}")

    async def chosen(self, round_: str, number: int, by: str) -> str:
        """Voted for by all and put on the notice; gives back its last day."""
        await self.standing(round_, number)
        await self.post(f"{round_}/panel", by, panel=PANEL)
        self.on(3, 21)
        for name in PANEL:
            await self.post(f"{round_}/nominations/{self.members[number]}/vote", self.on_panel(name), opinion="APPROVE")
        return (await self.post(f"{round_}/decide", by))["result"]["notice_until"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def spring(service: ServiceUnderTest) -> Spring:
    year = Year(service)
    await year.open()
    members: list[UUID] = []
    for _ in range(3):
        year.member, year.registration = new_id(), new_id()
        year.registers()
        members.append(year.member)
    told = Spring(year, members)
    told.on(3, 1)
    await service.settled()
    return told


async def test_a_round_from_its_criteria_to_the_award(spring: Spring, name_desk: tuple[NameDesk, int]) -> None:
    year, member = spring.year, str(spring.members[0])
    round_ = await spring.opened()
    shown = (await year.service.get(round_, as_=spring.as_member(1))).json()
    assert (shown["level"], shown["status"], shown["notice_days"], shown["is_on_panel"]) == ("DISTRICT", "OPEN", 5, False)
    assert await spring.chosen(round_, 0, year.district_admin) == "2027-03-26"
    name_desk[0].names = {f"/paper-names/{member}?masked=true&purpose=award_notice": "王**"}
    name_desk[0].is_away = True
    assert (await spring.on_notice(round_))[0]["masked_name"] is None
    name_desk[0].is_away = False
    (notice,) = await spring.on_notice(round_)
    assert (notice["masked_name"], notice["status"], notice["notice_until"]) == ("王**", "CHOSEN", "2027-03-26")
    assert member not in str(notice)
    assert (await spring.notices("elsewhere"))["items"] == []
    early = await spring.post(f"{round_}/result", year.district_admin, 409)
    assert (early["code"], early["facts"]) == ("notice_still_running", {"notice_until": "2027-03-26"})
    spring.on(3, 27)
    assert await spring.on_notice(round_) == []
    published = await spring.post(f"{round_}/result", year.district_admin)
    assert [each.split(".")[2] for each in published["event_types"]] == ["AwardGranted", "AwardRoundClosed"]
    (granted,) = await spring.on_notice(round_)
    assert (granted["status"], granted["granted_on"]) == ("GRANTED", "2027-03-27")
    name_desk[0].is_away = True
    assert (await spring.on_notice(round_))[0]["masked_name"] == "王**"  # registration is not asked for every reader
    name_desk[0].is_away = False
    spring.on(4, 27)
    assert await spring.on_notice(round_) == []
    assert (await spring.post(f"{round_}/result", year.district_admin, 409))["code"] == "award_round_is_closed"


async def test_g12_a_nomination_without_a_yes_is_seen_by_two_only(spring: Spring) -> None:
    year, member = spring.year, str(spring.members[0])
    round_ = await spring.opened(community=True)
    await spring.post(f"{round_}/panel", year.community_secretary, panel=PANEL)
    nomination = {"member_id": member, "grounds": ["POST_DUTY"], "reason": REASON}
    await spring.post(f"{round_}/nominations", year.unit_secretary, 201, **nomination)

    async def seen(as_: str) -> list[str]:
        found = await spring.items("/award-rounds/nominations", as_, round_id=round_.rpartition("/")[2])
        return [each["status"] for each in found]

    parties = (year.community_secretary, spring.on_panel("ann.chen"), spring.as_member(1), year.district_admin)
    assert [await seen(each) for each in parties] == [[], [], [], []]
    assert await seen(year.unit_secretary) == await seen(spring.as_member(0)) == ["ASKED"]
    await spring.post(f"{round_}/nominations/{member}/accept", spring.as_member(0))
    assert [await seen(each) for each in parties] == [["ACCEPTED"], ["ACCEPTED"], [], []]
    await spring.post(f"{round_}/nominations/{member}/decline", spring.as_member(0))
    assert [await seen(each) for each in parties] == [[], [], [], []]
    assert await seen(year.unit_secretary) == await seen(spring.as_member(0)) == ["DECLINED"]
    assert (await year.service.log())[-1].data.model_dump(mode="json")["unit_id"] == str(year.unit)


async def test_g9_nominees_are_listed_by_id_without_any_figure(spring: Spring) -> None:
    round_ = await spring.opened()
    await spring.standing(round_, 2, 0, 1)
    path, query = "/award-rounds/nominations", {"round_id": round_[-36:], "limit": 2}
    district, get = spring.year.district_admin, spring.year.service.get
    first = (await get(path, as_=district, params=query)).json()
    rest = (await get(path, as_=district, params={**query, "after": first["next"]})).json()
    listed = [*first["items"], *rest["items"]]
    assert [each["member_id"] for each in listed] == sorted(str(each) for each in spring.members)
    assert not {"score", "points", "grade", "votes", "approvals", "unit_score", "community_score"} & set(listed[0])


async def test_nobodys_vote_is_published(spring: Spring) -> None:
    round_ = await spring.opened()
    await spring.standing(round_, 0, 1)
    await spring.post(f"{round_}/panel", spring.year.district_admin, panel=PANEL)
    spring.on(3, 21)
    for name in PANEL:
        for number in (0, 1):
            await spring.post(f"{round_}/nominations/{spring.members[number]}/vote", spring.on_panel(name), opinion="AGAINST")
    votes = [each for each in await spring.year.service.log() if each.name == "PanelVoteCast" and each.stream.endswith(round_[-36:])]
    assert len(votes) == len({each.data.ballot for each in votes}) == 6
    assert {each.actor for each in votes} == {"award panel"}
    assert not any(name.encode() in each.body for name in PANEL for each in votes)
    assert not any(opinion.encode() in each.body for opinion in PanelOpinion for each in votes), "whoever reads the feed counts nothing"
    assert len({each.data.sealed for each in votes}) == 6, "though all said the same"
    path = f"{round_}/nominations/{spring.members[0]}/vote"
    again = await spring.post(path, spring.on_panel("ann.chen"), opinion="AGAINST")
    assert again["event_ids"] == [], "the same ballot again"
    stranger = await spring.post(path, spring.on_panel("dai.he"), 409, opinion="AGAINST")
    assert stranger["code"] == "not_on_panel"
    await spring.post(f"{round_}/decide", spring.year.district_admin)
    assert (await spring.year.service.get(round_, as_=spring.as_member(0))).json()["status"] == "NOBODY_CHOSEN"


async def test_a_round_is_run_by_those_whose_it_is(spring: Spring) -> None:
    year, member = spring.year, str(spring.members[0])
    own = await spring.opened(community=True)
    neighbour = year.service.token(Role.COMMUNITY_SECRETARY, organisations=[new_id()])
    clerk = year.service.token(Role.COMMUNITY_CLERK, organisations=[year.community])
    for stranger in (neighbour, clerk, year.district_admin, year.unit_secretary, spring.as_member(0)):
        await spring.post(f"{own}/panel", stranger, 403, panel=PANEL)
    elsewhere = year.service.token(Role.COMMUNITY_SECRETARY, organisations=[year.community], district="elsewhere")
    await spring.post(f"{own}/panel", elsewhere, 404, panel=PANEL)
    nomination = {"member_id": member, "grounds": ["POST_DUTY"], "reason": REASON}
    other_unit = year.service.token(Role.UNIT_SECRETARY, organisations=[new_id()])
    for stranger in (neighbour, other_unit, spring.as_member(1), spring.as_member(0)):
        await spring.post(f"{own}/nominations", stranger, 403, **nomination)
    await spring.post(f"{own}/nominations", year.unit_secretary, 404, **{**nomination, "member_id": str(NOBODY)})
    await spring.post(f"{own}/nominations", year.unit_secretary, 422, **{**nomination, "reason": "长" * 201})
    await spring.post(f"{own}/nominations", year.unit_secretary, 422, **{**nomination, "grounds": []})
    own_name = year.service.token(Role.UNIT_SECRETARY, Role.MEMBER, subject=member, organisations=[year.unit])
    assert (await spring.post(f"{own}/nominations", own_name, 409, **nomination))["code"] == "nobody_nominates_themselves"
    await spring.post(f"{own}/nominations", year.community_secretary, 201, **nomination)
    await spring.post(f"{own}/nominations/{member}/accept", spring.as_member(1), 403)
    await spring.post(f"/award-rounds/{NOBODY}/nominations", year.unit_secretary, 404, **nomination)
    await spring.post(f"{own}/call-off", year.community_secretary, reason="条件有变")
    assert (await spring.items("/award-rounds/nominations", spring.as_member(0), round_id=own[-36:]))[0]["status"] == "LAPSED"


async def test_g13_a_round_needs_a_period_that_enables_awards(spring: Spring) -> None:
    year = spring.year
    body = {"title": "上一年度", "starts_on": "2025-01-01", "ends_on": "2025-12-31", "programme_deadline": "2025-03-31"}
    opened = await spring.post("/periods", year.district_admin, 201, **body, occasions=["DEMOCRATIC_APPRAISAL"])
    await year.service.settled()
    days = {"nominate_until": "2027-03-10", "consent_until": "2027-03-20", "vote_until": "2027-03-31"}
    asked = {"period_id": opened["result"]["period_id"], "title": "优秀", "criteria": "坚持服务", "awards": 1, **days}
    spring.on(3, 1)
    assert (await spring.post("/award-rounds", year.district_admin, 409, **asked))["code"] == "occasion_not_enabled"
    await spring.post("/award-rounds", year.district_admin, 404, **{**asked, "period_id": str(NOBODY)})
    await spring.post("/award-rounds", year.district_admin, 422, **{**asked, "notice_days": 4})
    await spring.post("/award-rounds", year.community_secretary, 403, **asked)


async def test_an_objection_is_heard_answered_and_only_then_there_is_a_result(spring: Spring) -> None:
    year, member = spring.year, str(spring.members[1])
    round_ = await spring.opened(community=True)
    await spring.chosen(round_, 1, year.community_secretary)
    path, wrong = f"{round_}/nominations/{member}/objections", {"ground": "FACTS", "reason": "三月未见其巡逻"}
    assert (await year.service.client.post(path, json=wrong)).status_code == 401
    objection = (await spring.post(path, spring.as_member(2), 201, **wrong))["result"]["objection_id"]
    assert (await spring.post(path, spring.as_member(2), 201, **wrong))["event_ids"] == []
    (seen,) = await spring.items("/award-objections", spring.as_member(1), status="OPEN")
    assert (seen["reason"], seen["comment_until"], seen["answer_by"]) == (wrong["reason"], "2027-03-26", "2027-04-12")
    assert str(spring.members[2]) not in str(seen)
    assert await spring.items("/award-objections", spring.as_member(2)) == []
    assert (
        await spring.items("/award-objections", year.community_secretary)
        == await spring.items("/award-objections", year.reviewer)
        == [seen]
    )
    assert await spring.items("/award-objections", year.district_admin) == [], "it is the community's round"
    spring.on(3, 29)
    unanswered = await spring.post(f"{round_}/result", year.community_secretary, 409)
    assert unanswered["code"] == "objections_not_answered"
    comment = f"{path}/{objection}/comment"
    await spring.post(comment, spring.as_member(2), 403, comment="说明")
    await spring.post(comment, spring.as_member(1), comment="三月出差,已请假")
    answer = f"{round_}/objections/{objection}"
    await spring.post(f"{answer}/dismiss", spring.as_member(2), 403, reason="核实")
    had_a_hand = year.service.token(Role.APPEAL_REVIEWER, subject="ann.chen")
    assert (await spring.post(f"{answer}/uphold", had_a_hand, 409, reason="核实"))["code"] == "answerer_not_independent"
    await spring.post(f"{answer}/uphold", year.reviewer, reason="签到记录缺失")
    (answered,) = await spring.items("/award-objections", spring.as_member(1))
    assert (answered["status"], answered["comment"], answered["answer"]) == ("UPHELD", "三月出差,已请假", "签到记录缺失")
    await spring.post(f"{round_}/result", year.community_secretary)
    assert (await year.service.get(round_, as_=year.reviewer)).json()["status"] == "NOBODY_CHOSEN"


async def test_whose_registration_ends_leaves_the_notice_and_gets_nothing(spring: Spring) -> None:
    year = spring.year
    round_ = await spring.opened()
    await spring.chosen(round_, 2, year.district_admin)
    assert len(await spring.on_notice(round_)) == 1
    spring.leaves(2)
    assert await spring.on_notice(round_) == []
    spring.on(3, 29)
    published = await spring.post(f"{round_}/result", year.district_admin)
    assert [each.split(".")[2] for each in published["event_types"]] == ["NominationLapsed", "AwardRoundClosed"]


async def test_who_stands_does_not_run_the_round(spring: Spring) -> None:
    year, member = spring.year, str(spring.members[0])
    round_ = await spring.opened(community=True)
    await spring.standing(round_, 0)
    both = year.service.token(Role.COMMUNITY_SECRETARY, Role.MEMBER, subject=member, organisations=[year.community])
    for step, body in (("panel", {"panel": PANEL}), ("decide", {}), ("result", {}), ("call-off", {"reason": "条件有变"})):
        await spring.post(f"{round_}/{step}", both, 403, **body)
    await spring.post(f"{round_}/call-off", year.community_secretary, reason="条件有变")


async def test_after_a_merge_it_is_still_known_who_stands(spring: Spring) -> None:
    year = spring.year
    old, new = spring.joins(), spring.joins()
    await year.service.settled()
    round_, other_round = await spring.opened(), await spring.opened()
    await spring.standing(other_round, old)
    await spring.chosen(round_, old, year.district_admin)
    spring.leaves(old)
    ids = {"member_id": spring.members[old], "into_member_id": spring.members[new]}
    year.tell(MemberIdentitiesMerged(**ids, unit_id=year.unit, reason="重复登记"), on=date(2027, 3, 22))
    assert len(await spring.on_notice(round_)) == 1
    seen = await spring.items("/award-rounds/nominations", spring.as_member(new), round_id=round_[-36:])
    assert [each["member_id"] for each in seen] == [str(spring.members[old])]
    impartial = await spring.post(f"{other_round}/panel", year.district_admin, 409, panel=[str(spring.members[new]), *PANEL])
    assert impartial["code"] == "panel_not_impartial"
    spring.on(3, 29)
    published = await spring.post(f"{round_}/result", year.district_admin)
    assert [each.split(".")[2] for each in published["event_types"]] == ["AwardGranted", "AwardRoundClosed"]


async def test_without_a_lasting_key_nobody_votes(spring: Spring) -> None:
    app = spring.year.service.client._transport.app
    kept, app.state.lasting_key = app.state.lasting_key, None
    round_ = await spring.opened()
    answer = await spring.year.service.post(
        f"{round_}/nominations/{spring.members[0]}/vote", as_=spring.on_panel("ann.chen"), json={"opinion": "APPROVE"}
    )
    undecided = await spring.year.service.post(f"{round_}/decide", as_=spring.year.district_admin)
    app.state.lasting_key = kept
    assert (answer.status_code, undecided.status_code) == (503, 503)


async def test_after_a_change_of_the_key_the_panel_votes_again(spring: Spring) -> None:
    app = spring.year.service.client._transport.app
    round_ = await spring.opened()
    await spring.standing(round_, 0)
    await spring.post(f"{round_}/panel", spring.year.district_admin, panel=PANEL)
    spring.on(3, 21)
    path, kept = f"{round_}/nominations/{spring.members[0]}/vote", app.state.lasting_key
    for key in (b"the key before", kept):
        app.state.lasting_key = key
        if key is kept:
            refused = await spring.post(f"{round_}/decide", spring.year.district_admin, 409)
            assert refused["code"] == "votes_unreadable"
        for name in PANEL:
            await spring.post(path, spring.on_panel(name), opinion="APPROVE")
    decided = await spring.post(f"{round_}/decide", spring.year.district_admin)
    assert [each.split(".")[2] for each in decided["event_types"]] == ["AwardDecided", "PublicNoticePosted"]


async def test_a_rebuild_gives_the_same_rounds(spring: Spring, database: Database) -> None:
    rebuilt = await rebuild(
        SERVICE.read_model(),
        spring.year.service.feeds,
        owner_url=database.url("evaluation_owner"),
        service_url=database.url("evaluation"),
        swap=False,
    )
    assert rebuilt.is_equal
