"""All deciders of a stream as one, for tests that lead a case or an award round through everything that can happen to it."""

from collections.abc import Sequence
from typing import Any

from services.evaluation.appeals.appeal import APPEAL, AppealCommand
from services.evaluation.award_notices.notice import AWARD_NOTICE, NoticeCommand
from services.evaluation.awards.award_round import AWARD_ROUND, AwardCommand
from services.evaluation.cases.case import CASE, CaseCommand
from services.evaluation.handouts.handout import HANDOUT, HandoutCommand
from services.evaluation.hearings.hearing import HEARING, HearingCommand
from services.evaluation.statements.grade import GRADE, ConfirmGrade
from services.evaluation.statements.refusals import REFUSAL, RefusalCommand
from services.evaluation.statements.statement import STATEMENT, StatementCommand
from shared.contracts.event import Event
from shared.decider import Decider

OF_CASES = (
    (CASE, CaseCommand),
    (STATEMENT, StatementCommand),
    (GRADE, ConfirmGrade),
    (REFUSAL, RefusalCommand),
    (HEARING, HearingCommand),
    (APPEAL, AppealCommand),
    (HANDOUT, HandoutCommand),
)
OF_ROUNDS = ((AWARD_ROUND, AwardCommand), (AWARD_NOTICE, NoticeCommand))
AnyOfACase = CaseCommand | StatementCommand | ConfirmGrade | RefusalCommand | HearingCommand | AppealCommand | HandoutCommand
AnyOfARound = AwardCommand | NoticeCommand


def together(deciders: Sequence[tuple[Decider[Any, Any], Any]]) -> Decider[Any, Any]:
    """Each command goes to the decider it is for."""

    def decide(command: Any, state: Any) -> tuple[Event, ...]:
        (decider,) = [each for each, commands in deciders if isinstance(command, commands)]
        return decider.decide(command, state)

    first, *others = (each for each, _ in deciders)
    for each in others:  # what is remembered of a stream is folded once, whoever asks for it
        assert (each.category, each.initial, each.evolve) == (first.category, first.initial, first.evolve)
    return Decider(first.category, first.initial, decide, first.evolve)


WHOLE_CASE = together(OF_CASES)
WHOLE_ROUND = together(OF_ROUNDS)
