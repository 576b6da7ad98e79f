"""Letters and a real mail server in every mood: whose fault a refusal is, how long a letter is tried, what it says about itself."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from services.notifications.mail import mailbox_of
from services.notifications.timing import MOST_ATTEMPTS, PAUSES
from tests.notifications.story import ANNA, NINE, Story, claimed, confirmed, planned, post, story

__all__ = ["story"]  # the fixture


async def failures(story: Story) -> list[tuple[str, int]]:
    items = (await story.service.get("/letters/failed", as_=story.admin())).json()["items"]
    return [(each["reason"], each["attempts"]) for each in items]


async def test_a_mail_server_that_is_down_is_tried_again(story: Story) -> None:
    story.mail.close()
    story.service.foreign(post(), claimed(ANNA))
    assert await story.letters() == []
    assert "NotificationDeferred" in await story.service.names()
    story.mail.open()
    story.time_passes(minutes=1)
    (letter,) = await story.letters()
    assert letter["Subject"] == "认岗成功"


@pytest.mark.parametrize(
    "reply",
    [
        "MAIL: 530 5.7.0 Authentication required",
        "MAIL: 530 authentication required",
        "MAIL: 550 5.7.1 sender rejected",
        "MAIL: 553 5.1.8 sender domain not found",
        "MAIL: 452 4.3.1 insufficient storage",
        "RCPT: 451 come again",
        "RCPT: 450 4.2.1 greylisted",
        "RCPT: 550 5.7.1 relaying denied",
        "RCPT: 554 5.7.1 client host blocked",
        "RCPT: 530 5.7.0 Must issue a STARTTLS command first",
        "RCPT: 552 5.2.2 mailbox full",
        "RCPT: 503 bad sequence",
        "DATA: 554 5.7.1 message content rejected",
        "DATA: 552 5.3.4 message too big",
        "DATA: 451 4.3.0 queue file write error",
        "drop",
    ],
)
async def test_what_is_no_fault_of_the_recipient_is_sent_once_it_is_mended(story: Story, reply: str) -> None:
    story.mail.mood = reply
    story.service.foreign(post(), claimed(ANNA))
    assert await story.letters() == []
    assert await failures(story) == []
    story.mail.mood = "take"
    story.time_passes(minutes=1)
    assert [letter["Subject"] for letter in await story.letters()] == ["认岗成功"]


@pytest.mark.parametrize(
    "reply",
    [
        *("RCPT: 550 no such mailbox", "RCPT: 550 5.1.1 user unknown", "RCPT: 553 5.1.3 bad address syntax", "RCPT: 551 user not local"),
        *("RCPT: 556 5.1.10 recipient address has null MX", "RCPT: 550 5.2.1 mailbox disabled", "DATA: 550 5.1.1 user unknown"),
    ],
)
async def test_an_address_that_the_server_does_not_know_is_the_recipients(story: Story, reply: str) -> None:
    story.mail.mood = reply
    story.service.foreign(post(), claimed(ANNA))
    assert await story.letters() == []
    assert await failures(story) == [("ADDRESS_REFUSED", 1)]


@pytest.mark.timeout(180)
async def test_a_letter_is_tried_for_days_with_growing_pauses_and_then_given_up(story: Story) -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert timedelta(days=4) < sum(PAUSES, timedelta()) < timedelta(days=5)
    story.mail.mood = "MAIL: 530 5.7.0 no"
    story.service.foreign(post(), claimed(ANNA))
    for _ in range(2 * MOST_ATTEMPTS):  # each pause is shorter than five hours, and many attempts wait for the morning
        await story.letters()
        story.time_passes(hours=5)
    assert await failures(story) == [("SERVER_REFUSED", MOST_ATTEMPTS)]
    assert story.service.now - NINE > timedelta(days=4)
    assert story.mail.attempts == MOST_ATTEMPTS


async def test_letters_of_one_digest_are_tried_together(story: Story) -> None:
    story.mail.mood = "MAIL: 421 4.3.2 not now"
    story.service.foreign(planned(), *(confirmed(number) for number in range(5)))
    assert await story.letters() == []
    story.time_passes(days=1)
    await story.letters()
    assert story.mail.attempts == 1
    story.time_passes(seconds=10)
    await story.letters()
    assert story.mail.attempts == 2
    story.mail.mood = "take"
    story.time_passes(minutes=1)
    (letter,) = await story.letters()
    assert letter["Subject"] == "光彩在家园：您有 5 条新消息"


async def test_a_letter_says_when_it_was_written_and_which_it_is(story: Story) -> None:
    story.service.foreign(post(), claimed(ANNA))
    (letter,) = await story.letters()
    assert parsedate_to_datetime(str(letter["Date"])) == story.service.now
    assert str(letter["Message-ID"]).endswith("@guangcai>")


@pytest.mark.parametrize(
    "stored", ["xiao..he@example.cn", ".xiaohe@example.cn", "xiaohe.@example.cn", "xiaohe@-example.cn", "晓禾@example.cn"]
)
async def test_what_is_stored_as_address_and_is_none_is_closed_as_not_handed_over(story: Story, stored: str) -> None:
    story.registration.addresses[f"MEMBER/{ANNA}"] = {"name": "林晓禾", "email": stored}
    story.service.foreign(post(), claimed(ANNA))
    assert await story.letters() == []
    assert await failures(story) == [("NOT_HANDED_OVER", 0)]
    assert story.mail.attempts == 0


def test_an_address_is_written_as_smtp_takes_it() -> None:
    assert mailbox_of("xiao.he+dang@EXAMPLE.cn") == "xiao.he+dang@example.cn"
    assert mailbox_of("office@邮局.中国") == "office@xn--dgtz33j.xn--fiqs8s"
    assert mailbox_of("nobody") is None
