"""The way out: addresses from registration, letters over SMTP. Invariant: the caller always learns whether a letter may have left.

SMTP is spoken step by step (RFC 5321), because only the end of DATA is ambiguous: before it nothing has left, after a reply all is known.
A refusal is the recipient's only when the server says so of the recipient's address (RFC 3463, X.1 and X.2.1); any other is a fault of the
server or of its settings, which somebody mends.
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import aiosmtplib
import httpx2
from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel

from shared.contracts.notifications import RecipientKind

TIMEOUT: Final = 20.0
DEFAULT_SENDER: Final = "notice@guangcai.invalid"
NOT_FOUND: Final = 404
TRANSIENT: Final = 400  # reply classes of RFC 5321, 4.2.1
PERMANENT: Final = 500
ENHANCED: Final = re.compile(r"5\.\d{1,3}\.\d{1,3}(?=\s|$)")
OF_THE_ADDRESS: Final = frozenset({550, 551, 553, 556})  # without an enhanced code; 556: RFC 7504
# RFC 3463 and RFC 7505 (null MX): no such mailbox, system or syntax, moved, ambiguous, domain without mail, mailbox closed.
OF_THE_ADDRESS_ENHANCED: Final = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"})


class Unreachable(Exception):
    """The mail server or registration cannot be asked now; certainly nothing has left."""


class Outcome(StrEnum):
    """What became of a letter that was handed over."""

    TAKEN = "TAKEN"
    REFUSED = "REFUSED"  # the recipient's address, for good
    DECLINED = "DECLINED"  # 5xx for a reason that lies elsewhere: sign-in, sender, policy, content
    LATER = "LATER"  # not now (4xx, or a connection that broke before anything had left)
    UNKNOWN = "UNKNOWN"  # no reply to DATA


class Address(BaseModel):
    """What registration knows at this moment; used once and kept nowhere."""

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Registration's addresses."""

    client: httpx2.AsyncClient
    url: str
    token: str

    async def find(self, district: str, kind: RecipientKind, recipient_id: UUID) -> Address | None:
        """Address of a recipient, None when there is none (any more). Raises Unreachable."""
        headers = {"Authorization": f"Bearer {self.token}", "Guangcai-District": district}
        try:
            answer = await self.client.get(f"{self.url}/addresses/{kind}/{recipient_id}", headers=headers)
            if answer.status_code == NOT_FOUND:
                return None
            answer.raise_for_status()
        except httpx2.HTTPError as error:
            raise Unreachable(type(error).__name__) from error
        return Address.model_validate_json(answer.content)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over."""

    host: str
    port: int
    sender: str = DEFAULT_SENDER
    username: str | None = None
    password: str | None = None
    use_tls: bool = False

    @classmethod
    def at(cls, url: str) -> "MailServer":
        """From smtp://[user:password@]host[:port][?from=sender], smtps:// for TLS from the first byte."""
        parts = urlsplit(url)
        use_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if use_tls else 25),
            sender=parse_qs(parts.query).get("from", [DEFAULT_SENDER])[0],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=use_tls,
        )

    @asynccontextmanager
    async def session(self) -> AsyncGenerator["Session"]:
        """A connection ready to take letters. Raises Unreachable; closing it never fails."""
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.use_tls,
            tls_context=ssl.create_default_context() if self.use_tls else None,
            timeout=TIMEOUT,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unreachable(type(error).__name__) from error
        try:
            yield Session(client, self.sender)
        finally:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=2)
            client.close()


@dataclass(frozen=True, slots=True)
class Session:
    """One open connection to the mail server."""

    client: aiosmtplib.SMTP
    sender: str

    async def send(self, letter: EmailMessage) -> Outcome:
        """Hand one letter over and say what became of it."""
        del letter["From"]
        letter["From"] = self.sender
        try:
            await self.client.mail(self.sender)
            await self.client.rcpt(str(letter["To"].addresses[0].addr_spec))
        except aiosmtplib.SMTPRecipientRefused as reply:
            return _refusal(reply)
        except aiosmtplib.SMTPResponseException as reply:
            return Outcome.DECLINED if reply.code >= PERMANENT else Outcome.LATER
        except (aiosmtplib.SMTPException, OSError):
            return Outcome.LATER
        try:
            async with asyncio.timeout(TIMEOUT):
                await self.client.data(letter.as_bytes())
        except aiosmtplib.SMTPServerDisconnected:
            return Outcome.UNKNOWN
        except aiosmtplib.SMTPResponseException as reply:
            # Codes below 400 come from a connection that broke while we waited; the library reports -1 then.
            return _refusal(reply) if reply.code >= TRANSIENT else Outcome.UNKNOWN
        except (aiosmtplib.SMTPException, OSError):
            return Outcome.UNKNOWN
        return Outcome.TAKEN


def _refusal(reply: aiosmtplib.SMTPResponseException) -> Outcome:
    if reply.code < PERMANENT:
        return Outcome.LATER
    enhanced = ENHANCED.match(reply.message)
    is_the_address = reply.code in OF_THE_ADDRESS if enhanced is None else enhanced[0] in OF_THE_ADDRESS_ENHANCED
    return Outcome.REFUSED if is_the_address else Outcome.DECLINED


def mailbox_of(email: str) -> str | None:
    """The address as SMTP takes it, None when it is none: RFC 5321 allows fewer than people type (two dots in a row, a dot at the end)."""
    try:
        return validate_email(email, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError:
        return None
