"""The time bank over HTTP: confirmed service is credited, corrected, spent and expires."""

from datetime import timedelta

from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, member
from tests.activities.time_bank.test_ledger import TOPICS


async def test_a_confirmed_service_is_credited_corrected_and_spent(district: District) -> None:
    path = f"/communities/{COMMUNITY}"
    ledger = f"{path}/time-ledger"
    await district.switch_on("TIME_BANK", *TOPICS)
    post_id = await district.open_post(is_time_banked=True)
    activity_id = await district.open_activity(post_id=post_id)
    district.service.now += timedelta(days=3)
    records = (await district.log(activity_id, 1, 2))["result"]["record_ids"]
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    assert (await district.get("/me/time-account", district.member(1)))["balance"] == 180
    await district.service.settled()
    change = f"/activities/{activity_id}/records/{records[str(member(1))]}/correct"
    await district.post(change, district.secretary, minutes=120, reason="提前离开")
    account = await district.get("/me/time-account", district.member(1))
    assert (account["balance"], [each["minutes"] for each in account["entries"]]) == (120, [180, -180, 120])
    assert await district.get(ledger, district.clerk) == {"accounts": 2, "pool_owes": 300, "sum_of_all": 0}
    too_much = {"minutes": 121, "purpose": "陪同就医"}
    problem = await district.post(f"{path}/time-redemptions", district.member(1), 409, **too_much)
    assert (problem["code"], problem["facts"]) == ("not_enough_time", {"balance": 120})
    redeemed = await district.post(f"{path}/time-redemptions", district.member(1), 201, minutes=60, purpose="陪同就医")
    passed = {"member_id": str(member(1)), "to_member_id": str(member(3)), "minutes": 30}
    await district.post(f"{path}/time-transfers", district.clerk, 422, **passed)
    await district.post(f"{path}/time-transfers", district.clerk, 201, **passed, consent="电话同意")
    await district.post(f"{path}/time-transfers", district.member(2), 403, **passed, consent="电话同意")
    entry_id = redeemed["result"]["entry_id"]
    await district.post(f"{path}/time-reversals", district.clerk, 403, entry_id=entry_id, reason="未成行")
    await district.post(f"{path}/time-reversals", district.secretary, 201, entry_id=entry_id, reason="未成行")
    assert (await district.get(f"{path}/time-accounts/{member(1)}", district.clerk))["balance"] == 90
    await district.get(f"{path}/time-accounts/{member(1)}", district.elsewhere, 403)
    assert await district.get(ledger, district.admin) == {"accounts": 3, "pool_owes": 300, "sum_of_all": 0}
    await district.post(f"/activities/{activity_id}/records/{records[str(member(2))]}/void", district.secretary, reason="未参加")
    assert (await district.get("/me/time-account", district.member(2)))["balance"] == 0
    (record, _) = [each for each in await district.service.log() if each.name == "ActivityConfirmed"]
    assert record.data.minutes == 180  # the record itself is untouched by what is spent


async def test_without_the_module_nothing_is_credited_or_spent(district: District) -> None:
    post_id = await district.open_post(is_time_banked=True)
    activity_id = await district.open_activity(post_id=post_id)
    district.service.now += timedelta(days=3)
    await district.log(activity_id, 1)
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    assert (await district.get("/me/time-account", district.member(1)))["entries"] == []
    body = {"minutes": 1, "purpose": "陪同就医"}
    answer = await district.post(f"/communities/{COMMUNITY}/time-redemptions", district.member(1), 409, **body)
    assert answer["code"] == "module_is_off"


async def banking(district: District, months: int | None) -> None:
    """The bank is on, and its minutes can be used for so many months."""
    rules = [{"topic": topic, "text": "按区里公布的办法执行"} for topic in TOPICS]
    await district.post("/modules/TIME_BANK/on", district.admin, rules=rules, minutes_expire_after_months=months)


async def test_minutes_expire_after_the_declared_months_and_the_member_is_told_when(district: District) -> None:
    await banking(district, 6)
    (shown,) = [each for each in await district.get("/modules", district.member(1)) if each["module"] == "TIME_BANK"]
    assert shown["minutes_expire_after_months"] == 6
    post_id = await district.open_post(is_time_banked=True)
    activity_id = await district.open_activity(post_id=post_id)
    district.service.now += timedelta(days=3)  # 8 January
    await district.log(activity_id, 1, 2)
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    last_day, path = "2026-07-08", f"/communities/{COMMUNITY}"
    account = await district.get("/me/time-account", district.member(1))
    assert account["expiring"] == [{"community_id": str(COMMUNITY), "minutes": 180, "expires_on": last_day}]
    passed = await district.post(f"{path}/time-transfers", district.member(1), 201, minutes=60, to_member_id=str(member(3)))
    assert (await district.get(f"{path}/time-accounts/{member(3)}", district.clerk))["expiring"][0]["expires_on"] == last_day
    await district.post("/modules/TIME_BANK/off", district.admin, reason="办法修订")
    district.service.now += timedelta(days=190)
    await district.open_post()  # simulated time is that of the newest event
    assert (await district.get("/me/time-account", district.member(2)))["balance"] == 180  # while it is off everything stays
    await banking(district, 12)
    account = await district.get("/me/time-account", district.member(2))
    assert (account["balance"], account["expiring"]) == (0, [])
    assert [(each["kind"], each["minutes"], each["expires_on"]) for each in account["entries"]] == [
        ("CREDIT", 180, last_day),
        ("EXPIRY", -180, last_day),
    ]
    reversal = {"entry_id": passed["result"]["entry_id"], "reason": "登记有误"}
    await district.post(f"{path}/time-reversals", district.secretary, 201, **reversal)
    await district.service.settled()
    for number in (1, 3):
        assert (await district.get("/me/time-account", district.member(number)))["balance"] == 0
    assert await district.get(f"{path}/time-ledger", district.clerk) == {"accounts": 3, "pool_owes": 0, "sum_of_all": 0}
