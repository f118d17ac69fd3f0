"""Who asks: the proof that a request carries, the officer whom it proves, and that officer's desk.

A bearer token comes first, then a session's cookie, then a client certificate. What a browser sends by itself, cookie
and certificate, counts for an act only where the act comes from our own pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request

from eximledger.desk import LoanDesk
from eximledger.mirror.reading import MirrorReader
from eximledger.serving._served import Served, served
from eximledger.serving.admission import Scope, csrf_of, same
from eximledger.serving.errors import NotForYou, NotSignedIn
from eximledger.serving.guards import SAFE_METHODS, note_signed
from eximledger.serving.officers import Account, Officer

__all__ = [
    "CSRF_FIELD",
    "CSRF_HEADER",
    "SignedIn",
    "cookie_name",
    "csrf_token",
    "desk_of",
    "mirror_of",
    "officer_of",
    "require_own_form",
    "signed_in",
]

CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "X-CSRF-Token"
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_LISTENING: Final = "/events"
"""A page that only listens does not keep its session awake."""
_OURS: Final = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has shown a proof. `scopes` is None where all is allowed that the person may do."""

    account: Account
    how: str
    scopes: frozenset[Scope] | None = None
    session: str = ""
    """The session's secret, where it is one."""


def cookie_name(server: Served) -> str:
    """The session's cookie. Over TLS its name binds it to this very host (RFC 6265bis)."""
    return "__Host-exim" if server.settings.secure else "exim"


async def signed_in(request: Request) -> SignedIn:
    """Who is signed in. Raises `NotSignedIn`; `NotForYou` for an act that comes from another site's page, or without
    the secret of our forms; `TooMany`."""
    known = getattr(request.state, "signed_in", None)
    if isinstance(known, SignedIn):
        return known
    server = served(request)
    found = await _by_proof(request, server)
    note_signed(request.scope, found.account.name, found.how)
    server.calls.take(found.account.name)
    if found.how != "token":
        _require_own_page(request, server)
        if found.session and request.method not in SAFE_METHODS:
            await require_own_form(request, found.session)
    request.state.signed_in = found
    return found


async def desk_of(request: Request) -> AsyncIterator[LoanDesk]:
    """The desk of who is signed in, connected with that person's own key, for the time of the request."""
    who = await signed_in(request)
    async with served(request).desks.lease(who.account) as (desk, officer):
        request.state.officer = officer
        yield desk


async def officer_of(request: Request, _desk: Annotated[LoanDesk, Depends(desk_of)]) -> Officer:
    """Who is signed in, as the ledger knows the person."""
    found = request.state.officer
    assert isinstance(found, Officer)  # noqa: S101 - `desk_of` has put it there
    return found


async def mirror_of(request: Request, desk: Annotated[LoanDesk, Depends(desk_of)]) -> MirrorReader:
    """The mirror of who is signed in, with what was written just before. It blocks: call it on a thread."""
    return await served(request).mirrors.caught_up(desk.ledger)


def csrf_token(request: Request) -> str:
    """What a form of this session's pages carries in its field `csrf`; empty where no session is."""
    known = getattr(request.state, "signed_in", None)
    return csrf_of(known.session) if isinstance(known, SignedIn) and known.session else ""


async def require_own_form(request: Request, session: str) -> None:
    """Raises `NotForYou` for a form, or a call, that does not carry the session's secret."""
    shown = request.headers.get(CSRF_HEADER, "")
    if not shown and request.headers.get("content-type", "").startswith(_FORMS):
        field = (await request.form()).get(CSRF_FIELD)
        shown = field if isinstance(field, str) else ""
    if not same(shown, csrf_of(session)):
        raise NotForYou(
            f"this did not come from one of our own pages: send {CSRF_HEADER}, or open the page again",
            header=CSRF_HEADER,
        )


async def _by_proof(request: Request, server: Served) -> SignedIn:
    stated = request.headers.get("authorization")
    if stated is not None:
        return await _by_token(stated, server)
    if secret := request.cookies.get(cookie_name(server)):
        session = await server.sessions.find(secret, using=not request.url.path.endswith(_LISTENING))
        account = None if session is None else server.officers.named(session.account)
        if session is None or account is None:
            raise NotSignedIn("your session is over: sign in again")
        return SignedIn(account, "session", session=secret)
    certificate = request.scope.get("state", {}).get("client_certificate")
    if isinstance(certificate, bytes):
        account = server.officers.with_certificate(hashlib.sha256(certificate).hexdigest())
        if account is None:
            raise NotSignedIn("your client certificate is nobody's here")
        return SignedIn(account, "certificate")
    raise NotSignedIn("sign in first")


async def _by_token(stated: str, server: Served) -> SignedIn:
    scheme, _, secret = stated.partition(" ")
    token = await server.tokens.find(secret.strip()) if scheme.lower() == "bearer" else None
    account = None if token is None else server.officers.named(token.account)
    if token is None or account is None:
        raise NotSignedIn("this token does not hold, or not any more")
    return SignedIn(account, "token", scopes=token.scopes)


def _require_own_page(request: Request, server: Served) -> None:
    """Browsers say from which site an act comes; a program that is no browser says nothing."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin")
    if site not in _OURS or (origin is not None and origin != server.settings.url):
        raise NotForYou("this did not come from one of our own pages")
