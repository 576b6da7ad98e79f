"""Keys of a local stack: the Ed25519 pair for tokens, the vault's master key, the keys for links and commands. One set per directory."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.identity import EVERY_DISTRICT, Principal, Role, generate_keys, mint

VAULT_FILE = "vault-master.key"
SERVICE_TOKEN_LIFETIME = timedelta(days=30)


class Keys:
    """The key files in one directory; missing ones are generated."""

    def __init__(self, directory: Path, seed: str | None = None) -> None:
        """With `seed` the other keys are derived from it, so ids derived from them repeat. For invented data only."""
        self.private_file = directory / "token.private.json"
        self.public_file = directory / "token.public.json"
        self.vault_file = directory / VAULT_FILE
        self._link_file = directory / "links.key"
        self._command_file = directory / "commands.key"
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.private_file.exists():
            private, public = generate_keys()
            _write(self.public_file, json.dumps(public, indent=1))
            _write(self.private_file, json.dumps(private, indent=1))
        if not self.vault_file.exists():
            _write(self.vault_file, _secret(self.vault_file.name, seed))
        for file in (self._link_file, self._command_file):
            if not file.exists():
                _write(file, _secret(file.name, seed))

    @property
    def link_key(self) -> str:
        """The secret behind residents' one-time links."""
        return self._link_file.read_text()

    def command_key(self, service: str) -> str:
        """The secret of one service behind fingerprints of requests."""
        return hmac.digest(self._command_file.read_bytes(), service.encode(), "sha256").hex()

    def token(self, principal: Principal, lifetime: timedelta = SERVICE_TOKEN_LIFETIME) -> str:
        """A signed token for `principal`, valid from now."""
        return mint(json.loads(self.private_file.read_text()), principal, issued_at=datetime.now(UTC), lifetime=lifetime)

    def service_token(self, service: str) -> str:
        """The token with which a service calls the others: role SERVICE in every district."""
        return self.token(Principal(f"service:{service}", EVERY_DISTRICT, frozenset({Role.SERVICE})))


def _secret(name: str, seed: str | None) -> str:
    """32 bytes in base64: random, or derived from `seed`."""
    raw = secrets.token_bytes(32) if seed is None else hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return base64.b64encode(raw).decode()


def _write(path: Path, text: str) -> None:
    """Write the file atomically, at no moment readable by others."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
