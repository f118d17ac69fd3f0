"""What takes two persons on pages beside a loan's steps: a hit on a watch list, and the bank's policy."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from tests.dongyu import DONGYU
from tests.eximledger.console.conftest import application_in, documents_in
from tests.eximledger.server import Server, running

from eximledger import LoanDesk
from eximledger.desk import heading_of
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.documents import LegalForce, WatchEntry
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
FIELD = re.compile(r'<input type="(?:date|number|text)" name="(\w+)" value="([^"]*)"')


@pytest.fixture
async def network(filed_ledger: Path, tmp_path: Path) -> AsyncIterator[LedgerNetwork]:
    """A ledger on which all but eximbank have filed; eximbank's papers are filed, its loan applied for."""
    shutil.copytree(filed_ledger, tmp_path, dirs_exist_ok=True)
    found = exim_ledger(tmp_path / "exim.db")
    desk = LoanDesk(found.connect("eximbank"))
    await desk.file(documents_in(DONGYU / "eximbank"))
    await desk.apply(application_in(DONGYU))
    yield found
    await found.finish()
    found.close()


async def listed(network: LedgerNetwork, name: str) -> None:
    """The bank's own list names somebody."""
    today = day_in_china(utc_now())
    entry = WatchEntry.model_validate({"entry_id": "Q-1", "kind": "entity", "name": name})
    heading, entries = heading_of(
        [entry], own=True, list_id="OWN", title="Own", source="the bank", force=LegalForce.INTERNAL, edition="1",
        published_on=today, valid_from=today,
    )  # fmt: skip
    await LoanDesk(network.connect("eximbank")).file_list(heading, entries)


class Officer:
    """A browser that sends the forms of the page that it sees."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client, self.page = client, ""

    async def see(self, path: str) -> str:
        self.page = unescape((await self.client.get(path)).text)
        return self.page

    async def send(self, path: str, **fields: str) -> httpx.Response:
        secret = CSRF.search(self.page)
        assert secret is not None
        answer = await self.client.post(path, data={"csrf": secret[1], **fields})
        self.page = unescape(answer.text) or self.page
        return answer

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]+)"', self.page)
        assert found is not None, name
        return found[1]


async def sat(server: Server, user: str) -> Officer:
    return Officer(await server.browser(user))


async def test_a_hit_is_cleared_by_two_persons_on_pages(network: LedgerNetwork) -> None:
    application = application_in(DONGYU)
    loan = f"/loans/{application.number}"
    buyer = next(each for each in documents_in(DONGYU / "eximbank") if each.KIND == "contract")
    await listed(network, buyer.buyer.name)  # type: ignore[attr-defined]
    await LoanDesk(network.connect("eximbank")).check(application.number)
    async with running(network, mirror_as=["eximbank/maker"]) as server:
        maker, checker = await sat(server, "eximbank/maker"), await sat(server, "eximbank/checker")
        assert "Clear the hits on watch lists" in await checker.see(loan)
        assert f"{loan}/screening" in checker.page
        await maker.see(f"{loan}/screening")
        hit = maker.hidden("hit")
        assert (await maker.send(f"{loan}/clear", hit=hit, reason="")).status_code == 400
        assert (await maker.send(f"{loan}/clear", hit=hit, reason="A bakery of that name.")).status_code == 303
        assert "Confirm just this" not in await maker.see(f"{loan}/screening")
        assert "You proposed it: another person confirms it." in maker.page
        await checker.see(f"{loan}/screening")
        assert "A bakery of that name." in checker.page
        assert "maker@eximbank (maker" in re.sub(r"<[^>]+>", "", checker.page), "a person is named without the role"
        said = {"subject": checker.hidden("subject"), "clearing": checker.hidden("clearing")}
        assert (await maker.send(f"{loan}/clearing", **said)).status_code == 403
        assert (await checker.send(f"{loan}/clearing", **said)).status_code == 303
        await checker.see(f"{loan}/screening")
        assert "Cleared by maker@eximbank and checker@eximbank: A bakery of that name." in checker.page
        assert 'name="hit"' not in checker.page
    verdict = await LoanDesk(network.connect("eximbank")).check(application.number)
    assert not any(each.rule == "SANCTION" and each.severity.value == "refer" for each in verdict.findings)


async def test_a_policy_is_proposed_and_confirmed_by_another_on_pages(network: LedgerNetwork) -> None:
    async with running(network, mirror_as=["eximbank/maker"]) as server:
        maker, risk = await sat(server, "eximbank/maker"), await sat(server, "eximbank/risk")
        safe = await sat(server, "safe/officer")
        assert "The built-in policy holds" in await maker.see("/policy")
        form = dict(FIELD.findall(maker.page))
        assert len(form) > 30
        wrong = await maker.send("/policy/propose", **{**form, "financed_percent": "95"})
        assert wrong.status_code == 422
        assert "at most 90 % is financed" in maker.page
        assert 'name="financed_percent" value="95"' in maker.page, "what was written is lost"
        cut_off = {name: value for name, value in form.items() if name != "weight_percent"}
        assert (await maker.send("/policy/propose", **cut_off)).status_code == 400
        assert "weight_percent: the form lacks this field" in maker.page
        assert (await maker.send("/policy/propose", **{**form, "weight_percent": "2"})).status_code == 303
        assert "<del>1</del>" in await risk.see("/policy")
        assert "<ins>2</ins>" in risk.page
        named = risk.hidden("policy")
        assert "A policy waits for a second person" in await risk.see("/")
        assert "A policy waits" not in await maker.see("/")
        await risk.see("/policy")
        assert (await maker.send("/policy/confirm", policy=named)).status_code == 403
        assert (await risk.send("/policy/confirm", policy=named)).status_code == 303
        assert "Confirmed by" in await maker.see("/policy")
        assert "Confirmed by" in await safe.see("/policy?bank=EximbankMSP")
        assert "The built-in policy holds" in await safe.see("/policy?bank=TradebankMSP")
    book = await LoanDesk(network.connect("eximbank")).policies()
    (made,) = book.policies
    assert str(made.record.document.weight_percent) == "2"
    assert (made.proposed_by.name, made.confirmed_by.name) == ("maker@eximbank", "risk@eximbank")
