"""Each command as an officer and as a script call it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from tests.dongyu import CABLE, declaration_number

from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

Exim = Callable[..., "Answer"]  # the fixture's type lives in conftest.py


class Answer:
    code: int
    out: str
    err: str
    json: dict[str, object]


CHECKER = "eximbank/checker"
INVOICE = "DY-CI-260401-05"
LOAN = "DY-2026-001"


def test_papers_are_filed_amended_listed_and_read(exim: Exim, dongyu: Path) -> None:
    first = exim("document", "put", dongyu / "eximbank" / f"invoice-{INVOICE}.xml", "--json")
    assert first.code == 0
    (file,) = json.loads(first.out)
    assert (file["format"], file["unmapped"]) == ("cii-invoice", [])
    assert file["documents"][0] | {"id": ""} == {
        "kind": "invoice", "number": INVOICE, "id": "", "version": 1, "change": "new",
    }  # fmt: skip
    again = exim("document", "put", dongyu / "corrected" / "eximbank" / f"invoice-{INVOICE}.xml")
    assert "amended" in again.out
    record = exim("document", "get", "invoice", INVOICE, "--json").json
    assert (record["version"], record["issuer"]) == (2, "EximbankMSP")
    history = json.loads(exim("document", "history", "invoice", INVOICE, "--json").out)
    assert [item["entry"]["version"] for item in history] == [2, 1]
    assert INVOICE in exim("document", "list", "invoice").out
    assert INVOICE in exim("document", "get", "invoice", INVOICE).out


def test_declarations_are_filed_as_the_exporters_copies(exim: Exim, dongyu: Path) -> None:
    answer = exim("document", "put", dongyu / "customs" / "declarations-2026.csv", "--as-copies", "--json")
    assert answer.code == 0, answer.err
    (read,) = json.loads(answer.out)
    assert {each["kind"] for each in read["documents"]} == {"declaration-copy"}
    assert {each["change"] for each in read["documents"]} == {"new"}
    number = read["documents"][0]["number"]
    assert exim("document", "get", "declaration-copy", number, "--json").json["issuer"] == "EximbankMSP"


def test_a_list_goes_on_after_its_bookmark(filed: Exim) -> None:
    def customs(*options: object) -> Answer:
        return filed("document", "list", "declaration", *options, "--as", "customs")

    seen: list[str] = []
    bookmark = ""
    while True:
        page = customs("--limit", 5, "--json", "--after", bookmark).json
        entries = page["entries"]
        assert isinstance(entries, list)
        assert len(entries) <= 5
        seen += [entry["number"] for entry in entries]
        bookmark = str(page["bookmark"])
        if not bookmark:
            break
    assert len(seen) == len(set(seen)) == 13
    exporter = "91520600MA6DYEK78F"
    assert len(customs("--exporter", exporter, "--json").json["entries"]) == 13  # type: ignore[arg-type]
    assert "more: --after" in customs("--limit", 5).err


def test_a_dry_run_reads_and_files_nothing(exim: Exim, dongyu: Path) -> None:
    answer = exim("document", "put", dongyu / "customs", "--as", "customs", "--dry-run")
    assert answer.code == 0
    assert CABLE in answer.out
    assert CABLE not in exim("document", "list", "declaration").out


@pytest.mark.parametrize("options", [("rate",), ("rate", "--json"), (), ("declaration", "--lang", "zh")])
def test_a_schema_is_json_in_a_pipe(exim: Exim, options: tuple[str, ...]) -> None:
    """Neither folded nor coloured, with characters as they are."""
    answer = exim("document", "schema", *options)
    assert (answer.code, answer.err) == (0, "")
    jsonschema.Draft202012Validator.check_schema(answer.json)
    assert "\x1b" not in answer.out
    assert ("报关单号" in answer.out) == (options[:1] != ("rate",))


def test_a_template_is_written_once(exim: Exim, tmp_path: Path) -> None:
    answer = exim("document", "template", "packing-list", "--lang", "zh", "--json")
    assert answer.json == {"file": "packing-list.xlsx", "kind": "packing-list"}
    book = openpyxl.load_workbook(tmp_path / "packing-list.xlsx")
    assert book.sheetnames == ["装箱单", "说明", "代码"]
    assert "PL-2026-0001" in exim("document", "put", "packing-list.xlsx", "--dry-run").out
    again = exim("document", "template", "packing-list")
    assert again.code == 1
    assert "packing-list.xlsx: File exists" in again.err
    assert exim("document", "template", "packing-list", "-o", "other.xlsx").code == 0
    assert openpyxl.load_workbook(tmp_path / "other.xlsx").sheetnames == ["packing list", "notes", "values"]
    assert exim("document", "template", "rate").code == 2


def test_the_exit_code_of_a_check_is_its_verdict(filed: Exim, dongyu: Path) -> None:
    assert filed("day", "open", "--as", "safe").code == 0
    assert filed("loan", "apply", dongyu / "application.json").code == 0
    rejected = filed("loan", "check", LOAN, "--json")
    assert (rejected.code, rejected.json["verdict"]) == (4, "reject")
    for member in ("customs", "eximbank"):
        assert filed("document", "put", dongyu / "corrected" / member, "--as", member).code == 0
    assert filed("loan", "apply", dongyu / "corrected" / "application.json").code == 0
    clean = filed("loan", "check", LOAN, "--json")
    assert (clean.code, clean.json["verdict"], clean.json["findings"]) == (0, "approve", [])
    assert set(clean.json) >= {"verdict", "eligible", "findings", "evidence_hash"}


def text_at(answer: Answer, *path: str) -> str:
    """A text in the answer's JSON."""
    found: object = answer.json
    for name in path:
        assert isinstance(found, dict)
        found = found[name]
    return str(found)


def corrected(filed: Exim, dongyu: Path) -> str:
    """The corrected papers filed, applied for and checked, the business day open: the evidence hash."""
    assert filed("day", "open", "--as", "safe").code == 0
    for member in ("customs", "eximbank"):
        filed("document", "put", dongyu / "corrected" / member, "--as", member)
    filed("loan", "apply", dongyu / "corrected" / "application.json")
    return text_at(filed("loan", "check", LOAN, "--json"), "evidence_hash")


def test_a_loan_runs_from_application_to_its_end(filed: Exim, dongyu: Path, tmp_path: Path) -> None:
    evidence = corrected(filed, dongyu)
    page = tmp_path / "check.html"
    checked = filed("loan", "check", LOAN, "--preview", "--report", page)
    assert checked.code == 0
    assert str(page) in checked.err.replace("\n", "")
    assert re.search(
        r"Applied by[\s<>/dt]+maker@eximbank\S* of EximbankMSP \(maker\)", page.read_text(encoding="utf-8")
    )
    approve = f"loan approve {LOAN} --version 1 --evidence {evidence}"
    assert approve in checked.out.replace("\n", " ")
    assert filed(*approve.split()).code == 1
    assert text_at(filed("loan", "show", LOAN, "--json"), "state") == "checked"
    assert filed(*approve.split(), "--as", CHECKER).code == 0
    held = filed("balance", declaration_number("0000418836"), "--json").json
    assert held["free"] == {"amount": "0.00", "currency": "USD"}
    today = str(day_in_china(utc_now()))
    unmet = filed("loan", "disburse", LOAN, "--amount", "7760000.00", "--day", today, "--reference", "OUT-8")
    assert (unmet.code, "conditions precedent are not met" in unmet.err) == (1, True)
    met = ("--condition", "pledge-registration=ZD-1")
    for step, reference, more in (("disburse", "OUT-8", met), ("repay", "BACK-1", ())):
        paid = ("--amount", "7,760,000.00", "--day", today, "--reference", reference)
        asked = filed("loan", step, LOAN, *paid, *more)
        proposal = text_at(filed("loan", "show", LOAN, "--json"), "proposed", "sha256")
        confirm = f"loan confirm {LOAN} {proposal}"
        assert confirm in asked.out.replace("\n", " ")
        assert confirm in filed("loan", "show", LOAN).out.replace("\n", " ")
        assert filed(*confirm.split()).code == 1
        assert filed(*confirm.split(), "--as", CHECKER).code == 0
    shown = filed("loan", "show", LOAN, "--report", page)
    assert "closed" in shown.out
    for told in (shown.out, page.read_text(encoding="utf-8")):
        assert "BACK-1" in told
        assert "maker@eximbank" in told
        assert "checker@eximbank" in told
        assert re.search(r"Applied by[\s<>/dt]+maker@eximbank\S* of EximbankMSP \(maker\)", told)
        assert not re.search(r"maker@eximbank[^\s<]*\s*(<|\n|  )", told), "somebody without a role"
    assert "（经办，EximbankMSP）" in filed("loan", "show", LOAN, "--lang", "zh").out
    assert "closed" in filed("loan", "list", "--state", "closed").out
    assert "disbursed" in filed("loan", "history", LOAN).out
    assert filed("ledger", "verify").code == 0


def test_an_approved_loan_is_withdrawn_by_two_persons(filed: Exim, dongyu: Path) -> None:
    evidence = corrected(filed, dongyu)
    longer = ("loan", "extend", LOAN, "--until", "2099-12-31", "--preview")
    assert "holds nothing" in filed(*longer).err
    assert filed("loan", "approve", LOAN, "--version", 1, "--evidence", evidence, "--as", CHECKER).code == 0
    assert (filed(*longer).code, "TENOR" in filed(*longer).out) == (3, True)
    proposed = filed("loan", "withdraw", LOAN, "--reason", "no longer needed", "--json")
    assert text_at(proposed, "state") == "approved"
    alone = filed("loan", "confirm", LOAN, text_at(proposed, "proposed", "sha256"))
    assert (alone.code, text_at(filed("loan", "show", LOAN, "--json"), "state")) == (1, "approved")
    confirmed = filed("loan", "confirm", LOAN, text_at(proposed, "proposed", "sha256"), "--as", CHECKER, "--json")
    assert text_at(confirmed, "state") == "withdrawn"
    assert text_at(filed("balance", declaration_number("0000418836"), "--json"), "held", "amount") == "0.00"


def test_nothing_is_approved_before_safe_opened_a_day(exim: Exim, dongyu: Path) -> None:
    assert exim("document", "put", dongyu / "customs", "--as", "customs").code == 0
    assert "no business day" in exim("day", "show", "--as", "eximbank").err
    assert exim("day", "open", "--as", "eximbank").code == 1
    opened = exim("day", "open", "--as", "safe", "--json")
    assert (opened.code, opened.json["opening"]) == (0, 1)
    again = exim("day", "open", str(opened.json["day"]), "--as", "safe", "--json")
    assert again.json["opening"] == 2
    assert str(opened.json["day"]) in exim("day", "show", "--as", "eximbank").out


def test_a_policy_is_proposed_confirmed_and_shown(filed: Exim, dongyu: Path) -> None:
    file = dongyu / "policies" / "eximbank.json"
    assert "built-in" in filed("policy", "show").out
    proposed = filed("policy", "propose", file, "--as", "eximbank/admin")
    assert "admin@eximbank" in proposed.out
    sha256 = text_at(filed("policy", "show", "--json"), "proposed", "sha256")
    confirm = f"policy confirm {sha256}"
    assert confirm in proposed.out.replace("\n", " ")
    assert filed(*confirm.split(), "--as", "eximbank/admin").code == 1
    assert filed(*confirm.split(), "--as", "eximbank/risk").code == 0
    shown = filed("policy", "show")
    assert "admin@eximbank" in shown.out
    assert "risk@eximbank" in shown.out
    assert filed("policy", "show", "--bank", "EximbankMSP", "--as", "safe").out == shown.out
    assert filed("policy", "show", "--bank", "EximbankMSP", "--as", "tradebank").code == 1


def test_a_bank_pulls_what_the_exporter_lets_it_read(filed: Exim) -> None:
    exporter = "91520600MA6DYEK78F"
    assert "not shown it to this member" in filed("balance", CABLE).err.replace("\n", " ")
    assert filed("consent", "pull", exporter, CABLE, "--json").json["declarations"] == [CABLE]
    assert filed("balance", CABLE).code == 0
    assert filed("document", "recipients", CABLE, "--as", "customs").code == 0
    assert "AU-" in filed("consent", "show", exporter).out
    assert filed("consent", "show", exporter, "--bank", "TradebankMSP").code == 1


@pytest.mark.parametrize(("step", "state"), [("refer", "referred"), ("reject", "rejected"), ("withdraw", "withdrawn")])
def test_an_open_loan_is_referred_rejected_or_withdrawn(exim: Exim, dongyu: Path, step: str, state: str) -> None:
    exim("loan", "apply", dongyu / "application.json")
    who = ["--as", "eximbank/checker"] if step == "reject" else []
    answer = exim("loan", step, LOAN, "--reason", "as agreed", "--json", *who)
    assert (answer.code, answer.json["state"]) == (0, state)


def test_papers_are_checked_without_a_ledger(exim: Exim, dongyu: Path, tmp_path: Path) -> None:
    answer = exim("case", "check", dongyu / "papers-only", "--json")
    assert (answer.code, answer.json["verdict"]) == (3, "refer")
    assert not list(tmp_path.glob("exim.db*"))


def test_findings_are_said_in_chinese(exim: Exim, dongyu: Path) -> None:
    english = exim("case", "check", dongyu / "papers-only").out
    chinese = exim("case", "check", dongyu / "papers-only", "--lang", "zh").out
    assert "Verdict" in english
    assert "审查结论" in chinese
    assert "结论" not in english


def test_the_ledger_tells_what_it_holds_and_verifies(filed: Exim, tmp_path: Path) -> None:
    info = filed("ledger", "info", "--json").json
    assert {member["name"] for member in info["members"]} == {"customs", "safe", "eximbank", "tradebank"}  # type: ignore[attr-defined]
    report = filed("ledger", "verify", "--json").json
    assert report["good"] is True
    file = tmp_path / "exim.db"
    content = file.read_bytes()
    at = content.rindex(b"transaction")
    file.write_bytes(content[:at] + b"transectiom" + content[at + 11 :])
    touched = filed("ledger", "verify")
    assert touched.code == 1
    assert "touched" in touched.out or "damaged" in touched.err
    assert "block" in touched.out.lower() or touched.err


def test_settings_come_from_the_environment_too(exim: Exim, dongyu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXIM_LEDGER", "embedded:other.db")
    monkeypatch.setenv("EXIM_AS", "customs")
    assert exim("document", "put", dongyu / "customs").code == 0
    assert Path("other.db").exists()


def test_help_names_every_command_and_says_the_exit_codes(exim: Exim) -> None:
    answer = exim("--help")
    for command in ("balance", "case", "day", "demo", "document", "ledger", "loan", "network", "policy"):
        assert command in answer.out
    assert "3 verdict refer" in answer.out
    for group in ("document", "loan", "ledger", "case", "network", "policy", "day"):
        assert exim(group, "--help").code == 0
    assert exim("--version").out.startswith("main") or "0.1" in exim("--version").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("document", "put", "x"), ("document", "get", "invoice", "1"), ("document", "list", "invoice"),
        ("document", "history", "invoice", "1"), ("document", "schema", "invoice"), ("loan", "apply", "x"),
        ("loan", "check", "1"), ("loan", "approve", "1"), ("loan", "reject", "1"), ("loan", "refer", "1"),
        ("loan", "disburse", "1"), ("loan", "repay", "1"), ("loan", "extend", "1"), ("loan", "indemnity", "1"),
        ("loan", "write-off", "1"), ("loan", "overdue", "1"), ("loan", "lapse", "1"), ("loan", "account", "1"),
        ("loan", "schedule", "1"), ("loan", "conditions", "1"), ("loan", "offered", "1"), ("loan", "letter", "1"),
        ("loan", "confirm", "1", "2"), ("loan", "withdraw", "1"),
        ("loan", "show", "1"), ("loan", "list"), ("loan", "history", "1"), ("case", "check", "."),
        ("policy", "propose", "x"), ("policy", "confirm", "x"), ("policy", "show"),
        ("day", "open"), ("day", "show"), ("balance", "1"), ("ledger", "info"), ("ledger", "verify"),
        ("demo",),
    ],
)  # fmt: skip
def test_every_command_has_the_common_options(exim: Exim, arguments: tuple[str, ...]) -> None:
    answer = exim(*arguments, "--help")
    assert answer.code == 0
    for option in ("--ledger", "--as", "--json", "--lang"):
        assert option in answer.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("document", "list", "declaration", "--as", "customs"), ("loan", "list"),
        ("document", "get", "declaration", CABLE, "--as", "safe"), ("ledger", "info"),
        ("document", "history", "declaration", CABLE, "--as", "customs"), ("policy", "show"),
        ("balance", CABLE, "--as", "safe"), ("day", "open", "--as", "safe"),
        ("ledger", "verify"),
    ],
)  # fmt: skip
def test_the_words_of_a_table_are_chinese_where_chinese_is_asked_for(filed: Exim, arguments: tuple[str, ...]) -> None:
    first = filed(*arguments, "--lang", "zh").out.splitlines()[0]
    heading = first.split("  ")[0]
    assert any("一" <= letter <= "鿿" for letter in heading), first


def test_a_revoked_user_is_refused_until_issued_again(filed: Exim) -> None:
    assert "bank, customs, fx" in filed("ledger", "revoke", "eximbank/checker").out
    refused = filed("loan", "list", "--as", "eximbank/checker")
    assert refused.code == 1
    assert "revoked" in refused.err
    answer = filed("ledger", "revoke", "eximbank/checker", "--reissue", "--json")
    assert answer.json == {"user": "eximbank/checker", "channels": ["bank", "customs", "fx"], "reissued": True}
    assert filed("loan", "list", "--as", "eximbank/checker").code == 0
    assert filed("ledger", "verify").code == 0


def test_nobody_is_revoked_where_there_is_no_such_user_or_no_ledger(exim: Exim, filed: Exim) -> None:
    assert "no user 'nobody'" in filed("ledger", "revoke", "eximbank/nobody").err
    missing = exim("ledger", "revoke", "eximbank/maker", "--ledger", "embedded:nowhere.db")
    assert missing.code == 1
    assert "no ledger" in missing.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("balance", CABLE), ("document", "get", "declaration", CABLE), ("document", "list", "declaration"),
        ("document", "history", "declaration", CABLE), ("loan", "list"), ("loan", "show", "L-1"),
        ("loan", "history", "L-1"), ("loan", "check", "L-1"), ("policy", "show"), ("day", "show"),
        ("loan", "account", "L-1"), ("loan", "schedule", "L-1"), ("loan", "conditions", "L-1"),
        ("loan", "offered", "L-1"), ("loan", "letter", "L-1"),
        ("ledger", "info"), ("ledger", "verify"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_reading_makes_no_ledger(exim: Exim, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    answer = exim(*arguments)
    assert (answer.code, answer.out) == (1, "")
    assert "there is no ledger at" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_safe_sees_a_banks_loans_where_it_names_the_bank(filed: Exim, dongyu: Path) -> None:
    assert filed("loan", "apply", dongyu / "application.json").code == 0
    for command in (("list",), ("show", LOAN), ("history", LOAN)):
        unnamed = filed("loan", *command, "--as", "safe")
        assert (unnamed.code, "say whose" in unnamed.err) == (1, True)
        assert filed("loan", *command, "--bank", "EximbankMSP", "--as", "safe").code == 0
        assert filed("loan", *command, "--bank", "EximbankMSP", "--as", "tradebank").code == 1
    assert filed("loan", "check", LOAN, "--preview", "--bank", "EximbankMSP", "--as", "safe").code == 4


def test_copies_of_no_bank_are_purged_with_a_word(filed: Exim) -> None:
    refused = filed("consent", "purge", "91520600MA6DYEK78F", "--bank", "NobodyMSP", "--as", "safe")
    assert (refused.code, "has no bank NobodyMSP" in refused.err) == (1, True)


def test_a_number_one_character_off_says_which_is_there(filed: Exim) -> None:
    off = f"{CABLE[:-1]}{(int(CABLE[-1]) + 1) % 10}"
    answer = filed("document", "get", "declaration", off, "--as", "customs")
    assert answer.code == 1
    assert f"there is no declaration {off}" in answer.err
    assert f"one character off is {CABLE}, which is there" in answer.err
    assert "one character" not in filed("balance", off).err  # customs has not shown it to the bank yet
    assert f"one character off is {INVOICE}" in filed("document", "get", "invoice", f"{INVOICE}0").err
    assert "one character" not in filed("document", "get", "invoice", f"{INVOICE}0", "--as", "tradebank").err
    assert "18 digits, not '2248'" in filed("balance", "2248").err
