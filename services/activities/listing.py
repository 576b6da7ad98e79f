"""What a list shows: the rows that the caller may see, and which of these were asked for."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Listing:
    """The caller may see rows of `communities` (None: of all) and those of `member_id`; the other fields narrow the list down."""

    communities: tuple[UUID, ...] | None
    member_id: UUID | None
    community_id: UUID | None
    status: str | None
    after: UUID | None
    limit: int

    @property
    def arguments(self) -> tuple[object, ...]:
        """$2 to $7 of a list's statement, in order of the fields; one row more than `limit` shows that there is a next page."""
        communities = None if self.communities is None else list(self.communities)
        return (communities, self.member_id, self.community_id, self.status, self.after, self.limit + 1)
