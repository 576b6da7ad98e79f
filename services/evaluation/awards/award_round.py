"""Decides on an award round (评先选优) up to the panel's decision, and on calling it off. One stream per round."""

from typing import Final, assert_never

from services.evaluation.awards import nominations, opening, panel
from services.evaluation.awards.state import AwardRound, round_decider
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
        case _:
            assert_never(command)


AWARD_ROUND: Final[Decider[AwardCommand, AwardRound]] = round_decider(decide)
