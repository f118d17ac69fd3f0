"""Two pages over plain HTTP for a monitor: /metrics and /healthz."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from hlf_chaincode.shim.metrics import Metrics

__all__ = ["serve_monitor"]

_SECONDS: Final = 5.0
_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"


async def serve_monitor(address: str, metrics: Metrics, is_serving: Callable[[], bool]) -> asyncio.Server:
    """Listen at host:port. Raises OSError when the port is taken."""

    def page(path: str) -> tuple[int, str]:
        if path == "/metrics":
            return 200, metrics.exposition()
        if path == "/healthz":
            return (200, "ok\n") if is_serving() else (503, "stopping\n")
        return 404, "there are /metrics and /healthz\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                method, path, *_ = (await reader.readline()).decode("latin-1").split() or ("", "")
                while (await reader.readline()).strip():
                    pass
                status, text = page(path) if method == "GET" else (405, "only GET\n")
                body = text.encode()
                head = f"HTTP/1.1 {status} \r\nContent-Type: {_TEXT}\r\nContent-Length: {len(body)}\r\n"
                writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
                await writer.drain()
        except (ValueError, OSError, TimeoutError):
            pass  # not HTTP, or gone
        finally:
            writer.close()

    host, _, port = address.rpartition(":")
    return await asyncio.start_server(answer, host.strip("[]"), int(port), limit=8192)
