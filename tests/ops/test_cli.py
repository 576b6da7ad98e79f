"""The command line: tokens verify, all gates run, and reset refuses while a stack runs."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from rich.console import Console
from typer.main import get_group
from typer.testing import CliRunner

from ops import check, cli
from ops.servers.directory import held
from shared.identity import Role, TokenVerifier

runner = CliRunner()


def test_token_names_role_district_and_organisation(tmp_path):
    organisation = uuid4()
    arguments = [
        "token",
        "--var",
        str(tmp_path),
        "--role",
        "COMMUNITY_SECRETARY",
        "--district",
        "zhanqian",
        "--organisation",
        str(organisation),
    ]
    outcome = runner.invoke(cli.app, arguments)
    assert outcome.exit_code == 0, outcome.output
    verifier = TokenVerifier(json.loads((tmp_path / "keys/token.public.json").read_text()))
    principal = verifier.verify(outcome.stdout.strip(), datetime.now(UTC))
    assert (principal.roles, principal.district, principal.organisations) == ({Role.COMMUNITY_SECRETARY}, "zhanqian", {organisation})
    assert (tmp_path / "keys/token.private.json").stat().st_mode & 0o077 == 0


def test_token_for_all_districts_is_for_services_and_auditors(tmp_path):
    outcome = runner.invoke(cli.app, ["token", "--var", str(tmp_path), "--role", "DISTRICT_ADMIN", "--district", "*"])
    assert outcome.exit_code == 2


def test_every_gate_runs_although_one_fails(monkeypatch, capsys):
    gates = (("first", ("/bin/sh", "-c", "echo went wrong; exit 1"), "mend it"), ("second", ("/bin/sh", "-c", "exit 0"), ""))
    monkeypatch.setattr(check, "GATES", gates)
    assert check.run_checks(Console()) == 1
    shown = capsys.readouterr().out
    assert "went wrong" in shown
    assert "mend it" in shown
    assert "passed" in shown
    monkeypatch.setattr(check, "GATES", gates[1:])
    assert check.run_checks(Console()) == 0


def test_reset_refuses_while_a_stack_runs_and_empties_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "VAR", tmp_path)
    directory = tmp_path / "local"
    with held(directory, "./guangcai up"):
        (directory / "keys").mkdir()
        refused = runner.invoke(cli.app, ["reset"])
        assert refused.exit_code == 1
        assert "./guangcai up" in refused.output
        assert (directory / "keys").exists()
    assert runner.invoke(cli.app, ["reset"]).exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [*sorted(get_group(cli.app).commands), "demo compare"])
def test_every_command_explains_itself(command):
    outcome = runner.invoke(cli.app, [*command.split(), "--help"])
    assert outcome.exit_code == 0
    assert "Usage" in outcome.output
