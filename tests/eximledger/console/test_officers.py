"""What an officer stumbled over: doors that do not open, papers read and lost, sentences in the other language."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from tests.eximledger.console.test_table import CSRF
from tests.eximledger.server import running
from tests.eximledger_chaincode.rules.cases import invoice

from eximledger.desk import LoanDesk
from eximledger.reports import proposal_words
from eximledger.testing import LedgerNetwork
from eximledger.words import field_name
from eximledger_chaincode.documents import FinancedDeclaration, Money
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import ConditionMet, Exchange, Override, Proposal, RepaidBy, Step

USD = Money(amount=Decimal("187500.00"), currency="USD")
BILL = ExportBill(
    declarations=(FinancedDeclaration(declaration_number="531620260000512073", amount=USD),),
    contracts=("QL-31",), letters_of_credit=("HB/4",), invoices=("CI-31",), transport_documents=("HLCU1",),
    packing_lists=("PL-31",), expected_receipt_on=date(2026, 12, 13),
)  # fmt: skip
PROPOSALS = (
    Proposal(
        step=Step.DISBURSEMENT, amount=USD, day=date(2026, 3, 9), reference="EX-1",
        exchange=Exchange(money=Money(amount=Decimal("1312500.00"), currency="CNY"), base="USD", rate=Decimal(7)),
        conditions=(ConditionMet(condition=Condition.PLEDGE_REGISTRATION, reference="ZD-7"),),
    ),
    Proposal(
        step=Step.REPAYMENT, amount=USD, day=date(2026, 3, 9), reference="EX-2", source=RepaidBy.BUYER,
        receipt="6d78f1",
    ),
    Proposal(
        step=Step.EXTENSION, matures_on=date(2027, 1, 2), rate_percent=Decimal("4.10"), reason="ship late",
        overrides=(Override(finding="GOODS-VAGUE:1a2b3c4d", reason="samples"),),
    ),
    Proposal(step=Step.CONVERSION, bill=BILL),
    Proposal(step=Step.INDEMNITY, amount=USD, day=date(2026, 3, 9), reference="CL-3", insurer="Sinosure"),
    Proposal(step=Step.WRITE_OFF, reason="buyer is gone"),
)  # fmt: skip


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda each: each.step.value)
def test_a_chinese_officer_confirms_all_that_is_proposed_in_chinese(proposal: Proposal) -> None:
    said = proposal_words(proposal, "zh")
    numbers = re.findall(r"[\w./:-]*\d[\w./:,-]*\d|ship late|samples|Sinosure|buyer is gone", proposal.words)
    for each in (number.rstrip(",:") for number in numbers):
        assert each in said
    assert not re.search(r"\b(by|of|from|until|at|out of|asked|set aside|expected)\b", said)
    assert proposal_words(proposal, "en") == proposal.words


def test_lines_of_an_address_are_no_lines_of_goods() -> None:
    assert field_name("seller.address.lines", "zh") == "卖方 › 地址 › 街道"
    assert field_name("lines.1.name", "zh").startswith("商品行")
    assert field_name("seller.address.lines", "en") == "seller › address › street"


@pytest.mark.parametrize(("user", "doors"), [("eximbank/maker", 2), ("eximbank/checker", 0), ("eximbank/risk", 0)])
async def test_no_door_is_shown_that_would_not_open(exim_network: LedgerNetwork, user: str, doors: int) -> None:
    await LoanDesk(exim_network.connect("eximbank")).file([invoice()])
    async with running(exim_network) as server:
        client = await server.browser(user)
        page = (await client.get("/papers/invoice", params={"number": invoice().number})).text
        assert page.count('href="/upload"') + page.count('href="/apply"') == doors


async def test_what_was_read_is_not_lost_where_filing_it_is_refused(exim_network: LedgerNetwork) -> None:
    async with running(exim_network) as server:
        client = await server.browser("customs/officer")
        secret = CSRF.search((await client.get("/upload")).text)
        assert secret is not None
        head = "发票号,发票日期,买方名称,买方国家,卖方名称,币种,商品名称,数量,单位,单价,金额"
        table = head + "\nCI-1,2026-11-01,B,DE,S,USD,L,1,个,5,5\n"
        read = await client.post(
            "/upload",
            data={"csrf": secret[1], "exporter": "91520600MA6DYEK78F"},
            files={"files": ("i.csv", table.encode())},
        )
        staged = re.search(r'name="staged" value="([^"]+)"', read.text)
        assert staged is not None
        refused = await client.post("/upload/file", data={"csrf": secret[1], "staged": staged[1]})
        again = re.search(r'name="staged" value="([^"]+)"', refused.text)
        assert refused.status_code in {400, 403, 409, 422}
        assert again is not None
        assert again[1] != staged[1]


async def test_a_scan_is_attached_shown_and_taken_along(exim_network: LedgerNetwork) -> None:
    """What it is called is written by anybody: it stays a name, in the page and in the header."""
    name, scan = '提单 <b>\u202e".png', b"\x89PNG\r\n\x1a\n" + bytes(40)
    await LoanDesk(exim_network.connect("eximbank")).file([invoice()])
    async with running(exim_network, mirror_as=["eximbank/maker"]) as server:
        maker, checker = await server.browser("eximbank/maker"), await server.browser("eximbank/checker")
        other = await server.browser("tradebank/maker")
        page = await maker.get("/papers/invoice", params={"number": invoice().number})
        secret = CSRF.search(page.text)
        assert secret is not None
        fields = {"csrf": secret[1], "kind": "invoice", "number": invoice().number}
        done = await maker.post("/papers/attach", data=fields, files={"file": (name, scan)})
        refused = await maker.post("/papers/attach", data=fields, files={"file": ("a.html", b"<script>")})
        shown = await checker.get("/papers/invoice", params={"number": invoice().number})
        link = re.search(r'<img src="([^"]+)"', shown.text)
        assert (done.status_code, refused.status_code) == (303, 400)
        assert link is not None
        assert "<b>" not in shown.text
        assert "\u202e" not in shown.text
        assert "/papers/attach" not in shown.text
        taken = await checker.get(unescape(link[1]))
        assert taken.content == scan
        assert taken.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E6%8F%90")
        assert taken.headers["content-type"] == "image/png"
        assert (await other.get(unescape(link[1]))).status_code == 404
