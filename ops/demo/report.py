"""What the demo prints: tables in Chinese with English beside. Grades as counts, never people in order of score."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table

from ops.demo.figures import GRADES
from ops.demo.letters import Letters
from ops.demo.make_roster import GROUP_NAMES, JOINT_TABLE
from ops.demo.proofs import Proofs
from ops.demo.world import World

Figures = Mapping[str, Any]
GRADE_NAMES = dict(zip(GRADES, ("优秀（建议）", "良好", "合格", "待改进", "不评定"), strict=True))
SIDES = {"COMMUNITY": "社区 community", "UNIT": "单位 unit", "OVERALL": "总 overall"}


def show(console: Console, world: World, figures: Figures, letters: Letters) -> None:
    """All tables but the proofs."""
    console.print(_roster(world))
    console.print(_second_roster(world))
    console.print(_registrants(world, figures))
    console.print(_work(world, figures))
    console.print(_grades(figures))
    console.print(_statement(figures["example_statement"]))
    console.print(_notices(world, figures, letters))
    console.print(_logs(figures))


def show_proofs(console: Console, proofs: Proofs) -> None:
    """One line per proof."""
    table = Table("", "证明 proof", "所见 seen", title="自证 It proves itself")
    for proof in proofs.items:
        table.add_row("[green]✔[/green]" if proof.holds else "[red]✘[/red]", f"{proof.claim_zh}\n{proof.claim_en}", proof.seen)
    console.print(table)


def _table(title: str, *columns: str, numbers: int = 0) -> Table:
    """A table whose last `numbers` columns are figures."""
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place >= len(columns) - numbers else "left")
    return table


def _roster(world: World) -> Table:
    outcome = world.told["roster"]
    title = f"花名册 Roster: {outcome['rows']} rows, {outcome['enrolled']} enrolled, {len(outcome['problems'])} to correct"
    table = _table(title, "行 row", "列 column", "原因 reason")
    for problem in outcome["problems"]:
        table.add_row(str(problem["row"]), f"{problem['column']} {problem['header']}", f"{problem['reason_zh']}\n{problem['reason_en']}")
    return table


def _second_roster(world: World) -> Table:
    """What a later roster with two sheets says that is not understood, and what differs from what is known."""
    first, second = world.told["unexplained"], world.told["explained"]
    table = _table(
        "再次报送 Another roster, dry run: a second sheet, an unknown column, a changed person", "表 sheet", "行/列", "说明 reason"
    )
    for each in first["remarks"]:
        table.add_row(each["sheet"], f"{each['row'] or ''}{each['column']} {each['header']}", f"{each['reason_zh']}\n{each['reason_en']}")
    for each in second["differences"]:
        table.add_row(each["sheet"], f"{each['row']} {each['field']}", f"{each['reason_zh']}\n{each['reason_en']}")
    return table


def _registrants(world: World, figures: Figures) -> Table:
    """For the managing organisations only: a published table would suppress cells below 3."""
    report = world.told["registrants"]
    names = {each["community_id"]: each["name"] for each in report["by_community"]}
    cells = {(names[each["community_id"]], each["occupation_group"]): each["count"] for each in report["cells"]}
    table = _table("报到人数 Registrants by community × occupation (R1)", "社区", *GROUP_NAMES.values(), "合计", numbers=5)
    for community in JOINT_TABLE:
        row = [str(cells.get((community, group), 0)) for group in GROUP_NAMES]
        table.add_row(community, *row, str(figures["registrants"]["by_community"].get(community, 0)))
    totals = [str(figures["registrants"]["by_occupation"].get(name, 0)) for name in GROUP_NAMES.values()]
    table.add_row("合计", *totals, str(figures["registrants"]["total"]), style="bold")
    return table


def _work(world: World, figures: Figures) -> Table:
    posts, activities = figures["posts"], figures["activities"]
    table = _table("岗位与活动 Posts and activities", "", "数量", numbers=1)
    rows = {
        "设岗 posts established": posts["established"],
        "认领 claims with a place": posts["claimed"],
        "候补 claims on a waiting list": posts["waitlisted"],
        "未获 claims refused, with a reason": posts["refused"],
        "记录确认 records confirmed": activities["confirmed"],
        "记录退回 records declined": activities["declined"],
        "记录更正 records corrected": activities["corrected"],
    }
    for name, number in rows.items():
        table.add_row(name, str(number))
    suggested = " / ".join(str(each["suggested"]) for each in world.told["team_suggestions"] if each["suggested"])
    table.add_row("按职业建议入队 teams suggested by occupation", suggested)
    return table


def _grades(figures: Figures) -> Table:
    statements = figures["statements"]
    title = f"参考等次 Statements by reference grade: {statements['published']} published, {statements['restated']} restated"
    table = _table(title, "等次 grade", "人数 members", numbers=1)
    for grade, count in statements["by_grade"].items():
        table.add_row(f"{GRADE_NAMES[grade]} {grade}", str(count))
    return table


def _statement(statement: Mapping[str, Any]) -> Group:
    """One member's statement; every line names its rule, its version, the events behind it (ends of their ids) and adjustments."""
    lines = Table("规则@版本 rule", "说明 explanation", "事件 events", "调整 adjusted", "得分")
    for column in (0, 2, 3, 4):
        lines.columns[column].no_wrap = True
    lines.columns[4].justify = "right"
    for line in statement["lines"]:
        sources = [str(source)[-6:] for source in line["source_event_ids"]]
        shown = sources[0] + (f" +{len(sources) - 1}" if len(sources) > 1 else "")
        adjustments = "\n".join(f"{each['kind']} {each['delta']}" for each in line["adjustments"])
        rule = f"{line['rule_id']}@{line['rule_set_version']}"
        lines.add_row(rule, f"{line['text_zh']}\n[dim]{line['text_en']}[/dim]", shown, adjustments, str(line["points"]))
    categories = _table("", "类 category", "上限 cap", "得分 points", numbers=2)
    for each in statement["categories"]:
        name = f"{each['category']} {each['name_zh']} {each['name_en']}"
        categories.add_row(name, str(each["cap"] or ""), str(each["points"]))
    summary = (
        f"单位 unit {statement['unit_score']} · 社区 community {statement['community_score']} · "
        f"合成 combined [bold]{statement['score']}[/bold] → {GRADE_NAMES[statement['grade']]} {statement['grade']} "
        f"(版本 version {statement['version']}; 申诉至 appeal until {statement['appeal_until']})"
    )
    return Group(Panel(summary, title="一位成员的计分说明 One member's statement"), lines, categories)


def _notices(world: World, figures: Figures, letters: Letters) -> Table:
    by_kind: Mapping[str, int] = world.told["letters"]["letters_by_kind"]
    title = f"通知 Notices by kind; the SMTP server received {letters.total} letters"
    table = _table(title, "类别 kind", "站内 inbox", "信件 letters", numbers=2)
    for kind, count in figures["notices"].items():
        table.add_row(kind, str(count), str(by_kind.get(kind, 0)))
    return table


def _logs(figures: Figures) -> Table:
    table = _table("事件日志 Event logs", "服务 service", "事件 events", "序号 sequences", numbers=2)
    for service, log in figures["log"].items():
        table.add_row(service, str(log["events"]), f"{log['first']}..{log['last']}")
    return table
