"""Passwords of the local servers: generated once per data directory, kept in one file that only its owner may read."""

import json
import os
import secrets
from pathlib import Path

FILE = "credentials.json"


class Credentials:
    """Passwords by name, generated on first use. `is_new`: there was no file, so existing server data cannot be opened."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / FILE
        self.is_new = not self._file.exists()
        self._passwords: dict[str, str] = {} if self.is_new else json.loads(self._file.read_text())

    def password(self, name: str) -> str:
        if name not in self._passwords:
            self._passwords[name] = secrets.token_urlsafe(24)
            self._save()
        return self._passwords[name]

    def passwords(self, *names: str) -> dict[str, str]:
        return {name: self.password(name) for name in names}

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(self._passwords, file, indent=1, sort_keys=True)
        draft.replace(self._file)
