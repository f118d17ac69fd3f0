"""The table of routes and roles: every route has a row, and every role is tried at every route."""

from __future__ import annotations

from typing import Final

import httpx
import pytest
from fastapi.routing import APIRoute
from tests.eximledger.api.asking import Operation, operations
from tests.eximledger.server import Server, running

from eximledger.api import OPEN, TABLE
from eximledger.api._guarded import Guarded
from eximledger.api.loans import ROUTERS
from eximledger.serving.admission import Scope
from eximledger.serving.officers import Standing
from eximledger.testing import LedgerNetwork

PERSONS: Final = {
    Standing.BANK: "eximbank/admin",
    Standing.MAKER: "eximbank/maker",
    Standing.CHECKER: "eximbank/checker",
    Standing.POLICY: "eximbank/risk",
    Standing.FX_BUREAU: "safe/officer",
    Standing.CUSTOMS: "customs/officer",
}
DUTIES: Final = {Standing.MAKER, Standing.CHECKER, Standing.POLICY}


def standings_of(standing: Standing) -> set[Standing]:
    """As what the person of a standing stands: whoever has a duty is of a bank, too."""
    return {standing, Standing.BANK} if standing in DUTIES else {standing}


def is_door(answer: httpx.Response) -> bool:
    """Whether the table turned somebody away; the ledger's own refusal is of another type."""
    return answer.status_code == 403 and answer.json()["type"].endswith("/not-for-you")


async def call(client: httpx.AsyncClient, operation: Operation) -> httpx.Response:
    return await client.request(operation.method, operation.url)


async def test_every_route_has_its_row_and_no_row_is_left_over(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        named = {each.name for each in await operations(await server.client())}
    assert named | {"describe"} == TABLE.keys() | OPEN
    assert not TABLE.keys() & OPEN


def test_a_route_without_a_row_does_not_start() -> None:
    async def unheard_of() -> None: ...

    with pytest.raises(LookupError):
        Guarded("/unheard-of", unheard_of)
    assert all(isinstance(route, Guarded) for router in ROUTERS for route in router.routes)
    assert issubclass(Guarded, APIRoute)


async def test_nobody_comes_in_without_a_proof(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        client = await server.client()
        wrong = await server.client(headers={"Authorization": "Bearer exim_guess"})
        for operation in await operations(client):
            for each in (client, wrong):
                answer = await call(each, operation)
                assert (answer.status_code == 401) is (operation.name not in OPEN), operation.name


async def test_every_role_is_tried_at_every_route(exim_network: LedgerNetwork) -> None:
    async with running(exim_network, calls_a_minute=10_000) as server:
        every = await operations(await server.client())
        for standing, user in PERSONS.items():
            client = await server.program(user)
            # what is made with a token that may not: a session's business, tried below
            for operation in (each for each in every if each.name in TABLE and TABLE[each.name].scope is not None):
                answer = await call(client, operation)
                allowed = not TABLE[operation.name].who.isdisjoint(standings_of(standing))
                assert is_door(answer) is not allowed, f"{standing} at {operation.name}: {answer.text}"
                assert answer.status_code != 500, f"{operation.name}: {answer.text}"


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_token_does_what_its_scope_says(exim_network: LedgerNetwork, scope: Scope) -> None:
    async with running(exim_network, calls_a_minute=10_000) as server:
        client = await server.program("eximbank/checker", scope)
        for operation in (each for each in await operations(client) if each.name in TABLE):
            row = TABLE[operation.name]
            if row.who.isdisjoint(standings_of(Standing.CHECKER)):
                continue
            assert is_door(await call(client, operation)) is (row.scope is not scope), operation.name


async def test_a_token_makes_no_tokens(exim_network: LedgerNetwork) -> None:
    """Whoever has stolen one cannot make himself another that holds longer."""
    async with running(exim_network) as server:
        asked = {"name": "core", "scopes": ["read"], "days": 7}
        assert is_door(await (await server.program("eximbank/maker")).post("/api/v1/me/tokens", json=asked))
        made = await (await signed_in(server)).post("/api/v1/me/tokens", json=asked)
        assert made.status_code == 201, made.text
        secret = made.json()["secret"]
        program = await server.client(headers={"Authorization": f"Bearer {secret}"})
        assert (await program.get("/api/v1/me")).json()["scopes"] == ["read"]
        assert secret not in (await (await signed_in(server)).get("/api/v1/me/tokens")).text


async def signed_in(server: Server) -> httpx.AsyncClient:
    """A browser of a maker, whose calls carry its session's secret."""
    from eximledger.serving import CSRF_HEADER
    from eximledger.serving.admission import csrf_of

    client = await server.browser("eximbank/maker")
    client.headers[CSRF_HEADER] = csrf_of(client.cookies["exim"])
    return client
