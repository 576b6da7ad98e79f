"""Events of teams, the six ones, suggestions and practical matters."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.activities.codes import SixOnesItem, TeamKind
from shared.contracts.event import Event, Value
from shared.contracts.registration.codes import OccupationGroup


class ServiceTeamFormed(Event):
    """A community forms a team; `occupation_groups` says to whom it is suggested, never who is assigned."""

    TYPE: ClassVar[str] = "guangcai.activities.ServiceTeamFormed"
    VERSION: ClassVar[int] = 1

    team_id: UUID
    community_id: UUID
    kind: TeamKind
    name: str
    aliases: tuple[str, ...] = ()
    occupation_groups: tuple[OccupationGroup, ...] = ()


class TeamJoined(Event):
    """The member confirmed the suggestion, or came unasked."""

    TYPE: ClassVar[str] = "guangcai.activities.TeamJoined"
    VERSION: ClassVar[int] = 1

    team_id: UUID
    community_id: UUID
    member_id: UUID


class TeamLeft(Event):
    """The member left the team."""

    TYPE: ClassVar[str] = "guangcai.activities.TeamLeft"
    VERSION: ClassVar[int] = 1

    team_id: UUID
    community_id: UUID
    member_id: UUID


class _Evidence(Value):
    member_id: UUID
    community_id: UUID | None = None
    year: int
    item: SixOnesItem
    source_event_id: UUID
    source_id: UUID
    source_revision: int = 1


class SixOnesItemCompleted(_Evidence, Event):
    """One of the six is done. `source_event_id` is the event that proves it, `source_id` the record, suggestion or matter behind it."""

    TYPE: ClassVar[str] = "guangcai.activities.SixOnesItemCompleted"
    VERSION: ClassVar[int] = 1


class SixOnesItemReopened(_Evidence, Event):
    """The proof of a done item was corrected away or voided. When other proof is at hand, a new completion follows at once."""

    TYPE: ClassVar[str] = "guangcai.activities.SixOnesItemReopened"
    VERSION: ClassVar[int] = 1


class SixOnesEvidenceAdded(_Evidence, Event):
    """Further proof of an item that is done already; it counts nothing unless the first proof falls."""

    TYPE: ClassVar[str] = "guangcai.activities.SixOnesEvidenceAdded"
    VERSION: ClassVar[int] = 1


class SixOnesEvidenceWithdrawn(_Evidence, Event):
    """Spare proof fell, or proof fell before it was entered."""

    TYPE: ClassVar[str] = "guangcai.activities.SixOnesEvidenceWithdrawn"
    VERSION: ClassVar[int] = 1


class SixOnesCompleted(Event):
    """All six items of the year are done."""

    TYPE: ClassVar[str] = "guangcai.activities.SixOnesCompleted"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    year: int


class _SuggestionFacts(Value):
    suggestion_id: UUID
    member_id: UUID
    community_id: UUID


class SuggestionSubmitted(_SuggestionFacts, Event):
    """A member makes a suggestion."""

    TYPE: ClassVar[str] = "guangcai.activities.SuggestionSubmitted"
    VERSION: ClassVar[int] = 1

    title: str
    text: str


class SuggestionAccepted(_SuggestionFacts, Event):
    """Accepted for review: this completes the item of the six ones."""

    TYPE: ClassVar[str] = "guangcai.activities.SuggestionAccepted"
    VERSION: ClassVar[int] = 1

    accepted_by: str


class SuggestionAdopted(_SuggestionFacts, Event):
    """The suggestion will be carried out."""

    TYPE: ClassVar[str] = "guangcai.activities.SuggestionAdopted"
    VERSION: ClassVar[int] = 1

    adopted_by: str
    plan: str


class SuggestionDeclined(_SuggestionFacts, Event):
    """Not taken up, with the reason. An accepted suggestion keeps its item of the six ones."""

    TYPE: ClassVar[str] = "guangcai.activities.SuggestionDeclined"
    VERSION: ClassVar[int] = 1

    declined_by: str
    reason: str


class SuggestionCarriedOut(_SuggestionFacts, Event):
    """What became of an adopted suggestion."""

    TYPE: ClassVar[str] = "guangcai.activities.SuggestionCarriedOut"
    VERSION: ClassVar[int] = 1

    result: str


class _MatterFacts(Value):
    matter_id: UUID
    member_id: UUID
    community_id: UUID


class PracticalMatterProposed(_MatterFacts, Event):
    """A member offers to get one concrete matter of the community done."""

    TYPE: ClassVar[str] = "guangcai.activities.PracticalMatterProposed"
    VERSION: ClassVar[int] = 1

    title: str
    text: str


class PracticalMatterApproved(_MatterFacts, Event):
    """The community agrees that the matter is wanted and within the member's means."""

    TYPE: ClassVar[str] = "guangcai.activities.PracticalMatterApproved"
    VERSION: ClassVar[int] = 1

    approved_by: str


class PracticalMatterDeclined(_MatterFacts, Event):
    """Not wanted or not feasible, with the reason."""

    TYPE: ClassVar[str] = "guangcai.activities.PracticalMatterDeclined"
    VERSION: ClassVar[int] = 1

    declined_by: str
    reason: str


class PracticalMatterReported(_MatterFacts, Event):
    """The member reports the matter done."""

    TYPE: ClassVar[str] = "guangcai.activities.PracticalMatterReported"
    VERSION: ClassVar[int] = 1

    result: str


class PracticalMatterCompleted(_MatterFacts, Event):
    """The community confirmed that the matter is done: this completes the item of the six ones."""

    TYPE: ClassVar[str] = "guangcai.activities.PracticalMatterCompleted"
    VERSION: ClassVar[int] = 1

    confirmed_by: str
