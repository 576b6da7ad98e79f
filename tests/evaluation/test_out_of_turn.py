"""Commands about a period or a link that is not there are refused by name."""

from services.evaluation.periods.period import PERIOD, ClosePeriod, PeriodUnknown
from services.evaluation.ratings.invitation import INVITATION, LinkUnknown, WithholdRating
from shared.testing.samples import sample
from shared.testing.scenario import Scenario


def test_a_period_that_was_not_opened_is_not_closed() -> None:
    Scenario(PERIOD).when(sample(ClosePeriod)).then_rejected(PeriodUnknown)


def test_an_unknown_link_is_not_used_to_withhold_a_rating() -> None:
    Scenario(INVITATION).when(sample(WithholdRating)).then_rejected(LinkUnknown)
