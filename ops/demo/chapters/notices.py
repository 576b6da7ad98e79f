"""Chapter 7: the inboxes. The member of the worked example reads; letters of the last day leave the next morning."""

from datetime import date

from ops.demo.chapters.evaluation import case
from ops.demo.world import World, at

READ_ON = date(2027, 2, 27)
MOST_READ = 3


async def tell(world: World) -> None:
    """Look into one inbox, read a little, and fetch the statement that the report shows."""
    member = world.example
    inbox = await world.notifications.get("/notices?limit=50", by=member.caller, at=at(READ_ON))
    unread = [notice for notice in inbox["items"] if not notice["is_read"]]

    async def read(notice: dict[str, str]) -> None:
        await world.notifications.post(f"/notices/{notice['notification_id']}/read", {}, by=member.caller, at=at(READ_ON, 10))

    await world.each(unread[:MOST_READ], read)
    await world.client.settle(at(READ_ON, 12))
    world.told["inbox"] = inbox["items"]
    world.told["statement"] = await world.evaluation.get(f"{case(world, member)}/statement", by=member.caller, at=at(READ_ON, 13))
