"""A stand-in for registration that serves a few invented names, for tests of services that request names."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class NameDesk:
    """`names`: path → name. `public`: member → name, for members who may be named in public. `is_away`: answer 503."""

    names: dict[str, str] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    wanted: list[list[str]] = field(default_factory=list)
    is_away: bool = False

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        headers = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:] if ": " in line)
        assert headers["authorization"] == "bearer service-token"
        self.asked.append((headers["guangcai-district"], path))
        wanted = json.loads(await reader.readexactly(int(headers.get("content-length", "0"))) or b"null")
        named = {"names": [name for who, name in self.public.items() if who in wanted["member_ids"]]} if wanted else {}
        self.wanted += [wanted["member_ids"]] if wanted else []
        name = self.names.get(path)
        body = json.dumps(named or {"name": name}).encode()
        found = "200 OK" if named or name else "404 Not Found"
        status = "503 Service Unavailable" if self.is_away else found
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def open_name_desk() -> AsyncGenerator[tuple[NameDesk, int]]:
    """A running desk and its port on this machine."""
    desk = NameDesk()
    server = await asyncio.start_server(desk.answer, "127.0.0.1", 0)
    yield desk, server.sockets[0].getsockname()[1]
    server.close()
