"""Each request has a number, and a line in the audit log where it did something or was refused."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Final
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eximledger.serving.guards._audit import Audit, AuditLine

__all__ = ["SAFE_METHODS", "Watching", "note_route", "note_signed", "request_id"]

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED: Final = frozenset({401, 403, 429})
_SIGN_IN: Final = "/sign-in"
_log = logging.getLogger("eximledger.serving")


def request_id(scope: Scope) -> str:
    """The number of a request."""
    state: dict[str, object] = scope.setdefault("state", {})
    return str(state.setdefault("request_id", uuid4()))


def note_signed(scope: Scope, account: str, how: str) -> None:
    """Say for the log who is signed in."""
    scope.setdefault("state", {})["signed_as"] = (account, how)


def note_route(scope: Scope, pattern: str) -> None:
    """Say for the log which route it is, where the framework knows a part of it only."""
    scope.setdefault("state", {})["route"] = pattern


class Watching:
    """ASGI middleware, the outermost: numbers requests, logs them by their route, and notes acts for the audit."""

    def __init__(self, app: ASGIApp, *, audit: Audit) -> None:
        self._app = app
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number, begun, status = request_id(scope), perf_counter(), 500

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = number
            await send(message)

        try:
            await self._app(scope, receive, numbered)
        finally:
            # paths name loans and papers, and queries what is searched for: of both only the route is logged
            noted = scope.get("state", {}).get("route", "")
            route = noted or getattr(scope.get("route"), "path", "") or "(no route)"
            _log.info("%s %s %s %d %.0f ms", number, scope["method"], route, status, (perf_counter() - begun) * 1000)
            if scope["method"] not in SAFE_METHODS or status in _REFUSED or route.startswith(_SIGN_IN):
                await self._audit.note(self._line(scope, number, route, status))

    def _line(self, scope: Scope, number: str, route: str, status: int) -> AuditLine:
        account, how = scope.get("state", {}).get("signed_as", ("", ""))
        client = scope["client"][0] if scope.get("client") else ""
        return AuditLine(self._audit.now(), account, how, client, scope["method"], route, status, number)
