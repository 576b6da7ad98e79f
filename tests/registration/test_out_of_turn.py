"""Commands about somebody or something that is not known are refused by name."""

from typing import Any

import pytest

from services.registration.crossings.crossing import CROSSING, ConfirmAway, CrossingUnknown, EndAway
from services.registration.members.corrections import ApplyRetention, ChangePoliticalStatus, RequestCorrection
from services.registration.members.member import MEMBER, MarkLostContact, MemberUnknown, RestoreContact
from services.registration.members.profile import ChangeContactDetails
from services.registration.organisations.community import LeaveAsPartner
from services.registration.organisations.organisation import ORGANISATION, OrganisationUnknown
from shared.decider import Command, Decider, DomainError
from shared.testing.samples import sample
from shared.testing.scenario import Scenario

UNKNOWN: tuple[tuple[Decider[Any, Any], type[Command], type[DomainError]], ...] = (
    (CROSSING, ConfirmAway, CrossingUnknown),
    (CROSSING, EndAway, CrossingUnknown),
    (MEMBER, ApplyRetention, MemberUnknown),
    (MEMBER, ChangePoliticalStatus, MemberUnknown),
    (MEMBER, RequestCorrection, MemberUnknown),
    (MEMBER, MarkLostContact, MemberUnknown),
    (MEMBER, RestoreContact, MemberUnknown),
    (MEMBER, ChangeContactDetails, MemberUnknown),
    (ORGANISATION, LeaveAsPartner, OrganisationUnknown),
)


@pytest.mark.parametrize(("decider", "command", "rule"), UNKNOWN, ids=lambda each: getattr(each, "__name__", "decider"))
def test_nothing_is_decided_about_the_unknown(decider: Decider[Any, Any], command: type[Command], rule: type[DomainError]) -> None:
    Scenario(decider).when(sample(command)).then_rejected(rule)
