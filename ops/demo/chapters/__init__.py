"""The story of one district and one year, chapter by chapter; each is `async def tell(world)`."""

from collections.abc import Awaitable, Callable

from ops.demo.chapters import contributions, evaluation, notices, organisations, posts, registration, year
from ops.demo.world import World

CHAPTERS: tuple[tuple[str, Callable[[World], Awaitable[None]]], ...] = (
    ("组织与规则 organisations and rules", organisations.tell),
    ("花名册、报到、回执 roster, registration, receipts", registration.tell),
    ("设岗与认领 posts and teams", posts.tell),
    ("一年的活动 a year of activities", year.tell),
    ("建议、实事、群众评价 suggestions, matters, ratings", contributions.tell),
    ("双向评价与申诉 evaluation and appeals", evaluation.tell),
    ("通知 notices", notices.tell),
)
