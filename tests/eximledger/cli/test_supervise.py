"""`eximledger supervise` and `document recipients`, on the ledger that the demo leaves and what went wrong after it."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.eximledger.cli.conftest import Answer, Exim, call

from eximledger import LoanDesk, connect
from eximledger.formats import read
from eximledger_chaincode.contracts.state.names import CUSTOMS, FX
from eximledger_chaincode.documents import Allocation, Document, FxReceipt, LoanApplication, Money
from eximledger_chaincode.lending.consent import Authorisation, OfficerConsent
from eximledger_chaincode.lending.floors import Floors
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now
from hlf_client.private import submit_private

LEDGER = "embedded:dongyu.db"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eximbank's loan is closed, and it keeps a declaration all the same. Tradebank's stands; it applies again on
    Eximbank's papers, with consent on a form; the buyer has paid what it lends on."""
    folder = tmp_path_factory.mktemp("walked")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ("EXIM_LEDGER", "EXIM_AS", "EXIM_LANG"):
            patch.delenv(name, raising=False)
        assert call("demo", "--folder", ".").code == 0
        assert call("demo", "papers", "papers").code == 0
        asyncio.run(_go_on(folder / "papers"))
    return folder


async def _go_on(papers: Path) -> None:
    application = _application(papers / "corrected" / "application.json")
    theirs = _application(papers / "tradebank" / "application.json")
    async with connect(LEDGER, "eximbank/maker") as ledger:
        kept = [application.declarations[0].declaration_number]  # by a bank that has no loan on it
        for channel, writer in ((CUSTOMS, "CustomsMSP"), (FX, "SafeMSP")):
            await submit_private(
                ledger, channel, "copies:keep", application.exporter, kept, endorsing_organizations=[writer]
            )
    async with connect(LEDGER, "safe/officer") as ledger:
        await LoanDesk(ledger).file(_receipt(theirs))
    for who in ("safe/officer", "customs/officer", "tradebank/admin"):
        async with connect(LEDGER, who) as ledger:
            members = json.loads(await ledger.evaluate(CUSTOMS, "consortium:members"))
            await ledger.submit(CUSTOMS, "consortium:configure", members, Floors(consent=("signed", "officer")))
    async with connect(LEDGER, "tradebank/maker") as ledger:
        desk = LoanDesk(ledger)
        await desk.consent(_consent(application.exporter))
        await desk.file(_documents(papers / "eximbank"))
        await desk.apply(application.model_copy(update={"loan_id": "TB-2026-099"}))


def _application(path: Path) -> LoanApplication:
    (found,) = read(path).documents
    assert isinstance(found, LoanApplication)
    return found


def _documents(folder: Path) -> list[Document]:
    return [document for path in sorted(folder.iterdir()) for document in read(path).documents]


def _receipt(application: LoanApplication) -> FxReceipt:
    """All that is held, paid by the buyer."""
    (held,) = application.declarations
    today, paid = day_in_china(utc_now()), Money.of("250000.00", "USD")
    return FxReceipt(
        reference="R-PAID-9", account="5200111", exporter_uscc=application.exporter, amount=paid, booked_on=today,
        value_on=today, allocations=(Allocation(declaration_number=held.declaration_number, amount=paid),),
    )  # fmt: skip


def _consent(exporter: str) -> OfficerConsent:
    today = day_in_china(utc_now())
    allowed = {
        "number": "FORM-1", "exporter": exporter, "bank": "TradebankMSP", "what": ["declarations", "receipts"],
        "valid_from": today, "valid_until": today + timedelta(days=30), "purpose": "export financing",
    }  # fmt: skip
    return OfficerConsent(authorisation=Authorisation.model_validate(allowed), form_sha256="f" * 64)


@pytest.fixture
def supervise(exim: Exim, walked: Path, tmp_path: Path) -> Exim:
    shutil.copytree(walked, tmp_path, dirs_exist_ok=True)

    def run(*arguments: str, who: str = "safe/officer") -> Answer:
        return exim("supervise", *arguments, "--ledger", LEDGER, "--as", who)

    return run


def test_all_of_it_for_a_person(supervise: Exim) -> None:
    said = supervise().out
    titles = ("Exposure", "Papers at several banks", "Declarations over-held", "Exporters' consents")
    assert [title for title in titles if title in said] == list(titles)
    assert "Trade Bank of Guizhou" in said
    chinese = supervise("--lang", "zh").out
    assert "融资敞口" in chinese
    assert not [title for title in (*titles, "None.", "Business day") if title in chinese]


def test_exposure_is_of_the_loan_that_stands(supervise: Exim) -> None:
    answers = {
        by: supervise("exposure", "--by", by, "--json").json for by in ("bank", "exporter", "country", "currency")
    }
    rows = {by: answer["rows"] for by, answer in answers.items()}
    assert isinstance(rows["bank"], list)
    (bank,) = rows["bank"]
    assert (bank["key"], bank["loans"]) == ("TradebankMSP", 1)
    assert bank["disbursed"]["amounts"] == [{"amount": "1000000.00", "currency": "CNY"}]
    assert bank["held"]["amounts"] == [{"amount": "180000.00", "currency": "USD"}]
    assert float(bank["held"]["cny"]) > 180_000
    assert len({json.dumps(answer["all"], sort_keys=True) for answer in answers.values()}) == 1
    assert isinstance(rows["country"], list)
    assert [row["key"] for row in rows["country"]] == ["CL"]


def test_duplicates_have_the_names_of_banks_loans_and_papers(supervise: Exim) -> None:
    found = json.loads(supervise("duplicates", "--json").out)
    exact = [each for each in found if each["similarity"] == "exact"]
    assert exact
    for each in exact:
        ours, theirs = each["papers"]
        assert (ours["bank"], ours["loan_id"], ours["standing"]) == ("EximbankMSP", "DY-2026-001", "disbursed")
        assert (theirs["bank"], theirs["loan_id"], theirs.get("standing")) == ("TradebankMSP", "TB-2026-099", None)
        assert ours["id"] == theirs["id"]


def test_what_is_held_beyond_its_claim_and_what_is_kept_for_nothing(supervise: Exim) -> None:
    found = json.loads(supervise("over-held", "--json").out)
    (over,) = found["over_held"]
    assert over["excess"] == {"amount": "180000.00", "currency": "USD"}
    assert [holder["bank"] for holder in over["holders"]] == ["TradebankMSP"]
    assert not over["differs"]
    assert [(each["channel"], each["bank"]) for each in found["kept"]] == [
        ("customs", "EximbankMSP"),
        ("fx", "EximbankMSP"),
    ]


def test_consents_by_officers(supervise: Exim) -> None:
    found = json.loads(supervise("consents", "--json").out)
    assert [tuple(each.values()) for each in found["banks"]] == [("EximbankMSP", 1, 0, 0), ("TradebankMSP", 1, 1, 1)]
    (given,) = found["consents"]
    assert (given["number"], given["form_sha256"], given["officer"]["msp_id"]) == ("FORM-1", "f" * 64, "TradebankMSP")


def test_matching_by_bank_and_day(supervise: Exim) -> None:
    found = json.loads(supervise("matching", "--json").out)
    assert [(each["bank"], each["limit"]) for each in found] == [("EximbankMSP", 16_000), ("TradebankMSP", 16_000)]
    assert all(each["papers"] for each in found)
    since = date.fromisoformat(found[0]["day"]) - timedelta(days=1)
    days = json.loads(supervise("matching", "--json", "--since", str(since), "--until", found[0]["day"]).out)
    assert [each["papers"] for each in days] == [0, found[0]["papers"], 0, found[1]["papers"]]


@pytest.mark.parametrize("report", ["exposure", "duplicates", "over-held", "consents", "matching"])
@pytest.mark.parametrize("who", ["eximbank/checker", "tradebank/maker", "customs/officer"])
def test_nobody_else_sees_across_banks(supervise: Exim, report: str, who: str) -> None:
    answer = supervise(report, who=who)
    if (report, who) == ("consents", "customs/officer"):
        assert answer.code == 0  # who files them with customs is told
    else:
        assert (answer.code, answer.out) == (1, "")


def test_pages_of_one_tell_the_same(supervise: Exim, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [supervise("--by", by, "--json").json for by in ("country", "exporter")]
    for name in ("_LOANS", "_PAPERS", "_BOOKS", "_DECLARATIONS", "MAX_BALANCES", "MAX_DAYS"):
        monkeypatch.setattr(f"eximledger.supervision._reading.{name}", 1)
    assert [supervise("--by", by, "--json").json for by in ("country", "exporter")] == whole


def test_wrong_usage(supervise: Exim) -> None:
    assert supervise("exposures").code == 2
    assert supervise("matching", "--until", "2026-01-01").code == 2
    assert supervise("matching", "--since", "2026-01-02", "--until", "2026-01-01").code == 1


def test_customs_sees_who_was_given_its_declarations(supervise: Exim, exim: Exim) -> None:
    over = json.loads(supervise("over-held", "--json").out)
    (theirs, ours) = over["over_held"][0]["declaration_number"], over["kept"][0]["declarations"][0]
    answer = exim("document", "recipients", ours, theirs, "--json", "--ledger", LEDGER, "--as", "customs/officer")
    found = [(each["declaration_number"], each["bank"]) for each in json.loads(answer.out)]
    assert (ours, "EximbankMSP") in found
    assert (theirs, "TradebankMSP") in found
    refused = exim("document", "recipients", ours, "--ledger", LEDGER, "--as", "eximbank")
    assert refused.code == 1
    nobody = exim("document", "recipients", "530120260000000001", "--ledger", LEDGER, "--as", "customs/officer")
    assert "given to no bank" in nobody.err
