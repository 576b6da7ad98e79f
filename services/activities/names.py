"""Names on papers: asked from registration when a certificate is printed or checked, and kept nowhere."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import httpx
from pydantic import BaseModel

TIMEOUT: Final = 5.0
NOT_FOUND: Final = 404


class NamesUnreachable(ConnectionError):
    """Registration cannot be asked now; answered as 503 like any other dependency that is down."""


class _Named(BaseModel):
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """Registration, as far as it knows names."""

    client: httpx.AsyncClient
    url: str
    token: str

    async def of_member(self, district: str, member_id: UUID, *, masked: bool) -> str | None:
        """Name of a member, None when there is none any more. Raises NamesUnreachable."""
        return await self._ask(district, f"/paper-names/{member_id}?masked={str(masked).lower()}")

    async def of_community(self, district: str, community_id: UUID) -> str | None:
        """Name of a community. Raises NamesUnreachable."""
        return await self._ask(district, f"/addresses/COMMUNITY/{community_id}")

    async def _ask(self, district: str, path: str) -> str | None:
        headers = {"Authorization": f"Bearer {self.token}", "Guangcai-District": district}
        try:
            answer = await self.client.get(self.url + path, headers=headers)
            if answer.status_code == NOT_FOUND:
                return None
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise NamesUnreachable(type(error).__name__) from error
        return _Named.model_validate_json(answer.content).name
