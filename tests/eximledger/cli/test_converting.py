"""A packing loan becomes an export bill from the command line: judged, proposed, confirmed by another person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import pytest
from tests.eximledger.cli.conftest import Exim
from tests.eximledger.demo.test_demo import CHINA, STORY

from eximledger.demo import PACKING, run_packing, write_papers
from eximledger.desk import LoanDesk
from eximledger.testing import ManualClock, exim_ledger

NUMBER = "531620260000512073"
PLEDGED = ("--condition", "pledge-registration=ZD-31")


class Shipped(BaseException):
    """The story has come to where the goods are declared, and goes on by hand."""


@pytest.fixture
async def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger on which the loan is paid out and the goods are declared; the loan's id."""
    papers = write_papers(tmp_path / "papers", STORY.astimezone(CHINA).date(), PACKING)

    async def stop(*_: object, **__: object) -> NoReturn:
        raise Shipped

    network = exim_ledger(tmp_path / "exim.db", clock=ManualClock(STORY))
    with monkeypatch.context() as patched:
        patched.setattr(LoanDesk, "preview_bill", stop)
        with pytest.raises(Shipped):
            await run_packing(network.connect, papers, lambda _: None)
    await network.finish()
    network.close()
    monkeypatch.setenv("EXIM_LEDGER", f"embedded:{tmp_path / 'exim.db'}")
    monkeypatch.setenv("EXIM_DAY", STORY.astimezone(CHINA).date().isoformat())
    application = json.loads((papers / "application.json").read_text(encoding="utf-8"))
    bill = {
        "declarations": [{"declaration_number": NUMBER, "amount": application["frames"][0]["amount"]}],
        "contracts": application["contracts"], "letters_of_credit": application["letters_of_credit"],
        "invoices": ["QL-CI-26-31"], "transport_documents": ["HLCU2604118"], "packing_lists": ["QL-PL-26-31"],
        "expected_receipt_on": application["expected_receipt_on"],
    }  # fmt: skip
    (tmp_path / "bill.json").write_text(json.dumps(bill), encoding="utf-8")
    return str(application["loan_id"])


def test_it_is_judged_proposed_and_confirmed(exim: Exim, shipped: str) -> None:
    maker, checker = ("--as", "eximbank/maker"), ("--as", "eximbank/checker")
    preview = exim("loan", "convert", shipped, "bill.json", "--preview", "--json", *maker)
    findings = [(each["severity"], each["rule"], each["id"]) for each in json.loads(preview.out)["findings"]]
    assert {rule for severity, rule, _ in findings if severity == "reject"} == {"DUP-UNMATCHED"}
    names = sorted({name for severity, _, name in findings if severity == "refer"})
    aside = [part for name in names for part in ("--override", f"{name}=seen the goods")]
    said = exim("loan", "convert", shipped, "bill.json", *PLEDGED, *aside, "--json", *maker)
    assert said.code == 0, said.err
    proposed = said.json["proposed"]
    assert isinstance(proposed, dict)
    assert exim("loan", "confirm", shipped, proposed["sha256"], *maker).code != 0
    taken = exim("loan", "confirm", shipped, proposed["sha256"], "--json", *checker)
    assert taken.code == 0, taken.err
    assert [item["declaration_number"] for item in taken.json["held"]] == [NUMBER]  # type: ignore[attr-defined]


def test_a_bill_of_nothing_is_refused_by_its_field(exim: Exim, shipped: str, tmp_path: Path) -> None:
    (tmp_path / "bill.json").write_text('{"declarations": [], "expected_receipt_on": "2026-08-01"}', encoding="utf-8")
    answer = exim("loan", "convert", shipped, "bill.json", "--as", "eximbank/maker")
    assert (answer.code, "declarations" in answer.err) == (1, True)
