"""Service with minors is recorded for two adults only."""

from datetime import timedelta

from tests.activities.conftest import District


async def test_g14_service_with_minors_is_recorded_for_two_adults_only(district: District) -> None:
    await district.switch_on("WORK_WITH_MINORS", "responsible", "vetting", "consent")
    post_id = await district.open_post(title="四点半课堂", is_with_minors=True, safeguarding="门敞开,社工在场")
    activity_id = await district.open_activity(post_id=post_id)
    assert (await district.get(f"/activities/{activity_id}", district.clerk))["is_with_minors"]
    district.service.now += timedelta(days=3)
    assert (await district.log(activity_id, 1, status=409))["code"] == "two_adults_needed"
    await district.log(activity_id, 1, 2)
    await district.log(activity_id, 3)
