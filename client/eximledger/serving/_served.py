"""What the parts of one running server share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from fastapi import Request
from starlette.responses import Response

from eximledger.serving._mirrors import Mirrors
from eximledger.serving._settings import Settings
from eximledger.serving._store import Store
from eximledger.serving.admission import Links, Provider, Sessions, Tokens
from eximledger.serving.guards import Audit, Rates
from eximledger.serving.officers import Desks, Officers
from hlf_client import Clock
from hlf_client.errors import FabricError

__all__ = ["ErrorPage", "Served", "served"]

ErrorPage: TypeAlias = Callable[[Request, FabricError], Awaitable[Response]]
"""Shows an error to a person."""


@dataclass(slots=True)
class Served:
    """One server's state. `error_page` and `large_bodies` are for parts to set when they are mounted."""

    settings: Settings
    officers: Officers
    clock: Clock
    store: Store
    sessions: Sessions
    links: Links
    tokens: Tokens
    provider: Provider | None
    desks: Desks
    audit: Audit
    calls: Rates
    """Of each account."""
    sign_ins: Rates
    """Of each address."""
    mirrors: Mirrors = field(default_factory=Mirrors)
    error_page: ErrorPage | None = None
    methods_at: Callable[[str], frozenset[str]] | None = None
    """Which methods a path takes, where a part can say."""
    large_bodies: list[str] = field(default_factory=list)
    """Paths, by their beginnings, at which files are uploaded."""

    def limit_of(self, path: str) -> int:
        """How many bytes a body may have at a path."""
        if any(path.startswith(each) for each in self.large_bodies):
            return self.settings.upload_mib * 1024 * 1024
        return self.settings.body_kib * 1024


def served(request: Request) -> Served:
    """The server that a request came to."""
    found = request.app.state.served
    assert isinstance(found, Served)  # noqa: S101 - what `application` puts there
    return found
