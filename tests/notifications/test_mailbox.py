"""Letters that come back: read from a mail server's report, counted by recipient, and after three the address rests until it changes."""

from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.bounces import Report, read_report
from services.notifications.letters import compose
from services.notifications.mailbox import MAILBOX, MOST_BOUNCES, NoteBounce, RenewAddress
from shared.contracts.event import Event
from shared.contracts.notifications import AddressRenewed, AddressRested, LetterBounced, RecipientKind
from shared.contracts.registration.changes import CorrectableField, CorrectionAgreed
from shared.contracts.registration.members import ContactDetailsChanged
from shared.contracts.registration.organisations import OrganisationContactChanged
from shared.testing.scenario import Scenario
from tests.notifications.story import ANNA, NAMES, UNIT, Story, claimed, post, receipt_issued, story
from tests.notifications.test_notification import LETTER

__all__ = ["story"]  # the fixture

WHOM = {"recipient_kind": RecipientKind.MEMBER, "recipient_id": ANNA}


def bounced(number: int) -> LetterBounced:
    return LetterBounced(**WHOM, notification_id=uuid5(NAMES, f"letter {number}"))


def note(number: int) -> NoteBounce:
    return NoteBounce(**WHOM, notification_id=uuid5(NAMES, f"letter {number}"))


def test_after_three_letters_that_came_back_the_address_rests() -> None:
    Scenario(MAILBOX).when(note(1)).then(bounced(1))
    Scenario(MAILBOX).given(bounced(1)).when(note(1)).then_nothing()
    Scenario(MAILBOX).given(bounced(1), bounced(2)).when(note(3)).then(bounced(3), AddressRested(**WHOM, bounces=3))
    rested = [bounced(1), bounced(2), bounced(3), AddressRested(**WHOM, bounces=3)]
    Scenario(MAILBOX).given(*rested).when(note(4)).then(bounced(4))


def test_new_contact_details_begin_anew() -> None:
    Scenario(MAILBOX).when(RenewAddress()).then_nothing()
    rested = [bounced(1), bounced(2), bounced(3), AddressRested(**WHOM, bounces=3)]
    Scenario(MAILBOX).given(*rested).when(RenewAddress()).then(AddressRenewed(**WHOM))
    Scenario(MAILBOX).given(*rested, AddressRenewed(**WHOM)).when(note(3)).then(bounced(3))
    Scenario(MAILBOX).given(*rested, AddressRenewed(**WHOM)).when(RenewAddress()).then_nothing()


@given(st.lists(st.one_of(st.integers(1, 6), st.none())))
def test_a_mailbox_rests_exactly_after_three_different_letters_since_its_address_was_given(story_of: list[int | None]) -> None:
    state, since = MAILBOX.initial, set[int]()
    for number in story_of:
        command = RenewAddress() if number is None else note(number)
        events: tuple[Event, ...] = MAILBOX.decide(command, state)
        for event in events:
            state = MAILBOX.evolve(state, event)
        since = set() if number is None else since | {number}
        assert state.is_resting is (len(since) >= MOST_BOUNCES)


def report(letter: EmailMessage, *blocks: str, returned: str = "message/rfc822") -> bytes:
    header = str(letter) if returned == "message/rfc822" else f"Message-ID: {letter['Message-ID']}\n\n"
    status = "\n\n".join(("Reporting-MTA: dns; mx.example.cn", *blocks))
    return (
        "From: MAILER-DAEMON@mx.example.cn\nTo: tongzhi@guangcai.example\nSubject: Undelivered Mail Returned to Sender\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nI'm sorry to have to inform you\n"
        f"--b\nContent-Type: message/delivery-status\n\n{status}\n\n"
        f"--b\nContent-Type: {returned}\n\n{header}\n--b--\n"
    ).encode()


FAILED = "Final-Recipient: rfc822; xiaohe@example.cn\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown"
DELAYED = "Final-Recipient: rfc822; xiaohe@example.cn\nAction: delayed\nStatus: 4.4.1"
DELIVERED = "Final-Recipient: rfc822; xiaohe@example.cn\nAction: delivered\nStatus: 2.0.0"
EXPIRED = "Final-Recipient: rfc822; xiaohe@example.cn\nAction: failed\nStatus: 4.4.7"


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(("block", "has_failed"), [(FAILED, True), (DELAYED, False), (DELIVERED, False), (EXPIRED, False)])
def test_a_report_names_the_letter_and_whether_it_failed(block: str, has_failed: bool, returned: str) -> None:
    letter = compose("xiaohe@example.cn", "林晓禾", [LETTER], datetime(2026, 3, 30, tzinfo=UTC))
    assert read_report(report(letter, block, returned=returned)) == Report(LETTER.notification_id, has_failed=has_failed)


def test_what_is_no_report_about_a_letter_of_ours_is_none() -> None:
    letter = compose("xiaohe@example.cn", "林晓禾", [LETTER], datetime(2026, 3, 30, tzinfo=UTC))
    strange = EmailMessage()
    strange["Message-ID"] = "<1@elsewhere.example>"
    assert read_report(report(strange, FAILED)) is None
    assert read_report(report(letter)) is None
    assert read_report(letter.as_bytes()) is None
    assert read_report(b"") is None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(content: bytes) -> None:
    assert read_report(content) is None
    assert read_report(b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" + content) is None


async def hand_in(story: Story, content: bytes, expect: int = 200) -> dict[str, object]:
    answer = await story.service.post("/letters/bounces", as_=story.admin(), content=content, headers={"Content-Type": "message/rfc822"})
    assert answer.status_code == expect, answer.text
    return answer.json()


async def test_a_letter_that_came_back_is_recorded_and_after_three_the_member_is_told(story: Story) -> None:
    for number in range(MOST_BOUNCES):
        story.service.foreign(post(), claimed(ANNA).model_copy(update={"claim_id": uuid5(NAMES, f"claim {number}")}))
        *_, letter = await story.letters()
        answer = await hand_in(story, report(letter, FAILED))
        assert answer["result"]["has_failed"] is True  # pyright: ignore[reportIndexIssue]
        await hand_in(story, report(letter, FAILED))  # twice is once
        await story.service.settled()
    names = await story.service.names()
    assert (names.count("LetterBounced"), names.count("AddressRested")) == (3, 1)
    told = {str(notice["kind"]): notice for notice in await story.inbox(story.member(ANNA))}
    assert "3 封邮件被退回" in str(told["LETTERS_REST"]["body"])
    story.service.foreign(claimed(ANNA).model_copy(update={"claim_id": uuid5(NAMES, "claim 9")}))
    assert len(await story.letters()) == MOST_BOUNCES
    failed = (await story.service.get("/letters/failed", as_=story.admin())).json()["items"]
    assert sorted(each["reason"] for each in failed) == ["ADDRESS_RESTS", "BOUNCED", "BOUNCED", "BOUNCED"]
    assert b"xiaohe" not in b"".join(event.body for event in await story.service.log())


@pytest.mark.parametrize(
    "changed",
    [
        ContactDetailsChanged(member_id=ANNA, phone_sealed=None, email_sealed="c2VhbGVk"),
        CorrectionAgreed(member_id=ANNA, field=CorrectableField.EMAIL, value_sealed="c2VhbGVk"),
    ],
)
async def test_letters_are_sent_again_once_the_address_has_changed(story: Story, changed: Event) -> None:
    story.mail.mood = "RCPT: 550 5.1.1 user unknown"
    for number in range(MOST_BOUNCES):
        story.service.foreign(post(), claimed(ANNA).model_copy(update={"claim_id": uuid5(NAMES, f"claim {number}")}))
        await story.letters()
    assert (await story.service.names()).count("AddressRested") == 1
    story.mail.mood = "take"
    story.service.foreign(changed)
    await story.service.settled()
    story.service.foreign(claimed(ANNA).model_copy(update={"claim_id": uuid5(NAMES, "claim 9")}))
    assert len(await story.letters()) == 1


async def test_an_office_is_told_too(story: Story) -> None:
    story.mail.mood = "RCPT: 550 5.1.1 user unknown"
    for number in range(MOST_BOUNCES):
        story.service.foreign(receipt_issued(uuid5(NAMES, f"reg {number}")))
        await story.letters()
    assert "LETTERS_REST" in await story.kinds(story.unit())
    story.service.foreign(OrganisationContactChanged(organisation_id=UNIT, contact_email="new@example.cn"))
    await story.service.settled()
    assert (await story.service.names()).count("AddressRenewed") == 1


async def test_only_reports_about_known_letters_are_taken_and_only_from_the_district(story: Story) -> None:
    letter = compose("xiaohe@example.cn", "林晓禾", [LETTER], datetime(2026, 3, 30, tzinfo=UTC))
    await hand_in(story, report(letter, FAILED), 404)
    await hand_in(story, b"Subject: hello\n\n", 422)
    forbidden = await story.service.post("/letters/bounces", as_=story.member(ANNA), content=report(letter, FAILED))
    assert forbidden.status_code == 403
    story.service.foreign(post(), claimed(ANNA))
    (sent,) = await story.letters()
    result = (await hand_in(story, report(sent, DELAYED)))["result"]
    assert result == {"notification_id": str(sent["Message-ID"])[1:37], "has_failed": False}
    assert "NotificationFailed" not in await story.service.names()
