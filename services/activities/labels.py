"""Labels of this service in both languages, as answers carry them."""

from pydantic import BaseModel

from shared.texts import text


class Words(BaseModel):
    """A text in both languages."""

    zh: str
    en: str


def words(key: str) -> Words:
    """A label of this service."""
    said = text("activities", "labels", key)
    return Words(zh=said.zh, en=said.en)
