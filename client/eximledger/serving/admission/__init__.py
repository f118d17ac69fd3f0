"""How somebody comes in: sessions of browsers, one-time links, bearer tokens, an OpenID provider, form secrets."""

from __future__ import annotations

from eximledger.serving.admission._links import Links
from eximledger.serving.admission._provider import Claims, HttpClient, Provider
from eximledger.serving.admission._secrets import csrf_of, same
from eximledger.serving.admission._sessions import Session, Sessions
from eximledger.serving.admission._tokens import Scope, Token, Tokens

__all__ = [
    "Claims",
    "HttpClient",
    "Links",
    "Provider",
    "Scope",
    "Session",
    "Sessions",
    "Token",
    "Tokens",
    "csrf_of",
    "same",
]
