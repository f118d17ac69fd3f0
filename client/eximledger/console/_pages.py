"""Routes of pages, each behind the table's door."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from eximledger.console._table import OPEN, TABLE
from eximledger.serving import served, signed_in
from eximledger.serving.errors import NotForYou
from eximledger.serving.guards import SAFE_METHODS

__all__ = ["pages"]

_Handler: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]  # as the framework has it


class _Page(APIRoute):
    """A route of the table. Raises LookupError where it has no row, when it is made."""

    def get_route_handler(self) -> _Handler:
        inner, name = super().get_route_handler(), self.endpoint.__name__
        if name in OPEN:
            return inner
        let_in = TABLE[name]

        async def guarded(request: Request) -> Response:
            who, server = await signed_in(request), served(request)
            if who.scopes is not None:
                raise NotForYou("pages are for people: a token calls /api/v1")
            async with server.desks.lease(who.account) as (_, officer):
                request.state.officer = officer
                if let_in.isdisjoint(officer.standings):
                    wanted = ", ".join(sorted(let_in))
                    raise NotForYou(f"this is for {wanted}, which {officer.person} is not", who=wanted)
                try:
                    response = await inner(request)
                finally:
                    await request.close()  # files that were uploaded
                if request.method not in SAFE_METHODS:
                    server.mirrors.note_write(officer.person.msp_id)
                return response

        return guarded


def pages() -> APIRouter:
    """A router for the pages of one subject."""
    return APIRouter(include_in_schema=False, route_class=_Page)
