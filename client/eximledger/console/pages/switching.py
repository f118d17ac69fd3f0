"""Going on as another officer: on a demo's console only, which serves a ledger of this machine."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from eximledger.console._asked import At, form_of
from eximledger.console._pages import pages
from eximledger.serving import link_for, served

__all__ = ["router"]

router: Final[APIRouter] = pages()


@router.post("/switch")
async def switch_officer(here: At) -> Response:
    """Sign in as another officer. Raises `NotSignedIn`, by the link, for one that there is not."""
    who = (await form_of(here.request)).get("account", "")
    return RedirectResponse(await link_for(served(here.request), who), status_code=303)
