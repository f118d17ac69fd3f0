"""A fault of ours is answered inside of all other guards, so that what it answers has their headers, too."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hlf_client.errors import FabricError

__all__ = ["Faults"]

_log = logging.getLogger("eximledger.serving")


class Faults:
    """ASGI middleware, the innermost: the log has the fault, whoever asked has its number."""

    def __init__(self, app: ASGIApp, *, answer: Callable[[Request, FabricError], Awaitable[Response]]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001, RUF100 - whatever it is, it ends here
            _log.error("a fault in %s", getattr(scope.get("route"), "path", "(no route)"), exc_info=error)
            if begun:
                raise
            said = error if isinstance(error, FabricError) else FabricError("the server has a fault: its log says more")
            await (await self._answer(Request(scope, receive), said))(scope, receive, send)
