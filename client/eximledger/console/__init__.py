"""The console: server-rendered pages for officers, on the application of `eximledger.serving`.

`pages` are the routes, one module for each subject; `views` make of a loan or paper what a page shows, without the web;
`drawing` makes pictures as SVG. A page asks the desk of whoever is signed in, and lists ask the mirror. Imported only
where pages are served.
"""

from __future__ import annotations

from fastapi import FastAPI

from eximledger.console._hashed import assets
from eximledger.console._shown_errors import error_page
from eximledger.console._staged import Outcomes, StagedPapers
from eximledger.console.pages import (
    attaching,
    entrance,
    exporters,
    network,
    papers,
    policy,
    portfolio,
    supervision,
    switching,
    uploading,
    work,
)
from eximledger.console.pages.cases import applying, converting, downloads, loans, screening
from eximledger.serving import Served

__all__ = ["PAGES", "mount"]

_SUBJECTS = (
    entrance,
    work,
    portfolio,
    downloads,
    loans,
    screening,
    converting,
    applying,
    papers,
    attaching,
    uploading,
    exporters,
    supervision,
    policy,
    network,
)
PAGES = (assets, *(subject.router for subject in _SUBJECTS), switching.router)
"""The routes of all pages; the last ones are a demo's."""


def mount(application: FastAPI) -> None:
    """Put the pages on an application."""
    server = application.state.served
    assert isinstance(server, Served)  # noqa: S101 - what `serving.application` puts there
    server.error_page = error_page
    server.large_bodies += ["/upload", "/papers/attach"]
    application.state.staged_papers = StagedPapers()
    application.state.outcomes = Outcomes()
    for router in PAGES:
        if router is not switching.router or server.settings.demo:
            application.include_router(router)
