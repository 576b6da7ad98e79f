"""RabbitMQ's definitions, loaded at boot: a virtual host, one user per service, and the permissions of each."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

VHOST = "guangcai"
ADMIN = "admin"
# A new service is known by its folder.
SERVICES = tuple(sorted(path.parent.name for path in (Path(__file__).parents[2] / "services").glob("*/__init__.py")))


def password_hash(password: str, salt: bytes) -> str:
    """RabbitMQ's salted SHA-256: base64 of salt (4 bytes) followed by sha256(salt ‖ password); see "Passwords" in its documentation."""
    if len(salt) != 4:
        raise ValueError("the salt has exactly four bytes")
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def service_permission(service: str) -> str:
    """One pattern for configure, write and read: the shared exchanges, dead letters, the history stream, the service's own queues."""
    return rf"^guangcai\.(events|dead|history|{service}(\..*)?)$"


def definitions(passwords: Mapping[str, str], vhosts: Iterable[str] = (VHOST,)) -> dict[str, Any]:
    """The definitions document for users `admin` and the four services; `passwords` maps each user to a password."""
    vhosts = list(vhosts)
    users = [
        {
            "name": name,
            # The passwords are long and random, so the salt need not be random: derived from the name, it keeps the file stable.
            "password_hash": password_hash(passwords[name], hashlib.sha256(name.encode()).digest()[:4]),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": ["administrator"] if name == ADMIN else [],
        }
        for name in (ADMIN, *SERVICES)
    ]
    permissions = [
        {"user": name, "vhost": vhost, "configure": allowed, "write": allowed, "read": allowed}
        for vhost in vhosts
        for name, allowed in [(ADMIN, ".*"), *((service, service_permission(service)) for service in SERVICES)]
    ]
    return {"users": users, "vhosts": [{"name": vhost} for vhost in vhosts], "permissions": permissions}


def definitions_json(passwords: Mapping[str, str], vhosts: Iterable[str] = (VHOST,)) -> str:
    return json.dumps(definitions(passwords, vhosts), indent=1, sort_keys=True)
