"""The house style, as far as a machine can check it. Messages say what to do; raise a cap only with an ADR."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.architecture.house import is_pure
from tests.architecture.source_tree import ROOT, Source, service_folders, sources

FILE_LINES = 400
PURE_LINES = 250
TEST_LINES = 600
FUNCTION_LINES = 40
PASSPORT_LINES = 15
DOCSTRING_LINES = 6

VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools", "manager", "managers"}
WAIVER = re.compile(r"#\s*(noqa|type:\s*ignore|pyright:\s*ignore)(?P<rest>.*)")
REASON = re.compile(r"^(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[\w, -]+\])\W+\w.*\w")


def cap(source: Source) -> int:
    if source.name.startswith("tests/"):
        return TEST_LINES
    return PURE_LINES if is_pure(source) else FILE_LINES


def test_files_stay_small() -> None:
    long = [f"{each.name}: {each.lines} lines, cap {cap(each)}" for each in sources() if each.lines > cap(each)]
    assert not long, "cut these along their responsibilities (never into part1/part2):\n" + "\n".join(long)


def test_functions_stay_small() -> None:
    long = [
        f"{source.name}:{function.lineno} {function.name}: {length} lines"
        for source in sources("services", "shared", "ops")
        for function in source.functions()
        if (length := own_length(function)) > FUNCTION_LINES
    ]
    assert not long, f"at most {FUNCTION_LINES} lines, docstring not counted; name the steps:\n" + "\n".join(long)


def own_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    first = function.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if has_docstring else 0
    return function.end_lineno - function.lineno + 1 - docstring


def test_names_say_what_a_module_is_for() -> None:
    vague = [each.name for each in sources() if VAGUE_NAMES & set(each.path.relative_to(ROOT).with_suffix("").parts)]
    assert not vague, f"name these after what they hold: {vague}"


def test_every_module_says_what_it_owns() -> None:
    silent = [each.name for each in sources("services", "shared", "ops", "tests") if each.text.strip() and not each.docstring]
    assert not silent, f"open these with 1-{DOCSTRING_LINES} lines: what it owns and the invariant it protects: {silent}"


def test_module_docstrings_stay_short() -> None:
    passports = {f"services/{folder.name}/__init__.py" for folder in service_folders()}
    long = [
        f"{each.name}: {lines} lines"
        for each in sources("services", "shared")
        if (lines := each.docstring.count("\n") + 1) > (PASSPORT_LINES if each.name in passports else DOCSTRING_LINES)
    ]
    assert not long, f"at most {DOCSTRING_LINES} lines; longer explanations belong into docs/:\n" + "\n".join(long)


@pytest.mark.parametrize("folder", service_folders(), ids=lambda folder: folder.name)
def test_every_service_has_a_passport(folder: Path) -> None:
    passport = Source(folder / "__init__.py", (folder / "__init__.py").read_text(encoding="utf-8")).docstring
    for word in ("Owns", "Publishes", "Consumes"):
        assert word in passport, f"services/{folder.name}/__init__.py: the passport lacks “{word}: …”"


def test_a_package_of_contracts_lists_nothing() -> None:
    packages = [each for each in sources("shared/contracts") if each.path.name == "__init__.py"]
    listing = [each.name for each in packages if len(ast.parse(each.text).body) > 1]
    assert len(packages) >= 4
    assert not listing, f"import each event from the module that defines it; published_events() finds all of them: {listing}"


NAMED_BY_TEXT = re.compile(r"\.event_types\b|\.type_name\(\)|\bis (not )?call\b")


def test_services_look_at_decided_events_by_class() -> None:
    found = [f"{each.name}: {match[0]}" for each in sources("services") for match in NAMED_BY_TEXT.finditer(each.text)]
    assert not found, f"`answer.events` are the decided events, `call.is_assisted` says that somebody else acts: {found}"


@pytest.mark.parametrize(
    "text", ["answer.event_types[0]", "PostClaimed.type_name()", "if acting is not call:", "1 if acting is call else 2"]
)
def test_a_planted_look_at_names_is_seen(text: str) -> None:
    assert NAMED_BY_TEXT.search(text)


def test_contracts_need_pydantic_and_nothing_else() -> None:
    foreign = [
        f"{source.name} imports {name}"
        for source in sources("shared/contracts")
        for name in source.imports()
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(("pydantic", "shared.contracts"))
    ]
    assert not foreign, "the published language is read by everybody, so it depends on nobody:\n" + "\n".join(foreign)


def test_every_waiver_names_its_rule_and_reason() -> None:
    bare = [
        f"{source.name}:{number}: {line.strip()}"
        for source in sources("services", "shared", "ops")
        for number, line in enumerate(source.text.splitlines(), 1)
        if (found := WAIVER.search(line)) and not REASON.search(found["rest"])
    ]
    assert not bare, "write `# noqa: RULE - reason`:\n" + "\n".join(bare)


@pytest.mark.parametrize(
    ("comment", "is_reasoned"),
    [
        ("# noqa: BLE001 - every waiting caller must hear of it", True),
        ("# pyright: ignore[reportPrivateUsage]  # the library has no other door", True),
        ("# noqa: BLE001", False),
        ("# noqa", False),
        ("# type: ignore[arg-type]", False),
    ],
)
def test_a_waiver_without_reason_is_seen(comment: str, is_reasoned: bool) -> None:
    found = WAIVER.search(comment)
    assert found is not None
    assert bool(REASON.search(found["rest"])) is is_reasoned
