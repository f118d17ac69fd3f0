"""The server: who is signed in, whose key signs, and what stands around every route.

`application` makes a FastAPI application of `Settings`; `eximledger.api` and `eximledger.console` are mounted on it by
their names and build on what is public here. Needs `eximledger[serve]`. May import the desk and what is below it; the
api, the console and the command line import it.
"""

from __future__ import annotations

from eximledger.serving._application import application
from eximledger.serving._asked import (
    CSRF_FIELD,
    CSRF_HEADER,
    SignedIn,
    csrf_token,
    desk_of,
    mirror_of,
    officer_of,
    signed_in,
)
from eximledger.serving._entrance import link_for
from eximledger.serving._figures import Found
from eximledger.serving._running import run
from eximledger.serving._served import ErrorPage, Served, served
from eximledger.serving._settings import Oidc, Settings, read_settings

__all__ = [
    "CSRF_FIELD",
    "CSRF_HEADER",
    "ErrorPage",
    "Found",
    "Oidc",
    "Served",
    "Settings",
    "SignedIn",
    "application",
    "csrf_token",
    "desk_of",
    "link_for",
    "mirror_of",
    "officer_of",
    "read_settings",
    "run",
    "served",
    "signed_in",
]
