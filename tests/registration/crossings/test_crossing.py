"""报到 across districts, the home side and the host side: one edge, issued, confirmed there, acknowledged, ended."""

from datetime import date
from typing import Any

from services.registration.crossings.crossing import (
    CROSSING,
    GUEST,
    AcknowledgeAway,
    AwayNotConfirmed,
    ConfirmAway,
    CrossingHasEnded,
    CrossingStaysInDistrict,
    EndAway,
    IssueAwayCertificate,
    ReceiveGuest,
)
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.crossings import (
    AwayCertificateIssued,
    AwayReceiptAcknowledged,
    AwayRegistrationConfirmed,
    AwayRegistrationEnded,
    GuestReceived,
)
from shared.testing.samples import sample
from shared.testing.scenario import Scenario

issue = sample(IssueAwayCertificate, home_district="yunxi", host_district="nanyuan")
issued = AwayCertificateIssued(**issue.model_dump(exclude={"home_district"}))
EDGE = issued.model_dump(include={"crossing_id", "member_id", "unit_id", "host_district"})


def confirm(**changes: Any) -> ConfirmAway:
    return ConfirmAway(**{"host_community": "南园社区", "receipt_no": "HZ-1", "confirmed_on": date(2026, 3, 7)} | changes)


confirmed = AwayRegistrationConfirmed(**EDGE, **confirm().model_dump())
acknowledged = AwayReceiptAcknowledged(**EDGE, receipt_no="HZ-1")
ended = AwayRegistrationEnded(**EDGE, ended_on=date(2026, 6, 1), reason=ClosureReason.MOVED)


def test_a_certificate_for_another_district_is_issued_once() -> None:
    Scenario(CROSSING).when(issue).then(issued)
    Scenario(CROSSING).given(issued).when(issue).then_nothing()


def test_the_own_district_is_no_other_district() -> None:
    Scenario(CROSSING).when(issue.model_copy(update={"host_district": "yunxi"})).then_rejected(CrossingStaysInDistrict)


def test_the_host_confirms_and_what_it_says_again_is_known() -> None:
    Scenario(CROSSING).given(issued).when(confirm()).then(confirmed)
    Scenario(CROSSING).given(issued, confirmed).when(confirm(confirmed_on=date(2026, 3, 8))).then_nothing()
    for change in ({"receipt_no": "HZ-2"}, {"host_community": "北园社区"}):
        (again,) = Scenario(CROSSING).given(issued, confirmed).when(confirm(**change)).then_events(AwayRegistrationConfirmed)
        assert change.items() <= again.model_dump().items()


def test_the_unit_acknowledges_each_receipt_once() -> None:
    Scenario(CROSSING).given(issued).when(AcknowledgeAway()).then_rejected(AwayNotConfirmed)
    Scenario(CROSSING).given(issued, confirmed).when(AcknowledgeAway()).then(acknowledged)
    Scenario(CROSSING).given(issued, confirmed, acknowledged).when(AcknowledgeAway()).then_nothing()
    other = AwayRegistrationConfirmed(**EDGE, **confirm(receipt_no="HZ-2").model_dump())
    Scenario(CROSSING).given(issued, confirmed, acknowledged, other).when(AcknowledgeAway()).then_events(AwayReceiptAcknowledged)


def test_after_the_end_nothing_follows_and_nothing_is_acknowledged() -> None:
    end = EndAway(ended_on=date(2026, 6, 1), reason=ClosureReason.MOVED)
    Scenario(CROSSING).given(issued, confirmed).when(end).then(ended)
    Scenario(CROSSING).given(issued, confirmed, ended).when(end).then_nothing()
    Scenario(CROSSING).given(issued, confirmed, ended).when(confirm(receipt_no="HZ-3")).then_nothing()
    Scenario(CROSSING).given(issued, confirmed, ended).when(AcknowledgeAway()).then_rejected(CrossingHasEnded)


def test_the_host_receives_a_guest_once() -> None:
    received = sample(GuestReceived)
    command = ReceiveGuest(**received.model_dump())
    Scenario(GUEST).when(command).then(received)
    Scenario(GUEST).given(received).when(command).then_nothing()
