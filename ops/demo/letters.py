"""An SMTP server for the letters of the demo: accepts and counts all letters and keeps each as an .eml file."""

from collections import Counter
from email.parser import BytesHeaderParser
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from ops.servers.processes import free_port


class Letters:
    """Use as a context manager; `url` is the SMTP URL for notifications. `received` counts letters by recipient domain."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.received: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()  # by Message-ID
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    @property
    def total(self) -> int:
        return self.received.total()

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.received.update(address.rpartition("@")[2] for address in envelope.rcpt_tos)
        content = envelope.original_content or b""
        self.ids[str(BytesHeaderParser(policy=SMTP_POLICY).parsebytes(content)["Message-ID"])] += 1
        self.directory.mkdir(parents=True, exist_ok=True)  # not earlier: a fresh stack empties its directory first
        (self.directory / f"{self.total:05}.eml").write_bytes(content)
        return "250 OK"
