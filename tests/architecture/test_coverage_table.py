"""docs/coverage.md keeps its word: every id is in the catalogue, every named test exists."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
COVERAGE = ROOT / "docs" / "coverage.md"
CATALOGUE = ROOT / "docs" / "catalogue.tsv"
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


class Row(NamedTuple):
    """One line of the table."""

    id: str
    how: str
    endpoint: str
    test: str


def rows() -> list[Row]:
    cells = [re.split(r"\s*\|\s*", line.strip().strip("|").strip()) for line in COVERAGE.read_text().splitlines() if line.startswith("| S")]
    broken = [each for each in cells if len(each) != len(Row._fields)]
    assert not broken, f"docs/coverage.md: a row is | id | how it works | endpoint or command | test |: {broken}"
    return [Row(*each) for each in cells]


def catalogue() -> set[str]:
    return {line.split("\t")[0] for line in CATALOGUE.read_text().splitlines()[1:]}


def test_every_id_is_in_the_catalogue() -> None:
    unknown = {row.id for row in rows()} - catalogue()
    assert rows()
    assert not unknown, f"docs/catalogue.tsv does not know {sorted(unknown)}"


def test_every_row_says_how() -> None:
    empty = [row.id for row in rows() if not (row.how and row.endpoint)]
    assert not empty, f"docs/coverage.md: say how it works and where for {empty}"


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_every_named_test_exists(row: Row) -> None:
    named = TEST.findall(row.test)
    assert named, f'{row.id}: name a test as `folder/test_file.py::test_name`, not "{row.test}"'
    for file, test in named:
        path = ROOT / "tests" / file
        assert path.exists(), f"{row.id}: there is no tests/{file}"
        assert re.search(rf"^(async )?def {test}\(", path.read_text(), re.MULTILINE), f"{row.id}: tests/{file} has no {test}"
