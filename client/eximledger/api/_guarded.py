"""Routes with a door: who is signed in, whether the table lets one in, and each call done once under its key."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, Final, TypeAlias

from fastapi import Depends, Header, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from eximledger.api._once import HEADER, once
from eximledger.api._table import OPEN, TABLE, Row
from eximledger.desk import LoanDesk
from eximledger.mirror.reading import MirrorReader
from eximledger.serving import Served, SignedIn, desk_of, mirror_of, officer_of, served, signed_in
from eximledger.serving.errors import NotForYou
from eximledger.serving.guards import SAFE_METHODS, Problem, note_route
from eximledger.serving.officers import Officer

__all__ = ["PROBLEMS", "Desk", "Guarded", "Me", "Mirror", "Server", "Signed", "problems"]

PREFIX: Final = "/api/v1"

_Handler: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]  # as the framework has it

Desk: TypeAlias = Annotated[LoanDesk, Depends(desk_of)]
Me: TypeAlias = Annotated[Officer, Depends(officer_of)]
Signed: TypeAlias = Annotated[SignedIn, Depends(signed_in)]
Server: TypeAlias = Annotated[Served, Depends(served)]


class Guarded(APIRoute):
    """A route of the table. Raises LookupError where it has no row, when it is made."""

    def get_route_handler(self) -> _Handler:
        inner, name = super().get_route_handler(), self.endpoint.__name__
        if name in OPEN:
            return inner
        row = TABLE[name]

        async def guarded(request: Request) -> Response:
            note_route(request.scope, PREFIX + self.path)
            who, server = await signed_in(request), served(request)
            async with server.desks.lease(who.account) as (_, officer):
                require(row, who, officer)
                if request.method in SAFE_METHODS:
                    return await inner(request)
                if HEADER in request.headers:
                    response = await once(server, who.account.name, request, lambda: inner(request))
                else:
                    response = await inner(request)
                server.mirrors.note_write(officer.person.msp_id)
                return response

        return guarded


def require(row: Row, who: SignedIn, officer: Officer) -> None:
    """Raises `NotForYou` where the table does not let somebody in."""
    if row.who.isdisjoint(officer.standings):
        wanted = ", ".join(sorted(row.who))
        raise NotForYou(f"this is for {wanted}; {officer.person} is {', '.join(sorted(officer.standings))}", who=wanted)
    if who.scopes is None:
        return
    if row.scope is None:
        raise NotForYou("no token may do this: sign in, or show a client certificate")
    if row.scope not in who.scopes:
        raise NotForYou(f"this token has not the scope {row.scope}", scope=row.scope)


Mirror: TypeAlias = Annotated[MirrorReader, Depends(mirror_of)]

Key: TypeAlias = Annotated[
    str | None,
    Header(
        alias=HEADER,
        description="Your own name of this call: sent again with it, it is answered as it was and not done twice.",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
    ),
]


async def _keyed(_key: Key = None) -> None:
    """Has the header stand in the description; `Guarded` goes by it."""


KEYED: Final = Depends(_keyed)

_SAID: Final = {
    400: "What was sent is wrong: `field` and `reason` say what.",
    401: "Nobody is signed in.",
    403: "This person, or this token, may not do this.",
    404: "It is not there, or not for this member to see.",
    409: "The ledger has moved on: read again.",
    412: "What was seen is not what there is: `differences` says what has changed.",
    413: "The body is too large.",
    415: "The body is of another media type.",
    422: "The rules of the trade, or of a loan's life, forbid it.",
    428: "Say with If-Match what was seen.",
    429: "Too many calls.",
    500: "The transaction does not count, or the server has a fault.",
    503: "The ledger cannot be reached now.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers that are problems, for a route's description."""
    return {
        status: {
            "description": _SAID[status],
            "model": Problem,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


ALWAYS: Final[Sequence[int]] = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)
PROBLEMS: Final = problems(*ALWAYS)
"""What any route may answer beside what it is for."""
