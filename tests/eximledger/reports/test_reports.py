"""Reports say the decision first, name every finding in both languages, and let no paper's text act as markup."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from eximledger.reports import LANGUAGES, Language, Report, html_report, verdict_json, verdict_view, write_html
from eximledger_chaincode.documents import FinancedDeclaration, LoanApplication, Money, Party
from eximledger_chaincode.lending.verdict import DocumentName, Evidence, Statement, Text
from eximledger_chaincode.rules import Decision, Finding, Severity, Verdict
from hlf_chaincode.canonical import canonical_json

EVIL = "<script>alert('x')</script>"
INVOICE = DocumentName(kind="invoice", number="DY-1")


@pytest.fixture
def report() -> Report:
    application = LoanApplication(
        loan_id="L-1",
        applicant=Party(name=f"Dongyu {EVIL}", uscc="91520600MA6DYEK78F"),
        applied_on=date(2026, 4, 20),
        amount=Money.of("100.00", "CNY"),
        matures_on=date(2026, 7, 20),
        expected_receipt_on=date(2026, 6, 15),
        declarations=(FinancedDeclaration(declaration_number="224820260000418836", amount=Money.of("10.00", "USD")),),
    )
    finding = Finding(
        rule="INV-MATH",
        severity=Severity.REJECT,
        documents=(INVOICE,),
        statements=(Statement(document=INVOICE, field="total", value=EVIL),),
        message=Text(en="It does not add up.", zh="合计不符。"),
    )
    verdict = Verdict(
        verdict=Decision.REJECT,
        eligible=Money.of("80.00", "CNY"),
        findings=(finding,),
        rule_set="test",
        policy_sha256="0" * 64,
        evidence=(Evidence(channel="bank", kind="invoice", id="X:DY1", version=2, sha256="a" * 64),),
        evidence_hash="b" * 64,
    )
    return Report(application, verdict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_everything_and_loads_nothing(report: Report, language: Language) -> None:
    page = html_report(report, language)
    for text in ("L-1", "80.00 CNY", "INV-MATH", "It does not add up.", "合计不符。", "b" * 64, "224820260000418836"):
        assert text in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(src|href|url\()\s*=?\s*[\"']?\w", page)


def test_the_decision_stands_before_the_findings(report: Report) -> None:
    page = html_report(report, "zh")
    assert page.index("依现有单据不得发放贷款") < page.index("合计不符")


def test_a_page_replaces_the_one_before_and_leaves_nothing_beside_it(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "out" / "report.html"
    write_html(report, path)
    assert write_html(report, path, "zh") == path
    assert path.read_text(encoding="utf-8") == html_report(report, "zh")
    assert list(path.parent.iterdir()) == [path]


def test_machines_get_the_message_in_the_language_asked_for(report: Report) -> None:
    answer = json.loads(canonical_json(verdict_json(report.verdict, "zh")))
    (finding,) = answer["findings"]
    assert answer["verdict"] == "reject"
    assert answer["eligible"] == {"amount": "80.00", "currency": "CNY"}
    assert answer["evidence_hash"] == "b" * 64
    assert finding["documents"] == ["invoice DY-1"]
    assert finding["message"] == "合计不符。"
    assert finding["messages"]["en"] == "It does not add up."


@pytest.mark.parametrize(("language", "decision"), [("en", "reject"), ("zh", "拒绝")])
def test_a_pipe_gets_no_escape_codes(report: Report, language: Language, decision: str) -> None:
    console = Console(file=io.StringIO(), width=120)
    console.print(verdict_view(report.verdict, language))
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert decision in text
    assert "INV-MATH" in text
    assert "\x1b" not in text
