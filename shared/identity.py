"""Who is asking: roles, the principal read from a token, and the tokens themselves (JWT, RFC 7519, signed with Ed25519, RFC 9864).

Invariant: a principal belongs to one district; only services (and auditors, who replay every history) may carry "*".
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, cast
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM: Final = "Ed25519"
ISSUER: Final = "guangcai"
AUDIENCE: Final = "guangcai"
EVERY_DISTRICT: Final = "*"
LEEWAY: Final = timedelta(seconds=30)
REMEMBERED: Final = 1_000  # tokens whose signature is cached as valid; their claims are checked again every second


class Role(StrEnum):
    """What a principal may act as. Several roles add up; none takes another away."""

    MEMBER = "MEMBER"
    UNIT_LIAISON = "UNIT_LIAISON"
    UNIT_SECRETARY = "UNIT_SECRETARY"
    COMMUNITY_CLERK = "COMMUNITY_CLERK"
    COMMUNITY_SECRETARY = "COMMUNITY_SECRETARY"
    TEAM_LEADER = "TEAM_LEADER"
    STREET_ADMIN = "STREET_ADMIN"
    DISTRICT_ADMIN = "DISTRICT_ADMIN"
    APPEAL_REVIEWER = "APPEAL_REVIEWER"
    RESIDENT = "RESIDENT"
    INSTRUCTOR = "INSTRUCTOR"
    AUDITOR = "AUDITOR"
    SYSTEM_ADMIN = "SYSTEM_ADMIN"
    SECURITY_ADMIN = "SECURITY_ADMIN"
    SERVICE = "SERVICE"
    SUBSCRIBER = "SUBSCRIBER"


MAY_CROSS_DISTRICTS: Final = frozenset({Role.SERVICE, Role.AUDITOR})


class Unauthenticated(Exception):
    """No valid token. Answered as 401; the reason is for logs and never names a person."""


class Forbidden(Exception):
    """The principal is known and may not do this. Answered as 403."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: `subject` is a pseudonymous id (for members the member id), `organisations` the units and communities they act for."""

    subject: str
    district: str
    roles: frozenset[Role]
    organisations: frozenset[UUID] = frozenset()

    def require_organisation(self, organisation_id: UUID) -> None:
        """Raise Forbidden unless the principal acts for this unit or community."""
        if organisation_id not in self.organisations:
            message = "acts for none of the organisations concerned"
            raise Forbidden(message)

    def require_district(self, district: str) -> None:
        """Raise Forbidden unless the principal belongs to this district (services and auditors may belong to all)."""
        if self.district not in (district, EVERY_DISTRICT):
            message = "belongs to another district"
            raise Forbidden(message)

    def has_any(self, roles: Collection[Role]) -> bool:
        """Whether at least one of `roles` is held."""
        return not self.roles.isdisjoint(roles)

    def is_member(self, member_id: UUID) -> bool:
        """Whether this is the member in person: the role and the id, not an organisation acting for them."""
        return Role.MEMBER in self.roles and self.subject == str(member_id)


class TokenVerifier:
    """Reads tokens signed by the holder of the private key that belongs to one public JWK (Ed25519)."""

    def __init__(self, public_jwk: dict[str, Any]) -> None:
        """Take the public key. Raises ValueError when it is not an Ed25519 key."""
        self._key = OKPKey.import_key(public_jwk)
        if self._key.curve_name != "Ed25519":
            message = "token key must be Ed25519"
            raise ValueError(message)
        self._signed = lru_cache(REMEMBERED)(self._check_signature)
        self._at = lru_cache(REMEMBERED)(self._principal_at)

    def verify(self, token: str, now: datetime) -> Principal:
        """Principal of a valid token at `now` (aware, wall clock). Raises Unauthenticated for anything else.

        Only Ed25519 is accepted, so `alg: none` and an HMAC keyed with the public key fail. Unknown roles are ignored, so a token of a
        newer issuer stays usable with fewer rights.
        """
        try:
            return self._at(token, int(now.timestamp()))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as broken:
            raise Unauthenticated(type(broken).__name__) from broken

    def _principal_at(self, token: str, second: int) -> Principal:
        claims = self._signed(token)
        _check_claims(claims, second)
        return _principal(claims)

    def _check_signature(self, token: str) -> dict[str, Any]:
        return jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims


def _check_claims(claims: dict[str, Any], second: int) -> None:
    registry = jwt.JWTClaimsRegistry(
        now=second,
        leeway=int(LEEWAY.total_seconds()),
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        sub={"essential": True},
        exp={"essential": True},
        nbf={"essential": True},
    )
    registry.validate(claims)


def _principal(claims: dict[str, Any]) -> Principal:
    known = {role.value for role in Role}
    roles = frozenset(Role(name) for name in _strings(claims.get("roles", [])) if name in known)
    subject, district = claims["sub"], claims["district"]
    if not isinstance(subject, str) or not isinstance(district, str) or not subject or not district:
        message = "subject and district must be texts"
        raise ValueError(message)
    # Everywhere a member is identified by this id; routes parse the subject as a UUID.
    if Role.MEMBER in roles and subject != str(UUID(subject)):
        message = "the subject of a member is the member id"
        raise ValueError(message)
    # Every role of a cross-district token must be one that may cross: otherwise SERVICE + DISTRICT_ADMIN would administer all districts.
    if district == EVERY_DISTRICT and not (roles and roles <= MAY_CROSS_DISTRICTS):
        message = "only services and auditors may cross districts"
        raise ValueError(message)
    organisations = frozenset(UUID(each) for each in _strings(claims.get("organisations", [])))
    return Principal(subject, district, roles, organisations)


def _strings(value: object) -> list[str]:
    if not isinstance(value, list):
        message = "expected a list"
        raise TypeError(message)
    return [each for each in cast("list[object]", value) if isinstance(each, str)]


def mint(
    private_jwk: dict[str, Any],
    principal: Principal,
    *,
    issued_at: datetime,
    lifetime: timedelta,
) -> str:
    """Signed token for `principal`, valid from `issued_at` (aware) for `lifetime`."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": principal.subject,
        "district": principal.district,
        "roles": sorted(principal.roles),
        "organisations": sorted(str(each) for each in principal.organisations),
        "iat": int(issued_at.timestamp()),
        "nbf": int(issued_at.timestamp()),
        "exp": int((issued_at + lifetime).timestamp()),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, OKPKey.import_key(private_jwk), algorithms=[ALGORITHM])


def generate_keys() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a fresh Ed25519 key pair as JWKs: (private, public)."""
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    return dict(key.as_dict(private=True)), dict(key.as_dict(private=False))
