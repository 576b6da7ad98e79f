"""Tokens: only correctly signed and valid ones are accepted."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.identity import ALGORITHM, Forbidden, Principal, Role, TokenVerifier, Unauthenticated, generate_keys, mint

NOW = datetime(2026, 3, 29, 9, 0, tzinfo=UTC)
UNIT = UUID("0192f000-0000-7000-8000-000000000001")
PRIVATE, PUBLIC = generate_keys()
VERIFIER = TokenVerifier(PUBLIC)
LIAISON = Principal("liaison-7", "zhanqian", frozenset({Role.UNIT_LIAISON}), frozenset({UNIT}))


def token(principal: Principal = LIAISON, issued_at: datetime = NOW, lifetime: timedelta = timedelta(hours=8)) -> str:
    return mint(PRIVATE, principal, issued_at=issued_at, lifetime=lifetime)


def signed(key: Any = None, header: dict[str, str] | None = None, **changes: Any) -> str:
    claims: dict[str, Any] = {
        "iss": "guangcai",
        "aud": "guangcai",
        "sub": "liaison-7",
        "district": "zhanqian",
        "roles": ["UNIT_LIAISON"],
        "organisations": [],
        "nbf": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(hours=1)).timestamp()),
    } | changes
    header = header or {"alg": ALGORITHM}
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(header, present, key or OKPKey.import_key(PRIVATE), algorithms=[header["alg"]])


def test_a_minted_token_gives_back_its_principal() -> None:
    assert VERIFIER.verify(token(), NOW) == LIAISON


def test_a_token_is_refused_before_and_after_its_time() -> None:
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(token(), NOW - timedelta(minutes=5))
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(token(), NOW + timedelta(hours=9))


def test_a_token_that_was_good_once_is_refused_when_its_time_is_over() -> None:
    verifier, one = TokenVerifier(PUBLIC), token()
    assert verifier.verify(one, NOW) == LIAISON
    with pytest.raises(Unauthenticated):
        verifier.verify(one, NOW + timedelta(hours=9))


def test_clocks_may_differ_by_half_a_minute() -> None:
    assert VERIFIER.verify(token(), NOW - timedelta(seconds=20)) == LIAISON


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "district", "exp", "nbf"])
def test_a_token_without_a_claim_is_refused(claim: str) -> None:
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(signed(**{claim: None}), NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": "elsewhere"},
        {"sub": 7},
        {"sub": ""},
        {"district": ["a", "b"]},
        {"district": ""},
        {"roles": "MEMBER"},
        {"organisations": ["not-a-uuid"]},
        {"exp": "tomorrow"},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(signed(**changes), NOW)


def test_a_token_of_another_key_is_refused() -> None:
    stranger, _ = generate_keys()
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(signed(OKPKey.import_key(stranger)), NOW)


def test_unsigned_tokens_are_refused() -> None:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    _, payload, signature = token().split(".")
    for forged in (f"{part({'alg': 'none'})}.{payload}.", f"{part({'alg': 'none'})}.{payload}.{signature}"):
        with pytest.raises(Unauthenticated):
            VERIFIER.verify(forged, NOW)


def test_a_hash_keyed_with_the_public_key_is_refused() -> None:
    public_bytes = json.dumps(PUBLIC).encode()
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(signed(OctKey.import_key(public_bytes), {"alg": "HS256"}), NOW)


def test_changing_one_character_breaks_the_token() -> None:
    header, payload, signature = token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    claims["roles"] = ["DISTRICT_ADMIN"]
    grown = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(f"{header}.{grown}.{signature}", NOW)


@given(st.text(max_size=60) | st.builds(".".join, st.lists(st.text(max_size=20), min_size=3, max_size=3)))
def test_rubbish_is_refused_and_never_breaks_the_verifier(rubbish: str) -> None:
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(rubbish, NOW)


def test_unknown_roles_are_ignored_and_no_role_allows_nothing() -> None:
    principal = VERIFIER.verify(signed(roles=["EMPEROR", "UNIT_LIAISON"]), NOW)
    assert principal.roles == {Role.UNIT_LIAISON}
    bare = VERIFIER.verify(signed(roles=None, organisations=None), NOW)
    assert not bare.has_any(list(Role))


def test_services_and_auditors_may_cross_districts_and_nobody_else() -> None:
    for role in (Role.SERVICE, Role.AUDITOR):
        VERIFIER.verify(token(Principal("x", "*", frozenset({role}))), NOW).require_district("anywhere")
    for roles in ({Role.DISTRICT_ADMIN}, {Role.SERVICE, Role.DISTRICT_ADMIN}, set[Role]()):
        with pytest.raises(Unauthenticated):
            VERIFIER.verify(token(Principal("x", "*", frozenset(roles))), NOW)


def test_a_principal_stays_in_its_district_and_organisations() -> None:
    LIAISON.require_district("zhanqian")
    LIAISON.require_organisation(UNIT)
    with pytest.raises(Forbidden):
        LIAISON.require_district("xigu")
    with pytest.raises(Forbidden):
        LIAISON.require_organisation(UUID(int=1))


def test_only_the_member_is_the_member() -> None:
    assert Principal(str(UNIT), "zhanqian", frozenset({Role.MEMBER})).is_member(UNIT)
    assert not Principal(str(UNIT), "zhanqian", frozenset({Role.UNIT_LIAISON})).is_member(UNIT)


def test_only_an_ed25519_key_verifies() -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        TokenVerifier(dict(OKPKey.generate_key("Ed448").as_dict(private=False)))
