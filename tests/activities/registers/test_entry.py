"""Venues and partnerships hold until they are closed."""

from datetime import timedelta
from typing import Any

from services.activities.refusals import AlreadyExists, TermEndsBeforeItStarts
from services.activities.registers.entry import ENTRY, AgreePartnership, CloseEntry
from shared.contracts.activities.registers import PartnershipAgreed, PartnershipKind, RegisterEntryClosed
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, DAY, UNIT, some_id


def test_entries_hold_until_closed():
    ids = {"entry_id": some_id("ce", 1), "community_id": COMMUNITY}
    both = (PartnershipKind.SHARED_RESOURCES, PartnershipKind.SHARED_RESOURCES, PartnershipKind.JOINT_COUNCIL)
    agreement: dict[str, Any] = {"partner_id": UNIT, "kinds": both, "purpose": "开放会议室", "agreed_on": DAY}
    (agreed,) = Scenario(ENTRY).when(AgreePartnership(**ids, **agreement)).then_events(PartnershipAgreed)
    assert agreed.kinds == both[1:]
    closed = RegisterEntryClosed(**ids, reason="期满", closed_on=DAY)
    Scenario(ENTRY).given(agreed).when(CloseEntry(reason="期满", closed_on=DAY)).then(closed)
    Scenario(ENTRY).given(agreed, closed).when(CloseEntry(reason="期满", closed_on=DAY)).then_nothing()
    Scenario(ENTRY).given(agreed).when(AgreePartnership(**ids, **agreement)).then_rejected(AlreadyExists)
    backwards = agreement | {"ends_on": DAY - timedelta(days=1)}
    Scenario(ENTRY).when(AgreePartnership(**ids, **backwards)).then_rejected(TermEndsBeforeItStarts)
