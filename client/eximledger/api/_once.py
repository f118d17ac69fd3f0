"""Idempotency keys: a call that comes again with its key is answered as it was, and done once.

What is kept survives a restart. A call that a crash cut short is made again: what took effect on the ledger is not done
twice there.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from eximledger.serving import Served
from eximledger.serving.errors import KeyReused, UnderWay
from eximledger.serving.guards import invalid_request, problem_of, problem_response
from hlf_client.errors import FabricError, InvalidDocument

__all__ = ["HEADER", "REPLAYED", "once"]

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_SECONDS: Final = 7 * 86400.0
_HEADERS: Final = ("content-type", "etag", "location", "retry-after")
_RUN: Final = str(uuid4())
"""This process: what another one has begun and not ended, a crash has cut short."""


@dataclass(frozen=True, slots=True)
class _Kept:
    asked: str
    run: str
    status: int | None
    headers: str | None
    body: bytes | None


async def once(server: Served, account: str, request: Request, call: Callable[[], Awaitable[Response]]) -> Response:
    """Answer a call under its key. Raises `KeyReused`, `UnderWay`; `InvalidDocument` for what is no key."""
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        raise InvalidDocument(f"{HEADER} is 1 to 200 printable characters", field=HEADER, reason="is no key")
    asked = await _asked(request)
    kept = await _begin(server, account, key, asked)
    if kept is not None:
        return _again(kept, asked)
    try:
        response = await _answer(request, call)
    except BaseException:
        await _forget(server, account, key)
        raise
    if _is_final(response):
        await _keep(server, account, key, response)
    else:
        await _forget(server, account, key)
    return response


async def _asked(request: Request) -> str:
    head = f"{request.method} {request.url.path}?{request.url.query} {request.headers.get('if-match', '')}\n"
    return hashlib.sha256(head.encode() + await request.body()).hexdigest()


async def _answer(request: Request, call: Callable[[], Awaitable[Response]]) -> Response:
    """What the call says; a refusal is an answer, too."""
    try:
        return await call()
    except RequestValidationError as error:
        refused: FabricError = invalid_request(error)
    except FabricError as error:
        refused = error
    return problem_response(problem_of(refused, request.scope), refused)


def _is_final(response: Response) -> bool:
    """Whether the same call would be answered so again: not where a later one may succeed."""
    return response.status_code < 500 and "retry-after" not in response.headers


async def _begin(server: Served, account: str, key: str, asked: str) -> _Kept | None:
    now = server.clock().timestamp()

    def work(state: sqlite3.Connection) -> _Kept | None:
        state.execute("DELETE FROM answered WHERE begun < ?", (now - _KEPT_SECONDS,))
        row = state.execute(
            "SELECT asked, run, status, headers, body FROM answered WHERE account = ? AND key = ?", (account, key)
        ).fetchone()
        if row is not None and (row[2] is not None or row[1] == _RUN or row[0] != asked):
            return _Kept(*row)
        state.execute(
            "INSERT OR REPLACE INTO answered (account, key, asked, begun, run) VALUES (?, ?, ?, ?, ?)",
            (account, key, asked, now, _RUN),
        )
        return None

    return await server.store.run(work)


def _again(kept: _Kept, asked: str) -> Response:
    if kept.asked != asked:
        raise KeyReused(f"this {HEADER} was used for another call: take a new one")
    if kept.status is None:
        raise UnderWay("the same call is being worked on just now: ask again in a moment")
    response = Response(kept.body, status_code=kept.status, headers=json.loads(kept.headers or "{}"))
    response.headers[REPLAYED] = "true"
    return response


async def _keep(server: Served, account: str, key: str, response: Response) -> None:
    headers = json.dumps({name: response.headers[name] for name in _HEADERS if name in response.headers})
    row = (response.status_code, headers, bytes(response.body), account, key)
    await server.store.run(
        lambda state: state.execute(
            "UPDATE answered SET status = ?, headers = ?, body = ? WHERE account = ? AND key = ?", row
        )
    )


async def _forget(server: Served, account: str, key: str) -> None:
    await server.store.run(
        lambda state: state.execute("DELETE FROM answered WHERE account = ? AND key = ?", (account, key))
    )
