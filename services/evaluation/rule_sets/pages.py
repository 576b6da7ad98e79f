"""The public rule page of a district (G20), without an account: versions, categories and one invented year scored line by line."""

from collections.abc import Iterable
from html import escape
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from services.evaluation import scorebook
from services.evaluation.access import today
from services.evaluation.rule_sets import queries
from services.evaluation.rule_sets.queries import RuleSetHead
from services.evaluation.scoring.example import worked_example
from services.evaluation.scoring.rule_set import RuleSet
from services.evaluation.statements import queries as statements
from services.evaluation.statements.queries import StatementView
from shared.http.endpoints import MOST_ITEMS, Call, allow_anonymous
from shared.identity import Role
from shared.texts import text

router = APIRouter(tags=["rule sets"])

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:16px/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}td,th{{border:1px solid #bbb;padding:.3rem .5rem;text-align:left}}
td:last-child{{text-align:right;white-space:nowrap}}small{{color:#555}}</style>
<h1>{title}</h1>{body}</html>"""


class RulePage(BaseModel):
    """All published versions, newest first; the rules in force today and the worked example under them (null: none in force)."""

    versions: list[RuleSetHead]
    rules: RuleSet | None
    example: StatementView | None


@router.get("/districts/{district}/rules", responses={200: {"content": {"text/html": {}}}}, response_model=RulePage)
async def rule_page(request: Request, call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))]) -> RulePage | HTMLResponse:
    """How points come about, for everybody: a page for browsers, JSON otherwise."""
    day = today(call)
    async with call.read() as tx:
        found = await queries.rule_sets(tx, call.district, None, None, MOST_ITEMS)
        version = (await scorebook.load_books(tx, call.district)).unit.on(day)
    heads = [RuleSetHead.model_validate(each.model_dump()) for each in found if each.effective_from]  # not a draft
    page = RulePage(
        versions=sorted(heads, key=lambda head: (str(head.effective_from), head.version), reverse=True),
        rules=version.rules if version else None,
        example=statements.live(worked_example(version, day.year)) if version else None,
    )
    return HTMLResponse(_html(page)) if "text/html" in request.headers.get("accept", "") else page


def _html(page: RulePage) -> str:
    body = _heading("rules_versions") + _table(_versions(page))
    if page.rules is None or page.example is None:
        body += f"<p>{_said('rules_none')}</p>"
    else:
        body += _heading("rules_example") + f"<p>{_said('rules_example_note')}</p>" + _table(_lines(page.example))
        body += f"<p><b>{_result(page.rules, page.example)}</b></p>"
    return PAGE.format(title=_said("rules_title"), body=body)


def _versions(page: RulePage) -> Iterable[Iterable[str]]:
    for head in page.versions:
        days = f"{head.effective_from} – {head.effective_to or ''}"
        yield f"<b>{escape(head.title)}</b> v{head.version}", escape(head.legal_basis), _said(f"rules_{head.status}"), days


def _lines(example: StatementView) -> Iterable[Iterable[str]]:
    """Every category with what it can give, and under it the lines that make up its points."""
    for category in example.categories:
        cap = "" if category.cap is None else _said("rules_cap", cap=category.cap)
        yield f"<b>{escape(category.name_zh)} · {escape(category.name_en)}</b> {cap}", f"<b>{category.points}</b>"
        for line in example.lines:
            if (line.side, line.category) == (category.side, category.category):
                yield f"{escape(line.text_zh)}<br><small>{escape(line.text_en)}</small>", str(line.points)


def _result(rules: RuleSet, example: StatementView) -> str:
    weights = {"unit_weight": 0, "community_weight": 0} | {f"{each.side.lower()}_weight": each.weight for each in rules.sides}
    grade = text("evaluation", "labels", example.grade)
    figures = {"unit": example.unit_score, "community": example.community_score, "score": example.score}
    words = text("evaluation", "labels", "rules_result", **weights, **figures)
    return f"{escape(words.zh)}{escape(grade.zh)}<br><small>{escape(words.en)}{escape(grade.en)}</small>"


def _heading(key: str) -> str:
    return f"<h2>{_said(key)}</h2>"


def _said(key: str, **args: object) -> str:
    words = text("evaluation", "labels", key, **args)
    return escape(f"{words.zh} · {words.en}")


def _table(rows: Iterable[Iterable[str]]) -> str:
    return f"<table>{''.join('<tr>' + ''.join(f'<td>{cell}</td>' for cell in row) + '</tr>' for row in rows)}</table>"
