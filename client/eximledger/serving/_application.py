"""The application: guards around it, the entrance in it, and the parts that are installed mounted on it.

A part is a module with `mount(application)`; it is imported when an application is made. `api` is one, `console`
another; a server without either still stands.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from typing import Final

import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response

from eximledger._connect import connect
from eximledger.attachments import AttachmentStore, open_store
from eximledger.consortium import EXIM
from eximledger.desk import Retry
from eximledger.serving._entrance import ANSWER_PATH, entrance, plain_door
from eximledger.serving._following import following
from eximledger.serving._served import Served, served
from eximledger.serving._settings import Settings
from eximledger.serving._store import Store
from eximledger.serving.admission import HttpClient, Links, Provider, Sessions, Tokens
from eximledger.serving.errors import NotSignedIn, Unsupported
from eximledger.serving.guards import (
    Audit,
    BodyLimit,
    Faults,
    Rates,
    SecurityHeaders,
    Watching,
    invalid_request,
    problem_of,
    problem_response,
)
from eximledger.serving.officers import Account, Desks, Officers, Roll, read_officers
from hlf_client import Clock, utc_now
from hlf_client.errors import FabricError, InvalidDocument, NotFound
from hlf_client.identity import NodeRole

__all__ = ["application"]

_PARTS: Final = ("eximledger.console", "eximledger.api")
"""In this order: the framework makes a router's routes ready when a request first comes by, and the first page of
somebody who has just started the console does not wait for those of the interface."""
_API: Final = "/api/"
_WRONG_METHOD: Final = 405
_SWEEP_SECONDS: Final = 60.0
_RETRY: Final = Retry()
_WITHOUT_ROUTE: Final[Mapping[int, Callable[[str], FabricError]]] = {404: NotFound, 415: Unsupported}
_log = logging.getLogger("eximledger.serving")


def application(
    settings: Settings,
    *,
    officers: Officers | None = None,
    clock: Clock = utc_now,
    http: HttpClient | None = None,
) -> FastAPI:
    """The application of some settings. `officers` stands in for their file; `http` reaches the identity provider.

    Raises `InvalidDocument` for a file of officers that is wrong.
    """
    found = _served(settings, officers or _officers(settings, clock), clock, http or _client)
    app = FastAPI(title="eximledger", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.served = found
    app.include_router(entrance)
    for name in _PARTS:
        _mount(app, name)
    app.include_router(plain_door)
    app.add_exception_handler(FabricError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _no_route)
    # The last one added is the outermost.
    app.add_middleware(Faults, answer=_refused)
    app.add_middleware(BodyLimit, limit_of=found.limit_of)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.called), www_redirect=False)
    app.add_middleware(SecurityHeaders, secure=settings.secure)
    app.add_middleware(Watching, audit=found.audit)
    return app


def _mount(app: FastAPI, name: str) -> None:
    """Let a part put its routes and files on the application, where it is installed."""
    if find_spec(name) is not None:
        import_module(name).mount(app)


def _served(settings: Settings, officers: Officers, clock: Clock, http: HttpClient) -> Served:
    store = Store(None if settings.state is None else settings.state / "serving.db")
    provider = None
    if settings.oidc is not None:
        provider = Provider(settings.oidc, answer_url=settings.url + ANSWER_PATH, store=store, clock=clock, http=http)
    return Served(
        settings=settings,
        officers=officers,
        clock=clock,
        store=store,
        sessions=Sessions(store, clock, idle=settings.idle, longest=settings.longest),
        links=Links(store, clock, timedelta(minutes=settings.link_minutes)),
        tokens=Tokens(store, clock),
        provider=provider,
        desks=Desks(_RETRY, partial(_store_of, settings)),
        audit=Audit(store, clock),
        calls=Rates(settings.calls_a_minute),
        sign_ins=Rates(settings.sign_ins_a_minute),
    )


def _store_of(settings: Settings, msp_id: str) -> AttachmentStore | None:
    """None where no store is named and the ledger has none of its own: then nothing is attached."""
    try:
        return open_store(settings.attachments, ledger=settings.ledger, msp_id=msp_id, environment=os.environ)
    except InvalidDocument:
        if settings.attachments:
            raise
        return None


def _officers(settings: Settings, clock: Clock) -> Officers:
    if settings.officers is not None:
        return read_officers(settings.officers, settings.ledger, clock)
    if settings.demo:
        return Roll(_anybody(settings, clock))
    if settings.officer:
        return Roll([Account(settings.officer, lambda: connect(settings.ledger, settings.officer, clock=clock))])
    raise InvalidDocument("nobody may sign in: say `officers` or `officer`", field="officers", reason="are none")


def _anybody(settings: Settings, clock: Clock) -> Iterator[Account]:
    """Everybody of the default consortium but its administrators."""
    for member in EXIM.definition.organizations:
        for user in member.users:
            if user.role is not NodeRole.ADMIN:
                name = f"{member.name}/{user.name}"
                yield Account(
                    name, partial(connect, settings.ledger, name, clock=clock), title=f"{user.name}, {member.title}"
                )


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=10.0, follow_redirects=False)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """While the server runs, what is over is swept away; when it ends, no key stays open."""
    server: Served = app.state.served
    sweeping = asyncio.create_task(_sweep(server))
    try:
        async with following(server):
            yield
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        await server.desks.close()
        await server.store.close()


async def _sweep(server: Served) -> None:
    while True:
        try:
            await server.sessions.sweep()
            await server.audit.sweep(timedelta(days=server.settings.audit_days))
            await server.desks.sweep(server.settings.idle.total_seconds())
        except FabricError:
            _log.exception("what is over could not be swept away")
        await asyncio.sleep(_SWEEP_SECONDS)


# -- errors ------------------------------------------------------------------------------------------------------------


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, FabricError)  # noqa: S101 - it is registered for them
    page = served(request).error_page
    if request.url.path.startswith(_API):
        return problem_response(problem_of(error, request.scope), error)
    if page is not None:
        return await page(request, error)
    if isinstance(error, NotSignedIn) and request.method == "GET" and not request.url.path.startswith("/sign-in"):
        return Response(status_code=303, headers={"Location": "/sign-in"})
    return PlainTextResponse(error.message, status_code=type(error).status)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for them
    return await _refused(request, invalid_request(error))


async def _no_route(request: Request, error: Exception) -> Response:
    """What the framework itself says no to."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for them
    made = _WITHOUT_ROUTE.get(error.status_code, InvalidDocument)(str(error.detail))
    if request.url.path.startswith(_API):
        problem = problem_of(made, request.scope).model_copy(update={"status": error.status_code})
        response = problem_response(problem, made)
    else:
        response = await _refused(request, made)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            response.status_code = error.status_code
    response.headers.update(error.headers or {})
    methods_at = served(request).methods_at
    if error.status_code == _WRONG_METHOD and methods_at is not None:
        methods = await asyncio.to_thread(methods_at, request.url.path)
        if methods:  # the framework names those of one route alone
            response.headers["Allow"] = ", ".join(sorted(methods))
    return response
