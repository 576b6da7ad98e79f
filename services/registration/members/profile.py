"""What members say about themselves: how to reach them, what they can and would like to do."""

from typing import Annotated

from pydantic import Field

from services.registration.members.state import Enrolled
from shared.contracts.event import Event
from shared.contracts.registration.members import ContactDetailsChanged, MemberProfileUpdated
from shared.contracts.service_preference import PostCategory, ServicePreference, ServiceTime
from shared.decider import Command


class ChangeContactDetails(Command):
    """Replace phone and e-mail (None removes)."""

    phone_sealed: str | None
    email_sealed: str | None


class Willingness(Command):
    """服务意愿: fields of service, times, how often a month at most. What is not named stays unknown."""

    kinds: frozenset[PostCategory] = frozenset()
    times: frozenset[ServiceTime] = frozenset()
    times_per_month: Annotated[int, Field(ge=1, le=31)] | None = None

    @property
    def declared(self) -> ServicePreference:
        """The same in one order, so that saying it again in another order changes nothing."""
        kinds = tuple(each for each in PostCategory if each in self.kinds)
        times = tuple(each for each in ServiceTime if each in self.times)
        return ServicePreference(kinds=kinds, times=times, times_per_month=self.times_per_month)


class UpdateProfile(Command):
    """Say what one can and would like to do."""

    skills: tuple[str, ...] = Field(max_length=20)
    preferences: tuple[str, ...] = Field(max_length=20)
    willingness: Willingness = Willingness()


def change_contact(command: ChangeContactDetails, state: Enrolled) -> tuple[Event, ...]:
    """Sealed anew every time, so equal values cannot be recognised and every change is an event."""
    return (ContactDetailsChanged(member_id=state.member_id, phone_sealed=command.phone_sealed, email_sealed=command.email_sealed),)


def update_profile(command: UpdateProfile, state: Enrolled) -> tuple[Event, ...]:
    """The profile replaces the one before."""
    willingness = command.willingness.declared
    if (command.skills, command.preferences, willingness) == (state.skills, state.preferences, state.willingness):
        return ()
    lists = {"skills": command.skills, "preferences": command.preferences}
    return (MemberProfileUpdated(member_id=state.member_id, **lists, willingness=willingness),)
