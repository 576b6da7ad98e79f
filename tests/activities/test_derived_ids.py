"""Ids and codes that are derived stay the same for ever: streams in logs are found by them, and printed codes hold."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.activities.bulletins.bulletin import bulletin_id
from services.activities.calendar.secret_codes import link_token, sign_in_code
from services.activities.checklists.progress import progress_id
from services.activities.checklists.six_ones import checklist_id
from services.activities.members.retention import retention_id
from services.activities.modules.module import module_id
from services.activities.series.series import occurrence_id
from services.activities.time_bank.ledger import LEDGER, BankService
from shared.contracts.activities.modules import DistrictModule
from shared.contracts.activities.retention import Retained
from shared.testing.samples import sample

A, B = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: bulletin_id(A, "2026-03"), "85285a26-fbe3-81f0-ad2a-c67a5071ea6c"),
        (lambda: progress_id(A, B, 2026), "11478379-d202-8642-b8c3-64a5408f0e86"),
        (lambda: checklist_id(A, 2026), "041becc3-f00f-821b-aaee-c5d67bc85c81"),
        (lambda: retention_id(Retained.LEDGER), "7d92fbea-2b03-5884-bde2-159ff9b437c6"),
        (lambda: module_id(DistrictModule.TIME_BANK), "428df9b3-ed12-8bad-bddc-759ec63efb4a"),
        (lambda: occurrence_id(A, date(2026, 3, 7)), "90ad5d58-c1ab-8e63-9130-79b6b708a78c"),
    ],
)
def test_streams_are_found_by_the_same_ids(made: Callable[[], UUID], expected: str) -> None:
    assert str(made()) == expected


def test_entries_of_the_time_bank_have_the_same_ids() -> None:
    (credit,) = LEDGER.decide(sample(BankService, record_id=A, record_revision=1, is_banked=True, minutes=60), LEDGER.initial)
    assert str(credit.entry_id) == "de044013-1ccb-83eb-88f1-aad632cca10f"


def test_codes_and_links_hold() -> None:
    assert sign_in_code(b"key", "zhanqian", A, datetime(2026, 3, 7, 1, tzinfo=UTC)) == "881671"
    assert link_token(b"key", "zhanqian", A) == f"{'0' * 31}1wubfvn3io57hargzrhd3ikgpbc"
