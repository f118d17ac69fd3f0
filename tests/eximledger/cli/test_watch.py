"""`eximledger watch` and `eximledger screen`: a list filed, a loan hit at night, the hit cleared by two persons."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from tests.eximledger.cli.conftest import Answer, call
from tests.eximledger.desk.conftest import prepare
from tests.eximledger.formats.listed import CSV, UN

from eximledger.testing import exim_ledger

NAMED = ["--list", "MOFCOM-UEL", "--title", "不可靠实体清单", "--source", "商务部", "--edition", "2026-1"]
LOAN = "TB-2026-044"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of the desk's tests, on which tradebank's loan was checked."""
    path = tmp_path_factory.mktemp("checked") / "exim.db"
    network = exim_ledger(path)
    asyncio.run(prepare(network))
    network.close()
    return path


@pytest.fixture
def ledger(checked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of it."""
    shutil.copytree(checked.parent, tmp_path / "ledger")
    monkeypatch.chdir(tmp_path)
    for name in ("EXIM_LEDGER", "EXIM_AS", "EXIM_LANG"):
        monkeypatch.delenv(name, raising=False)
    return f"embedded:{tmp_path / 'ledger' / checked.name}"


def on(ledger: str, who: str, *arguments: object) -> Answer:
    return call(*arguments, "--ledger", ledger, "--as", who)


def write(folder: Path, text: str, name: str = "list.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_list_is_filed_listed_and_looked_up(ledger: str, tmp_path: Path) -> None:
    file = write(tmp_path, UN, "un.xml")
    dry = on(ledger, "safe", "watch", "file", file, "--dry-run", "--json")
    assert (dry.json["list_id"], dry.json["entries"]) == ("UN-SC", 3)
    assert on(ledger, "safe", "watch", "list", "--json").json.get("shared", []) == []
    filed = on(ledger, "safe", "watch", "file", file)
    assert (filed.code, "could not be used" in filed.err) == (0, True)
    assert on(ledger, "safe", "watch", "file", file, "--json").json["version"] == 1, "the same again is another edition"
    listed = on(ledger, "tradebank", "watch", "list")
    assert "UN-SC" in listed.out
    shown = on(ledger, "tradebank", "watch", "show", "UN-SC", "TLi.001")
    assert "QUENBY TARQ AL-ZORRIN" in shown.out
    assert on(ledger, "tradebank", "watch", "show", "UN-SC", "TLi.999").code == 1
    refused = on(ledger, "tradebank", "watch", "file", file)
    assert (refused.code, "role fx-bureau" in refused.err) == (1, True)


def test_a_table_says_what_the_file_does_not(ledger: str, tmp_path: Path) -> None:
    file = write(tmp_path, CSV)
    missing = on(ledger, "safe", "watch", "file", file)
    assert (missing.code, "--list" in missing.err) == (1, True)
    assert on(ledger, "safe", "watch", "file", file, *NAMED).code == 0
    assert "虚构电子" in on(ledger, "eximbank", "watch", "show", "MOFCOM-UEL", "1", "--lang", "zh").out


def test_a_banks_own_list_is_its_own(ledger: str, tmp_path: Path) -> None:
    file = write(tmp_path, "id,name\nX-1,Quillfeather Handel\n")
    named = ["--list", "HAUS-1", "--title", "Ours", "--source", "Risk", "--force", "internal", "--own"]
    assert on(ledger, "tradebank", "watch", "file", file, *named).code == 0
    assert "HAUS-1" in on(ledger, "tradebank", "watch", "list", "--own").out
    assert "HAUS-1" in on(ledger, "safe", "watch", "list", "--own", "--bank", "TradebankMSP").out
    assert "HAUS-1" not in on(ledger, "eximbank", "watch", "list", "--own").out
    assert on(ledger, "eximbank", "watch", "list", "--own", "--bank", "TradebankMSP").code == 1


def test_a_nightly_screening_tells_what_is_new_and_two_persons_clear_it(ledger: str, tmp_path: Path) -> None:
    quiet = on(ledger, "tradebank", "screen")
    assert (quiet.code, "nothing new" in quiet.out) == (0, True)
    buyer = buyer_of(ledger)
    file = write(tmp_path, f"id,name,依据\nQ-1,{buyer},Notice 7\n")
    assert on(ledger, "safe", "watch", "file", file, *NAMED).code == 0
    seen = on(ledger, "safe", "screen", "--bank", "TradebankMSP", "--json")
    looked = on(ledger, "tradebank", "screen", "--no-record")
    found = on(ledger, "tradebank", "screen", "--json")
    assert (seen.code, looked.code, found.code) == (3, 3, 3)
    (loan,) = json.loads(found.out)
    assert (loan["loan_id"], loan["recorded"], len(loan["new"])) == (LOAN, True, 1)
    assert on(ledger, "tradebank", "screen").code == 0, "what was recorded is new again"
    assert buyer in on(ledger, "tradebank", "screen", "--all").out
    (hit,) = loan["hits"]
    proposed = on(ledger, "tradebank", "watch", "clear", LOAN, hit["key"], "--reason", "Another firm.", "--json")
    sha256 = proposed.json["sha256"]
    confirm = ["watch", "confirm", hit["subject"], sha256]
    assert on(ledger, "tradebank", *confirm).code == 1, "one person cleared it"
    assert on(ledger, "tradebank/checker", *confirm).code == 0
    after = on(ledger, "tradebank", "screen", "--json")
    (loan,) = json.loads(after.out)
    assert (after.code, [each["severity"] for each in loan["findings"]]) == (0, ["inform"])


def test_what_stops_money_has_an_exit_code_of_its_own(ledger: str, tmp_path: Path) -> None:
    file = write(tmp_path, "id,type,name,country\nC-1,country,Chile,智利\n")
    assert on(ledger, "safe", "watch", "file", file, *NAMED).code == 0
    answer = on(ledger, "tradebank", "screen")
    assert (answer.code, "reject" in answer.out) == (4, True)


def buyer_of(ledger: str) -> str:
    """Whom the loan's invoices name."""
    invoices = on(ledger, "tradebank", "document", "list", "invoice", "--json").json["entries"]
    assert isinstance(invoices, list)
    found = on(ledger, "tradebank", "document", "get", "invoice", invoices[0]["id"], "--json").json["document"]
    assert isinstance(found, dict)
    return str(found["buyer"]["name"])
