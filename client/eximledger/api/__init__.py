"""The HTTP interface: /api/v1, all that the desks can do, for programs. One router a subject.

Mounted by `eximledger.serving`. `_table` says who may call what, `_guarded` holds routes to it, `_describing` makes the
OpenAPI of them. May import `serving` and what is below it; nothing imports it.
"""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI

from eximledger.api import _about, loans, members, papers
from eximledger.api._describing import describing, methods_at
from eximledger.api._guarded import PREFIX, PROBLEMS
from eximledger.api._table import OPEN, TABLE, Row
from eximledger.api.papers.attaching import ATTACHMENTS
from eximledger.api.papers.filing import UPLOADS
from eximledger.api.papers.watching import LISTS
from eximledger.serving import Served

__all__ = ["OPEN", "PREFIX", "TABLE", "Row", "mount"]


def mount(application: FastAPI) -> None:
    """Put the interface on an application."""
    server = application.state.served
    assert isinstance(server, Served)  # noqa: S101 - `application` has put it there
    server.large_bodies += [PREFIX + UPLOADS, PREFIX + ATTACHMENTS, PREFIX + LISTS]
    for router in (*loans.ROUTERS, *papers.ROUTERS, *members.ROUTERS, _about.router):
        application.include_router(router, prefix=PREFIX, responses=PROBLEMS)
    describing(application)
    server.methods_at = partial(methods_at, application)
