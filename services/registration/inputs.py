"""What requests carry in the same form everywhere: bodies, pages, reasons."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

Cursor = Annotated[str | None, Query(max_length=400, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=500)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]
ConsentTextVersion = Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{1,20}$")]


class Body(BaseModel):
    """A request body. Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
