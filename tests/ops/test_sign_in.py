"""The identity provider of a local stack asks registration whose account signs in."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from ops.keys import Keys
from ops.servers.processes import ServerFailed
from ops.sign_in import signed_in
from shared.identity import Principal, Role, TokenVerifier

MEMBER = "0192aaaa-0000-7000-8000-000000000001"


def principal_of(keys: Keys, account: str, status: int = 404) -> Principal:
    verifier = TokenVerifier(json.loads(keys.public_file.read_text()))

    def registration(request: httpx2.Request) -> httpx2.Response:
        asking = verifier.verify(request.headers["Authorization"].removeprefix("Bearer "), datetime.now(UTC))
        assert (asking.roles, request.headers["Guangcai-District"]) == ({Role.SERVICE}, "zhanqian")
        is_known = request.headers["Guangcai-Account"] == "sub-1"
        return httpx2.Response(200, json={"member_id": MEMBER}) if is_known else httpx2.Response(status)

    with httpx2.Client(transport=httpx2.MockTransport(registration), base_url="http://registration") as client:
        token = signed_in(client, keys, account, "zhanqian", timedelta(hours=1))
    return verifier.verify(token, datetime.now(UTC))


def test_a_claimed_account_signs_in_as_its_member(tmp_path: Path) -> None:
    principal = principal_of(Keys(tmp_path), "sub-1")
    assert (principal.subject, principal.roles, principal.district) == (MEMBER, {Role.MEMBER}, "zhanqian")


def test_an_account_that_is_nobodys_signs_in_as_somebody_who_may_claim(tmp_path: Path) -> None:
    principal = principal_of(Keys(tmp_path), "sub-2")
    assert (principal.subject, principal.roles) == ("sub-2", {Role.RESIDENT})


def test_without_an_answer_nobody_signs_in(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="whose account"):
        principal_of(Keys(tmp_path), "sub-2", status=503)
