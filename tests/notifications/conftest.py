"""The service on a real PostgreSQL, with a real mail server and a registration that knows a few invented addresses."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from ops.provision import Database
from services.notifications.app import SERVICE
from shared.testing.harness import ServiceUnderTest, service_under_test


@dataclass
class MailRoom:
    """A mail server that takes letters, or behaves as told: "take", "refuse", "later", "hang up", "drop", or "PHASE: reply"."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    mood: str = "take"
    attempts: int = 0
    controller: Controller | None = None

    async def handle_MAIL(self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802 - the library looks for this name
        self.attempts += 1
        if self.mood == "drop":
            assert server.transport is not None
            server.transport.abort()
        if self.mood.startswith("MAIL: "):
            return self.mood.removeprefix("MAIL: ")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802 - the library looks for this name
        if self.mood.startswith("RCPT: "):
            return self.mood.removeprefix("RCPT: ")
        if self.mood == "refuse":
            return "550 no such mailbox"
        if self.mood == "later":
            return "451 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library looks for this name
        assert isinstance(envelope.content, bytes)
        if self.mood.startswith("DATA: "):
            return self.mood.removeprefix("DATA: ")
        self.letters.append(message_from_bytes(envelope.content, EmailMessage, policy=policy.SMTP))
        if self.mood == "hang up":
            assert server.transport is not None
            server.transport.close()
        return "250 OK"

    def open(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def close(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


@dataclass
class Registration:
    """The one endpoint of registration that letters need."""

    port: int
    addresses: dict[str, dict[str, str | None]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        headers = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:] if ": " in line)
        assert headers["authorization"] == "bearer service-token"
        self.asked.append((headers["guangcai-district"], path))
        found = self.addresses.get(path.removeprefix("/addresses/"))
        body = json.dumps(found).encode()
        status = "200 OK" if found else "404 Not Found"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def mail() -> MailRoom:
    return MailRoom(free_port())


@pytest_asyncio.fixture(scope="module")
async def registration() -> AsyncIterator[Registration]:
    known = Registration(free_port())
    server = await asyncio.start_server(known.answer, "127.0.0.1", known.port)
    yield known
    server.close()


@pytest_asyncio.fixture(scope="module")
async def service(
    database: Database, mail: MailRoom, registration: Registration, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    folder: Path = tmp_path_factory.mktemp("notifications")
    async with service_under_test(
        SERVICE,
        database_url=database.url("notifications"),
        owner_url=database.url("notifications_owner"),
        folder=folder,
        smtp_url=f"smtp://127.0.0.1:{mail.port}?from=tongzhi@guangcai.example",
        registration_url=f"http://127.0.0.1:{registration.port}",
        service_token="service-token",
    ) as running:
        mail.open()
        yield running
        mail.close()


@pytest.fixture(autouse=True)
def good_mood(request: pytest.FixtureRequest) -> None:
    if "mail" in request.fixturenames:
        mail: MailRoom = request.getfixturevalue("mail")
        mail.mood = "take"
        mail.letters.clear()
        mail.attempts = 0
