"""How much and how often: bodies up to a size, calls up to a rate."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from time import monotonic
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eximledger.serving.errors import TooLarge, TooMany
from eximledger.serving.guards._problems import problem_of, problem_response

__all__ = ["BodyLimit", "Rates"]

_KNOWN: Final = 10_000
"""Of how many callers the rate is remembered."""


class Rates:
    """A bucket of calls for each caller: it holds a minute's worth, and fills as time goes on. Kept by this process."""

    def __init__(self, a_minute: int, now: Callable[[], float] = monotonic) -> None:
        self._size = float(a_minute)
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> None:
        """Take one call. Raises `TooMany` saying after how many seconds another is taken."""
        now = self._now()
        left, since = self._left.pop(caller, (self._size, now))
        left = min(self._size, left + (now - since) * self._size / 60)
        self._left[caller] = (max(left - 1, left if left < 1 else 0), now)
        if len(self._left) > _KNOWN:
            self._left.popitem(last=False)
        if left < 1:
            after = max(1, ceil((1 - left) * 60 / self._size))
            raise TooMany(f"too many calls: try again in {after} s", after=after)


class BodyLimit:
    """ASGI middleware: a body larger than is taken at its path is refused before it is read, or where it goes on."""

    def __init__(self, app: ASGIApp, *, limit_of: Callable[[str], int]) -> None:
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        if stated.isdigit() and int(stated) > limit:
            await problem_response(problem_of(_too_large(limit), scope))(scope, receive, send)
            return
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise _too_large(limit)
            return message

        async def instead(message: Message) -> None:
            """Whatever the application makes of a body that broke off, the answer says why it did."""
            nonlocal begun
            if read <= limit or begun:
                await send(message)
                begun = True
            elif message["type"] == "http.response.start":
                await problem_response(problem_of(_too_large(limit), scope))(scope, receive, send)

        await self._app(scope, counted, instead)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the body is larger than {limit // 1024} KiB")
