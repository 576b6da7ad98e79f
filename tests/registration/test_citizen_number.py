"""Citizen numbers are checked and shown masked."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ops.provision import Database
from services.registration.citizen_number import CitizenNumberInvalid, masked, parse
from services.registration.vault.keys import Vault


def test_citizen_numbers_follow_the_standard() -> None:
    assert parse("11010519491231002X") == "11010519491231002X"
    assert parse(" 110105 19491231 002x") == "11010519491231002X"
    for wrong in ("110105194912310021", "11010519491331002X", "1101051949123100", "", "11010519491231O02X", "x" * 18):
        with pytest.raises(CitizenNumberInvalid):
            parse(wrong)


def test_people_see_a_masked_citizen_number() -> None:
    assert masked("11010519491231002X") == "1101**********002X"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def vault(database: Database) -> AsyncIterator[Vault]:
    async with Vault().opened(database.url("registration_vault"), b"m" * 32) as vault:
        yield vault
