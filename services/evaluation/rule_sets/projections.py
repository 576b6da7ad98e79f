"""Events of rule sets → their table."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.evaluation.periods import RuleSetDrafted, RuleSetPublished, RuleSetRetired
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new


def drafted(_event: Recorded, data: RuleSetDrafted) -> Iterator[Write]:
    """A version is written down."""
    stated = fields(data, "programme", "version", "title", "legal_basis", "definition")
    yield save_new("rule_sets", fields(data, "rule_set_id"), {**stated, "status": "DRAFT"})


def published(_event: Recorded, data: RuleSetPublished) -> Iterator[Write]:
    """It binds from a day on."""
    stated = fields(data, "effective_from", "effective_to", "notice_days")
    yield change("rule_sets", fields(data, "rule_set_id"), {**stated, "status": "PUBLISHED"})


def retired(_event: Recorded, data: RuleSetRetired) -> Iterator[Write]:
    """It ends on a day."""
    yield change("rule_sets", fields(data, "rule_set_id"), {**fields(data, "effective_to"), "status": "RETIRED"})


PROJECTIONS: Final[Projections] = {RuleSetDrafted: drafted, RuleSetPublished: published, RuleSetRetired: retired}
