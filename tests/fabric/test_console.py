"""The console over a live network: a loan from upload to its decision by two officers, and a proof that is checked."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import async_playwright
from tests.eximledger.console.test_table import CSRF
from tests.eximledger.server import Server, running
from tests.fabric.consortium import Members
from tests.fabric.trade import DONGYU, EARLIER_LOAN

from eximledger import connect
from eximledger.proof import TrustedNetwork, export_trust, verify_proof
from eximledger.serving import link_for
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.rules import Verdict
from hlf_client import Ledger

pytestmark = pytest.mark.fabric
LOAN = "TB-CONSOLE-1"
CHROMIUM = Path("/usr/bin/chromium")
OFFICES = ("/", "/loans", "/papers", "/portfolio", "/policy", "/trail", "/network", "/search?q=TB", f"/loans/{LOAN}",
           f"/loans/{LOAN}/history", f"/loans/{EARLIER_LOAN}", f"/loans/{EARLIER_LOAN}/screening")  # fmt: skip


@dataclass(frozen=True)
class Profiles:
    """The connections of a network's members, by `member/user`."""

    folder: Path

    @property
    def url(self) -> str:
        return str(self.folder)

    def connect(self, user: str) -> Ledger:
        return connect(self.folder, user)


@asynccontextmanager
async def console(members: Members) -> AsyncIterator[Server]:
    profiles = Profiles(members.network.layout.root / "profiles")
    async with running(profiles, mirror_as=["tradebank/maker", "safe/officer"]) as server:
        yield server


async def send(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """A form, with the secret of its session."""
    secret = CSRF.search((await client.get("/network")).text)
    assert secret is not None
    return await client.post(path, data={"csrf": secret[1], **fields}, timeout=60)


def application() -> bytes:
    said = json.loads((DONGYU / "tradebank" / "application.json").read_text())
    return json.dumps(said | {"loan_id": LOAN}).encode()


async def apply_by_upload(maker: httpx.AsyncClient) -> None:
    secret = CSRF.search((await maker.get("/upload")).text)
    assert secret is not None
    shown = await maker.post(
        "/upload", data={"csrf": secret[1]}, files={"files": ("application.json", application(), "application/json")}
    )
    kept = re.search(r'name="staged" value="([^"]+)"', shown.text)
    assert kept is not None
    sent = await send(maker, "/upload/file", staged=kept[1])
    assert sent.status_code == 303, sent.text
    filed = await maker.get(sent.headers["location"])
    assert LOAN in filed.text


async def test_a_loan_is_applied_for_checked_and_rejected_on_pages_and_another_is_proven(
    members: Members, lent: Verdict
) -> None:
    async with console(members) as server:
        maker, checker = await server.browser("tradebank/maker"), await server.browser("tradebank/checker")
        await apply_by_upload(maker)
        checked = await send(maker, f"/loans/{LOAN}/check")
        assert checked.headers["location"].endswith("done=checked"), checked.text

        for path in OFFICES:
            for officer in (maker, checker):
                page = await officer.get(path)
                assert page.status_code == 200, (path, unescape(page.text))
        case = unescape((await checker.get(f"/loans/{LOAN}")).text)
        assert "maker@tradebank" in case
        network = unescape((await checker.get("/network")).text)
        assert {"customs", "fx", "bank"} >= set(re.findall(r'data-name="Channel">(\w+)<', network)) > {"bank"}
        for use in ("authority of TLS", "endorsing peer for TLS", "orderer for TLS", "officer"):
            assert f"certificate of an {use}<" in network, use
        assert 'data-name="Answers">yes<' in network

        alone = await send(maker, f"/loans/{LOAN}/decide", act="reject", reason="by the applicant")
        assert alone.status_code == 403, alone.text
        decided = await send(checker, f"/loans/{LOAN}/decide", act="reject", reason="the claim is held already")
        assert decided.headers["location"].endswith("done=rejected"), decided.text
        rejected = unescape((await maker.get(f"/loans/{LOAN}")).text)
        assert "the claim is held already" in rejected
        assert "checker@tradebank" in rejected

        safe = await server.browser("safe/officer")
        for path in ("/supervision", "/loans", f"/loans/{LOAN}", "/network"):
            assert (await safe.get(path)).status_code == 200, path

        file = await checker.get(f"/loans/{EARLIER_LOAN}/proof.json", timeout=60)
        assert file.status_code == 200, file.text
    async with connect(members.network.layout.root / "profiles", "safe") as ledger:
        trusted = TrustedNetwork.of([await export_trust(ledger)])
    proven = verify_proof(file.content, trusted)
    assert (proven.loan.loan_id, proven.decision.outcome) == (EARLIER_LOAN, LoanState.APPROVED)
    assert proven.decision.evidence_hash == lent.evidence_hash


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[str]:
    """The running application behind a socket of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn sets no event of ours
            await asyncio.sleep(0)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
async def test_a_checker_walks_a_case_in_a_browser_and_takes_its_proof_along(
    members: Members, lent: Verdict, tmp_path: Path
) -> None:
    async with console(members) as server, listening(server.app) as address, async_playwright() as playwright:
        link = await link_for(server.served, "tradebank/checker")
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(locale="zh-CN")
        await page.goto(address + link[link.index("/sign-in") :])
        await page.get_by_role("link", name="贷款", exact=True).first.click()
        await page.get_by_role("link", name=EARLIER_LOAN).first.click()
        await page.locator("h1", has_text=EARLIER_LOAN).wait_for()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="证明", exact=False).first.click()
        file = tmp_path / "proof.json"
        await (await download.value).save_as(file)
        await browser.close()
    async with connect(members.network.layout.root / "profiles", "tradebank") as ledger:
        trusted = TrustedNetwork.of([await export_trust(ledger)])
    assert verify_proof(file.read_bytes(), trusted).loan.loan_id == EARLIER_LOAN
