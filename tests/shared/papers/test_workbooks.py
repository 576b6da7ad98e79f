"""Workbooks: text stays text, no formula is executed, and services without workbooks do not load the library."""

import io
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from shared.papers.workbooks import FORMULA_SIGNS, Sheet, disarmed, workbook_of
from tests.architecture.source_tree import ROOT


def tables(content: bytes) -> list[list[list[object]]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return [[list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names]


letters = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12)
words = st.builds(str.__add__, st.sampled_from(["", "=", "+", "-", "@", "0", "http://", "{="]), letters)


@given(st.lists(st.lists(words, min_size=2, max_size=2), max_size=4))
def test_whatever_a_text_looks_like_it_comes_back_as_text_and_runs_nowhere(rows: list[list[str]]) -> None:
    content = workbook_of([Sheet("名单", [("甲", 12), ("乙", 12)], rows, note="导出")])
    (shown,) = tables(content)
    assert shown[3:] == [[f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell for cell in row] for row in rows]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_starts_a_formula(value: str) -> None:
    assert disarmed(value) == f"'{value}"
    assert disarmed("清理1000余条") == "清理1000余条"


def test_a_sheet_has_headings_a_title_and_a_note_only_where_it_has_them() -> None:
    rows = [["11010519491231002X", 3]]
    plain, headed, noted = tables(
        workbook_of([Sheet("甲", (), rows), Sheet("乙", ["编号", ("人数", 8)], rows), Sheet("丙", ["编号", "人数"], rows, note="导出")])
    )
    assert plain == [["11010519491231002X", 3]]
    assert headed == [["编号", "人数"], *plain]
    assert noted == [["丙", ""], ["导出", ""], *headed]


@pytest.mark.parametrize("service", ["registration", "activities"])
def test_a_service_that_makes_no_workbook_does_not_carry_the_library(service: str) -> None:
    ask = f"import sys, services.{service}.app; print(sorted(name for name in sys.modules if name.startswith('xlsxwriter')))"
    run = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
