"""Comparing the benchmarks of two trees: ratios, verdict, whose turn it is, the tree of a commit. Measuring itself takes minutes."""

import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bench import against
from bench.against import COMPARED, NEW, OLD, USUAL, Round, Tree, Verdict, figure, rounds, table
from bench.run import BENCHMARKS
from ops import cli
from ops.servers import ServerFailed

TREES = (Tree(NEW, Path("new"), Path("python")), Tree(OLD, Path("old"), Path("python")))


def test_a_faster_tree_has_a_ratio_above_one_and_so_has_a_smaller_one():
    assert Verdict("append", [Round(new=110, old=100)]).ratio == pytest.approx(1.1)
    assert Verdict("footprint", [Round(new=100, old=110)]).ratio == pytest.approx(1.1)


@pytest.mark.parametrize(("new", "is_no_worse"), [(95, True), (94.9, False), (200, True)])
def test_a_median_of_95_hundredths_is_no_worse(new, is_no_worse):
    assert Verdict("http", [Round(new, 100)] * against.ROUNDS).is_no_worse is is_no_worse


def test_the_median_of_the_ratios_decides_and_not_the_ratio_of_the_medians():
    # The machine was twice as fast in the second half: each round is only compared with itself.
    verdict = Verdict("live", [Round(100, 101), Round(100, 100), Round(200, 190), Round(200, 220), Round(20, 200)])
    assert verdict.ratio == pytest.approx(100 / 101)
    assert verdict.is_no_worse


def test_both_trees_are_measured_in_every_round_and_begin_in_turn():
    asked: list[tuple[int, str]] = []

    def measured(name: str, number: int, tree: Tree) -> float:
        assert name == "append"
        asked.append((number, tree.label))
        return {NEW: 2.0, OLD: 1.0}[tree.label] + number

    found = rounds("append", TREES, measured)
    assert found == [Round(2.0 + number, 1.0 + number) for number in range(against.ROUNDS)]
    assert asked[:4] == [(0, NEW), (0, OLD), (1, OLD), (1, NEW)]
    assert len(asked) == 2 * against.ROUNDS


def test_ours_is_compared_and_of_footprint_all_services_together():
    assert figure("append", {"ours": 5.0, "raw": 1.0}) == 5.0
    assert figure("footprint", {"registration": 100.0, "activities": 120.0}) == 220.0


def test_the_table_says_which_benchmark_is_worse():
    console = Console(width=120)
    with console.capture() as capture:
        console.print(table([Verdict("append", [Round(100, 100)]), Verdict("http", [Round(80, 100)])], "0123456789abcdef"))
    shown = capture.get()
    [append] = [line for line in shown.splitlines() if "append" in line]
    [http] = [line for line in shown.splitlines() if "http" in line]
    assert "1.000" in append
    assert "no worse" in append
    assert "0.800" in http
    assert "no worse" not in http
    assert "0123456789ab" in shown


def test_what_is_compared_are_benchmarks_that_exist():
    assert set(USUAL) < set(COMPARED) < set(BENCHMARKS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--against", "HEAD", "growth"], "there is no benchmark growth"),
        (["--against", "HEAD", "--quick"], "--quick does not go with --against"),
        (["--against", "no-such-commit"], "there is no commit 'no-such-commit'"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_before_anything_starts(arguments, message):
    outcome = CliRunner().invoke(cli.app, ["bench", *arguments])
    assert outcome.exit_code != 0
    assert message in " ".join(outcome.output.replace("│", " ").split())


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    return subprocess.run(["git", "-C", root, *identity, *arguments], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with two commits, whose entry script makes an environment as ours does."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    (root / "guangcai").write_text("#!/bin/sh\nmkdir -p $(dirname $0)/.venv/bin; touch $(dirname $0)/.venv/bin/python\n")
    (root / "guangcai").chmod(0o755)
    for lock in ("first", "second"):
        (root / "uv.lock").write_text(lock)
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", lock)
    monkeypatch.setattr(against, "ROOT", root)
    return root


def test_a_commit_is_checked_out_and_nothing_of_it_stays(repository, tmp_path):
    commit, place = against.resolve("HEAD"), tmp_path / "var/tree"
    for _ in range(2):
        with against.checked_out(commit, place, print) as tree:
            assert tree == Tree(OLD, place, Path(sys.executable))
            assert (place / "uv.lock").read_text() == "second"
        assert not place.exists()
        assert len(git(repository, "worktree", "list").splitlines()) == 1


def test_a_tree_that_a_killed_run_left_is_in_nobodys_way(repository, tmp_path):
    place = tmp_path / "var/tree"
    git(repository, "worktree", "add", "--detach", str(place), "HEAD")
    (place / "guangcai").unlink()
    (place / "uv.lock").unlink()
    (place / ".git").unlink()
    place.rmdir()  # as emptying the data directory does
    with against.checked_out(against.resolve("HEAD"), place, print):
        assert (place / "uv.lock").exists()


def test_other_dependencies_get_an_environment_of_their_own(repository, tmp_path):
    said: list[str] = []
    with against.checked_out(against.resolve("HEAD~1"), tmp_path / "var/tree", said.append) as tree:
        assert tree.python == tmp_path / "var/tree/.venv/bin/python"
        assert tree.python.exists()
    assert "locks other dependencies" in said[0]


def test_outside_a_clone_it_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(against, "ROOT", tmp_path)
    with pytest.raises(ServerFailed, match="there is no commit 'HEAD' in the repository"):
        against.resolve("HEAD")
