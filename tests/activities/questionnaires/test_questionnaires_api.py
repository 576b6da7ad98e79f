"""Questionnaires over HTTP: who asks, who answers without an account, what nobody learns, and the counts after the end."""

import asyncio
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
from python_calamine import CalamineWorkbook

from ops.provision import Database
from services.activities.app import SERVICE
from services.activities.questionnaires.codes import slip_code
from services.activities.questionnaires.sheets import NOBODY
from services.evaluation.facts.sources import FACTS
from shared.contracts.activities.questionnaires import QuestionnaireAnswered
from shared.contracts.catalogue import published_events
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, member, some_id

LINK_KEY = b"a secret of the tests"  # as in conftest.py
TRACED = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
QUESTIONS: list[dict[str, Any]] = [
    {"kind": "ONE", "text_zh": "何时开放？", "text_en": "When to open?", "options": [{"text_zh": "早上"}, {"text_zh": "晚上"}]},
    {"kind": "SEVERAL", "text_zh": "开展哪些活动？", "options": [{"text_zh": "下棋"}, {"text_zh": "合唱"}, {"text_zh": "=1+1"}]},
    {"kind": "SCALE", "text_zh": "对现有场地的满意程度"},
]
ANSWERS = [[1], [1, 3], [4]]


@dataclass
class Survey:
    """One questionnaire of a district; `codes` are those on the slips."""

    district: District
    id: str = ""
    codes: list[str] = field(default_factory=list[str])

    @property
    def path(self) -> str:
        return f"/questionnaires/{self.id}"

    @property
    def public(self) -> str:
        return f"/districts/{self.district.service.district}{self.path}"

    def draft(self, **changes: Any) -> dict[str, Any]:
        last_day = (self.district.service.now + timedelta(days=20)).date().isoformat()
        return {"community_id": str(COMMUNITY), "title_zh": "活动室改造", "questions": QUESTIONS, "last_day": last_day} | changes

    async def drafted(self, as_: str | None = None, **changes: Any) -> "Survey":
        answer = await self.district.post("/questionnaires", as_ or self.district.clerk, 201, **self.draft(**changes))
        self.id = answer["result"]["questionnaire_id"]
        return self

    async def opened(self, codes: int = 8, as_: str | None = None, **changes: Any) -> "Survey":
        """Drafted, published, with a batch of codes."""
        await self.drafted(as_, **changes)
        await self.district.post(f"{self.path}/publish", as_ or self.district.secretary)
        batch = (await self.district.post(f"{self.path}/batches", as_ or self.district.clerk, 201, count=codes))["result"]["batch_id"]
        district = self.district.service.district
        self.codes = [slip_code(LINK_KEY, district, UUID(batch), number) for number in range(codes)]
        return self

    async def answer(self, code: Any, answers: Any = ANSWERS, **request: Any) -> httpx2.Response:
        """As whoever holds a slip: no account, no token."""
        service = self.district.service
        key = str(request.pop("key", None) or service.key())
        headers = {"Idempotency-Key": key, "Guangcai-Time": service.now.isoformat(), **TRACED}
        return await service.client.post(f"{self.public}/sheets", headers=headers, json={"code": code, "answers": answers, **request})

    async def answered(self, *sheets: Sequence[Sequence[int]]) -> None:
        for code, answers in zip(self.codes, sheets, strict=False):
            assert (await self.answer(code, answers)).status_code == 201

    async def enter(self, *sheets: tuple[str, Any], status: int = 200, key: Any = None) -> list[Any]:
        """As a clerk, from paper."""
        body = {"sheets": [{"code": code, "answers": answers} for code, answers in sheets]}
        answer = await self.district.service.post(f"{self.path}/sheets", as_=self.district.clerk, json=body, key=key, headers=TRACED)
        assert answer.status_code == status, answer.text
        return [each["refused"] for each in answer.json()] if status == 200 else [answer.json()["code"]]

    async def page(self) -> str:
        """As a browser shows it."""
        await self.district.service.settled()
        headers = {"accept": "text/html", "Guangcai-Time": self.district.service.now.isoformat()}
        return (await self.district.service.client.get(self.public, headers=headers)).text

    async def results(self, as_: str, status: int = 200) -> dict[str, Any]:
        await self.district.service.settled()
        return await self.district.get(f"{self.path}/results", as_, status)


async def test_a_community_asks_without_names_and_everybody_reads_counts_after_the_end(district: District) -> None:
    survey = await Survey(district).drafted()
    await district.service.settled()
    assert (await district.get(survey.path, district.clerk))["status"] == "DRAFT"
    for stranger in (district.member(1), district.elsewhere):
        await district.get(survey.path, stranger, 404)
        assert (await district.get("/questionnaires", stranger))["items"] == []
    assert (await district.service.client.get(survey.public)).status_code == 404
    contents = {key: value for key, value in survey.draft(title_zh="活动室怎么改？").items() if key != "community_id"}
    await district.post(f"{survey.path}/amendment", district.clerk, **contents)
    await district.post(f"{survey.path}/publish", district.clerk, 403)
    await district.post(f"{survey.path}/publish", district.secretary)
    assert (await district.post(f"{survey.path}/amendment", district.clerk, 409, **contents))["code"] == "questionnaire_is_published"
    assert (await district.post(f"{survey.path}/results/publish", district.secretary, 409))["code"] == "questionnaire_is_open"
    await district.service.settled()
    assert [each["title_zh"] for each in (await district.get("/questionnaires", district.member(1), status="OPEN"))["items"]] == [
        "活动室怎么改？"
    ]
    survey = await Survey(district).opened()
    await survey.answered(*[[[1], [1], [4]]] * 6, [[2], [], [4]])
    assert await survey.enter((survey.codes[7], [[1], [1, 2], []])) == [None]
    progress = await district.get(survey.path, district.clerk)
    assert (progress["status"], progress["codes"], progress["sheets"]) == ("OPEN", 8, 8)
    seen = await district.get(survey.path, district.member(1))
    assert (seen["codes"], seen["sheets"]) == (None, None)
    assert (await survey.results(district.secretary, 409))["code"] == "questionnaire_is_open"
    await district.post(f"{survey.path}/close", district.secretary)
    street = district.service.token(Role.STREET_ADMIN, subject="street")
    told = await survey.results(district.secretary)
    assert await survey.results(street) == await survey.results(district.admin) == told
    assert told["sheets"] == 8
    one, several, scale = told["questions"]
    assert (one["counts"], one["blank"]) == ([None, None], 0), "one sheet alone chose the evening, so neither count is told"
    assert (several["counts"], several["blank"]) == ([None, None, 0], None), "one sheet alone did not choose chess"
    assert (scale["counts"], scale["blank"]) == ([0, 0, 0, None, 0], None)
    for stranger in (district.member(1), district.elsewhere):
        await survey.results(stranger, 404)
    await district.post(f"{survey.path}/results/publish", district.secretary)
    for everybody in (district.member(1), district.elsewhere):
        assert await survey.results(everybody) == {**told, "is_published": True}


async def test_counts_are_told_as_they_are_where_nobody_stands_out_and_as_a_workbook(district: District) -> None:
    survey = await Survey(district).opened(10)
    await survey.answered(*[[[1], [1, 3], [5]]] * 5, *[[[2], [2, 3], [1]]] * 5)
    district.service.now += timedelta(days=21)  # over by itself
    one, several, scale = (await survey.results(district.clerk))["questions"]
    assert (one["counts"], one["blank"]) == ([5, 5], 0)
    assert (several["counts"], several["blank"]) == ([5, 5, 10], None)
    assert (scale["counts"], scale["blank"]) == ([5, 0, 0, 0, 5], 0)
    answer = await district.service.get(f"{survey.path}/results.xlsx", as_=district.clerk)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[1:4] == [["收到答卷 10", "", ""], ["题目", "选项", "份数"], ["1. 何时开放？", "早上", "5"]]
    assert ["2. 开展哪些活动？", "'=1+1", "10"] in rows
    assert (await district.service.get(f"{survey.path}/results.xlsx", as_=district.member(1))).status_code == 404


async def test_counts_of_fewer_sheets_than_came_in_are_told_to_nobody(district: District) -> None:
    survey = await Survey(district).opened()
    await district.service.settled()
    await survey.answered(*[ANSWERS] * 5)
    await district.post(f"{survey.path}/close", district.secretary)
    headers = {"Authorization": f"Bearer {district.secretary}", "Guangcai-Time": district.service.now.isoformat()}
    behind = await district.service.client.get(f"{survey.path}/results", headers=headers)
    assert behind.status_code == 503
    assert (await survey.results(district.secretary))["sheets"] == 5


async def test_fewer_than_five_sheets_are_told_to_nobody(district: District) -> None:
    survey = await Survey(district).opened()
    await survey.answered(*[ANSWERS] * 4)
    await district.post(f"{survey.path}/close", district.secretary)
    for reader in (district.secretary, district.admin):
        assert (await survey.results(reader, 409))["code"] == "too_few_sheets"
    assert (await district.post(f"{survey.path}/results/publish", district.secretary, 409))["code"] == "too_few_sheets"
    await survey.results(district.member(1), 404)


async def test_a_code_works_once_and_every_wrong_one_is_refused_in_the_same_words(district: District) -> None:
    other = await Survey(district).opened()
    survey = await Survey(district).opened()
    key = district.service.key()
    first = await survey.answer(survey.codes[0], key=key)
    assert first.json() == {"zh": "已收到您的答卷，谢谢", "en": "Your sheet has come in, thank you"}
    assert "etag" not in first.headers
    again = await survey.answer(survey.codes[0].lower().replace("-", " "), key=key)
    assert (again.status_code, again.json()) == (201, first.json()), "a retry is the same sheet"
    wrong = [survey.codes[0], "AAAA-BBBB-CCCC", other.codes[1], "A", "A" * 40]
    refused = [await survey.answer(code) for code in wrong]
    assert {(each.status_code, each.text) for each in refused} == {(409, refused[0].text)}
    assert refused[0].json()["code"] == "code_refused"
    unfitting = [await survey.answer(code, [[1], [9], []]) for code in (survey.codes[1], *wrong)]
    assert {(each.status_code, each.text) for each in unfitting} == {(409, unfitting[0].text)}
    assert unfitting[0].json()["facts"] == {"wrong": [2]}
    assert (await survey.answer(survey.codes[1], [[], [], []])).json()["code"] == "sheet_is_empty"
    assert (await survey.answer(survey.codes[1])).status_code == 201
    await district.service.settled()
    assert (await district.get(survey.path, district.clerk))["sheets"] == 2


async def test_of_many_who_send_one_code_at_the_same_moment_one_is_counted(district: District) -> None:
    survey = await Survey(district).opened()
    answers = await asyncio.gather(*(survey.answer(survey.codes[0], [[1 + number % 2], [], []]) for number in range(10)))
    assert sorted(each.status_code for each in answers) == [201, *[409] * 9]
    assert (await district.service.names()).count("QuestionnaireAnswered") == 1


async def test_bad_sheets_get_a_clear_answer_and_no_event(district: District) -> None:
    survey = await Survey(district).opened()
    before = await district.service.names()
    code = survey.codes[0]
    for wrong in (None, "", 7, "A" * 41, "密码", ["A"]):
        assert (await survey.answer(wrong)).json()["code"] == "malformed"
    shapeless: list[Any] = [None, "1", [1, 2, 3], [["1"], [], []], [[True], [], []], [[1.5], [], []], [[0]], [[11]], [[1]] * 21, [[1] * 11]]
    for answers in shapeless:
        assert (await survey.answer(code, answers)).json()["code"] == "malformed", answers
    for extra in ({"member_id": str(member(1))}, {"remark": "写几句"}, {"name": "张三"}):
        assert (await survey.answer(code, ANSWERS, **extra)).json()["code"] == "malformed"
    for answers in ([], [[1]], [*ANSWERS, [1]], [[1, 2], [], []], [[], [2, 2], []], [[], [], [6]]):
        assert (await survey.answer(code, answers)).json()["code"] == "answers_do_not_fit", answers
    huge = await survey.answer(code, [[1] * 4_000_000])
    assert huge.status_code in {413, 422}
    keyless = await district.service.client.post(f"{survey.public}/sheets", json={"code": code, "answers": ANSWERS})
    assert keyless.json()["code"] == "idempotency_key_missing"
    assert await district.service.names() == before


async def test_late_answers_are_refused_on_the_screen_and_from_paper(district: District) -> None:
    survey = await Survey(district).opened()
    district.service.now += timedelta(days=20)
    assert (await survey.answer(survey.codes[0])).status_code == 201
    district.service.now += timedelta(days=1)
    assert (await survey.answer(survey.codes[1])).json()["code"] == "questionnaire_is_closed"
    assert await survey.enter((survey.codes[1], ANSWERS)) == ["questionnaire_is_closed"]
    assert (await district.post(f"{survey.path}/batches", district.clerk, 409, count=1))["code"] == "questionnaire_is_closed"
    page = await survey.page()
    assert "<form" not in page
    assert "This questionnaire is closed" in page
    stale = await Survey(district).drafted(last_day=(district.service.now - timedelta(days=1)).date().isoformat())
    assert (await district.post(f"{stale.path}/publish", district.secretary, 409))["code"] == "last_day_is_over"


async def test_paper_sheets_are_entered_whole_against_codes_that_are_good(district: District) -> None:
    survey = await Survey(district).opened()
    good, twice, empty, unfit = survey.codes[:4]
    sheets = [(good, ANSWERS), (twice, ANSWERS), (twice, ANSWERS), (empty, [[], [], []]), (unfit, [[7], [], []]), ("AAAA", ANSWERS)]
    key = district.service.key()
    for _ in range(2):  # the same request again is the same sheets
        outcome = await survey.enter(*sheets, key=key)
        assert outcome == [None, None, "code_refused", "sheet_is_empty", "answers_do_not_fit", "code_refused"]
    assert (await district.service.names()).count("QuestionnaireAnswered") == 2
    assert await survey.enter(status=422) == ["malformed"]
    assert await survey.enter(*[(good, ANSWERS)] * 51, status=422) == ["malformed"]
    body = {"sheets": [{"code": empty, "answers": ANSWERS}]}
    for stranger in (district.elsewhere, district.member(1), district.admin):
        await district.post(f"{survey.path}/sheets", stranger, 403, **body)
    await district.post(f"{survey.path}/sheets", district.foreign_secretary, 404, **body)


async def test_no_slip_is_printed_with_a_code_that_would_be_refused(district: District) -> None:
    survey = await Survey(district).opened()
    (batch,) = await district.get(f"{survey.path}/batches", district.clerk)
    path = f"{survey.path}/batches/{batch['batch_id']}/slips.pdf"
    app = district.service.client._transport.app
    kept = app.state.lasting_key
    for key, status in ((b"another key", 409), (None, 503), (kept, 200)):
        app.state.lasting_key = key
        printed = await district.service.get(path, as_=district.clerk)
        assert printed.status_code == status
        if status == 409:
            assert printed.json()["code"] == "codes_of_another_key"
        if status == 503:  # made with a key that dies with the process they would be good for nothing
            await district.post(f"{survey.path}/batches", district.clerk, 503, count=3)
            assert (await survey.answer(survey.codes[0])).status_code == 503
    assert (await survey.answer(survey.codes[0])).status_code == 201


async def test_slips_lead_to_a_page_with_the_code_and_nothing_of_it_travels_in_an_address(district: District) -> None:
    survey = await Survey(district).opened(codes=9, title_en="<Rebuilding>")
    (batch,) = await district.get(f"{survey.path}/batches", district.clerk)
    assert batch["count"] == 9
    path = f"{survey.path}/batches/{batch['batch_id']}/slips.pdf"
    printed = await district.service.get(path, as_=district.clerk)
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert (await district.service.get(path, as_=district.elsewhere)).status_code == 403
    assert (await district.service.get(path, as_=district.member(1))).status_code == 403
    sheet = await district.service.get(f"{survey.path}/sheet.pdf", as_=district.clerk)
    assert (sheet.status_code, sheet.content[:5]) == (200, b"%PDF-")
    assert (await district.service.get(f"{survey.path}/sheet.pdf", as_=district.member(1))).status_code == 403
    unknown = f"{survey.path}/batches/{some_id('ab', 1)}/slips.pdf"
    assert (await district.service.get(unknown, as_=district.clerk)).status_code == 404
    for count in (0, 201, "many"):
        await district.post(f"{survey.path}/batches", district.clerk, 422, count=count)
    asked = await district.service.client.get(survey.public)
    assert asked.json()["questions"][0]["text_en"] == "When to open?"
    assert asked.json()["questions"][2]["options"] == []
    assert not {"codes", "sheets"} & set(asked.json())
    page = await survey.page()
    assert "活动室改造 · &lt;Rebuilding&gt;" in page
    assert page.count("<fieldset>") == 3
    assert page.count('type="radio"') == 2 + 5
    assert page.count('type="checkbox"') == 3
    assert "http" not in page, "the page loads nothing"
    for code in survey.codes:
        assert code not in page + asked.text


async def test_street_and_district_ask_too_and_each_only_for_itself(district: District) -> None:
    street_id = some_id("cc", 8)
    street = district.service.token(Role.STREET_ADMIN, subject="street", organisations=[street_id])
    both = district.service.token(Role.STREET_ADMIN, Role.COMMUNITY_CLERK, subject="both", organisations=[street_id, COMMUNITY])
    of_district = await Survey(district).opened(as_=district.admin, community_id=None)
    of_street = await Survey(district).opened(as_=street, community_id=None, street_id=str(street_id))
    for survey in (of_district, of_street):
        assert (await survey.answer(survey.codes[0])).status_code == 201
    await district.post("/questionnaires", district.clerk, 403, **of_street.draft(community_id=None))
    await district.post("/questionnaires", street, 403, **of_street.draft(community_id=None, street_id=str(some_id("cc", 9))))
    await district.post("/questionnaires", district.admin, 403, **of_street.draft())
    await district.post("/questionnaires", district.member(1), 403, **of_street.draft())
    await district.post("/questionnaires", district.elsewhere, 403, **of_street.draft())
    await district.post("/questionnaires", district.admin, 422, **of_street.draft(street_id=str(street_id)))
    for wrong in ({"questions": []}, {"questions": QUESTIONS * 7}, {"title_zh": ""}, {"kind": "PETITION"}, {"last_day": 1.5}):
        await district.post("/questionnaires", district.clerk, 422, **of_street.draft(**wrong))
    numbered = await district.post("/questionnaires", district.clerk, 409, **of_street.draft(title_zh="请打13800138000"))
    assert numbered["code"] == "number_of_a_person"
    drafted = await Survey(district).drafted()
    await district.post(f"{drafted.path}/publish", both, 403)  # a clerk there, and no street's business
    await district.post(f"{of_street.path}/close", both)
    await district.post(f"{of_district.path}/close", both, 403)
    await district.post(f"{of_district.path}/publish", district.foreign_secretary, 404)
    page = await district.get("/questionnaires", district.member(1), limit=1)
    rest = await district.get("/questionnaires", district.member(1), limit=1, after=page["next"])
    assert {each["items"][0]["questionnaire_id"] for each in (page, rest)} == {of_district.id, of_street.id}


async def test_another_district_finds_neither_questionnaire_nor_code(district: District) -> None:
    survey = await Survey(district).opened()
    await district.service.settled()
    elsewhere = f"/districts/elsewhere/questionnaires/{survey.id}"
    assert (await district.service.client.get(elsewhere)).status_code == 404
    headers = {"Idempotency-Key": str(district.service.key())}
    body = {"code": survey.codes[0], "answers": ANSWERS}
    assert (await district.service.client.post(f"{elsewhere}/sheets", headers=headers, json=body)).status_code == 404
    for path in (survey.path, f"{survey.path}/results", f"{survey.path}/batches"):
        await district.get(path, district.foreign_secretary, 404)
    assert (await survey.answer(survey.codes[0])).status_code == 201


def words_of(event: type[Any]) -> set[str]:
    """Names of all its fields, also inside."""
    schema = event.model_json_schema()
    return {name for part in (schema, *schema.get("$defs", {}).values()) for name in part.get("properties", {})}


async def test_g3_no_event_of_a_questionnaire_leads_to_a_person(district: District) -> None:
    events = [each for each in published_events() if each.__name__.startswith("Questionnaire")]
    assert len(events) == 6
    named = {
        "questionnaire_id",
        "community_id",
        "street_id",
        "batch_id",
        "code_hash",
        "code_hashes",
        "last_day",
        "published_on",
        "closed_on",
    }
    named |= {"title_zh", "title_en", "text_zh", "text_en", "questions", "kind", "options", "answers"}
    assert set().union(*map(words_of, events)) == named
    assert not set(events) & set(FACTS), "nothing of a questionnaire becomes points"
    survey = await Survey(district).opened()
    district.service.now += timedelta(hours=3, minutes=7)
    key, paper_key = district.service.key(), district.service.key()
    assert (await survey.answer(survey.codes[0], key=key)).status_code == 201
    # A member's token changes nothing: the endpoint does not look at it.
    body = {"code": survey.codes[1], "answers": ANSWERS}
    assert (await district.service.post(f"{survey.public}/sheets", as_=district.member(1), json=body, key=key)).status_code == 201
    assert await survey.enter((survey.codes[2], ANSWERS), (survey.codes[3], ANSWERS), key=paper_key) == [None, None]
    await district.service.post(f"{survey.path}/batches", as_=district.clerk, json={"count": 1}, headers=TRACED)
    log = await district.service.log()
    assert log[-1].traceparent is not None, "who issues codes is traced, who answers is not"
    sheets = [each for each in log if isinstance(each.data, QuestionnaireAnswered)]
    assert len(sheets) == 4
    kinds = {tuple(json.loads(each.body)) for each in sheets}
    assert len(kinds) == 1, "from paper or screen, with or without a token: the same envelope"
    leads = ["clerk", "resident", "member", str(member(1)), str(key), str(paper_key), key.hex, *survey.codes]
    for sheet in sheets:
        assert (sheet.actor, sheet.on_behalf_of, sheet.causation_id, sheet.traceparent) == (NOBODY, None, None, None)
        assert (sheet.time.utcoffset(), sheet.time.isoformat()) == (timedelta(hours=8), "2026-01-05T00:00:00+08:00")
        assert not [lead for lead in leads if lead in sheet.body.decode()]
        for each in (sheet.id, sheet.correlation_id):
            assert each is not None
            assert each.version == 8 or each.int >> 80 <= int(sheet.time.timestamp() * 1000), "no id tells more than the day"
    assert len({each.correlation_id for each in sheets}) == 4, "sheets entered together are not tied together"


async def test_a_rebuild_gives_the_same_counts(district: District, database: Database) -> None:
    survey = await Survey(district).opened()
    await survey.answered(ANSWERS, [[2], [], [1]], [[], [2], []])
    from_paper = ((survey.codes[number], ANSWERS) for number in (4, 4, 5))
    assert await survey.enter(*from_paper) == [None, "code_refused", None]
    await Survey(district).drafted()
    await district.post(f"{survey.path}/close", district.secretary)
    counts = [each["counts"] for each in (await survey.results(district.secretary))["questions"]]
    owner, role = database.url("activities_owner"), database.url("activities")
    rebuilt = await rebuild(SERVICE.read_model(), district.service.feeds, owner_url=owner, service_url=role, swap=True)
    assert rebuilt.is_equal
    told = await survey.results(district.secretary)
    assert (told["sheets"], [each["counts"] for each in told["questions"]]) == (5, counts)
