"""Signing in by an OpenID provider: the code flow with PKCE, and every answer that is no proof."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey
from tests.eximledger.server import Server, running
from tests.eximledger.serving.provider import CLIENT, ISSUER, FakeProvider

from eximledger.serving.officers import Account
from eximledger.testing import LedgerNetwork
from hlf_client import utc_now

OIDC = {"issuer": ISSUER, "client_id": CLIENT}


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider()


@pytest.fixture
async def server(exim_network: LedgerNetwork, provider: FakeProvider) -> AsyncIterator[Server]:
    known = Account(
        "li.wei", lambda: exim_network.connect("eximbank/maker"), subjects=frozenset({"u-117"}),
        groups=frozenset({"exim-makers"}),
    )  # fmt: skip
    async with running(exim_network, accounts=(known,), http=provider.client, oidc=OIDC) as found:
        yield found


async def come_back(server: Server, provider: FakeProvider, **brought: str) -> tuple[httpx.AsyncClient, httpx.Response]:
    """A browser that goes to the provider and comes back."""
    client = await server.client()
    sent = await client.get("/sign-in/oidc")
    assert sent.status_code == 303
    answer = provider.let_in(sent.headers["location"]) | brought
    return client, await client.get("/sign-in/oidc/answer", params=answer)


async def test_who_the_provider_knows_is_signed_in(server: Server, provider: FakeProvider) -> None:
    client, answer = await come_back(server, provider)
    assert answer.status_code == 200, answer.text
    assert provider.asked["code_challenge_method"] == "S256"
    me = (await client.get("/api/v1/me")).json()
    assert (me["account"], me["person"]["name"], me["signed_in_by"]) == ("li.wei", "maker@eximbank", "session")
    lines = [line for _, line in await server.served.audit.lines()]
    assert ("li.wei", "oidc") in [(line.account, line.how) for line in lines]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://evil.test"},
        {"exp": int(utc_now().timestamp()) - 600},
        {"sub": "u-118"},
        {"groups": ["cleaners"]},
        {"groups": []},
        {"sub": ""},
    ],
)
async def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    server: Server, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    client, answer = await come_back(server, provider)
    assert answer.status_code == 401
    assert "exim" not in client.cookies
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_a_token_with_another_key_opens_nothing(server: Server, provider: FakeProvider) -> None:
    provider.sign_with = ECKey.generate_key("P-256", {"kid": "1"})
    assert (await come_back(server, provider))[1].status_code == 401


async def test_a_new_key_of_the_provider_is_fetched(server: Server, provider: FakeProvider) -> None:
    assert (await come_back(server, provider))[1].status_code == 200
    provider.key = ECKey.generate_key("P-256", {"kid": "2"})
    assert (await come_back(server, provider))[1].status_code == 200


@pytest.mark.parametrize("brought", [{"state": "guess"}, {"iss": "https://evil.test"}, {"error": "no"}, {"code": ""}])
async def test_an_answer_that_was_not_asked_for_opens_nothing(
    server: Server, provider: FakeProvider, brought: dict[str, str]
) -> None:
    assert (await come_back(server, provider, **brought))[1].status_code == 401


async def test_an_answer_counts_once_and_in_the_browser_that_asked(server: Server, provider: FakeProvider) -> None:
    """Whoever gets hold of somebody's answer signs in as nobody, nor makes another sign in as himself."""
    first = await server.client()
    answer = provider.let_in((await first.get("/sign-in/oidc")).headers["location"])
    other = await server.client()
    assert (await other.get("/sign-in/oidc/answer", params=answer)).status_code == 401
    assert (await first.get("/sign-in/oidc/answer", params=answer)).status_code == 200
    flow = {"Cookie": "exim-flow=" + "x" * 43}
    assert (await other.get("/sign-in/oidc/answer", params=answer, headers=flow)).status_code == 401
