"""Two entries of one person: everything of the given-up id goes on under the surviving one. A transfer changes the community alone."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.activities.following import FollowMember, moved
from services.activities.gatherings.activity import ACTIVITY
from services.activities.pairings.pairing import PAIRING
from services.activities.records.confirming import ConfirmRoster
from services.activities.records.record import RECORDS
from services.activities.refusals import NobodyConfirmsTheirOwn
from services.activities.time_bank.ledger import LEDGER
from shared.contracts.activities.identity import MemberIdentityFollowed
from shared.contracts.activities.pairings import HelpPairingOffered, HelpPairingPaused, PairingPause
from shared.contracts.activities.time_bank import TimeCredited
from shared.contracts.registration.changes import MemberIdentitiesMerged, RegistrationTransferred
from shared.testing.samples import sample
from shared.testing.scenario import Scenario
from tests.activities.conftest import District, registered, registration_of
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, UNIT, logged, member, planned, published, some_id
from tests.activities.pairings.test_pairing import consent, joined, started, with_minors

FOLLOW = FollowMember(member_id=member(1), into_member_id=member(2))
FOLLOWED = MemberIdentityFollowed(**FOLLOW.model_dump())


def test_a_stream_follows_once_and_only_if_it_names_the_member():
    Scenario(ACTIVITY).given(planned, published, logged(1)).when(FOLLOW).then(FOLLOWED)
    Scenario(ACTIVITY).given(planned, published, logged(1), FOLLOWED).when(FOLLOW).then_nothing()
    Scenario(ACTIVITY).given(planned, published, logged(3)).when(FOLLOW).then_nothing()


def test_after_a_merge_the_survivor_does_not_confirm_the_others_record():
    own = ConfirmRoster(confirmed_by=str(member(2)))
    Scenario(RECORDS).given(planned, published, logged(1), FOLLOWED).when(own).then_rejected(NobodyConfirmsTheirOwn)


def test_g14_two_entries_of_one_person_are_one_adult():
    assert isinstance(with_minors, HelpPairingOffered)
    paused = HelpPairingPaused(pairing_id=with_minors.pairing_id, community_id=COMMUNITY, cause=PairingPause.TOO_FEW_HELPERS)
    Scenario(PAIRING).given(with_minors, joined(1), joined(2), consent, started(1, 2)).when(FOLLOW).then(FOLLOWED, paused)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 100)), max_size=8))
def test_a_merge_of_accounts_loses_no_minute(earned: list[tuple[int, int]]):
    state: Any = LEDGER.initial
    for number, (person, minutes) in enumerate(earned):
        entry = {"entry_id": some_id("d1", number), "record_id": some_id("fb", number), "to_member_id": member(person)}
        state = LEDGER.evolve(state, sample(TimeCredited, **entry, from_member_id=None, minutes=minutes, record_revision=1))
    after = moved(state, member(1), member(2))
    assert sum(after.balances.values()) == 0
    assert member(1) not in after.balances
    both = state.balances.get(member(1), 0) + state.balances.get(member(2), 0)
    assert after.balances.get(member(2), 0) == both


async def test_posts_sign_ups_records_and_minutes_go_on_under_the_surviving_id(district: District) -> None:
    await district.switch_on("TIME_BANK", "guarantor", "expiry", "transfer", "exit")
    post_id = await district.open_post(is_time_banked=True)
    claim = await district.claim(post_id, 1)
    done = await district.open_activity(post_id=post_id)
    coming = await district.open_activity(title="文艺演出", starts_at="2026-02-07T09:00:00+08:00", ends_at="2026-02-07T11:00:00+08:00")
    for number in (1, 2):
        await district.post(f"/activities/{coming}/sign-ups", district.member(number), 201)
    district.service.now += timedelta(days=3)
    records = (await district.log(done, 1))["result"]["record_ids"]
    await district.post(f"/activities/{done}/confirm", district.secretary)
    team = {"community_id": str(COMMUNITY), "kind": "OTHER", "name": "邻里队"}
    team_id = (await district.post("/teams", district.clerk, 201, **team))["result"]["team_id"]
    await district.post(f"/teams/{team_id}/join", district.member(1))
    await district.service.settled()
    district.service.foreign(MemberIdentitiesMerged(member_id=member(1), into_member_id=member(2), unit_id=UNIT, reason="重复登记"))
    await district.service.settled()
    assert [each["claim_id"] for each in (await district.get("/me/posts", district.member(2)))["items"]] == [claim["claim_id"]]
    assert [each["record_id"] for each in (await district.get("/me/records", district.member(2)))["items"]] == [records[str(member(1))]]
    assert [each["activity_id"] for each in (await district.get("/me/activities", district.member(2)))["items"]] == [coming]
    assert (await district.get(f"/activities/{coming}", district.clerk))["signed_up"] == 1
    assert (await district.get("/me/time-account", district.member(2)))["balance"] == 180
    six_ones = await district.get("/me/six-ones", district.member(2))
    assert [each["item"] for each in six_ones["done"]] == ["VOLUNTEER_ACTIVITY"]
    assert (await district.get("/me/posts", district.member(1)))["items"] == []
    gone = await district.post(f"/activities/{coming}/sign-ups", district.member(1), 409)
    assert gone["code"] == "not_registered"
    path = f"/posts/{post_id}/claims/{claim['claim_id']}/release"
    assert (await district.post(path, district.member(2), reason="WORKLOAD"))["result"]["outcome"] == "withdrawn"
    await district.post(f"/teams/{team_id}/leave", district.member(2))


async def test_whoever_moves_to_another_community_keeps_their_posts_and_turns_to_the_new_one(district: District) -> None:
    post_id = await district.open_post()
    await district.claim(post_id, 1)
    old = registration_of(1)
    new = {**registration_of(1, OTHER_COMMUNITY), "registration_id": some_id("ca", 101)}
    transferred = sample(RegistrationTransferred, **old, to_community_id=OTHER_COMMUNITY, new_registration_id=new["registration_id"])
    reported, confirmed = registered(1, OTHER_COMMUNITY)
    district.service.foreign(transferred, reported.model_copy(update=new), confirmed.model_copy(update=new))
    await district.service.settled()
    assert [each["status"] for each in (await district.get("/me/posts", district.member(1)))["items"]] == ["CLAIMED"]
    draft = {"title": "加装路灯", "text": "后巷昏暗"}
    await district.post("/suggestions", district.member(1), 403, community_id=str(COMMUNITY), **draft)
    await district.post("/suggestions", district.member(1), 201, community_id=str(OTHER_COMMUNITY), **draft)
