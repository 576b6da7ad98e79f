"""Whole histories of a member, with true charges and invented ones: every line of the statement has events that show it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.cases.state import CaseState
from services.evaluation.facts.sources import FACTS, Source, fact_of
from services.evaluation.hearings.hearing import HEARING, AnswerDeduction, ProposeDeduction, UpholdDeduction
from services.evaluation.scoring.engine import score
from services.evaluation.scoring.facts import STANDING, Fact, FactKind
from shared.contracts.activities.codes import ActivityType, Attendance, EvidenceLevel, ReleaseReason, SixOnesItem, TimeBand
from shared.contracts.activities.community import SixOnesItemCompleted, SuggestionAdopted
from shared.contracts.activities.posts import PostReleased, PostTakenUp
from shared.contracts.activities.records import ActivityConfirmed, ActivityCorrected, ActivityVoided, AttendanceRecorded
from shared.contracts.evaluation.assessments import CommendationGranted, RatingSubmitted, UnitAssessmentSubmitted
from shared.contracts.evaluation.codes import DeductionKind
from shared.contracts.evaluation.hearings import DeductionUpheld
from shared.contracts.event import Event
from shared.decider import Command, DomainError
from tests.evaluation.given import COMMUNITY, MEMBER, PERIOD, RUBRIC, UNIT, YEAR
from tests.evaluation.scoring.scoring_facts import MEMBER as REGISTRANT
from tests.evaluation.scoring.scoring_facts import RULE_SETS, books, preset, version

STRANGER = UUID("0192aaaa-0000-7000-8000-000000000002")
REGISTERED = UUID(int=1)
PRESETS = sorted(path.stem for path in RULE_SETS.glob("*.json"))
Told = tuple[UUID, int, date, Event]  # id, revision, day, what it says

days = st.integers(-90, 450).map(lambda day: YEAR.starts_on + timedelta(days=day))
people = st.sampled_from([MEMBER, MEMBER, MEMBER, STRANGER])
few = st.integers(1, 4)


def _record(member: UUID, number: int, day: date, minutes: int) -> dict[str, Any]:
    starts_at = datetime.combine(day, time(1), UTC)
    return {
        "record_id": UUID(int=100 + number), "activity_id": UUID(int=200 + number), "member_id": member, "community_id": COMMUNITY,
        "unit_id": UNIT, "activity_type": ActivityType.VOLUNTEER_SERVICE, "time_band": TimeBand.OUTSIDE_WORK_HOURS, "served_on": day,
        "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes), "minutes": minutes,
        "evidence_level": EvidenceLevel.ORGANISER_CONFIRMED,
    }  # fmt: skip


def _corrected(member: UUID, number: int, day: date, minutes: int) -> ActivityCorrected:
    return ActivityCorrected(
        **_record(member, number, day, minutes), corrects_event_id=UUID(int=9), revision=2, reason="更正", corrected_by="clerk",
        before_minutes=60, before_served_on=day,
    )  # fmt: skip


def _voided(member: UUID, number: int, day: date) -> ActivityVoided:
    ids = {name: value for name, value in _record(member, number, day, 60).items() if name in ActivityVoided.model_fields}
    return ActivityVoided(
        **ids, voids_event_id=UUID(int=9), revision=3, reason="重复", voided_by="clerk", before_minutes=60, before_served_on=day
    )


def _post(member: UUID, number: int) -> dict[str, Any]:
    return {"post_id": UUID(int=300 + number), "claim_id": UUID(int=400 + number), "member_id": member, "community_id": COMMUNITY}


def _left(member: UUID, number: int, day: date, reason: ReleaseReason) -> PostReleased:
    return PostReleased(
        **_post(member, number), reason=reason, released_on=day, notice_days=0, with_notice=reason is not ReleaseReason.ABANDONED,
        fulfilled_units=1, agreed_units=5, originally_agreed_units=8,
    )  # fmt: skip


def _marks(member: UUID, attended: int) -> UnitAssessmentSubmitted:
    return UnitAssessmentSubmitted(
        member_id=member, period_id=PERIOD, unit_id=UNIT, attended=attended, required=20, excused=0, rubric=RUBRIC, unit_tasks=1,
        assessed_by="secretary",
    )  # fmt: skip


events: st.SearchStrategy[Event] = st.one_of(
    st.builds(lambda *what: ActivityConfirmed(**_record(*what), confirmed_by="clerk"), people, few, days, st.integers(1, 900)),
    st.builds(_corrected, people, few, days, st.integers(1, 900)),
    st.builds(_voided, people, few, days),
    st.builds(lambda who, number, day: PostTakenUp(**_post(who, number), agreed_units=8, taken_up_on=day), people, few, days),
    st.builds(_left, people, few, days, st.sampled_from(ReleaseReason)),
    st.builds(
        lambda who, number, how: AttendanceRecorded(
            member_id=who, activity_id=UUID(int=200 + number), community_id=COMMUNITY, attendance=how, recorder="leader"
        ),
        people, few, st.sampled_from(Attendance),
    ),
    st.builds(
        lambda who, item: SixOnesItemCompleted(
            member_id=who, community_id=COMMUNITY, year=2026, item=item, source_event_id=UUID(int=9), source_id=UUID(int=9)
        ),
        people, st.sampled_from(SixOnesItem),
    ),
    st.builds(
        lambda who, number: SuggestionAdopted(
            suggestion_id=UUID(int=500 + number), member_id=who, community_id=COMMUNITY, adopted_by="secretary", plan="增设路灯"
        ),
        people, few,
    ),
    st.builds(
        lambda who, number, day: RatingSubmitted(
            invitation_id=UUID(int=600 + number), activity_id=UUID(int=200), member_id=who, community_id=COMMUNITY, served_on=day, rating=4,
            rater_token_hash="hash",
        ),
        people, few, days,
    ),
    st.builds(
        lambda who, number, day: CommendationGranted(
            commendation_id=UUID(int=700 + number), member_id=who, period_id=PERIOD, granted_on=day, reason="汛期值守"
        ),
        people, few, days,
    ),
    st.builds(_marks, people, st.integers(0, 20)),
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[Told]:
    """Events of the member and of somebody else, each with an id and a day of its own; then charges on any of them, or on none."""
    told = [
        (UUID(int=10_000 + number), number, draw(days), event) for number, event in enumerate(draw(st.lists(events, max_size=20)), start=1)
    ]
    state = HEARING.initial
    for number in range(draw(st.integers(0, 6))):
        source = draw(st.sampled_from([UUID(int=404), REGISTERED, *(id_ for id_, *_ in told)]))
        for event in _heard(told, state, UUID(int=800 + number), draw(st.sampled_from(DeductionKind)), source):
            state = HEARING.evolve(state, event)
            told.append((UUID(int=20_000 + len(told)), len(told), draw(days), event))
    return told


def _heard(told: Sequence[Told], state: CaseState, id_: UUID, kind: DeductionKind, source: UUID) -> Iterator[Event]:
    """Propose, answer and uphold a charge, as far as it is taken."""
    facts = _facts(told)
    known = tuple(
        fact for fact in facts if any(each.event_id == source and (each.kind, each.subject) == (fact.kind, fact.subject) for each in facts)
    )
    shared: dict[str, Any] = {"period": YEAR, "known": known, "reason": "属实"}
    proposal = ProposeDeduction(
        deduction_id=id_, member_id=MEMBER, period_id=PERIOD, community_id=COMMUNITY, kind=kind, source_event_id=source,
        answer_until=date(2026, 6, 8), proposed_by="clerk", **shared,
    )  # fmt: skip
    decided = UpholdDeduction(deduction_id=id_, decided_by="street", today=date(2026, 6, 9), **shared)
    commands: tuple[Command, ...] = (proposal, AnswerDeduction(deduction_id=id_, answer="说明"), decided)
    try:
        for command in commands:
            for event in HEARING.decide(command, state):
                state = HEARING.evolve(state, event)
                yield event
    except DomainError:
        return


def _facts(told: Sequence[Told]) -> list[Fact]:
    """What the read model knows about the member."""
    stated = [fact_of(Source(id_, revision, day), event) for id_, revision, day, event in told if type(event) in FACTS]
    return [each.fact for each in stated if each.member_id == MEMBER]


def _counting(facts: Sequence[Fact]) -> list[Fact]:
    """The latest revision of every subject, unless it is voided."""
    latest = {(fact.kind, fact.subject): fact for fact in sorted(facts, key=lambda fact: fact.revision)}
    return [fact for fact in latest.values() if not fact.voided]


@settings(max_examples=150, deadline=None)
@given(told=histories(), name=st.sampled_from(PRESETS))
def test_no_line_without_an_event_of_the_member_that_shows_it(told: list[Told], name: str) -> None:
    registered = Fact(FactKind.REGISTERED, "registration", 1, YEAR.starts_on, REGISTERED, until=STANDING)
    statement = score([registered, *_counting(_facts(told))], books(version(preset(name))), YEAR, REGISTRANT)
    happened = {id_: event for id_, _, _, event in told}
    membership = {REGISTERED, YEAR.opened_by, REGISTRANT.opened_by}
    for line in statement.lines:
        sources = [happened[each] for each in line.source_event_ids if each in happened]
        assert sources or set(line.source_event_ids) <= membership, line.text_en
        assert all(each.model_dump()["member_id"] == MEMBER for each in sources)
        for each in sources:
            if isinstance(each, DeductionUpheld):
                _require_shown(each, happened[each.source_event_id])


def _require_shown(upheld: DeductionUpheld, source: Event) -> None:
    match upheld.kind:
        case DeductionKind.POST_ABANDONED:
            assert isinstance(source, PostReleased)
            assert (source.reason, source.member_id) == (ReleaseReason.ABANDONED, MEMBER)
            assert YEAR.starts_on <= source.released_on <= YEAR.ends_on
        case DeductionKind.RECORD_FALSE:
            assert isinstance(source, ActivityConfirmed | ActivityCorrected)
            assert source.member_id == MEMBER
            assert YEAR.starts_on <= source.served_on <= YEAR.ends_on
