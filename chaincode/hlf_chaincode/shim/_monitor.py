"""Two pages over plain HTTP for a monitor: /metrics and /healthz.

prometheus-client's own servers know one page and run in a thread or under a web server; these two are answered on the
loop that counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST

from hlf_chaincode.shim.metrics import Metrics

__all__ = ["serve_monitor"]

_SECONDS: Final = 5.0
_TEXT: Final = "text/plain; charset=utf-8"


async def serve_monitor(address: str, metrics: Metrics, is_serving: Callable[[], bool]) -> asyncio.Server:
    """Listen at host:port. Raises OSError when the port is taken."""

    def page(path: str) -> tuple[int, str, bytes]:
        if path == "/metrics":
            return 200, CONTENT_TYPE_LATEST, metrics.exposition()
        if path == "/healthz":
            return (200, _TEXT, b"ok\n") if is_serving() else (503, _TEXT, b"stopping\n")
        return 404, _TEXT, b"there are /metrics and /healthz\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                method, path, *_ = (await reader.readline()).decode("latin-1").split() or ("", "")
                while (await reader.readline()).strip():
                    pass
                status, kind, body = page(path) if method == "GET" else (405, _TEXT, b"only GET\n")
                head = f"HTTP/1.1 {status} \r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
                writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
                await writer.drain()
        except (ValueError, OSError, TimeoutError):
            pass  # not HTTP, or gone
        finally:
            writer.close()

    host, _, port = address.rpartition(":")
    return await asyncio.start_server(answer, host.strip("[]"), int(port), limit=8192)
