"""What members agree to, in which version of the text.

Invariant: withdrawing is never refused.
"""

from services.registration.members.state import Enrolled
from shared.contracts.event import Event
from shared.contracts.registration.codes import ConsentPurpose
from shared.contracts.registration.members import ConsentGiven, ConsentWithdrawn
from shared.decider import Command


class GiveConsent(Command):
    """Agree to one purpose."""

    purpose: ConsentPurpose
    text_version: str


class WithdrawConsent(Command):
    """Take consent to one purpose back."""

    purpose: ConsentPurpose


def give_consent(command: GiveConsent, state: Enrolled) -> tuple[Event, ...]:
    """Another version of the text is another consent."""
    if state.consents.get(command.purpose) == command.text_version:
        return ()
    return (ConsentGiven(member_id=state.member_id, purpose=command.purpose, text_version=command.text_version),)


def withdraw_consent(command: WithdrawConsent, state: Enrolled) -> tuple[Event, ...]:
    """Nothing happens when there is no consent."""
    agreed = state.consents.get(command.purpose)
    if agreed is None:
        return ()
    return (ConsentWithdrawn(member_id=state.member_id, purpose=command.purpose, text_version=agreed),)
