"""Keys and sealed fields: AES-256-GCM with one key per member, blind index by HMAC-SHA256 (ADR 0009).

Invariant: a sealed field opens only with its member's key and only as the field, member and district it was sealed for (associated data).
A destroyed key is never made again. Plaintext, keys and digests never reach logs or errors.
Limit: a wrapped key may survive in old backups until they expire; without the master key file it is noise.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from uuid import UUID

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.identifiers import part_id

POOL_SIZE: Final = 4
TIMEOUT: Final = 2.0  # seconds to wait for a connection
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
CITIZEN_NUMBER: Final = "citizen_number"  # the field with a key of its own

TABLES: Final = Path(__file__).parent / "vault.sql"
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('guangcai.registration_vault'))"
HAS_TABLES: Final = "SELECT to_regclass('registration_vault.member_keys') IS NOT NULL"
SET_DISTRICT: Final = "SELECT set_config('guangcai.district', $1, TRUE)"
READ_KEYS: Final = "SELECT member_id, wrapped_key FROM registration_vault.member_keys WHERE district = $1 AND member_id = ANY($2)"
ADD_KEYS: Final = """
INSERT INTO registration_vault.member_keys (district, member_id, wrapped_key)
SELECT $1, * FROM unnest($2::uuid[], $3::bytea[])
ON CONFLICT DO NOTHING
"""
DESTROY_KEY: Final = """
INSERT INTO registration_vault.member_keys (district, member_id, wrapped_key) VALUES ($1, $2, NULL)
ON CONFLICT (district, member_id) DO UPDATE SET wrapped_key = NULL
"""
MOVE_IDENTITIES: Final = "UPDATE registration_vault.identities SET member_id = $3 WHERE district = $1 AND member_id = $2"
FORGET_IDENTITY: Final = "DELETE FROM registration_vault.identities WHERE district = $1 AND member_id = $2"
CLAIM_IDENTITIES: Final = """
INSERT INTO registration_vault.identities (district, digest, member_id)
SELECT $1, * FROM unnest($2::bytea[], $3::uuid[])
ON CONFLICT DO NOTHING
"""
READ_IDENTITIES: Final = "SELECT digest, member_id FROM registration_vault.identities WHERE district = $1 AND digest = ANY($2)"


class SealBroken(Exception):
    """A sealed field does not belong to this member, field and district, or was changed."""


class KeyDestroyed(Exception):
    """The member's personal data were erased; nothing can be sealed any more."""


def citizen_key(member_id: UUID) -> UUID:
    """Whose key the citizen number is sealed with: not the member's, because it is destroyed earlier (guard rail G15)."""
    return part_id(member_id, "citizen number")


def _key_of(member_id: UUID, field: str) -> UUID:
    return citizen_key(member_id) if field == CITIZEN_NUMBER else member_id


def load_master_key(path: Path) -> bytes:
    """Master key from a file holding base64 of 32 bytes. Raises ValueError for anything else."""
    key = base64.b64decode(path.read_text().strip(), validate=True)
    if len(key) != KEY_BYTES:
        message = f"{path} must hold base64 of {KEY_BYTES} bytes"
        raise ValueError(message)
    return key


class KeyRing:
    """The keys of some members of one district, for one request. Pure: no I/O."""

    def __init__(self, district: str, keys: Mapping[UUID, bytes]) -> None:
        """`keys`: 32 bytes per member whose key exists; members without one read as erased."""
        self._district = district
        self._ciphers = {member_id: AESGCM(key) for member_id, key in keys.items()}

    def seal(self, member_id: UUID, field: str, text: str) -> str:
        """Base64 of nonce ‖ ciphertext. Raises KeyDestroyed when the member has no key."""
        cipher = self._ciphers.get(_key_of(member_id, field))
        if cipher is None:
            raise KeyDestroyed
        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + cipher.encrypt(nonce, text.encode(), self._bound_to(member_id, field))).decode()

    def seal_optional(self, member_id: UUID, field: str, text: str | None) -> str | None:
        """`seal`, with None for None."""
        return None if text is None else self.seal(member_id, field, text)

    def seal_number(self, member_id: UUID, number: str | None) -> str | None:
        """The citizen number sealed; None when there is none, or its retention has ended."""
        has_key = citizen_key(member_id) in self._ciphers
        return self.seal_optional(member_id, CITIZEN_NUMBER, number) if has_key else None

    def open(self, member_id: UUID, field: str, sealed: str | None) -> str | None:
        """Plaintext; None when there is nothing sealed or the key was destroyed. Raises SealBroken when it does not belong here."""
        cipher = self._ciphers.get(_key_of(member_id, field))
        if cipher is None or sealed is None:
            return None
        raw = base64.b64decode(sealed)
        try:
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._bound_to(member_id, field)).decode()
        except InvalidTag:
            raise SealBroken from None

    def _bound_to(self, member_id: UUID, field: str) -> bytes:
        return f"{self._district}|{member_id}|{field}".encode()


@dataclass(slots=True)
class _Opened:
    pool: asyncpg.Pool
    wrapping: AESGCM
    index_key: bytes
    account_key: bytes
    has_tables: bool = False


class Vault:
    """Keys and identities on PostgreSQL, through a pool of the role that alone may see them. Used inside `async with vault.opened(…)`."""

    def __init__(self) -> None:
        self._opened: _Opened | None = None

    @asynccontextmanager
    async def opened(self, url: str, master_key: bytes) -> AsyncGenerator[Self]:
        """Connect as the vault's role, when first needed. Wrapping and indexing use keys derived from the 32 bytes of `master_key`."""
        wrapping = AESGCM(_derived(master_key, b"guangcai/member-keys/1"))
        index_key = _derived(master_key, b"guangcai/blind-index/1")
        account_key = _derived(master_key, b"guangcai/accounts/1")
        async with asyncpg.create_pool(url, min_size=0, max_size=POOL_SIZE, timeout=TIMEOUT, command_timeout=10 * TIMEOUT) as pool:
            self._opened = _Opened(pool, wrapping, index_key, account_key)
            yield self
        self._opened = None

    async def key_ring(self, district: str, member_ids: Collection[UUID], *, create: bool = False, numbers: bool = False) -> KeyRing:
        """Keys of these members, with `numbers` also those of their citizen numbers; with `create` missing ones are made (destroyed ones
        never are).
        """
        keys = {*member_ids, *map(citizen_key, member_ids)} if numbers else set(member_ids)
        wanted = sorted(keys)  # in one order everywhere: two requests cannot lock each other out
        async with self._transaction(district) as tx:
            if create:
                fresh = [self._wrap(district, member_id, os.urandom(KEY_BYTES)) for member_id in wanted]
                await tx.execute(ADD_KEYS, district, wanted, fresh)
            rows = await tx.fetch(READ_KEYS, district, wanted)
        wrapped = {row["member_id"]: row["wrapped_key"] for row in rows if row["wrapped_key"] is not None}
        return KeyRing(district, {member_id: self._unwrap(district, member_id, key) for member_id, key in wrapped.items()})

    async def claim_identities(self, district: str, identities: Mapping[str, UUID]) -> dict[str, UUID]:
        """Give each identity (normalised text) the proposed member unless it has one; answers who holds each."""
        digests = {identity: self.blind_index(district, identity) for identity in identities}
        async with self._transaction(district) as tx:
            # In one order everywhere: two imports of one roster cannot lock each other out.
            claims = sorted((digest, identities[identity]) for identity, digest in digests.items())
            await tx.execute(CLAIM_IDENTITIES, district, [digest for digest, _ in claims], [member_id for _, member_id in claims])
            return await self._holders(tx, district, digests)

    async def find_identities(self, district: str, identities: Collection[str]) -> dict[str, UUID]:
        """Members holding these identities; identities nobody holds are missing from the answer."""
        digests = {identity: self.blind_index(district, identity) for identity in identities}
        async with self._transaction(district) as tx:
            return await self._holders(tx, district, digests)

    async def move_identities(self, district: str, member_id: UUID, into_member_id: UUID) -> None:
        """From now on the person behind `member_id` is found as `into_member_id`. Idempotent."""
        async with self._transaction(district) as tx:
            await tx.execute(MOVE_IDENTITIES, district, member_id, into_member_id)

    async def destroy(self, district: str, member_id: UUID) -> None:
        """Destroy the member's keys and forget the identity. Idempotent."""
        async with self._transaction(district) as tx:
            await tx.execute(DESTROY_KEY, district, member_id)
            await tx.execute(DESTROY_KEY, district, citizen_key(member_id))
            await tx.execute(FORGET_IDENTITY, district, member_id)

    async def destroy_number(self, district: str, member_id: UUID) -> None:
        """Destroy the key of the member's citizen number; the blind index stays, so that the person is still found as one. Idempotent."""
        async with self._transaction(district) as tx:
            await tx.execute(DESTROY_KEY, district, citizen_key(member_id))

    def blind_index(self, district: str, identity: str) -> bytes:
        """HMAC-SHA256 of district and identity: equal persons meet within a district, districts cannot be joined."""
        return hmac.digest(self._inside.index_key, f"{district}|{identity}".encode(), hashlib.sha256)

    def code_hash(self, district: str, member_id: UUID, code: str) -> str:
        """What is kept of a member's code."""
        return self._account_hmac(f"{district}|code|{member_id}|{code}").hex()

    def account_hash(self, district: str, account: str) -> str:
        """What is kept of an account: equal accounts meet within a district, and no event names one."""
        return self._account_hmac(f"{district}|account|{account}").hex()

    def _account_hmac(self, content: str) -> bytes:
        return hmac.digest(self._inside.account_key, content.encode(), hashlib.sha256)

    async def _holders(self, tx: asyncpg.Connection, district: str, digests: Mapping[str, bytes]) -> dict[str, UUID]:
        rows = await tx.fetch(READ_IDENTITIES, district, list(digests.values()))
        holders = {bytes(row["digest"]): row["member_id"] for row in rows}
        return {identity: holders[digest] for identity, digest in digests.items() if digest in holders}

    @property
    def _inside(self) -> _Opened:
        if self._opened is None:
            message = "open the vault with `async with vault.opened(…)` first"
            raise RuntimeError(message)
        return self._opened

    def _wrap(self, district: str, member_id: UUID, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._inside.wrapping.encrypt(nonce, key, f"{district}|{member_id}".encode())

    def _unwrap(self, district: str, member_id: UUID, wrapped: bytes) -> bytes:
        try:
            return self._inside.wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], f"{district}|{member_id}".encode())
        except InvalidTag:
            raise SealBroken from None

    @asynccontextmanager
    async def _transaction(self, district: str) -> AsyncGenerator[asyncpg.Connection]:
        async with self._inside.pool.acquire(timeout=TIMEOUT) as connection, connection.transaction():
            if not self._inside.has_tables:
                # Several instances may start at once: the first one makes the tables.
                await connection.execute(LOCK)
                if not await connection.fetchval(HAS_TABLES):
                    await connection.execute(TABLES.read_text())
            await connection.execute(SET_DISTRICT, district)
            yield connection  # pyright: ignore[reportReturnType]  # the pool's proxy behaves as a connection
            self._inside.has_tables = True


def _derived(master_key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(master_key)
