"""The published OpenAPI documents are what a client can be made from."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from shared.testing.documented import API

DOCUMENTS = sorted(API.glob("*.openapi.json"))
ALWAYS = {"422", "429", "503"}


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.name.partition(".")[0])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(request.param.read_text(encoding="utf-8"))


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{method.upper()} {path}": each for path, methods in document["paths"].items() for method, each in methods.items()}


def test_operations_have_short_names_of_their_own(document: dict[str, Any]) -> None:
    names = Counter(each["operationId"] for each in operations(document).values())
    assert [name for name, count in names.items() if count > 1 or not re.fullmatch(r"[a-z][A-Za-z0-9]{2,50}", name)] == []


def test_every_operation_belongs_to_a_feature_that_is_described(document: dict[str, Any]) -> None:
    described = {each["name"] for each in document["tags"] if each["description"]}
    assert {tag for each in operations(document).values() for tag in each["tags"]} == described
    assert all(len(each["tags"]) == 1 for each in operations(document).values())


def test_who_may_call_is_said(document: dict[str, Any]) -> None:
    assert document["servers"]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for name, each in operations(document).items():
        needs_token = bool(each["security"])
        assert ({"401", "403"} <= each["responses"].keys()) is needs_token, name
        assert needs_token or "/districts/{district}/" in name, f"{name} may be called by anybody"


def test_errors_are_problems_in_both_languages_with_a_code(document: dict[str, Any]) -> None:
    problem = document["components"]["schemas"]["Problem"]
    assert {"title", "title_en", "code", "status"} <= set(problem["required"])
    for name, each in operations(document).items():
        assert each["responses"].keys() >= ALWAYS, name
        errors = {status: answer["content"] for status, answer in each["responses"].items() if status >= "400"}
        assert all(list(content) == ["application/problem+json"] for content in errors.values()), name


def test_commands_need_a_key_and_may_break_a_rule(document: dict[str, Any]) -> None:
    for name, each in operations(document).items():
        answer = each["responses"].get("201") or each["responses"].get("200") or {}
        is_command = "CommandAnswer" in json.dumps(answer)
        keys = [parameter for parameter in each.get("parameters", ()) if parameter["name"] == "idempotency-key"]
        if name.startswith("POST") and is_command:
            assert [key["required"] for key in keys] == [True], name
            assert {"409", "412"} <= each["responses"].keys(), name


def test_names_of_schemas_tell_nothing_of_modules(document: dict[str, Any]) -> None:
    assert [name for name in document["components"]["schemas"] if "__" in name] == []
