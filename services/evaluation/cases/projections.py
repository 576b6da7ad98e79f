"""Events of cases → cases, exemptions, waivers."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.evaluation.assessments import CommunityAssessmentSubmitted, UnitAssessmentSubmitted
from shared.contracts.evaluation.hearings import CategoryWaived, ExemptionGranted, GradeProposalRefusalTakenBack, GradeProposalRefused
from shared.contracts.evaluation.statements import ReferenceGradeConfirmed
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import fields, save_new

UNIT_ASSESSED: Final = """
INSERT INTO cases (district, period_id, member_id, is_unit_assessed) VALUES ($1, $2, $3, true)
ON CONFLICT (district, period_id, member_id) DO UPDATE SET is_unit_assessed = true
"""
COMMUNITY_ASSESSED: Final = """
INSERT INTO cases (district, period_id, member_id, is_unit_assessed, community_opinion) VALUES ($1, $2, $3, false, $4)
ON CONFLICT (district, period_id, member_id) DO UPDATE SET community_opinion = EXCLUDED.community_opinion
"""
CONFIRMED: Final = """
INSERT INTO cases (district, period_id, member_id, is_unit_assessed, confirmed_grade, confirmed_reasons) VALUES ($1, $2, $3, false, $4, $5)
ON CONFLICT (district, period_id, member_id)
DO UPDATE SET (confirmed_grade, confirmed_reasons) = (EXCLUDED.confirmed_grade, EXCLUDED.confirmed_reasons)
"""
REFUSED: Final = """
INSERT INTO cases (district, period_id, member_id, is_unit_assessed, is_proposal_refused) VALUES ($1, $2, $3, false, $4)
ON CONFLICT (district, period_id, member_id) DO UPDATE SET is_proposal_refused = EXCLUDED.is_proposal_refused
"""


def unit_assessed(_event: Recorded, data: UnitAssessmentSubmitted) -> Iterator[Write]:
    """The unit's half is there; its figures are a fact."""
    yield UNIT_ASSESSED, (data.period_id, data.member_id)


def community_assessed(_event: Recorded, data: CommunityAssessmentSubmitted) -> Iterator[Write]:
    """The community's half is there."""
    yield COMMUNITY_ASSESSED, (data.period_id, data.member_id, data.opinion.value)


def confirmed(_event: Recorded, data: ReferenceGradeConfirmed) -> Iterator[Write]:
    """People have decided the grade."""
    yield CONFIRMED, (data.period_id, data.member_id, data.grade.value, data.reasons)


def refused(_event: Recorded, data: GradeProposalRefused) -> Iterator[Write]:
    """No grade is proposed."""
    yield REFUSED, (data.period_id, data.member_id, True)


def taken_back(_event: Recorded, data: GradeProposalRefusalTakenBack) -> Iterator[Write]:
    """A grade is proposed again."""
    yield REFUSED, (data.period_id, data.member_id, False)


def exempted(_event: Recorded, data: ExemptionGranted) -> Iterator[Write]:
    """Days that are not asked."""
    yield save_new(
        "exemptions", fields(data, "exemption_id"), fields(data, "member_id", "period_id", "starts_on", "ends_on", "reason_code")
    )


def waived(_event: Recorded, data: CategoryWaived) -> Iterator[Write]:
    """A category that is not asked."""
    yield save_new("waivers", fields(data, "period_id", "member_id", "category"), fields(data, "reason_code"))


PROJECTIONS: Final[Projections] = {
    UnitAssessmentSubmitted: unit_assessed,
    CommunityAssessmentSubmitted: community_assessed,
    ReferenceGradeConfirmed: confirmed,
    GradeProposalRefused: refused,
    GradeProposalRefusalTakenBack: taken_back,
    ExemptionGranted: exempted,
    CategoryWaived: waived,
}
