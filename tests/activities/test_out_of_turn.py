"""Commands that come before there is anything to act on, or once more for what is there already, are refused by name."""

from typing import Any

import pytest

from services.activities.calendar.link import LINK, OpenLink
from services.activities.campaigns.campaign import CAMPAIGN, CloseCampaign, OpenCampaign
from services.activities.checklists.definition import DEFINITION, DeclareChecklist
from services.activities.checklists.progress import PROGRESS, UntickItem
from services.activities.gatherings.state import ActivityIsNotOpen
from services.activities.neighbourhoods.area import AREA, CloseArea
from services.activities.neighbourhoods.household_group import GROUP, DissolveGroup, FormGroup, NameLeader
from services.activities.pairings.pairing import PAIRING, EndPairing, StateParentalConsent
from services.activities.posts.applications import PostIsNotOpen
from services.activities.posts.post import SERVICE_POST, ClosePost
from services.activities.records.corrections import RemindOfCorrection
from services.activities.records.record import RECORDS
from services.activities.refusals import AlreadyExists, NobodyConfirmsTheirOwn, WrongStep
from services.activities.registers.affair import AFFAIR, AnnounceAffair
from services.activities.registers.entry import ENTRY, CloseEntry, OpenVenue
from services.activities.suggestions.matter import MATTER, DeclineMatter, ProposeMatter
from services.activities.suggestions.suggestion import SUGGESTION, ReportSuggestionResult, SubmitSuggestion
from shared.contracts.activities.campaigns import ContributionCampaignOpened
from shared.contracts.activities.checklists import ChecklistDeclared
from shared.contracts.activities.community import PracticalMatterProposed, SuggestionSubmitted
from shared.contracts.activities.links import CalendarLinkOpened
from shared.contracts.activities.neighbourhoods import HouseholdGroupFormed
from shared.contracts.activities.registers import OpenAffairPublished, VenueOpened
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.testing.samples import sample
from shared.testing.scenario import Scenario
from tests.activities.given import DAY, member

BEFORE: tuple[tuple[Decider[Any, Any], Command, type[DomainError]], ...] = (
    (CAMPAIGN, sample(CloseCampaign), WrongStep),
    (AREA, sample(CloseArea), WrongStep),
    (GROUP, sample(DissolveGroup), WrongStep),
    (GROUP, sample(NameLeader), WrongStep),
    (PAIRING, sample(EndPairing), WrongStep),
    (PAIRING, sample(StateParentalConsent), WrongStep),
    (SERVICE_POST, ClosePost(reason="岗位撤销", today=DAY, done_units={}), PostIsNotOpen),
    (RECORDS, sample(RemindOfCorrection), ActivityIsNotOpen),
    (ENTRY, sample(CloseEntry), WrongStep),
    (MATTER, sample(DeclineMatter), WrongStep),
    (SUGGESTION, sample(ReportSuggestionResult), WrongStep),
)
AGAIN: tuple[tuple[Decider[Any, Any], type[Event], type[Command]], ...] = (
    (LINK, CalendarLinkOpened, OpenLink),
    (CAMPAIGN, ContributionCampaignOpened, OpenCampaign),
    (DEFINITION, ChecklistDeclared, DeclareChecklist),
    (GROUP, HouseholdGroupFormed, FormGroup),
    (AFFAIR, OpenAffairPublished, AnnounceAffair),
    (ENTRY, VenueOpened, OpenVenue),
    (MATTER, PracticalMatterProposed, ProposeMatter),
    (SUGGESTION, SuggestionSubmitted, SubmitSuggestion),
)


@pytest.mark.parametrize(("decider", "command", "rule"), BEFORE, ids=lambda each: type(each).__name__)
def test_what_does_not_exist_yet_is_not_acted_on(decider: Decider[Any, Any], command: Command, rule: type[DomainError]) -> None:
    Scenario(decider).when(command).then_rejected(rule)


@pytest.mark.parametrize(("decider", "event", "command"), AGAIN, ids=lambda each: getattr(each, "__name__", "decider"))
def test_what_exists_is_not_made_once_more(decider: Decider[Any, Any], event: type[Event], command: type[Command]) -> None:
    Scenario(decider).given(sample(event)).when(sample(command)).then_rejected(AlreadyExists)


def test_nobody_takes_their_own_tick_back() -> None:
    own = {"subject_id": member(1), "unticked_by": str(member(1)), "code": "BOX"}
    Scenario(PROGRESS).when(sample(UntickItem, **own)).then_rejected(NobodyConfirmsTheirOwn)
