"""Signing in and out: the one-time link, the identity provider's round trip, and a page that says which there are.

A part that is mounted may have a page of its own at /sign-in; `plain_door` is for where none has.
"""

from __future__ import annotations

import ipaddress
from html import escape
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from eximledger.serving._asked import cookie_name, signed_in
from eximledger.serving._served import Served, served
from eximledger.serving.errors import NotSignedIn
from eximledger.serving.guards import note_signed
from hlf_client.errors import NotFound

__all__ = ["ANSWER_PATH", "LINK_PATH", "entrance", "link_for", "plain_door"]

ANSWER_PATH: Final = "/sign-in/oidc/answer"
LINK_PATH: Final = "/sign-in/link/"
_FLOW_COOKIE: Final = "exim-flow"
_FLOW_PATH: Final = "/sign-in/oidc"
_FLOW_SECONDS: Final = 600
_HOME: Final = "/"

entrance: Final = APIRouter(include_in_schema=False)
plain_door: Final = APIRouter(include_in_schema=False)


@plain_door.get("/sign-in", response_class=HTMLResponse)
async def ways(request: Request) -> Response:
    """Which ways in there are."""
    server = served(request)
    said = ["<p>Open the one-time link that the program has printed.</p>"] if server.settings.officer else []
    if server.provider is not None:
        said.append('<p><a href="/sign-in/oidc">Sign in with your organisation</a></p>')
    return _page("Sign in", "".join(said) or "<p>This server takes tokens and client certificates.</p>")


@entrance.get("/sign-in/link/{secret}")
async def by_link(request: Request, secret: str) -> Response:
    """Sign in by a one-time link, at this very machine."""
    server, client = served(request), "" if request.client is None else request.client.host
    server.sign_ins.take(client)
    account = await server.links.take(secret) if _is_here(client) else None
    if account is None or server.officers.named(account) is None:
        raise NotSignedIn("this link is used, over or not of this machine: have another made")
    note_signed(request.scope, account, "link")
    response = RedirectResponse(_HOME, status_code=303)
    await _let_in(request, response, account, "link")
    return response


@entrance.get("/sign-in/oidc")
async def by_provider(request: Request) -> Response:
    """Send the browser to the identity provider."""
    server = served(request)
    server.sign_ins.take("" if request.client is None else request.client.host)
    if server.provider is None:
        raise NotFound("there is no identity provider here")
    place, secret = await server.provider.begin()
    response = RedirectResponse(place, status_code=303)
    # Lax: the browser comes back from another site. It opens nothing by itself.
    response.set_cookie(
        _FLOW_COOKIE, secret, max_age=_FLOW_SECONDS, path=_FLOW_PATH, secure=server.settings.secure, httponly=True,
        samesite="lax",
    )  # fmt: skip
    return response


@entrance.get(ANSWER_PATH)
async def answered(request: Request) -> Response:
    """Take who comes back from the identity provider."""
    server = served(request)
    server.sign_ins.take("" if request.client is None else request.client.host)
    if server.provider is None:
        raise NotFound("there is no identity provider here")
    claims = await server.provider.finish(request.cookies.get(_FLOW_COOKIE, ""), dict(request.query_params))
    account = server.officers.with_subject(claims.subject, claims.groups)
    if account is None:
        raise NotSignedIn("you are known to the identity provider, but no officer of this server")
    note_signed(request.scope, account.name, "oidc")
    # A redirect would still be the other site's navigation, with which a strict cookie is not sent: a page goes on.
    response = _page("Signed in", f'<p><a href="{_HOME}">Go on</a></p>', onward=_HOME)
    response.delete_cookie(_FLOW_COOKIE, path=_FLOW_PATH)
    await _let_in(request, response, account.name, "oidc")
    return response


@entrance.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session, and let go of the key where it was the last one."""
    who, server = await signed_in(request), served(request)
    if who.session and await server.sessions.end(who.session):
        await server.desks.let_go(who.account.name)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(cookie_name(server), path="/", secure=server.settings.secure, httponly=True)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


async def _let_in(request: Request, response: Response, account: str, how: str) -> None:
    """Give the browser a session of its own; whichever it showed before is over."""
    server = served(request)
    name = cookie_name(server)
    secret = await server.sessions.open(account, how, replacing=request.cookies.get(name, ""))
    response.set_cookie(name, secret, path="/", secure=server.settings.secure, httponly=True, samesite="strict")


def _is_here(client: str) -> bool:
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False


def _page(title: str, content: str, onward: str = "") -> HTMLResponse:
    refresh = f'<meta http-equiv="refresh" content="0;url={escape(onward)}">' if onward else ""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{refresh}</head>'
        f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )


async def link_for(server: Served, account: str) -> str:
    """The address of a new one-time link."""
    return f"{server.settings.url}{LINK_PATH}{await server.links.make(account)}"
