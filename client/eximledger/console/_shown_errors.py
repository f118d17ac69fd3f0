"""Errors as pages: for a person, in a sentence, with the way back."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from eximledger.console._here import Here, language_of
from eximledger.console._rendering import rendered
from eximledger.serving.errors import NotSignedIn
from hlf_client.errors import FabricError

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
    status = type(error).status
    title = TITLES.get(status, "That did not work")
    here = Here(request, language_of(request))
    return rendered(here, "problem", status=status, title=title, detail=here.refusal(error))
