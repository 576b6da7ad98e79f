"""An award round (评先选优): criteria, nominations, consent, panel, public notice, result. One stream per round.

Invariants: nobody stands without their own yes, nobody is ranked, nothing of it becomes points.
"""

from typing import assert_never

from services.evaluation.award_notices import notice
from services.evaluation.awards import nominations, opening, panel
from services.evaluation.awards.state import AwardRound, evolve
from shared.contracts.event import Event
from shared.decider import Decider

AwardCommand = (
    opening.OpenAwardRound
    | opening.CallOffRound
    | nominations.Nominate
    | nominations.AcceptNomination
    | nominations.DeclineNomination
    | panel.AppointPanel
    | panel.CastVote
    | panel.DecideAwards
    | notice.ObjectToAward
    | notice.CommentOnObjection
    | notice.UpholdObjection
    | notice.DismissObjection
    | notice.PublishResult
)


def decide(command: AwardCommand, state: AwardRound) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case opening.OpenAwardRound():
            return opening.open_round(command, state)
        case opening.CallOffRound():
            return opening.call_off(command, state)
        case nominations.Nominate():
            return nominations.nominate(command, state)
        case nominations.AcceptNomination():
            return nominations.accept(command, state)
        case nominations.DeclineNomination():
            return nominations.decline(command, state)
        case panel.AppointPanel():
            return panel.appoint(command, state)
        case panel.CastVote():
            return panel.vote(command, state)
        case panel.DecideAwards():
            return panel.decide_awards(command, state)
        case notice.ObjectToAward():
            return notice.object_to_award(command, state)
        case notice.CommentOnObjection():
            return notice.comment(command, state)
        case notice.UpholdObjection():
            return notice.uphold(command, state)
        case notice.DismissObjection():
            return notice.dismiss(command, state)
        case notice.PublishResult():
            return notice.publish_result(command, state)
        case _:
            assert_never(command)


AWARD_ROUND: Decider[AwardCommand, AwardRound] = Decider("award-round", AwardRound(), decide, evolve)

__all__ = ["AWARD_ROUND", "AwardCommand", "AwardRound"]
