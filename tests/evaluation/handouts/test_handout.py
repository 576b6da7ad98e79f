"""Handouts by example: purpose, recipient, expiry, destruction."""

from datetime import date
from typing import Any
from uuid import UUID

from services.evaluation.cases.published import GradeUnderReview
from services.evaluation.handouts.handout import (
    HANDOUT,
    ConfirmDestruction,
    ExportNeedsExpiry,
    ExportStatement,
    ExportUnknown,
    RemindOfExport,
)
from services.evaluation.periods.occasions import OccasionNotEnabled
from shared.contracts.evaluation.codes import EvaluationOccasion
from shared.contracts.evaluation.statements import StatementExportDestroyed, StatementExported, StatementExportExpired
from shared.testing.scenario import Scenario
from tests.evaluation.given import MEMBER, PERIOD, UNIT, lodged, published


def export(**changes: Any) -> ExportStatement:
    default = frozenset({EvaluationOccasion.DEMOCRATIC_APPRAISAL, EvaluationOccasion.AWARD_SELECTION})
    given = {"export_id": UUID(int=4), "occasion": EvaluationOccasion.DEMOCRATIC_APPRAISAL, "enabled": default, "recipient": "第一党支部"}
    return ExportStatement(**{**given, "expires_on": date(2027, 6, 1), "today": date(2027, 2, 1), **changes})


def test_g13_an_export_states_purpose_recipient_and_expiry() -> None:
    given = Scenario(HANDOUT).given(published())
    given.when(export(occasion=EvaluationOccasion.PROMOTION_RECOMMENDATION)).then_rejected(OccasionNotEnabled)
    for day in (date(2027, 2, 1), date(2029, 1, 1), date.max):
        given.when(export(expires_on=day)).then_rejected(ExportNeedsExpiry)
    Scenario(HANDOUT).given(published(), lodged()).when(export()).then_rejected(GradeUnderReview)
    (exported,) = given.when(export()).then_events(StatementExported)
    Scenario(HANDOUT).given(published(), exported).when(export()).then_nothing()


def test_g13_what_was_handed_on_is_asked_back_once_and_confirmed_once() -> None:
    (exported,) = Scenario(HANDOUT).given(published()).when(export()).then_events(StatementExported)
    given, export_id = (published(), exported), UUID(int=4)
    facts = {"export_id": export_id, "member_id": MEMBER, "period_id": PERIOD, "unit_id": UNIT, "recipient": "第一党支部"}
    expired = StatementExportExpired(**facts, expires_on=date(2027, 6, 1))
    destroyed = StatementExportDestroyed(**facts, expires_on=date(2027, 6, 1), destroyed_on=date(2027, 6, 3), confirmed_by="secretary")
    remind = RemindOfExport(export_id=export_id, today=date(2027, 6, 2))
    confirm_it = ConfirmDestruction(export_id=export_id, confirmed_by="secretary", today=date(2027, 6, 3))
    Scenario(HANDOUT).given(*given).when(RemindOfExport(export_id=export_id, today=date(2027, 6, 1))).then_nothing()
    Scenario(HANDOUT).given(*given).when(remind).then(expired)
    Scenario(HANDOUT).given(*given, expired).when(remind).then_nothing()
    Scenario(HANDOUT).given(*given, expired).when(confirm_it).then(destroyed)
    Scenario(HANDOUT).given(*given, destroyed).when(remind).then_nothing()
    Scenario(HANDOUT).given(*given, destroyed).when(confirm_it).then_nothing()
    Scenario(HANDOUT).given(published()).when(confirm_it).then_rejected(ExportUnknown)
