"""The Dongyu case as programs of several members walk it over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from tests.dongyu import DONGYU
from tests.eximledger.server import Server, running

from eximledger.testing import LedgerNetwork, signed_authorisation
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

LOAN: Final = "DY-2026-001"
EXPORTER: Final = "91520600MA6DYEK78F"
MIRRORED: Final = ("eximbank/maker", "safe/officer")


@dataclass(slots=True)
class Case:
    """Programs of each person, and what they do."""

    server: Server
    maker: httpx.AsyncClient
    checker: httpx.AsyncClient
    other_maker: httpx.AsyncClient
    other_checker: httpx.AsyncClient
    safe: httpx.AsyncClient
    customs: httpx.AsyncClient

    async def arrive(self) -> None:
        """The exporter lets both banks read; every member's papers are filed; another bank lends on the cable."""
        for client, bank in ((self.maker, "EximbankMSP"), (self.other_maker, "TradebankMSP")):
            await done(client.post("/api/v1/authorisations", json=authorisation(bank)), 201)
        for client, folder in (
            (self.customs, "customs"), (self.safe, "safe"), (self.maker, "eximbank"), (self.other_maker, "tradebank")
        ):  # fmt: skip
            await self.upload(client, folder)
        loan = await self.apply(self.other_maker, "tradebank/application.json")
        tag = (await self.check(self.other_maker, loan["loan_id"]))[1]
        url = f"/api/v1/loans/{loan['loan_id']}/approval"
        await done(self.other_checker.post(url, json={}, headers={"If-Match": tag}))

    async def upload(self, client: httpx.AsyncClient, folder: str) -> list[dict[str, Any]]:
        """All papers of a folder, file by file."""
        found = []
        for path in sorted((DONGYU / folder).iterdir()):
            if path.is_file() and path.name != "application.json":
                found.append(await self.upload_file(client, path))
        return found

    async def upload_file(self, client: httpx.AsyncClient, path: Path) -> dict[str, Any]:
        content = await asyncio.to_thread(path.read_bytes)
        found: dict[str, Any] = await done(client.post("/api/v1/papers/files", files={"file": (path.name, content)}))
        return found

    async def apply(self, client: httpx.AsyncClient, file: str) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        content = await asyncio.to_thread((DONGYU / file).read_bytes)
        found: dict[str, Any] = await done(client.post("/api/v1/loans", content=content, headers=headers), 201)
        return found

    async def check(self, client: httpx.AsyncClient, loan: str = LOAN) -> tuple[dict[str, Any], str]:
        """The verdict, and its tag."""
        answer = await client.post(f"/api/v1/loans/{loan}/check")
        assert answer.status_code == 200, answer.text
        return answer.json(), answer.headers["etag"]

    async def checked(self) -> str:
        """Corrected, applied for and checked: the tag of what can be approved."""
        await self.arrive()
        await self.upload(self.customs, "corrected/customs")
        await self.upload(self.maker, "corrected/eximbank")
        await self.apply(self.maker, "corrected/application.json")
        return (await self.check(self.maker))[1]

    async def approve(self, tag: str, **headers: str) -> httpx.Response:
        return await self.checker.post(f"/api/v1/loans/{LOAN}/approval", json={}, headers={"If-Match": tag, **headers})


async def done(call: Any, status: int = 200) -> Any:
    """What a call answers; it has to succeed."""
    answer: httpx.Response = await call
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def authorisation(bank: str) -> dict[str, Any]:
    return signed_authorisation(EXPORTER, bank, day_in_china(utc_now())).model_dump(mode="json")


@asynccontextmanager
async def walking(network: LedgerNetwork, **settings: Any) -> AsyncIterator[Case]:
    """A server with mirrors of a bank and of SAFE, and the programs of all persons."""
    async with running(network, mirror_as=MIRRORED, calls_a_minute=10_000, **settings) as server:
        yield Case(
            server,
            await server.program("eximbank/maker"),
            await server.program("eximbank/checker"),
            await server.program("tradebank/maker"),
            await server.program("tradebank/checker"),
            await server.program("safe/officer"),
            await server.program("customs/officer"),
        )
