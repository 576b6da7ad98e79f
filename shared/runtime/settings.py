"""Settings of one service, from environment variables with the prefix GUANGCAI_. Nothing else reads the environment."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.http.limits import Limits


class Settings(BaseSettings):
    """What one service process is told at start. Missing or malformed values stop it with the name of the variable."""

    model_config = SettingsConfigDict(env_prefix="GUANGCAI_", env_nested_delimiter="__", extra="ignore", frozen=True)

    database_url: SecretStr = Field(description="PostgreSQL URL of the service's role, which owns nothing")
    migration_database_url: SecretStr | None = Field(default=None, description="URL of the owner role; given: migrate at start")
    amqp_url: SecretStr | None = Field(
        default=None, description="RabbitMQ URL of the service's user; absent: no bus (tests of the HTTP side)"
    )
    amqp_prefix: str = Field(default="guangcai", pattern=r"^[a-z0-9.-]+$", description="first part of exchange and queue names")
    feed_urls: dict[str, str] = Field(default_factory=dict, description="service name → base URL, where missing events are fetched")
    service_token: SecretStr | None = Field(default=None, description="token with role SERVICE, shown to other services")
    token_public_key: Path = Field(description="file with the public Ed25519 JWK that tokens are verified with")
    command_key: SecretStr | None = Field(
        default=None, description="secret of this service behind fingerprints of requests, the same for all its processes"
    )
    simulated_clock: bool = Field(default=False, description="honour the header Guangcai-Time; for demonstrations and tests only")
    pool_size: int = Field(default=10, ge=2, le=100)
    log_level: str = "INFO"
    otlp_endpoint: str | None = Field(default=None, description="OpenTelemetry collector; absent: traces stay here")
    limits: Limits = Field(default=Limits(), description="sizes, seconds and rates that one process accepts")

    smtp_url: str | None = Field(default=None, description="notifications: smtp://host:port for letters")
    registration_url: str | None = Field(default=None, description="notifications: where addresses are asked for at sending time")
    link_key: SecretStr | None = Field(default=None, description="evaluation, activities: secret behind one-time links and codes, ballots")
    vault_database_url: SecretStr | None = Field(default=None, description="registration: URL of the role that holds the members' keys")
    vault_master_key_file: Path | None = Field(default=None, description="registration: file with the key that wraps the members' keys")
