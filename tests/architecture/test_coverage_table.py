"""docs/coverage.md is complete and correct: it covers the whole catalogue and all guard rails, and every named test exists.

The class of an id in the catalogue says where it belongs: CORE and SEC are served or say why not, NO is not built, the rest is context.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
COVERAGE = ROOT / "docs" / "coverage.md"
CATALOGUE = ROOT / "docs" / "catalogue.tsv"
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
ENDPOINT = re.compile(r"`((?:GET|POST) [/…][^`?]*)")
CASE_PATH = "/periods/{id}/members/{id}"  # the path that a leading … abbreviates
SERVICES = ("Registration", "Activities", "Evaluation", "Notifications")
NOT_SERVED, NOT_BUILT, CONTEXT, RAILS = "Not served yet", "Not built, on purpose", "Context only", "Guard rails"
RAIL_IDS = [f"G{number}" for number in range(1, 21)]


class Line(NamedTuple):
    """One line of a table: its first cell, and the others."""

    section: str
    id: str
    cells: tuple[str, ...]

    @property
    def named_tests(self) -> list[tuple[str, str]]:
        return TEST.findall(self.cells[-1])


@cache
def lines() -> tuple[Line, ...]:
    found, section = list[Line](), ""
    for text in COVERAGE.read_text(encoding="utf-8").splitlines():
        section = text.removeprefix("## ") if text.startswith("## ") else section
        if re.match(r"\| [SG]\d", text):
            name, *cells = re.split(r"\s*\|\s*", text.strip().strip("|").strip())
            found.append(Line(section, name, tuple(cells)))
    return tuple(found)


def named_endpoints(line: Line) -> list[str]:
    """The endpoints of the row's second cell, with whole paths."""
    return [each.replace("…", CASE_PATH) for each in ENDPOINT.findall(line.cells[1])]


def within(*sections: str) -> list[Line]:
    return [line for line in lines() if line.section in sections]


def ids(*sections: str) -> set[str]:
    return {line.id for line in within(*sections)}


def catalogue() -> dict[str, frozenset[str]]:
    """Id → the words CORE, SEC, CTX, NO of its class; anything else in the class ("CORE (limited)") is for readers only."""
    rows = [line.split("\t") for line in CATALOGUE.read_text(encoding="utf-8").splitlines()[1:]]
    return {row[0]: frozenset(re.findall(r"\b(?:CORE|SEC|CTX|NO)\b", row[1])) for row in rows}


@cache
def endpoints() -> tuple[re.Pattern[str], ...]:
    """The endpoints of the published API documents; a path parameter matches any one segment."""
    found = list[str]()
    for document in sorted((ROOT / "docs" / "api").glob("*.openapi.json")):
        paths = json.loads(document.read_text(encoding="utf-8"))["paths"]
        found += [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]
    return tuple(re.compile(re.sub(r"\{\w+\}", "[^/]+", each)) for each in found)


def is_to_be_served(words: frozenset[str]) -> bool:
    return bool(words & {"CORE", "SEC"})


def is_context(words: frozenset[str]) -> bool:
    return words == {"CTX"}


def test_every_section_is_there_and_no_other() -> None:
    headings = re.findall(r"^## (.+)$", COVERAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [*SERVICES, NOT_SERVED, NOT_BUILT, CONTEXT, RAILS], "docs/coverage.md: sections are read by their names"


def test_every_line_has_its_cells() -> None:
    width = {**dict.fromkeys(SERVICES, 3), NOT_SERVED: 2, NOT_BUILT: 2, CONTEXT: 1, RAILS: 3}
    broken = [f"{line.section}: {line.id}" for line in lines() if len(line.cells) != width[line.section] or not all(line.cells)]
    assert not broken, f"docs/coverage.md: fill exactly the columns of the table, and write no | inside a cell: {broken}"


def test_every_id_is_in_the_catalogue() -> None:
    unknown = ids(*SERVICES, NOT_SERVED, NOT_BUILT, CONTEXT) - set(catalogue())
    assert ids(*SERVICES)
    assert not unknown, f"docs/catalogue.tsv does not know {sorted(unknown)}"


def test_every_class_of_the_catalogue_is_understood() -> None:
    unclear = [id_ for id_, words in catalogue().items() if not words]
    assert not unclear, f"docs/catalogue.tsv: the class needs one of the words CORE, SEC, CTX, NO: {unclear}"


def test_what_is_to_be_served_has_a_row_or_a_reason() -> None:
    accounted = ids(*SERVICES, NOT_SERVED)
    missing = [id_ for id_, words in catalogue().items() if is_to_be_served(words) and id_ not in accounted]
    assert not missing, f'docs/coverage.md: give {missing} a row with its test, or a line with its reason under "{NOT_SERVED}"'


def test_what_is_not_to_be_served_has_no_row() -> None:
    known = catalogue()
    served = [id_ for id_ in ids(*SERVICES, NOT_SERVED) if id_ in known and not is_to_be_served(known[id_])]
    assert not served, f'docs/coverage.md: {sorted(served)} belong under "{NOT_BUILT}" or "{CONTEXT}" and nowhere else'


def test_what_is_not_built_says_which_guard_rail_forbids_it() -> None:
    missing = [id_ for id_, words in catalogue().items() if "NO" in words and id_ not in ids(NOT_BUILT)]
    assert not missing, f'docs/coverage.md: give {missing} a line under "{NOT_BUILT}"'
    unreasoned = [line.id for line in within(NOT_BUILT) if not set(re.findall(r"\bG\d+\b", line.cells[-1])) & set(RAIL_IDS)]
    assert not unreasoned, f"docs/coverage.md: name the guard rail (G1 to G20) for {unreasoned}"


def test_context_stands_under_context() -> None:
    expected = {id_ for id_, words in catalogue().items() if is_context(words)}
    assert ids(CONTEXT) == expected, f'docs/coverage.md: under "{CONTEXT}" stand the ids of class CTX, each once'


@pytest.mark.parametrize("section", [NOT_SERVED, NOT_BUILT, CONTEXT, RAILS])
def test_nothing_stands_twice_in_a_list(section: str) -> None:
    named = [line.id for line in within(section)]
    assert len(named) == len(set(named)), f"docs/coverage.md: one line per id under {section}"


def test_all_guard_rails_are_there_in_order() -> None:
    assert [line.id for line in within(RAILS)] == RAIL_IDS, (
        "docs/coverage.md: one line for each of G1 to G20, also for what is not enforced yet"
    )


@pytest.mark.parametrize("line", within(*SERVICES), ids=lambda line: line.id)
def test_every_named_endpoint_exists(line: Line) -> None:
    unknown = [each for each in named_endpoints(line) if not any(offered.fullmatch(each) for offered in endpoints())]
    assert not unknown, f"{line.id}: docs/api has no {unknown}"


@pytest.mark.parametrize("line", within(*SERVICES, RAILS), ids=lambda line: line.id)
def test_every_named_test_exists(line: Line) -> None:
    assert line.named_tests, f'{line.id}: name a test as `folder/test_file.py::test_name`, not "{line.cells[-1]}"'
    for file, test in line.named_tests:
        path = ROOT / "tests" / file
        assert path.exists(), f"{line.id}: there is no tests/{file}"
        assert re.search(rf"^(async )?def {test}\(", path.read_text(encoding="utf-8"), re.MULTILINE), (
            f"{line.id}: tests/{file} has no {test}"
        )


@pytest.mark.parametrize("id_", sorted(ids(*SERVICES)))
def test_everything_that_is_served_is_tested_through_the_public_api(id_: str) -> None:
    named = [each for line in within(*SERVICES) if line.id == id_ for each in line.named_tests]
    through_api = [f"{file}::{test}" for file, test in named if _speaks_to_a_service(file, test)]
    assert through_api, f"docs/coverage.md: name a test of {id_} that asks a service, beside those of its rules: {named}"


def _speaks_to_a_service(file: str, test: str) -> bool:
    """Tests of rules are synchronous; a test that calls a service is async."""
    source = (ROOT / "tests" / file).read_text(encoding="utf-8")
    return re.search(rf"^async def {test}\(", source, re.MULTILINE) is not None
