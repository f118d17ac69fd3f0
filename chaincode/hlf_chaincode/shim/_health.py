"""gRPC's health protocol (grpc.health.v1), small enough to be written by hand: one string in, one number out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import grpc

__all__ = ["HEALTH", "SERVICE", "health_handler"]

SERVICE: Final = "protos.Chaincode"
"""What a peer calls: Connect, one two-way stream of ChaincodeMessage."""
HEALTH: Final = "grpc.health.v1.Health"
_SERVING: Final = b"\x08\x01"  # HealthCheckResponse{status: SERVING}
_NOT_SERVING: Final = b"\x08\x02"
_UNKNOWN: Final = b"\x08\x03"
_WATCH_SECONDS: Final = 0.5


def _service(request: bytes) -> str:
    """The name in a HealthCheckRequest (field 1, a string below 128 bytes); "" asks for the whole server."""
    if not request:
        return ""
    if len(request) < 2 or request[0] != 0x0A or request[1] != len(request) - 2:
        return "?"
    return request[2:].decode(errors="replace")


def health_handler(is_serving: Callable[[], bool]) -> Any:
    """The handler of Check and Watch."""

    def status(request: bytes) -> bytes:
        if _service(request) not in {"", SERVICE}:
            return _UNKNOWN
        return _SERVING if is_serving() else _NOT_SERVING

    async def check(request: bytes, context: Any) -> bytes:
        answer = status(request)
        if answer == _UNKNOWN:
            await context.abort(grpc.StatusCode.NOT_FOUND, "there is no such service")
        return answer

    async def watch(request: bytes, _context: Any) -> AsyncIterator[bytes]:
        last = b""
        while True:
            now = status(request)
            if now != last:
                yield (last := now)
            await asyncio.sleep(_WATCH_SECONDS)

    return grpc.method_handlers_generic_handler(
        HEALTH,
        {
            "Check": grpc.unary_unary_rpc_method_handler(check),
            "Watch": grpc.unary_stream_rpc_method_handler(watch),
        },
    )
