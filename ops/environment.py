"""The environment variables of each service (read by shared/runtime/settings.py), for child processes and containers alike."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.keys import Keys
from ops.provision import VAULT, Database
from shared.http.limits import Limits


@dataclass(frozen=True, slots=True)
class Surroundings:
    """URLs and paths as the services see them, also those of the key files."""

    database: Database
    amqp_url: Callable[[str], str]
    service_urls: Mapping[str, str]
    keys: Keys
    public_key_file: Path
    vault_key_file: Path
    is_clock_simulated: bool = False
    are_rates_lifted: bool = False
    smtp_url: str | None = None


def service_environment(name: str, around: Surroundings) -> dict[str, str]:
    """Environment variables of one service. Only registration gets the vault, only notifications the mail server."""
    environment = {
        "GUANGCAI_SERVICE": name,
        "GUANGCAI_DATABASE_URL": around.database.url(name),
        "GUANGCAI_MIGRATION_DATABASE_URL": around.database.url(f"{name}_owner"),
        "GUANGCAI_AMQP_URL": around.amqp_url(name),
        "GUANGCAI_FEED_URLS": json.dumps(dict(around.service_urls)),
        "GUANGCAI_SERVICE_TOKEN": around.keys.service_token(name),
        "GUANGCAI_COMMAND_KEY": around.keys.command_key(name),
        "GUANGCAI_TOKEN_PUBLIC_KEY": str(around.public_key_file),
        "GUANGCAI_SIMULATED_CLOCK": str(around.is_clock_simulated).lower(),
    }
    if around.are_rates_lifted:
        environment["GUANGCAI_LIMITS"] = Limits().without_rates().model_dump_json()
    if name == "registration":
        environment["GUANGCAI_VAULT_DATABASE_URL"] = around.database.url(VAULT)
        environment["GUANGCAI_VAULT_MASTER_KEY_FILE"] = str(around.vault_key_file)
    if name in {"activities", "evaluation"}:
        environment["GUANGCAI_LINK_KEY"] = around.keys.link_key
    if name == "notifications":
        environment["GUANGCAI_REGISTRATION_URL"] = around.service_urls["registration"]
        if around.smtp_url:
            environment["GUANGCAI_SMTP_URL"] = around.smtp_url
    return environment
