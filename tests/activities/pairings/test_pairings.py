"""Help pairings: voluntary, nameless, and with minors never one adult alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities import errors
from services.activities.modules.module import MODULE, TOPICS, ModuleIsOff, ModuleRulesMissing, RuleDraft, SwitchOff, SwitchOn
from services.activities.pairings.pairing import (
    PAIRING,
    EndPairing,
    JoinPairing,
    LeavePairing,
    NoteVisit,
    OfferPairing,
    ReviewPairing,
    StateParentalConsent,
)
from services.activities.pairings.state import NotAHelper, Pairing, PairingIsComplete, PairingIsNotRunning, PairingPhase
from services.activities.posts.claims import ConfirmPostClaim, VettingNotChecked
from services.activities.posts.post import POST, AmendPost, EstablishPost, ProposePost, SafeguardingMissing
from shared.contracts.activities import (
    DistrictModule,
    HelpPairingEnded,
    HelpPairingJoined,
    HelpPairingLeft,
    HelpPairingOffered,
    HelpPairingPaused,
    HelpPairingStarted,
    HelpPairingVisited,
    ModuleSwitchedOff,
    ModuleSwitchedOn,
    PairingEnd,
    PairingPause,
    PairingProgress,
    ParentalConsentStated,
    PostEstablished,
    PostProposed,
    RecipientType,
    ReleaseReason,
)
from shared.contracts.registration import ClosureReason, RegistrationClosed
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.conftest import District, registration_of
from tests.activities.given import CLERK, COMMUNITY, DAY, SECRETARY, TERM_END, TERM_START, TERMS, claim_id, claimed, member, some_id

PAIRING_ID = some_id("ae", 1)
IDS = {"pairing_id": PAIRING_ID, "community_id": COMMUNITY}
DRAFT: dict[str, Any] = {
    "recipient_type": RecipientType.ELDERLY,
    "goal": "每周探望,代购药品",
    "file_no": "帮扶档案12号",
    "helpers_wanted": 1,
    "term_start": TERM_START,
    "term_end": TERM_END,
    "review_by": date(2026, 6, 30),
}
offered = HelpPairingOffered(**IDS, **DRAFT, is_with_minors=False)
with_minors = offered.model_copy(update={"recipient_type": RecipientType.CHILDREN, "helpers_wanted": 2, "is_with_minors": True})
consent = ParentalConsentStated(**IDS, is_given=True, stated_by=CLERK)


def joined(number: int) -> HelpPairingJoined:
    return HelpPairingJoined(**IDS, member_id=member(number))


def started(*numbers: int) -> HelpPairingStarted:
    return HelpPairingStarted(**IDS, member_ids=tuple(member(number) for number in numbers))


def join(number: int) -> JoinPairing:
    return JoinPairing(member_id=member(number), today=DAY)


def visit(*numbers: int, second_adult: str | None = None, on: date = DAY) -> NoteVisit:
    people = tuple(member(number) for number in numbers)
    return NoteVisit(visited_on=on, today=DAY, member_ids=people, second_adult=second_adult, noted_by=CLERK)


def test_a_pairing_starts_with_its_helper_and_rests_without():
    Scenario(PAIRING).when(OfferPairing(**IDS, **DRAFT, is_minors_module_on=False)).then(offered)
    Scenario(PAIRING).given(offered).when(join(1)).then(joined(1), started(1))
    Scenario(PAIRING).given(offered, joined(1), started(1)).when(join(2)).then_rejected(PairingIsComplete)
    Scenario(PAIRING).given(offered, joined(1), started(1)).when(join(1)).then_nothing()
    leave = LeavePairing(member_id=member(1), by_member=True, reason=ReleaseReason.WORKLOAD)
    left = HelpPairingLeft(**IDS, member_id=member(1), reason=ReleaseReason.WORKLOAD)
    paused = HelpPairingPaused(**IDS, cause=PairingPause.TOO_FEW_HELPERS)
    Scenario(PAIRING).given(offered, joined(1), started(1)).when(leave).then(left, paused)
    Scenario(PAIRING).given(offered).when(leave).then_rejected(NotAHelper)


def test_g14_with_children_it_needs_the_module_two_helpers_and_consent():
    children = DRAFT | {"recipient_type": RecipientType.CHILDREN}
    Scenario(PAIRING).when(OfferPairing(**IDS, **children, is_minors_module_on=False)).then_rejected(ModuleIsOff)
    Scenario(PAIRING).when(OfferPairing(**IDS, **children, is_minors_module_on=True)).then(with_minors)
    Scenario(PAIRING).given(with_minors).when(join(1)).then(joined(1))
    Scenario(PAIRING).given(with_minors, joined(1)).when(join(2)).then(joined(2))
    stated = StateParentalConsent(is_given=True, stated_by=CLERK)
    Scenario(PAIRING).given(with_minors, joined(1), joined(2)).when(stated).then(consent, started(1, 2))
    running = (with_minors, joined(1), joined(2), consent, started(1, 2))
    taken_back = StateParentalConsent(is_given=False, stated_by=CLERK)
    paused = HelpPairingPaused(**IDS, cause=PairingPause.NO_PARENTAL_CONSENT)
    Scenario(PAIRING).given(*running).when(taken_back).then(consent.model_copy(update={"is_given": False}), paused)


def test_g14_nobody_visits_minors_alone():
    running = (with_minors, joined(1), joined(2), consent, started(1, 2))
    Scenario(PAIRING).given(*running).when(visit(1)).then_rejected(errors.TwoAdultsNeeded)
    Scenario(PAIRING).given(*running).when(visit(1, 1)).then_rejected(errors.TwoAdultsNeeded)
    Scenario(PAIRING).given(*running).when(visit(1, 2)).then_events(HelpPairingVisited)
    Scenario(PAIRING).given(*running).when(visit(1, second_adult="班主任")).then_events(HelpPairingVisited)
    Scenario(PAIRING).given(*running).when(visit(1, 3)).then_rejected(NotAHelper)
    Scenario(PAIRING).given(*running).when(visit(1, 2, on=DAY + timedelta(days=1))).then_rejected(errors.FutureRecord)
    Scenario(PAIRING).given(with_minors, joined(1), joined(2)).when(visit(1, 2)).then_rejected(PairingIsNotRunning)
    Scenario(PAIRING).given(offered, joined(1), started(1)).when(visit(1)).then_events(HelpPairingVisited)


def test_whoever_helps_does_not_review_and_an_ended_pairing_moves_no_more():
    running = (offered, joined(1), started(1))
    review = {"progress": PairingProgress.ON_COURSE, "review_by": date(2026, 9, 30), "today": DAY}
    Scenario(PAIRING).given(*running).when(ReviewPairing(**review, reviewed_by=str(member(1)))).then_rejected(errors.NobodyConfirmsTheirOwn)
    late = review | {"review_by": date(2027, 3, 1)}
    Scenario(PAIRING).given(*running).when(ReviewPairing(**late, reviewed_by=SECRETARY)).then_rejected(errors.TermEndsBeforeItStarts)
    end = EndPairing(reason=PairingEnd.GOAL_REACHED, ended_by=SECRETARY)
    ended = HelpPairingEnded(**IDS, reason=PairingEnd.GOAL_REACHED, ended_by=SECRETARY)
    Scenario(PAIRING).given(*running).when(end).then(ended)
    Scenario(PAIRING).given(*running, ended).when(end).then_nothing()
    Scenario(PAIRING).given(*running, ended).when(join(2)).then_rejected(PairingIsNotRunning)


PEOPLE = st.integers(1, 4)
commands = st.one_of(
    st.builds(join, PEOPLE),
    st.builds(lambda number: LeavePairing(member_id=member(number), by_member=False, reason=ReleaseReason.OTHER), PEOPLE),
    st.builds(lambda given: StateParentalConsent(is_given=given, stated_by=CLERK), st.booleans()),
    st.builds(lambda numbers: visit(*numbers), st.lists(PEOPLE, min_size=1, max_size=2)),
)


@given(st.lists(commands, max_size=25))
def test_g14_no_sequence_leaves_one_adult_alone_with_minors(sequence: list[Any]):
    state: Pairing = PAIRING.evolve(PAIRING.initial, with_minors)
    for command in sequence:
        try:
            events = PAIRING.decide(command, state)
        except DomainError:
            continue
        for event in events:
            if isinstance(event, HelpPairingVisited):
                assert len(set(event.member_ids)) >= 2
                assert state.phase is PairingPhase.RUNNING
            state = PAIRING.evolve(state, event)
        assert (state.phase is PairingPhase.RUNNING) == (len(state.helpers) >= 2 and state.has_consent)


@pytest.mark.parametrize("module", DistrictModule)
def test_a_module_is_on_only_with_all_its_rules(module: DistrictModule):
    rules = tuple(RuleDraft(topic=topic, text="按办法执行") for topic in TOPICS[module])
    on = SwitchOn(module=module, rules=rules, decided_by="admin")
    Scenario(MODULE).when(SwitchOn(module=module, rules=rules[1:], decided_by="admin")).then_rejected(ModuleRulesMissing)
    (switched,) = Scenario(MODULE).when(on).then_events(ModuleSwitchedOn)
    Scenario(MODULE).given(switched).when(on).then_nothing()
    off = SwitchOff(module=module, reason="人手不足", decided_by="admin")
    (back,) = Scenario(MODULE).given(switched).when(off).then_events(ModuleSwitchedOff)
    Scenario(MODULE).given(switched, back).when(on).then(switched)


def test_g14_a_post_with_minors_needs_the_module_two_places_protection_and_vetting():
    draft = TERMS | {"is_with_minors": True}
    Scenario(POST).when(ProposePost(**draft)).then_rejected(ModuleIsOff)
    (proposal,) = Scenario(POST).when(ProposePost(**draft, is_minors_module_on=True)).then_events(PostProposed)
    Scenario(POST).given(proposal).when(EstablishPost()).then_rejected(SafeguardingMissing)
    single = proposal.model_copy(update={"capacity": 1, "safeguarding": "活动室门敞开"})
    Scenario(POST).given(single).when(EstablishPost()).then_rejected(SafeguardingMissing)
    safe = proposal.model_copy(update={"safeguarding": "活动室门敞开,社区工作人员在场"})
    (established,) = Scenario(POST).given(safe).when(EstablishPost()).then_events(PostEstablished)
    Scenario(POST).given(established).when(AmendPost(reason="减员", capacity=1)).then_rejected(SafeguardingMissing)
    take_up = {"claim_id": claim_id(1), "taken_up_on": DAY, "confirmed_by": SECRETARY}
    Scenario(POST).given(established, claimed(1)).when(ConfirmPostClaim(**take_up)).then_rejected(VettingNotChecked)
    Scenario(POST).given(established, claimed(1)).when(ConfirmPostClaim(**take_up, is_vetted=True)).then(
        *POST.decide(ConfirmPostClaim(**take_up, is_vetted=True), POST.evolve(POST.evolve(POST.initial, established), claimed(1)))
    )


def draft(**changes: Any) -> dict[str, Any]:
    values = {"community_id": str(COMMUNITY), "recipient_type": "ELDERLY", "goal": "每周探望", "file_no": "12号"}
    return values | {"term_start": "2026-01-01", "term_end": "2026-12-31", "review_by": "2026-03-31"} | changes


async def offer(district: District, **changes: Any) -> str:
    return (await district.post("/pairings", district.clerk, 201, **draft(**changes)))["result"]["pairing_id"]


async def test_a_pairing_from_offer_to_review_is_seen_by_helpers_and_community_only(district: District) -> None:
    pairing_id = await offer(district)
    path = f"/pairings/{pairing_id}"
    assert [each["pairing_id"] for each in (await district.get("/pairings", district.member(1)))["items"]] == [pairing_id]
    assert (await district.get("/pairings", district.member(6)))["items"] == []  # registered elsewhere
    await district.post(f"{path}/join", district.member(6), 403)
    await district.post(f"{path}/join", district.member(1))
    await district.post(f"{path}/visits", district.member(1), 201, visited_on="2026-01-05", member_ids=[str(member(1))])
    await district.post(f"{path}/visits", district.member(2), 404, visited_on="2026-01-05", member_ids=[str(member(1))])
    (seen,) = (await district.get("/pairings", district.secretary))["items"]
    assert (seen["status"], seen["visits"], seen["last_visit_on"], seen["helpers"]) == ("RUNNING", 1, "2026-01-05", [str(member(1))])
    assert (await district.get("/pairings", district.member(2)))["items"] == []
    assert (await district.get("/pairings", district.elsewhere))["items"] == []
    assert (await district.get("/pairings", district.secretary, review_due=True))["items"] == []
    district.service.now += timedelta(days=90)
    assert len((await district.get("/pairings", district.secretary, review_due=True))["items"]) == 1
    review = {"progress": "ON_COURSE", "note": "老人满意", "review_by": "2026-09-30"}
    await district.post(f"{path}/review", district.elsewhere, 403, **review)
    await district.post(f"{path}/review", district.secretary, **review)
    assert (await district.get("/pairings", district.secretary, review_due=True))["items"] == []
    await district.post(f"{path}/end", district.secretary, reason="GOAL_REACHED")
    (mine,) = (await district.get("/pairings", district.member(1)))["items"]
    assert (mine["status"], mine["reason"]) == ("ENDED", "GOAL_REACHED")


async def test_g14_children_only_where_the_district_allows_it(district: District) -> None:
    children = draft(recipient_type="CHILDREN")
    assert (await district.post("/pairings", district.clerk, 409, **children))["code"] == "module_is_off"
    await district.post("/modules/WORK_WITH_MINORS/on", district.secretary, 403, rules=[])
    await district.switch_on("WORK_WITH_MINORS", "responsible", "vetting", "consent")
    pairing_id = await offer(district, recipient_type="CHILDREN")
    path = f"/pairings/{pairing_id}"
    await district.post(f"{path}/parental-consent", district.clerk, is_given=True)
    await district.post(f"{path}/join", district.member(1))
    await district.post(f"{path}/join", district.clerk, member_id=str(member(2)), consent="电话同意")
    alone = {"visited_on": "2026-01-05", "member_ids": [str(member(1))]}
    assert (await district.post(f"{path}/visits", district.member(1), 409, **alone))["code"] == "two_adults_needed"
    await district.post(f"{path}/visits", district.member(1), 201, **alone, second_adult="社区社工")
    closed = RegistrationClosed(**registration_of(2), certificate_id=some_id("cb", 2), closed_on=DAY, reason=ClosureReason.MOVED)
    district.service.foreign(closed)
    (seen,) = (await district.get("/pairings", district.secretary))["items"]
    assert (seen["status"], seen["reason"], seen["helpers"]) == ("PAUSED", "TOO_FEW_HELPERS", [str(member(1))])
    modules = {each["module"]: each for each in await district.get("/modules", district.member(1))}
    assert (modules["WORK_WITH_MINORS"]["is_on"], modules["TIME_BANK"]["is_on"]) == (True, False)
    await district.post("/modules/WORK_WITH_MINORS/off", district.admin, reason="人手不足")


async def test_g14_service_with_minors_is_recorded_for_two_adults_only(district: District) -> None:
    await district.switch_on("WORK_WITH_MINORS", "responsible", "vetting", "consent")
    post_id = await district.open_post(title="四点半课堂", is_with_minors=True, safeguarding="门敞开,社工在场")
    activity_id = await district.open_activity(post_id=post_id)
    assert (await district.get(f"/activities/{activity_id}", district.clerk))["is_with_minors"]
    district.service.now += timedelta(days=3)
    assert (await district.log(activity_id, 1, status=409))["code"] == "two_adults_needed"
    await district.log(activity_id, 1, 2)
    await district.log(activity_id, 3)
