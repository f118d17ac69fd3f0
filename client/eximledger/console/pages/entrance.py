"""Signing in, and the language of the pages."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from eximledger.console._asked import form_of
from eximledger.console._here import LANGUAGE_COOKIE, Here, language_of
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.serving import served

__all__ = ["router"]

router: Final = pages()

_YEAR: Final = 365 * 24 * 3600


@router.get("/sign-in")
async def ways(request: Request) -> Response:
    """Which ways in there are."""
    provider = "" if served(request).provider is None else "/sign-in/oidc"
    return rendered(Here(request, language_of(request)), "sign_in", provider=provider, problem="")


@router.post("/language")
async def language(request: Request) -> Response:
    """Remember the language of the pages in this browser. It is nobody's secret, and signs nothing."""
    said = await form_of(request)
    back = said.get("back", "/")
    response = RedirectResponse(
        back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", status_code=303
    )
    if said.get("language") in {"en", "zh"}:
        response.set_cookie(
            LANGUAGE_COOKIE, said["language"], max_age=_YEAR, path="/", secure=served(request).settings.secure,
            httponly=True, samesite="strict",
        )  # fmt: skip
    return response
