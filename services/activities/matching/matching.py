"""Why a post and a member suit each other, and what would still be missing: a suggestion, never an assignment (G5).

Invariants: only what the member declared and the post states counts; what a claim would be refused for is not suggested, but for a
qualification the member may yet show; members are compared with the post, never with each other (G9).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.activities.posts.applications import Applicant, HeldPost, is_place_free, rejection
from services.activities.posts.state import PostTerms
from services.activities.work_hours import WORK_ENDS
from shared.contracts.activities.codes import DutySlot
from shared.contracts.service_preference import ServicePreference, ServiceTime

NOON: Final = time(12)
SATURDAY: Final = 6
SHORTEST_INTEREST: Final = 2  # signs; a single one is found in any text
WEEKDAY: Final = (ServiceTime.WEEKDAY_MORNING, ServiceTime.WEEKDAY_AFTERNOON, ServiceTime.WEEKDAY_EVENING)
WEEKEND: Final = (ServiceTime.WEEKEND_MORNING, ServiceTime.WEEKEND_AFTERNOON, ServiceTime.WEEKEND_EVENING)


class FitReason(StrEnum):
    """What speaks for it; their order is the order of groups of members."""

    SKILL = "SKILL"
    KIND = "KIND"
    TIME = "TIME"
    INTEREST = "INTEREST"
    COMMUNITY = "COMMUNITY"


class FitGap(StrEnum):
    """What to know before claiming."""

    QUALIFICATION = "QUALIFICATION"
    WAITING_LIST = "WAITING_LIST"
    OTHER_TIMES = "OTHER_TIMES"
    FREQUENCY = "FREQUENCY"
    VETTING = "VETTING"


FAR_AWAY: Final = frozenset({FitReason.SKILL, FitReason.KIND})  # one of these is worth the way into another community


@dataclass(frozen=True, slots=True)
class Why:
    """A reason or gap with the texts, codes or numbers behind it."""

    code: FitReason | FitGap
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An active registrant: what they declared, and which posts they hold or wait for."""

    member_id: UUID
    member_no: str
    community_id: UUID
    skills: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    willingness: ServicePreference = field(default_factory=ServicePreference)
    held: tuple[HeldPost, ...] = ()

    @property
    def has_declared(self) -> bool:
        """Whether the member declared anything to go by; an upper limit on how often is a limit, not a preference."""
        return bool(self.skills or self.interests or self.willingness.kinds or self.willingness.times)


@dataclass(frozen=True, slots=True)
class Offer:
    """An open post, how many hold a place on it and how many wait."""

    terms: PostTerms
    holders: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Match:
    """A post and a member, with why and what is missing."""

    candidate: Candidate
    offer: Offer
    reasons: tuple[Why, ...]
    missing: tuple[Why, ...]


def suggested(candidate: Candidate, offer: Offer, today: date, *, is_minors_module_on: bool) -> Match | None:
    """The match with its reasons; None when there is no reason to suggest it, or something bars it."""
    if _is_barred(candidate, offer, today, is_minors_module_on=is_minors_module_on):
        return None
    reasons = tuple(_reasons(candidate, offer.terms))
    if not {each.code for each in reasons} & {*FAR_AWAY, FitReason.COMMUNITY}:
        return None
    return Match(candidate, offer, reasons, tuple(_gaps(candidate, offer)))


def posts_for(candidate: Candidate, offers: Iterable[Offer], today: date, *, is_minors_module_on: bool) -> list[Match]:
    """Posts for one member: those with more reasons first, then by their term."""
    found = (suggested(candidate, each, today, is_minors_module_on=is_minors_module_on) for each in offers)
    return sorted((each for each in found if each is not None), key=post_key)


def members_for(offer: Offer, candidates: Iterable[Candidate], today: date, *, is_minors_module_on: bool) -> list[Match]:
    """Members for one post, in groups of the same reasons, each by number. Living in the community alone is nothing declared."""
    found = (suggested(each, offer, today, is_minors_module_on=is_minors_module_on) for each in candidates)
    return sorted((each for each in found if each is not None and _group(each)), key=member_key)


def post_key(match: Match) -> tuple[str, str, str]:
    """Place of a post among those for one member."""
    terms = match.offer.terms
    return (str(len(FitReason) - len(match.reasons)), terms.term_start.isoformat(), str(terms.post_id))


def member_key(match: Match) -> tuple[str, str, str]:
    """Place of a member among those for one post: by which reasons, never by how many, then by number. It says nothing about the person."""
    return (_group(match), match.candidate.member_no, str(match.candidate.member_id))


def _group(match: Match) -> str:
    declared = {each.code for each in match.reasons} - {FitReason.COMMUNITY}
    return "".join(str(number) for number, reason in enumerate(FitReason) if reason in declared)


def _is_barred(candidate: Candidate, offer: Offer, today: date, *, is_minors_module_on: bool) -> bool:
    terms = offer.terms
    is_over = today > terms.term_end
    is_held = any(each.post_id == terms.post_id for each in candidate.held)
    is_unsafe = bool(terms.hazards and not terms.insurance) or (terms.is_with_minors and not is_minors_module_on)
    shown = (*candidate.skills, *_qualification(terms))
    applicant = Applicant(held=candidate.held, skills=shown)
    return is_over or is_held or is_unsafe or rejection(applicant, terms, offer.holders, offer.waiting) is not None


def _reasons(candidate: Candidate, terms: PostTerms) -> Iterator[Why]:
    """In the order of FitReason."""
    skills = {*terms.skills, *_qualification(terms)} & set(candidate.skills)
    times = _in_order(each for slot in terms.slots if times_of(slot) <= set(candidate.willingness.times) for each in times_of(slot))
    about = f"{terms.title}\n{terms.duties}"
    interests = {each for each in candidate.interests if len(each) >= SHORTEST_INTEREST and each in about}
    if skills:
        yield Why(FitReason.SKILL, tuple(sorted(skills)))
    if terms.category in candidate.willingness.kinds:
        yield Why(FitReason.KIND, (terms.category,))
    if times:
        yield Why(FitReason.TIME, times)
    if interests:
        yield Why(FitReason.INTEREST, tuple(sorted(interests)))
    if terms.community_id == candidate.community_id:
        yield Why(FitReason.COMMUNITY)


def _gaps(candidate: Candidate, offer: Offer) -> Iterator[Why]:
    """In the order of FitGap. What the member did not say is unknown, so nothing is missing there."""
    terms, willing = offer.terms, candidate.willingness
    other_times = _in_order(each for slot in terms.slots for each in times_of(slot) - set(willing.times))
    a_month = _duties_a_month(terms)
    if terms.qualification and terms.qualification not in candidate.skills:
        yield Why(FitGap.QUALIFICATION, (terms.qualification,))
    if not is_place_free(terms, offer.holders, offer.waiting):
        yield Why(FitGap.WAITING_LIST, (str(offer.waiting + 1),))
    if willing.times and other_times:
        yield Why(FitGap.OTHER_TIMES, other_times)
    if willing.times_per_month is not None and a_month > willing.times_per_month:
        yield Why(FitGap.FREQUENCY, (str(a_month),))
    if terms.is_with_minors:
        yield Why(FitGap.VETTING)


def times_of(slot: DutySlot) -> set[ServiceTime]:
    """Parts of the week that a duty slot touches."""
    morning, afternoon, evening = WEEKEND if slot.weekday >= SATURDAY else WEEKDAY
    touched = {
        morning: slot.starts < NOON,
        afternoon: slot.starts < WORK_ENDS and slot.ends > NOON,
        evening: slot.ends > WORK_ENDS,
    }
    return {each for each, is_touched in touched.items() if is_touched}


def _duties_a_month(terms: PostTerms) -> int:
    """Agreed units by calendar month of the term, rounded up."""
    months = (terms.term_end.year - terms.term_start.year) * 12 + terms.term_end.month - terms.term_start.month + 1
    return -(-terms.agreed_units // months)


def _qualification(terms: PostTerms) -> tuple[str, ...]:
    return (terms.qualification,) if terms.qualification else ()


def _in_order(times: Iterable[ServiceTime]) -> tuple[ServiceTime, ...]:
    named = set(times)
    return tuple(each for each in ServiceTime if each in named)
