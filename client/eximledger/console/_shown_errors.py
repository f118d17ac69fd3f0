"""Errors as pages: for a person, in a sentence, with the way back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from eximledger.console._here import Here, language_of, page_of
from eximledger.console._many_banks import ManyBanks
from eximledger.console._rendering import rendered
from eximledger.serving import served, signed_in
from eximledger.serving.errors import NotSignedIn, TooMany
from eximledger.serving.officers import Officer
from hlf_client.errors import FabricError, LedgerUnavailable

__all__ = ["TITLES", "error_page"]

TITLES: Final = {
    401: "Sign in",
    403: "That is not yours to do",
    404: "There is no such thing",
    409: "It has changed meanwhile",
    413: "That is too large",
    422: "Something is wrong with what was sent",
    429: "Too many at once",
    503: "The ledger does not answer",
}


async def error_page(request: Request, error: FabricError) -> Response:
    """A page for an error; whoever is not signed in is asked to."""
    if isinstance(error, NotSignedIn) and request.method == "GET" and not request.url.path.startswith("/sign-in"):
        return RedirectResponse("/sign-in", status_code=303)
    if request.method == "GET" and error.message == HTTPStatus.METHOD_NOT_ALLOWED.phrase:
        # the address of a form, come to by hand or by reload
        return RedirectResponse(page_of(request.url.path), status_code=303)
    status = type(error).status
    title = TITLES.get(status, "That did not work")
    here = Here(request, language_of(request), await _officer(request, error))
    banks = error.banks if isinstance(error, ManyBanks) else ()
    return rendered(here, "problem", status=status, title=title, detail=here.refusal(error), banks=banks)


async def _officer(request: Request, error: FabricError) -> Officer | None:
    """Who is signed in, that the page has its navigation; nobody where that cannot be known just now."""
    known = getattr(request.state, "officer", None)
    if isinstance(known, Officer):
        return known
    if isinstance(error, NotSignedIn | LedgerUnavailable | TooMany):
        return None
    try:
        who, server = await signed_in(request), served(request)
        async with server.desks.lease(who.account) as (_, officer):
            return officer
    except FabricError:
        return None
