"""Texts that many people read and that name nobody: no telephone or citizen number enters them.

Names cannot be recognised by a machine; whoever publishes such a text reads it first.
"""

from shared.decider import DomainError
from shared.privacy.personal_numbers import holds_number_of_a_person


class NumberOfAPerson(DomainError):
    """The text holds a telephone or identity number; write it without saying who is meant."""


def require_no_number_of_a_person(*texts: str) -> None:
    """Raise NumberOfAPerson when one of the texts holds a telephone or citizen number."""
    if holds_number_of_a_person(*texts):
        raise NumberOfAPerson
