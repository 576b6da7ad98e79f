"""Rule sets: presets to start from, drafts, publication with notice. Everybody can read the rules (G20)."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, ValidationError

from services.evaluation import scorebook
from services.evaluation.access import DEFAULT_LIMIT, After, Body, Limit, ShortText, allow, period_of, position, today
from services.evaluation.periods import queries as periods
from services.evaluation.rule_sets import queries
from services.evaluation.rule_sets.queries import RuleSetHead, RuleSetView
from services.evaluation.rule_sets.rule_set import LEAST_NOTICE_DAYS, RULE_SET, DraftRuleSet, PublishRuleSet, RetireRuleSet
from services.evaluation.scoring.engine import Statement
from services.evaluation.scoring.rule_set import RuleBook, RuleBooks, RuleSet, Version
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import MOST_ITEMS, Call, CommandAnswer
from shared.http.paging import Page, page_of

router = APIRouter(tags=["rule sets"])

PRESETS: Final = Path(__file__).parent / "presets"


class Preset(BaseModel):
    """A rule set to start from."""

    name: str
    title: str


class RuleSetDraft(Body):
    """A new version: from a preset or from a definition."""

    title: ShortText
    legal_basis: ShortText
    programme: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] = "default"
    version: Annotated[int, Field(ge=1, le=10_000)]
    preset: Annotated[str | None, Field(pattern=r"^[a-z0-9-]{1,40}$")] = None
    definition: dict[str, Any] | None = None


class PublishBody(Body):
    """When it takes effect."""

    effective_from: date
    effective_to: date | None = None
    notice_days: Annotated[int, Field(ge=0, le=3650)] = LEAST_NOTICE_DAYS
    retroactive_reason: ShortText | None = None


class RetireBody(Body):
    """When it ends, and why."""

    effective_to: date
    reason: ShortText


@router.get("/rule-set-presets")
async def list_presets(_call: Annotated[Call, Depends(allow("read_rules"))]) -> list[Preset]:
    """Rule sets that come with the product."""
    return [Preset(name=path.stem, title=preset(path.stem)["title"]) for path in sorted(PRESETS.glob("*.json"))]


@router.get("/rule-set-presets/{name}")
async def read_preset(name: str, _call: Annotated[Call, Depends(allow("read_rules"))]) -> dict[str, Any]:
    """One of them."""
    return preset(name)


def preset(name: str) -> dict[str, Any]:
    """Definition of a preset. Raises NotFound."""
    known = {path.stem: path for path in PRESETS.glob("*.json")}
    if name not in known:
        raise NotFound
    return orjson.loads(known[name].read_bytes())


@router.post("/rule-sets", status_code=201)
async def draft_rule_set(body: RuleSetDraft, call: Annotated[Call, Depends(allow("write_rules"))]) -> CommandAnswer:
    """Write a version down; it binds nobody yet."""
    if (body.preset is None) == (body.definition is None):
        raise Malformed(preset="a preset or a definition, one of them", definition="a preset or a definition, one of them")
    definition = preset(body.preset) if body.preset else body.definition or {}
    _validate(definition)
    rule_set_id = call.new_id("rule set")
    command = DraftRuleSet(
        rule_set_id=rule_set_id,
        programme=body.programme,
        version=body.version,
        title=body.title,
        legal_basis=body.legal_basis,
        definition=definition,
    )
    answer = await call.handle(RULE_SET, rule_set_id, command)
    return answer.with_result(rule_set_id=answer.stream.rpartition("/")[2])


def _validate(definition: dict[str, Any]) -> RuleSet:
    try:
        return RuleSet.model_validate_json(orjson.dumps(definition))
    except ValidationError as error:
        problems = {f"definition.{'.'.join(map(str, each['loc']))}".rstrip("."): each["msg"] for each in error.errors()[:20]}
        code = "rule_set_malformed"
        raise Malformed(code, **problems) from None


@router.post("/rule-sets/{rule_set_id}/publish")
async def publish_rule_set(rule_set_id: UUID, body: PublishBody, call: Annotated[Call, Depends(allow("write_rules"))]) -> CommandAnswer:
    """Make it binding from a day on, with notice."""
    worse_off = await _worse_off(call, rule_set_id, body) if body.retroactive_reason else 0
    command = PublishRuleSet(rule_set_id=rule_set_id, today=today(call), worse_off=worse_off, **body.model_dump())
    return await call.handle(RULE_SET, rule_set_id, command)


async def _worse_off(call: Call, rule_set_id: UUID, body: PublishBody) -> int:
    """Members whose score in an open period would fall, by what-if."""
    async with call.read() as tx:
        books = await scorebook.load_books(tx, call.district)
        drafts = await queries.rule_sets(tx, call.district, rule_set_id, None, 1)
        open_periods = [each.period_id for each in await periods.periods(tx, call.district, None, None, MOST_ITEMS) if not each.is_closed]
    if not drafts:
        raise NotFound
    rules = _validate(drafts[0].definition)
    version = Version(rule_set_id, drafts[0].version, drafts[0].title, body.effective_from, body.effective_to, rules)
    book = RuleBook.of([*books.unit.versions, version])
    return sum([await _losers(call, period_id, books, RuleBooks(book, book)) for period_id in open_periods])


async def _losers(call: Call, period_id: UUID, before: RuleBooks, after: RuleBooks) -> int:
    """How many of a period score less under other rules; a bounded number of members at a time."""
    period = await period_of(call, period_id)
    if before.unit.on(period.ends_on) is None:
        return 0
    async with call.read() as tx:
        members = await scorebook.registrants(tx, call.district, period)
    losers = 0
    for start in range(0, len(members), scorebook.AT_ONCE):
        async with call.read() as tx:
            now, then = [
                await scorebook.compute(tx, call.district, period, members[start : start + scorebook.AT_ONCE], each)
                for each in (before, after)
            ]
        losers += sum(_loses(statement, then[member]) for member, statement in now.items())
    return losers


def _loses(now: Statement, then: Statement) -> bool:
    """Whether the score is less; where it is not known (yet), whether one of its sides is."""
    pairs = (
        [(now.score, then.score)]
        if now.score is not None
        else [(now.unit_score, then.unit_score), (now.community_score, then.community_score)]
    )
    return any(known is not None and (other is None or other < known) for known, other in pairs)


@router.post("/rule-sets/{rule_set_id}/retire")
async def retire_rule_set(rule_set_id: UUID, body: RetireBody, call: Annotated[Call, Depends(allow("write_rules"))]) -> CommandAnswer:
    """End it."""
    command = RetireRuleSet(rule_set_id=rule_set_id, today=today(call), **body.model_dump())
    return await call.handle(RULE_SET, rule_set_id, command)


@router.get("/rule-sets")
async def list_rule_sets(
    call: Annotated[Call, Depends(allow("read_rules"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[RuleSetHead]:
    """All versions."""
    async with call.read() as tx:
        found = await queries.rule_sets(tx, call.district, None, position(after), limit)
    heads = [RuleSetHead.model_validate(each.model_dump()) for each in found]
    return page_of(heads, limit, lambda head: (head.rule_set_id,))


@router.get("/rule-sets/{rule_set_id}")
async def read_rule_set(rule_set_id: UUID, call: Annotated[Call, Depends(allow("read_rules"))]) -> RuleSetView:
    """One version with its rules in full."""
    async with call.read() as tx:
        found = await queries.rule_sets(tx, call.district, rule_set_id, None, 1)
    if not found:
        raise NotFound
    return found[0]
