"""Sealed fields and blind indexes, the pure part and the part on PostgreSQL."""

import base64
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from ops.provision import Database
from services.registration.vault.keys import KeyDestroyed, KeyRing, SealBroken, Vault, load_master_key
from tests.registration.given import MEMBER, OTHER_MEMBER

KEYS = {MEMBER: os.urandom(32), OTHER_MEMBER: os.urandom(32)}
RING = KeyRing("yunxi", KEYS)


@given(st.text())
def test_what_is_sealed_opens_as_it_was(text: str) -> None:
    assert RING.open(MEMBER, "name", RING.seal(MEMBER, "name", text)) == text


def test_sealing_twice_gives_different_bytes() -> None:
    assert RING.seal(MEMBER, "name", "柳青") != RING.seal(MEMBER, "name", "柳青")


def test_a_seal_is_bound_to_member_field_and_district() -> None:
    sealed = RING.seal(MEMBER, "name", "柳青")
    same_key = KeyRing("yunxi", {OTHER_MEMBER: KEYS[MEMBER]})
    for ring, member_id, field in ((same_key, OTHER_MEMBER, "name"), (RING, MEMBER, "phone"), (KeyRing("other", KEYS), MEMBER, "name")):
        with pytest.raises(SealBroken):
            ring.open(member_id, field, sealed)


def test_a_changed_seal_does_not_open() -> None:
    raw = bytearray(base64.b64decode(RING.seal(MEMBER, "name", "柳青")))
    raw[-1] ^= 1
    with pytest.raises(SealBroken):
        RING.open(MEMBER, "name", base64.b64encode(raw).decode())


def test_without_the_key_nothing_opens_and_nothing_is_sealed() -> None:
    sealed = RING.seal(MEMBER, "name", "柳青")
    assert KeyRing("yunxi", {}).open(MEMBER, "name", sealed) is None
    with pytest.raises(KeyDestroyed):
        KeyRing("yunxi", {}).seal(MEMBER, "name", "柳青")


def test_the_master_key_file_holds_base64_of_32_bytes(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(base64.b64encode(b"k" * 32).decode() + "\n")
    assert load_master_key(file) == b"k" * 32
    file.write_text(base64.b64encode(b"short").decode())
    with pytest.raises(ValueError, match="32 bytes"):
        load_master_key(file)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def vault(database: Database) -> AsyncIterator[Vault]:
    async with Vault().opened(database.url("registration_vault"), b"m" * 32) as vault:
        yield vault


async def test_keys_are_made_once_and_kept(vault: Vault) -> None:
    member = uuid4()
    first = await vault.key_ring("yunxi", [member], create=True)
    sealed = first.seal(member, "phone", "10000000001")
    again = await vault.key_ring("yunxi", [member], create=True)
    assert again.open(member, "phone", sealed) == "10000000001"


async def test_a_member_without_key_reads_as_erased(vault: Vault) -> None:
    member = uuid4()
    sealed = (await vault.key_ring("yunxi", [member], create=True)).seal(member, "name", "柳青")
    assert (await vault.key_ring("other", [member])).open(member, "name", sealed) is None


async def test_a_destroyed_key_is_never_made_again(vault: Vault) -> None:
    member = uuid4()
    sealed = (await vault.key_ring("yunxi", [member], create=True)).seal(member, "name", "柳青")
    await vault.claim_identities("yunxi", {f"citizen:{member}": member})
    await vault.destroy("yunxi", member)
    await vault.destroy("yunxi", member)
    ring = await vault.key_ring("yunxi", [member], create=True)
    assert ring.open(member, "name", sealed) is None
    with pytest.raises(KeyDestroyed):
        ring.seal(member, "name", "柳青")
    assert await vault.find_identities("yunxi", [f"citizen:{member}"]) == {}


async def test_a_person_is_one_member_per_district(vault: Vault) -> None:
    first, second, elsewhere = uuid4(), uuid4(), uuid4()
    assert await vault.claim_identities("yunxi", {"citizen:A": first}) == {"citizen:A": first}
    assert await vault.claim_identities("yunxi", {"citizen:A": second}) == {"citizen:A": first}
    assert await vault.claim_identities("other", {"citizen:A": elsewhere}) == {"citizen:A": elsewhere}
    assert await vault.find_identities("yunxi", ["citizen:A", "citizen:B"]) == {"citizen:A": first}


async def test_neither_names_nor_keys_are_readable_in_the_tables(vault: Vault, database: Database) -> None:
    member = uuid4()
    await vault.key_ring("yunxi", [member], create=True)
    await vault.claim_identities("yunxi", {"citizen:11010519491231002X": member})
    connection = await asyncpg.connect(database.superuser_url)
    try:
        keys = await connection.fetch("select wrapped_key from registration_vault.member_keys where member_id = $1", member)
        digests = await connection.fetch("select digest from registration_vault.identities where member_id = $1", member)
    finally:
        await connection.close()
    assert len(keys[0]["wrapped_key"]) == 12 + 32 + 16
    assert len(digests[0]["digest"]) == 32


async def test_another_master_key_opens_nothing(vault: Vault, database: Database) -> None:
    member = uuid4()
    await vault.key_ring("yunxi", [member], create=True)
    async with Vault().opened(database.url("registration_vault"), b"n" * 32) as other:
        with pytest.raises(SealBroken):
            await other.key_ring("yunxi", [member])


async def test_the_services_own_role_sees_nothing_of_the_vault(vault: Vault, database: Database) -> None:
    assert vault
    connection = await asyncpg.connect(database.url("registration"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("select * from registration_vault.member_keys")
    finally:
        await connection.close()
