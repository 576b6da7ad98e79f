"""Open letters: to all members of a community or of the district, each told once and as they wish."""

from typing import Any
from uuid import UUID, uuid5

import pytest
from pydantic import ValidationError

from services.notifications.open_letter import OPEN_LETTER, SendOpenLetter
from shared.contracts.notifications import OpenLetterSent
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.registrations import RegistrationClosed, RegistrationConfirmed
from shared.identity import Role
from shared.testing.scenario import Scenario
from tests.notifications.conftest import MailRoom, Registration
from tests.notifications.story import ANNA, BO, COMMUNITY, NAMES, UNIT, Story, story

__all__ = ["story"]  # the fixture

LETTER = UUID(int=1)
CHINESE = {"title_zh": "致在职党员", "text_zh": "周六整治环境，欢迎参加。"}
ENGLISH = {"title_en": "To our members", "text_en": "We clean up on Saturday, come along."}
OTHER = uuid5(NAMES, "another community")


def test_a_letter_in_one_language_is_shown_to_readers_of_both() -> None:
    sent = OpenLetterSent(letter_id=LETTER, community_id=COMMUNITY, **CHINESE, title_en=CHINESE["title_zh"], text_en=CHINESE["text_zh"])
    command = SendOpenLetter(letter_id=LETTER, community_id=COMMUNITY, **CHINESE)
    Scenario(OPEN_LETTER).when(command).then(sent)
    Scenario(OPEN_LETTER).given(sent).when(command).then_nothing()


@pytest.mark.parametrize(
    "draft",
    [
        {},
        {"title_zh": "只有标题"},
        {**CHINESE, "title_en": "no text"},
        {**CHINESE, "title_zh": "长" * 61},
        {**CHINESE, "text_zh": "长" * 501},
        {**CHINESE, "text_zh": "   "},
    ],
)
def test_a_letter_is_short_and_whole_in_each_language(draft: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SendOpenLetter(letter_id=LETTER, **draft)


def confirmed(member_id: UUID, community_id: UUID = COMMUNITY) -> RegistrationConfirmed:
    ids = {"registration_id": uuid5(member_id, str(community_id)), "member_id": member_id, "unit_id": UNIT}
    return RegistrationConfirmed(**ids, community_id=community_id)


def secretary(story: Story, community_id: UUID = COMMUNITY) -> str:
    return story.service.token(Role.COMMUNITY_SECRETARY, organisations=[community_id])


async def send(story: Story, as_: str, status: int = 201, **body: Any) -> dict[str, Any]:
    answer = await story.service.post("/open-letters", as_=as_, json=body)
    assert answer.status_code == status, answer.text
    await story.service.settled()
    return answer.json()


async def test_a_community_writes_to_everybody_registered_there_and_letters_go_where_wanted(story: Story, mail: MailRoom) -> None:
    stranger = uuid5(NAMES, "registered elsewhere")
    story.service.foreign(confirmed(ANNA), confirmed(BO), confirmed(stranger, OTHER))
    await send(story, secretary(story), community_id=str(COMMUNITY), **CHINESE, **ENGLISH)
    for member_id in (ANNA, BO):
        (told,) = await story.inbox(story.member(member_id))
        assert told["kind"] == "COMMUNITY_LETTER"
        assert told["title"] == {"zh": "南园社区公开信：致在职党员", "en": "Open letter of 南园社区: To our members"}
        assert CHINESE["text_zh"] in str(told["body"])
        assert ENGLISH["text_en"] in str(told["body"])
    assert await story.inbox(story.member(stranger)) == []
    (letter,) = mail.letters
    assert (letter["To"].addresses[0].addr_spec, letter["Subject"]) == ("xiaohe@example.cn", "南园社区公开信：致在职党员")
    assert CHINESE["text_zh"] in letter.get_content()
    assert ENGLISH["text_en"] in letter.get_content()


async def test_the_district_writes_to_all_of_its_own(story: Story, registration: Registration) -> None:
    elsewhere, gone = uuid5(NAMES, "registered elsewhere"), uuid5(NAMES, "gone")
    left = confirmed(gone).model_dump() | {"certificate_id": LETTER, "reason": ClosureReason.MOVED, "closed_on": "2026-03-01"}
    story.service.foreign(confirmed(ANNA), confirmed(elsewhere, OTHER), confirmed(gone), RegistrationClosed.model_validate(left))
    await send(story, story.admin(), **CHINESE)
    for member_id in (ANNA, elsewhere):
        (told,) = await story.inbox(story.member(member_id))
        assert told["title"] == {"zh": "致全区报到党员的公开信：致在职党员", "en": "Open letter of the district: 致在职党员"}
    assert await story.inbox(story.member(gone)) == []
    assert registration.asked[-1][0] == story.service.district


async def test_the_same_request_again_and_two_entries_of_one_person_are_told_once(story: Story) -> None:
    story.service.foreign(confirmed(ANNA), confirmed(BO))
    story.service.foreign(MemberIdentitiesMerged(member_id=BO, into_member_id=ANNA, unit_id=UNIT, reason="重复登记"))
    key, body = story.service.key(), {"community_id": str(COMMUNITY), **CHINESE}
    for _ in range(2):
        answer = await story.service.post("/open-letters", as_=secretary(story), json=body, key=key)
        assert answer.status_code == 201, answer.text
    assert await story.kinds(story.member(ANNA)) == ["COMMUNITY_LETTER"]
    assert (await story.service.names()).count("OpenLetterSent") == 1


async def test_a_community_writes_to_its_own_only_and_nobody_else_writes(story: Story) -> None:
    own = {"community_id": str(COMMUNITY), **CHINESE}
    await send(story, secretary(story), 403, **CHINESE)
    await send(story, secretary(story, OTHER), 403, **own)
    await send(story, story.admin(), 403, **own)
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    for token in (clerk, story.unit(), story.member(ANNA)):
        await send(story, token, 403, **own)
    await send(story, secretary(story), 422, community_id=str(COMMUNITY), title_zh="只有标题")
    await send(story, secretary(story), 422, **own, to=str(ANNA))
    assert await story.service.names() == []


async def test_letters_are_kept_page_by_page_newest_first(story: Story) -> None:
    sent = [(await send(story, story.admin(), **CHINESE))["result"]["letter_id"]]
    for number in (1, 2):
        story.time_passes(minutes=number)
        sent.append((await send(story, secretary(story), community_id=str(COMMUNITY), **CHINESE))["result"]["letter_id"])
    page = (await story.service.get("/open-letters", as_=story.unit(), params={"limit": 2})).json()
    rest = (await story.service.get("/open-letters", as_=story.unit(), params={"limit": 2, "after": page["next"]})).json()
    assert [each["letter_id"] for each in (*page["items"], *rest["items"])] == sent[::-1]
    of_community = (await story.service.get("/open-letters", as_=story.unit(), params={"community_id": str(COMMUNITY)})).json()
    assert [each["letter_id"] for each in of_community["items"]] == sent[:0:-1]
    malformed = await story.service.get("/open-letters", as_=story.unit(), params={"after": "rubbish"})
    assert (malformed.status_code, malformed.json()["code"]) == (422, "malformed")
    elsewhere = story.service.token(Role.UNIT_LIAISON, organisations=[UNIT], district="elsewhere")
    assert (await story.service.get("/open-letters", as_=elsewhere)).json()["items"] == []
