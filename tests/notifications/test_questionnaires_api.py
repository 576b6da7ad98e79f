"""Members hear once that a questionnaire is open: those of the community that asks, or all when the district does."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.activities.questionnaires import ClosedQuestion, QuestionKind, QuestionnaireClosed, QuestionnairePublished
from tests.notifications.story import ANNA, BO, COMMUNITY, NAMES, Story, story
from tests.notifications.test_open_letters import OTHER, confirmed

__all__ = ["story"]  # the fixture

STRANGER = uuid5(NAMES, "registered elsewhere")


def published(**whose: Any) -> QuestionnairePublished:
    question = ClosedQuestion(kind=QuestionKind.SCALE, text_zh="满意吗？", text_en="Are you content?", options=())
    return QuestionnairePublished(
        questionnaire_id=uuid5(NAMES, f"questionnaire {whose}"),
        **whose,
        title_zh="活动室改造",
        title_en="The new room",
        questions=(question,),
        last_day=date(2026, 4, 20),
        published_on=date(2026, 3, 30),
    )


async def told(story: Story, member_id: UUID) -> list[dict[str, Any]]:
    return await story.inbox(story.member(member_id))


async def test_members_of_the_community_hear_once_that_a_questionnaire_is_open(story: Story) -> None:
    story.service.foreign(confirmed(ANNA), confirmed(BO), confirmed(STRANGER, OTHER))
    story.service.foreign(published(community_id=COMMUNITY))
    for member_id in (ANNA, BO):
        (notice,) = await told(story, member_id)
        assert notice["kind"] == "QUESTIONNAIRE_OPEN"
        assert notice["title"] == {"zh": "不记名问卷：活动室改造", "en": "Anonymous questionnaire: The new room"}
        assert "2026-04-20" in str(notice["body"])
    assert await told(story, STRANGER) == []
    story.service.foreign(QuestionnaireClosed(questionnaire_id=uuid5(NAMES, "q"), closed_on=date(2026, 3, 31)))
    assert len(await told(story, ANNA)) == 1


async def test_all_hear_of_the_districts_questionnaire_and_it_comes_with_the_digest(story: Story) -> None:
    story.service.foreign(confirmed(ANNA), confirmed(STRANGER, OTHER))
    story.service.foreign(published())
    for member_id in (ANNA, STRANGER):
        assert [each["kind"] for each in await told(story, member_id)] == ["QUESTIONNAIRE_OPEN"]
    assert await story.letters() == []
    story.time_passes(days=1)
    (letter,) = await story.letters()
    assert "The new room" in letter.get_content()


async def test_nobody_is_told_of_a_streets_questionnaire_as_its_members_are_not_known_here(story: Story) -> None:
    story.service.foreign(confirmed(ANNA))
    story.service.foreign(published(street_id=OTHER))
    assert await told(story, ANNA) == []
