"""The way in, over HTTP: a paper code, an account that claims with it, and the identity provider that asks whose account it is."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio

from ops.provision import Database
from services.registration.app import SERVICE
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "accounts")


def account(town: Town, name: str, *, district: str | None = None) -> str:
    """A token of somebody whom the identity provider knows, and nobody else yet."""
    return town.service.token(Role.RESIDENT, subject=name, district=district or town.district)


async def on_roster(town: Town) -> str:
    member_id = await town.enrolled(SCHOOL, "何云帆")
    await town.service.settled()
    return member_id


async def coded(town: Town, member_id: str, as_: str | None = None) -> dict[str, str]:
    answer = await town.service.post(f"/members/{member_id}/account-codes", as_=as_ or town.liaison(SCHOOL))
    assert answer.status_code == 201, answer.text
    return answer.json()["result"]


async def claim(town: Town, paper: dict[str, str], as_: str, **request: Any) -> httpx2.Response:
    body = {key: paper[key] for key in ("member_no", "code")}
    return await town.service.post("/account-claims", json=body, as_=as_, **request)


async def holder(town: Town, name: str) -> str | None:
    """Whom the identity provider is told that the account acts as."""
    provider = town.service.token(Role.SERVICE, subject="identity-provider", district=town.district)
    answer = await town.service.get("/accounts/member", as_=provider, headers={"Guangcai-Account": name})
    assert answer.status_code in {200, 404}, answer.text
    return answer.json().get("member_id")


async def own_steps(town: Town, member_id: str) -> list[tuple[str, str]]:
    page = (await town.service.get(f"/members/{member_id}", as_=town.member(member_id))).json()
    return [(step["step"], step["actor"]) for step in page["account_steps"]]


async def test_a_code_on_paper_lets_a_member_in_and_the_own_page_tells_it(town: Town) -> None:
    member_id = await on_roster(town)
    paper = await coded(town, member_id)
    assert (paper["member_no"][:3], len(paper["code"])) == ("DY-", 11)
    assert await holder(town, "sub-1") is None
    answer = await claim(
        town, {"member_no": paper["member_no"].lower(), "code": f" {paper['code'].replace('-', ' ')}"}, account(town, "sub-1")
    )
    assert answer.json() == {"outcome": "CLAIMED", "member_id": member_id}
    # The provider puts this into its next token: from then on the account acts as the member.
    acting = await holder(town, "sub-1")
    assert acting == member_id
    profile = {"skills": ["急救"], "preferences": []}
    assert (await town.service.post(f"/members/{member_id}/profile", json=profile, as_=town.member(acting))).status_code == 200
    (claimed, by_account), issued = await own_steps(town, member_id)
    assert (claimed, issued) == ("CLAIMED", ("CODE_ISSUED", f"liaison {SCHOOL}"))
    assert by_account.startswith("account:")


async def test_neither_code_nor_account_is_readable_in_the_log(town: Town) -> None:
    member_id = await on_roster(town)
    paper = await coded(town, member_id)
    await claim(town, paper | {"code": "00000-00000"}, account(town, "sub-secret"))
    await claim(town, paper, account(town, "sub-secret"))
    stored = b"".join(event.body for event in await town.service.log(town.district))
    assert b"sub-secret" not in stored
    assert paper["code"].encode() not in stored
    assert paper["code"].replace("-", "").encode() not in stored


async def test_every_refusal_is_the_same_whether_there_is_such_a_number_or_not(town: Town) -> None:
    member_id = await on_roster(town)
    without_code = await on_roster(town)
    paper, me = await coded(town, member_id), account(town, "sub-2")
    number = (await coded(town, without_code))["member_no"]
    stale = {"If-Match": '"99"'}
    refused = [
        await claim(town, paper | {"member_no": "DY-00000-00000"}, me, headers=stale),
        await claim(town, paper | {"code": "00000-00000"}, me, headers=stale),
        await claim(town, paper | {"member_no": number}, me),
        await claim(town, paper, account(town, "sub-2", district="beian")),
        await claim(town, paper, account(town, f"liaison {SCHOOL}")),
    ]
    assert {(each.status_code, each.text) for each in refused} == {(200, '{"outcome":"REFUSED","member_id":null}')}
    assert {frozenset(each.headers) for each in refused} == {frozenset(refused[0].headers)}
    assert not any("etag" in each.headers for each in refused)
    for body in (paper, paper | {"member_no": "DY-00000-00000"}):
        headers = {"Authorization": f"Bearer {me}"}
        sent = {key: body[key] for key in ("member_no", "code")}
        answer = await town.service.client.post("/account-claims", json=sent, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_missing")
    key = town.service.key()
    for number in (paper["member_no"], "DY-00000-00000"):
        assert (await claim(town, paper | {"member_no": number, "code": "1"}, me, key=key)).json()["outcome"] == "REFUSED"
    assert await holder(town, "sub-2") is None


async def test_five_wrong_codes_void_it_and_a_new_one_helps(town: Town) -> None:
    member_id, me = await on_roster(town), account(town, "sub-3")
    paper = await coded(town, member_id)
    key = town.service.key()
    for _ in range(3):  # the same attempt, sent again: one
        await claim(town, paper | {"code": "1"}, me, key=key)
    for _ in range(4):
        await claim(town, paper | {"code": "1"}, me)
    assert (await claim(town, paper, me)).json()["outcome"] == "REFUSED"
    assert [step for step, _ in await own_steps(town, member_id)] == ["CLAIM_FAILED"] * 5 + ["CODE_ISSUED"]
    again = await coded(town, member_id)
    assert again["code"] != paper["code"]
    assert (await claim(town, paper, me)).json()["outcome"] == "REFUSED"
    assert (await claim(town, again, me)).json()["outcome"] == "CLAIMED"
    assert (await claim(town, again, account(town, "sub-4"))).json()["outcome"] == "REFUSED"
    assert (await claim(town, again, me)).json()["outcome"] == "CLAIMED"


async def test_a_code_ends_after_a_week(town: Town) -> None:
    member_id = await on_roster(town)
    paper = await coded(town, member_id)
    was = town.service.now
    town.service.now += timedelta(days=8)
    try:
        assert (await claim(town, paper, account(town, "sub-5"))).json()["outcome"] == "REFUSED"
    finally:
        town.service.now = was
    assert (await claim(town, paper, account(town, "sub-5"))).json()["outcome"] == "CLAIMED"


async def test_codes_come_from_the_own_unit_or_community_only_and_a_retry_prints_the_same(town: Town) -> None:
    member_id, _ = await town.registered(SCHOOL, HERE)
    path, key = f"/members/{member_id}/account-codes", town.service.key()
    for stranger in (town.liaison(BUREAU), town.clerk(THERE), town.member(member_id), town.admin, account(town, "sub-6")):
        assert (await town.service.post(path, as_=stranger)).status_code == 403
    first, was = await town.service.post(path, as_=town.clerk(HERE), key=key), town.service.now
    town.service.now += timedelta(days=2)
    try:
        again = await town.service.post(path, as_=town.clerk(HERE), key=key)
    finally:
        town.service.now = was
    assert first.json() == again.json()
    other = await town.service.post(path, as_=town.liaison(SCHOOL), key=key)  # may issue codes, and found the key in the feed
    assert (other.status_code, other.json()["code"]) == (422, "command_id_reused")
    assert (await town.service.post(f"/members/{uuid4()}/account-codes", as_=town.clerk(HERE))).status_code == 404
    claimed = await claim(town, first.json()["result"], account(town, "sub-6"))
    assert claimed.json()["outcome"] == "CLAIMED"
    refused = await town.service.post(path, as_=town.clerk(HERE))
    assert (refused.status_code, refused.json()["code"]) == (409, "account_already_claimed")


async def test_the_code_is_printed_to_be_handed_over_and_that_is_on_record(town: Town) -> None:
    member_id = await on_roster(town)
    path = f"/members/{member_id}/account-codes"
    printed = await town.service.post(path, as_=town.liaison(SCHOOL), headers={"Accept": "application/pdf"})
    assert (printed.status_code, printed.headers["content-type"]) == (201, "application/pdf"), printed.text
    assert printed.content.startswith(b"%PDF-")
    looked = await town.service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))
    assert [(each["actor"], each["purpose"]) for each in looked.json()["items"]] == [(f"liaison {SCHOOL}", "print_account_code")]
    strange = await town.service.post(path, as_=town.liaison(BUREAU), headers={"Accept": "application/pdf"})
    assert strange.status_code == 403


async def test_an_account_is_one_members_until_it_is_released(town: Town) -> None:
    first, second, me = await on_roster(town), await on_roster(town), account(town, "sub-7")
    await claim(town, await coded(town, first), me)
    paper = await coded(town, second)
    taken = await claim(town, paper, me)
    assert (taken.status_code, taken.json()["code"]) == (409, "account_taken")
    release = f"/members/{first}/account/release"
    for stranger in (town.liaison(SCHOOL), town.member(second)):
        assert (await town.service.post(release, json={"reason": "WRONG_PERSON"}, as_=stranger)).status_code == 403
    assert (await town.service.post(release, json={"reason": "MERGED"}, as_=town.admin)).status_code == 422
    assert (await town.service.post(release, json={"reason": "WRONG_PERSON"}, as_=town.admin)).status_code == 200
    assert await holder(town, "sub-7") is None
    assert (await claim(town, paper, me)).json()["outcome"] == "CLAIMED"
    assert await holder(town, "sub-7") == second
    assert (await town.service.post(f"/members/{second}/account/release", json={"reason": "LOST"}, as_=town.member(second))).is_success


async def test_the_account_goes_with_a_merged_entry_and_away_with_an_erased_one(town: Town) -> None:
    service = town.service
    given_up, kept = await on_roster(town), await on_roster(town)
    await claim(town, await coded(town, given_up), account(town, "sub-8"))
    body = {"into_member_id": kept, "reason": "同一人"}
    assert (await service.post(f"/members/{given_up}/merge", json=body, as_=town.admin)).status_code == 200
    assert await holder(town, "sub-8") == kept
    assert (await own_steps(town, given_up))[0][0] == "RELEASED"
    assert (await service.post(f"/members/{kept}/erasure", as_=town.member(kept))).status_code == 200
    assert await holder(town, "sub-8") is None


async def test_only_the_identity_provider_asks_whose_an_account_is(town: Town) -> None:
    for role in (Role.MEMBER, Role.RESIDENT, Role.DISTRICT_ADMIN, Role.UNIT_LIAISON, Role.AUDITOR):
        token = town.service.token(role, subject=str(UUID(int=1)), district=town.district)
        assert (await town.service.get("/accounts/member", as_=token, headers={"Guangcai-Account": "sub-1"})).status_code == 403


@pytest.mark.usefixtures("town")
async def test_the_read_model_of_accounts_is_rebuilt_the_same(service: ServiceUnderTest, database: Database) -> None:
    await service.settled()
    owner, role = database.url("registration_owner"), database.url("registration")
    assert (await rebuild(SERVICE.read_model(), service.feeds, owner_url=owner, service_url=role, swap=False)).is_equal
