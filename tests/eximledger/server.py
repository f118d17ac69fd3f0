"""A server for tests: the application over an embedded ledger, with an account for every user of its members."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

import httpx
from fastapi import FastAPI

from eximledger.serving import Served, Settings, application
from eximledger.serving.admission import HttpClient, Scope
from eximledger.serving.officers import Account, Roll
from hlf_client import Clock, Ledger, utc_now

URL: Final = "http://127.0.0.1:8443"
USERS: Final = (
    "eximbank/maker", "eximbank/checker", "eximbank/risk", "eximbank/admin",
    "tradebank/maker", "tradebank/checker", "tradebank/risk", "safe/officer", "customs/officer",
)  # fmt: skip


class Network(Protocol):
    """What a server is told of a ledger: how officers reach it, and who they are there."""

    @property
    def url(self) -> str: ...

    def connect(self, user: str) -> Ledger: ...


@dataclass(slots=True)
class Server:
    """The application, running; every client is closed with it."""

    app: FastAPI
    network: Network
    stack: AsyncExitStack
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def served(self) -> Served:
        found = self.app.state.served
        assert isinstance(found, Served)
        return found

    async def client(
        self, *, address: str = "127.0.0.1", headers: dict[str, str] | None = None, certificate: bytes | None = None
    ) -> httpx.AsyncClient:
        """Somebody who is not signed in."""

        async def app(scope: dict[str, object], receive: object, send: object) -> None:
            if certificate is not None:
                scope.setdefault("state", {})["client_certificate"] = certificate  # type: ignore[index]
            await self.app(scope, receive, send)  # type: ignore[arg-type]

        transport = httpx.ASGITransport(app=app, client=(address, 40000))  # type: ignore[arg-type]
        return await self.stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url=URL, headers=headers or {})
        )

    async def program(self, user: str, *scopes: Scope, holds: timedelta = timedelta(days=1)) -> httpx.AsyncClient:
        """A program with a token of a user, of all scopes unless some are named."""
        _, secret = await self.served.tokens.make(user, "test", scopes or tuple(Scope), holds)
        return await self.client(headers={"Authorization": f"Bearer {secret}"})

    async def browser(self, user: str) -> httpx.AsyncClient:
        """A browser in which a user has signed in by a one-time link."""
        client = await self.client()
        answer = await client.get(f"/sign-in/link/{await self.served.links.make(user)}")
        assert answer.status_code == 303
        return client


@asynccontextmanager
async def running(
    network: Network,
    *,
    state: Path | None = None,
    clock: Clock = utc_now,
    accounts: tuple[Account, ...] = (),
    http: HttpClient | None = None,
    **settings: object,
) -> AsyncIterator[Server]:
    """The application over a ledger, for the time of a test."""
    said = Settings.model_validate({"ledger": network.url, "state": state, **settings})
    roll = Roll([*accounts, *(_account(network, user) for user in USERS)])
    app = application(said, officers=roll, clock=clock, http=http)
    async with AsyncExitStack() as stack, app.router.lifespan_context(app):
        yield Server(app, network, stack)


def _account(network: Network, user: str) -> Account:
    return Account(user, lambda: network.connect(user))
