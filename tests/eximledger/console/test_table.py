"""The table of pages: every page has a row, every role is tried at every page, and every form needs its secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pytest
from fastapi.routing import APIRoute
from tests.eximledger.server import Server, running

from eximledger.console import PAGES
from eximledger.console._pages import pages
from eximledger.console._table import OPEN, TABLE
from eximledger.serving.guards import SAFE_METHODS
from eximledger.serving.officers import Standing
from eximledger.testing import LedgerNetwork

PERSONS: Final = {
    "eximbank/admin": {Standing.BANK},
    "eximbank/maker": {Standing.BANK, Standing.MAKER},
    "eximbank/checker": {Standing.BANK, Standing.CHECKER},
    "eximbank/risk": {Standing.BANK, Standing.POLICY},
    "safe/officer": {Standing.FX_BUREAU},
    "customs/officer": {Standing.CUSTOMS},
}
PAGE: Final = Path(__file__).parents[3] / "docs" / "console.md"
CSRF: Final = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True)
class Place:
    name: str
    method: str
    path: str

    @property
    def url(self) -> str:
        filled = self.path.replace("{step}", "repayment").replace("{kind}", "invoice")
        filled = re.sub(r"\{number\}", "531620260000000017", filled)
        url = re.sub(r"\{\w+\}", "NONE", filled)
        return f"{url}?number=NONE&which=NONE" if self.name in {"show_paper", "attached_file"} else url


def places() -> Iterator[Place]:
    for router in PAGES:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods or ()):
                yield Place(route.endpoint.__name__, method, route.path)


async def ask(client: httpx.AsyncClient, place: Place, secret: str = "") -> httpx.Response:
    return await client.request(place.method, place.url, data={"csrf": secret} if place.method == "POST" else None)


async def secret_of(client: httpx.AsyncClient) -> str:
    found = CSRF.search((await client.get("/network")).text)
    assert found is not None
    return found[1]


def is_door(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and "this is for " in answer.text


def test_every_page_has_its_row_and_no_row_is_left_over() -> None:
    assert {place.name for place in places()} == TABLE.keys() | OPEN
    assert not TABLE.keys() & OPEN


def test_a_page_without_a_row_does_not_start() -> None:
    router = pages()
    with pytest.raises(LookupError):

        @router.get("/unheard-of")
        async def unheard_of() -> None: ...


async def served(network: LedgerNetwork, server: Server) -> None:
    """What the mirrors' lists need: they are there at once, and empty."""
    for who in ("eximbank/maker", "safe/officer", "customs/officer"):
        server.served.mirrors.of(network.connect(who).msp_id)


async def test_every_role_is_tried_at_every_page(exim_network: LedgerNetwork) -> None:
    mirrored = ["eximbank/maker", "safe/officer", "customs/officer"]
    async with running(exim_network, calls_a_minute=10_000, mirror_as=mirrored) as server:
        for user, standings in PERSONS.items():
            client = await server.browser(user)
            secret = await secret_of(client)
            for place in places():
                if place.name in OPEN or place.name == "switch_officer":
                    continue
                answer = await ask(client, place, secret)
                allowed = not TABLE[place.name].isdisjoint(standings)
                assert is_door(answer) is not allowed, f"{user} at {place.name}: {answer.status_code}"
                assert answer.status_code != 500, f"{user} at {place.name}"


async def test_nobody_opens_a_page_who_is_not_signed_in(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        client = await server.client()
        for place in places():
            if place.name in OPEN or place.name == "switch_officer":
                continue
            answer = await ask(client, place)
            assert (answer.status_code, answer.headers.get("location", "/sign-in")) in {
                (303, "/sign-in"),
                (401, "/sign-in"),
            }


async def test_a_token_opens_no_page_and_sends_no_form(exim_network: LedgerNetwork) -> None:
    """A token has scopes, and a page would ask for none of them."""
    async with running(exim_network) as server:
        program = await server.program("eximbank/checker")
        for place in places():
            if place.name not in OPEN and place.name != "switch_officer":
                assert (await ask(program, place)).status_code == 403, place.name


async def test_no_form_is_taken_without_its_secret(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        for user in ("eximbank/maker", "eximbank/checker"):
            client = await server.browser(user)
            for place in places():
                if place.method in SAFE_METHODS or place.name in OPEN or place.name == "switch_officer":
                    continue
                for secret in ("", "0" * 64):
                    answer = await ask(client, place, secret)
                    assert answer.status_code == 403, place.name
                    assert "one of our own pages" in answer.text, place.name


async def test_the_switch_is_on_a_demos_console_only(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        client = await server.browser("eximbank/maker")
        answer = await client.post("/switch", data={"csrf": await secret_of(client), "account": "eximbank/checker"})
        assert answer.status_code == 404


def test_the_documentation_has_the_table() -> None:
    said = PAGE.read_text(encoding="utf-8")
    for line in table_lines():
        assert line in said


def table_lines() -> list[str]:
    rows = []
    for place in places():
        who = "anybody" if place.name in OPEN else ", ".join(sorted(TABLE[place.name]))
        rows.append(f"| `{place.method} {place.path}` | {who} |")
    return rows
