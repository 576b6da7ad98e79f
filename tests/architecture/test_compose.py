"""docker-compose.yml and Dockerfile match ./guangcai up; checked by reading them, and by running the files of an image."""

import ast
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from ops import compose
from shared.runtime.settings import Settings

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/__init__.py"))
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
BLOCKS = COMPOSE["services"]
OURS = {"shared", "services", "ops", "tests", "bench", "faults"}
INFRASTRUCTURE = {"postgres", "rabbitmq", "setup", "provision"}


def stages() -> dict[str, list[tuple[str, str]]]:
    """Dockerfile instructions by stage, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    found: dict[str, list[tuple[str, str]]] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found[rest.rpartition(" AS ")[2]] = []
        found[next(reversed(found))].append((word, rest))
    return found


def environment_of(directory: Path, name: str) -> dict[str, str]:
    lines = (directory / name / "environment").read_text().splitlines()
    return {key: shlex.split(value)[0] for key, _, value in (line.partition("=") for line in lines)}


def test_every_service_has_its_block_and_no_other():
    assert sorted(set(BLOCKS) - INFRASTRUCTURE) == SERVICES, "add or remove a block in docker-compose.yml (and its secrets volume)"


@pytest.mark.parametrize("name", SERVICES)
def test_a_block_builds_its_service_and_gives_it_its_own_secrets_only(name):
    block = BLOCKS[name]
    assert block["build"] == {"context": ".", "target": "service", "args": {"SERVICE": name}}
    assert block["volumes"] == [f"{name}-secrets:/run/guangcai:ro"]
    assert f"{name}-secrets:/secrets/{name}" in BLOCKS["setup"]["volumes"]
    assert block["read_only"] is True
    assert block["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_no_container_takes_the_machines_memory(name):
    assert BLOCKS[name]["mem_limit"] in {"512m", "1g", "2g"}


def test_images_serve_within_our_limits():
    (command,) = [json.loads(rest) for word, rest in stages()["service"] if word == "CMD"]
    assert "python -m shared.runtime.serving $GUANGCAI_SERVICE" in command[-1]
    assert "uvicorn" not in command[-1]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_what_it_needs(name):
    conditions = {other: dependency["condition"] for other, dependency in BLOCKS[name]["depends_on"].items()}
    assert conditions == {
        "setup": "service_completed_successfully",
        "provision": "service_completed_successfully",
        "postgres": "service_healthy",
        "rabbitmq": "service_healthy",
    }
    assert all("healthcheck" in BLOCKS[other] for other, condition in conditions.items() if condition == "service_healthy")


def test_published_ports_are_on_loopback_and_differ():
    ports = [port for block in BLOCKS.values() for port in block.get("ports", [])]
    assert len(ports) == len(SERVICES)
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:8000", port) for port in ports)
    assert len(set(ports)) == len(ports)


def test_images_of_others_are_pinned_and_volumes_declared():
    images = [block["image"] for block in BLOCKS.values() if "build" not in block]
    assert all(re.search(r":\d[\w.-]*$", image) for image in images), images
    mounted = {volume.partition(":")[0] for block in BLOCKS.values() for volume in block.get("volumes", [])}
    assert mounted == set(COMPOSE["volumes"])


def test_no_secret_is_written_down():
    given = [key for block in BLOCKS.values() for key in block.get("environment", {})]
    built_in = [
        word for stage in stages().values() for kind, rest in stage if kind in {"ENV", "ARG"} for word in re.findall(r"(\w+)=", rest)
    ]
    telling = re.compile(r"PASSWORD|SECRET|TOKEN|KEY|URL")
    assert [name for name in (*given, *built_in) if telling.search(name) and not name.endswith("_FILE")] == []


def test_image_runs_without_rights_and_tells_its_health():
    service = stages()["service"]
    words = [word for word, _ in service]
    assert words.count("USER") == 1
    assert words.index("USER") < words.index("CMD")
    assert next(rest for word, rest in service if word == "USER") not in {"root", "0"}
    assert "/livez" in next(rest for word, rest in service if word == "HEALTHCHECK")
    assert ("ARG", "SERVICE") in service


def test_image_holds_shared_and_one_service():
    copied = [rest.split()[0] for word, rest in stages()["service"] if word == "COPY" and not rest.startswith("--from")]
    assert copied == ["shared/", "services/__init__.py", "services/${SERVICE}/"]
    assert {"*", "!shared", "!services", "!ops"} <= set((ROOT / ".dockerignore").read_text().split())


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_needs_no_more_than_its_image_holds(name):
    files = [*(ROOT / "services" / name).rglob("*.py"), *(path for path in (ROOT / "shared").rglob("*.py") if "testing" not in path.parts)]
    modules = {module for path in files for module in imported(path)}
    ours = {module for module in modules if module.partition(".")[0] in OURS}
    assert len(ours) > 10
    assert {module for module in ours if not module.startswith(("shared", f"services.{name}"))} == set()
    assert {module for module in ours if module.startswith("shared.testing")} == set()


def imported(path: Path) -> set[str]:
    """What a file imports, by full name."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def test_secrets_make_valid_settings_and_stay_the_same(tmp_path):
    compose.write_secrets(tmp_path)
    first = {name: environment_of(tmp_path, name) for name in SERVICES}
    compose.write_secrets(tmp_path)
    for name in SERVICES:
        environment = environment_of(tmp_path, name)
        values = {key.removeprefix("GUANGCAI_").lower(): value for key, value in environment.items()}
        settings = Settings.model_validate(values | {"feed_urls": json.loads(values["feed_urls"])})
        assert sorted(settings.feed_urls) == SERVICES
        assert environment["GUANGCAI_DATABASE_URL"] == first[name]["GUANGCAI_DATABASE_URL"]
        assert (tmp_path / name / Path(environment["GUANGCAI_TOKEN_PUBLIC_KEY"]).name).exists()
    assert ("GUANGCAI_VAULT_DATABASE_URL" in first["registration"]) != ("GUANGCAI_VAULT_DATABASE_URL" in first["evaluation"])
    assert (tmp_path / "registration" / Path(first["registration"]["GUANGCAI_VAULT_MASTER_KEY_FILE"]).name).exists()


def test_only_setup_sees_private_keys(tmp_path):
    compose.write_secrets(tmp_path)
    assert [path.parent.parent.name for path in tmp_path.rglob("token.private.json")] == ["admin"]
    assert sorted(path.parent.name for path in tmp_path.rglob("vault-master.key")) == ["keys", "registration"]
    users = [name for name, block in BLOCKS.items() if any(volume.startswith("admin-secrets") for volume in block.get("volumes", []))]
    assert users == ["setup", "provision"]


def test_shell_reads_the_environment_file_as_we_wrote_it(tmp_path):
    compose.write_secrets(tmp_path)
    file = tmp_path / "evaluation" / "environment"
    shown = subprocess.run(
        ["sh", "-c", f'set -a; . {file}; printf %s "$GUANGCAI_FEED_URLS"'], capture_output=True, text=True, check=True
    ).stdout
    assert json.loads(shown)["registration"] == "http://registration:8000"
