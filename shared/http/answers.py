"""Refusals of requests that no business rule is needed for; shared/http/problems.py maps them to status codes."""


class NotFound(Exception):
    """There is no such thing, or not for this caller."""


class Malformed(Exception):
    """A header or parameter cannot be read; `fields` maps its name to what was expected."""

    def __init__(self, code: str = "malformed", **fields: str) -> None:
        """`code` names a text of the catalogue."""
        super().__init__(code)
        self.code = code
        self.fields = fields


class ReadModelBehind(Exception):
    """The read model has not reached the position the caller asked for; try again."""


class LastingKeyMissing(ConnectionError):
    """What this makes must outlast the process, or it would be good for nothing; answered as 503 until GUANGCAI_LINK_KEY is set."""
