"""`eximledger rules`: the sets, the rules of one, and past cases judged again, on the ledger that the demo leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.eximledger.cli.conftest import call

from eximledger.rulebook._titles import TITLES
from eximledger_chaincode.rules import RULE_SET, RULES, rule_set_id


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eximbank's loan is closed, tradebank's stands."""
    folder = tmp_path_factory.mktemp("told")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ("EXIM_LEDGER", "EXIM_AS", "EXIM_LANG"):
            patch.delenv(name, raising=False)
        assert call("demo", "--folder", ".").code == 0
    return folder


@pytest.fixture
def there(told: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(told)
    monkeypatch.setenv("EXIM_LEDGER", "embedded:dongyu.db")
    for name in ("EXIM_AS", "EXIM_LANG"):
        monkeypatch.delenv(name, raising=False)
    return told


def loans(*arguments: object) -> dict[str, Any]:
    answer = call("rules", "replay", "--json", *arguments)
    assert answer.code == 0, answer.err
    return answer.json


def test_the_sets_and_their_state_on_a_day() -> None:
    (first, *_) = json.loads(call("rules", "list", "--json").out)
    assert (first["name"], first["id"]) == (RULE_SET.name, rule_set_id())
    assert "announced" in call("rules", "list", "--on", "2025-12-31").out
    assert "生效中" in call("rules", "list", "--lang", "zh").out


def test_every_rule_is_shown_in_both_languages(tmp_path: Path) -> None:
    shown = json.loads(call("rules", "show", "--json").out)
    assert {each["id"] for each in shown} == RULES.keys()
    assert all(each["finds"]["en"] and each["source"] for each in shown)
    assert RULES.keys() <= TITLES.keys(), "a line in rulebook/_titles.py"
    assert "申请金额超过" in call("rules", "show", RULE_SET.name, "--lang", "zh").out
    draft = tmp_path / "draft.json"
    draft.write_text(json.dumps({"name": "d", "based_on": RULE_SET.name, "without": ["AMOUNT"]}))
    assert {each["id"] for each in json.loads(call("rules", "show", draft, "--json").out)} == RULES.keys() - {"AMOUNT"}


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"name": "d", "based_on": "1999.1"}, "based_on"),
        ({"name": RULE_SET.name, "based_on": RULE_SET.name}, "name"),
        ({"name": "d", "based_on": RULE_SET.name, "without": ["NONE"]}, "without"),
        ({"name": "d", "based_on": RULE_SET.name, "severities": {"NONE": {}}}, "severities"),
        ({"name": "d", "based_on": RULE_SET.name, "severities": {"AMOUNT": {"reject": "forgive"}}}, "severities"),
        ({"name": "d"}, "based_on"),
    ],
)
def test_a_draft_that_is_none_is_told_its_field(tmp_path: Path, draft: dict[str, object], field: str) -> None:
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(draft))
    answer = call("rules", "show", file, "--json")
    assert answer.code == 1
    assert str(answer.json["details"]["field"]).startswith(field)  # type: ignore[index] # an object


def test_a_set_that_is_not_there_is_told_where_they_are() -> None:
    answer = call("rules", "show", "1999.1")
    assert answer.code == 1
    assert "`eximledger rules list` shows the sets" in answer.err


def test_decided_loans_are_judged_again_as_they_were(there: Path) -> None:
    for who, bank in (("eximbank", "EximbankMSP"), ("tradebank", "TradebankMSP")):
        report = loans("--as", who)
        (one,) = report["loans"]
        assert (one["bank"], one["reproduced"], one["changes"], one["gained"], one["lost"]) == (
            bank,
            True,
            False,
            [],
            [],
        )
    report = loans("--as", "safe")
    assert {each["bank"] for each in report["loans"]} == {"EximbankMSP", "TradebankMSP"}
    assert (report["judged"], report["changed"]) == (2, 0)
    assert call("rules", "replay", "--as", "customs").code == 1


def test_a_policy_from_a_file_shows_what_it_would_have_decided(there: Path, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"kind": "policy", "bank": "EximbankMSP", "financed_percent": "1"}))
    report = loans("--as", "safe", "--policy", file)
    assert report["changed"] == 2
    answer = call("rules", "replay", "--as", "eximbank", "--policy", file, "--lang", "zh")
    assert answer.code == 0
    assert "新增" in answer.out
    assert "AMOUNT:" in answer.out
    assert "审查结论改变笔数" in answer.out
    assert loans("--as", "eximbank", "--policy", "in-force")["changed"] == 0
    assert call("rules", "replay", "--policy", tmp_path / "none.json").code == 1


def test_it_makes_no_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("rules", "replay").code == 1
    assert list(tmp_path.iterdir()) == []
