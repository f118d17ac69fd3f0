"""No dead end: a loan whose bank is not named, a page that is not there, an upload of which a part is refused."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

from httpx import Response
from tests.dongyu import DONGYU
from tests.eximledger.console.conftest import application_in, documents_in
from tests.eximledger.console.test_table import CSRF
from tests.eximledger.server import running
from tests.eximledger_chaincode.rules.cases import invoice

from eximledger import LoanDesk
from eximledger.console.views.filing import file_each
from eximledger.console.views.members.certificates import Node, expiries, own_certificates
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger.words import word
from hlf_client.identity import CertificateAuthority, Subject
from hlf_client.wire.endpoint import Endpoint
from hlf_client.wire.evidence import CertificateUse, ChannelCertificate


async def test_safe_opens_a_loan_without_saying_whose_it_is(filed_ledger: Path, tmp_path: Path) -> None:
    shutil.copytree(filed_ledger, tmp_path, dirs_exist_ok=True)
    network = exim_ledger(tmp_path / "exim.db")
    number = application_in(DONGYU / "tradebank").number
    own = application_in(DONGYU).model_copy(update={"loan_id": number})
    async with running(network, mirror_as=["safe/officer"]) as server:
        safe = await server.browser("safe/officer")

        async def page_with(text: str) -> Response:
            """The loan's page once the mirror has read so far."""
            async with asyncio.timeout(60):
                while text not in unescape((page := await safe.get(f"/loans/{number}")).text):  # noqa: ASYNC110 - bounded
                    await asyncio.sleep(0.05)
            return page

        assert (await page_with("Trade Bank of Guizhou")).status_code == 200
        assert (await safe.get("/loans/NONE")).status_code == 404
        maker = LoanDesk(network.connect("eximbank"))
        await maker.file(documents_in(DONGYU / "eximbank"))
        await maker.apply(own)
        server.served.mirrors.note_write("SafeMSP")
        several = await page_with(f"/loans/{number}?bank=EximbankMSP")
        assert several.status_code == 404
        for bank in ("EximbankMSP", "TradebankMSP"):
            assert f"/loans/{number}?bank={bank}" in unescape(several.text)
            assert (await safe.get(f"/loans/{number}", params={"bank": bank})).status_code == 200
    await network.finish()
    network.close()


async def test_an_error_keeps_the_navigation_of_who_is_signed_in(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        maker, stranger = await server.browser("eximbank/maker"), await server.client()
        for path, status in (("/nowhere", 404), ("/supervision", 403), ("/loans/NONE", 404)):
            page = await maker.get(path, headers={"accept-language": "zh-CN"})
            assert page.status_code == status
            assert 'href="/portfolio"' in page.text, path
            assert "中国进出口银行贵州省分行" in page.text
        page = await stranger.get("/nowhere")
        assert page.status_code == 404
        assert 'href="/portfolio"' not in page.text


async def test_one_refused_paper_keeps_no_other_out_and_is_told(exim_network: LedgerNetwork) -> None:
    """A contract's paper of the bank, and a declaration, which only customs files."""
    declaration = documents_in(DONGYU / "customs")[0]
    desk = LoanDesk(exim_network.connect("eximbank"))
    done = await file_each(desk, [declaration, invoice(), application_in(DONGYU)])
    assert [each.entry.kind for each in done.filed] == ["invoice"]
    assert [each.document.KIND for each in done.refused] == [declaration.KIND]
    assert len(done.waiting) == 1
    assert done.loans == ()
    async with running(exim_network) as server:
        maker = await server.browser("eximbank/maker")
        secret = CSRF.search((await maker.get("/upload")).text)
        assert secret is not None
        kept = server.app.state.staged_papers.keep("eximbank/maker", [declaration, invoice()])
        filed = await maker.post("/upload/file", data={"csrf": secret[1], "staged": kept})
        assert filed.status_code == 303  # come back to by the back button, it files nothing
        page = await maker.get(filed.headers["location"])
        assert page.text == (await maker.get(filed.headers["location"])).text
        other = await (await server.browser("safe/officer")).get(filed.headers["location"])
        assert other.status_code == 404
        assert page.status_code == 200
        assert "Not filed" in page.text
        assert "is filed by role customs" in page.text
        assert invoice().number in page.text
        assert "Try these again" in page.text


async def test_the_address_of_a_form_leads_to_the_page_that_it_stands_on(exim_network: LedgerNetwork) -> None:
    """Come to by reload, the back button or the switch of languages, none of which sends the form again."""
    async with running(exim_network) as server:
        maker = await server.browser("eximbank/maker")
        for path, page in (
            ("/loans/L-1/approve", "/loans/L-1"), ("/loans/L-1/propose/repayment", "/loans/L-1"),
            ("/upload/file", "/upload"), ("/policy/propose", "/policy"), ("/papers/attach", "/papers"),
        ):  # fmt: skip
            answer = await maker.get(path)
            if path != "/papers/attach":  # there is a page of a kind of paper
                assert (answer.status_code, answer.headers.get("location")) == (303, page), path
            secret = CSRF.search((await maker.get("/upload")).text)
            assert secret is not None
            refused = await maker.post(path, data={"csrf": secret[1]})
            assert refused.status_code >= 400, path
            assert f'name="back" value="{page}"' in refused.text, path


def test_certificates_stand_by_expiry_each_once() -> None:
    authority = CertificateAuthority.create(Subject("ca.bank.test", "Bank"))
    now = datetime.now(UTC)
    named = [ChannelCertificate(msp_id, CertificateUse.AUTHORITY, authority.pem) for msp_id in ("B", "A", "A")]
    found = expiries([], named, now)
    assert [each.msp_id for each in found] == ["A", "B"]
    assert found[0].until > now + timedelta(days=1)
    assert found[0].what == "authority"


def test_certificates_of_tls_stand_with_the_others() -> None:
    """A peer's file may hold several authorities; two peers of one authority name it once."""
    one, other, shown = (CertificateAuthority.create(Subject(f"tls{n}.bank.test", "Bank")).pem for n in (1, 2, 3))
    peers = [Endpoint("p0:7051", roots=one + other), Endpoint("p1:7051", roots=one), Endpoint("p2:7051")]
    nodes = [Node("p0:7051", True, shown), Node("p1:7051", False)]
    own = own_certificates("BankMSP", peers, nodes, other)
    found = expiries([], [], datetime.now(UTC), own)
    assert sorted(each.what for each in found) == [
        "HTTPS server", "authority of TLS", "authority of TLS", "endorsing peer for TLS",
    ]  # fmt: skip
    assert [each.name for each in found if each.what == "endorsing peer for TLS"] == [
        "CN=tls3.bank.test,O=Bank,C=CN (p0:7051)"
    ]


def test_every_use_of_a_certificate_has_its_chinese() -> None:
    for use in CertificateUse:
        assert word(f"certificate of an {use}", "zh") != f"certificate of an {use}"
