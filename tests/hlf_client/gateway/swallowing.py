"""A way to a peer that can begin to swallow: connections stay open, nothing passes any more, nobody is told."""

from __future__ import annotations

import asyncio
from typing import Self
from urllib.parse import urlsplit

__all__ = ["Swallowing"]


class Swallowing:
    """A TCP proxy on loopback. While `swallows`, it reads what comes and sends none of it on."""

    def __init__(self) -> None:
        self.swallows = False
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    @classmethod
    async def to(cls, address: str) -> Self:
        self = cls()
        parts = urlsplit(f"//{address}")

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, onward = await asyncio.open_connection(parts.hostname, parts.port)
            self._writers |= {writer, onward}
            for source, target in ((reader, onward), (there, writer)):
                task = asyncio.create_task(self._pass(source, target))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

        server = self._server = await asyncio.start_server(serve, "127.0.0.1", 0)
        self.port = int(server.sockets[0].getsockname()[1])
        return self

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                if not self.swallows:
                    target.write(data)
                    await target.drain()
        except ConnectionError:
            pass
        finally:
            target.close()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
