"""The identity provider of a local stack: issues an account's token, with role MEMBER once it is claimed, else RESIDENT (ADR 14)."""

from datetime import timedelta
from http import HTTPStatus

import httpx2

from ops.keys import Keys
from ops.servers.processes import ServerFailed
from shared.identity import Principal, Role

PROVIDER = "identity-provider"


def signed_in(registration: httpx2.Client, keys: Keys, account: str, district: str, lifetime: timedelta) -> str:
    """A token for this account in a district; registration says whose it is. Raises ServerFailed when registration does not answer."""
    asking = {
        "Authorization": f"Bearer {keys.service_token(PROVIDER)}",
        "Guangcai-District": district,
        "Guangcai-Account": account,
    }
    try:
        answer = registration.get("/accounts/member", headers=asking)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return keys.token(Principal(account, district, frozenset({Role.RESIDENT})), lifetime)
        member_id = answer.raise_for_status().json()["member_id"]
    except httpx2.HTTPError as broken:
        raise ServerFailed(f"registration did not say whose account it is: {broken}") from None
    return keys.token(Principal(member_id, district, frozenset({Role.MEMBER})), lifetime)
