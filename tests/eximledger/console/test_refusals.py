"""What the trade's own code refuses is said in Chinese: every sentence has its form in a table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from eximledger.words import ACTS, is_known_form, refusal

ROOT: Final = Path(__file__).parents[3]
PLACES: Final = (
    "chaincode/eximledger_chaincode", "client/eximledger/desk", "client/eximledger/console",
    "client/eximledger/serving", "client/eximledger/api", "client/eximledger/attachments", "client/eximledger/mirror",
    "client/eximledger/consent",
)  # fmt: skip
ERRORS: Final = frozenset({
    "InvalidDocument", "NotAuthorized", "NotFound", "Conflict", "Refused", "NotForYou", "NotSignedIn",
    "PreconditionFailed", "PreconditionRequired", "TooLarge", "Unsupported", "KeyReused", "TooMany", "UnderWay",
    "ManyBanks", "LedgerUnavailable", "CommitFailed", "StoreUnavailable", "AttachmentAltered",
})  # fmt: skip
UNSAID: Final = frozenset({"{}: {}", "{} {}", "{}: {}{}", "loan {}: {}", "buckets.{}: {}"})
"""What is made of a field's name and a checker's own sentence."""


def forms() -> Iterator[str]:
    for place in PLACES:
        for file in sorted((ROOT / place).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and called(node.func) in ERRORS:
                    form = form_of(node.args[0])
                    if form is not None and form not in UNSAID:
                        yield form


def called(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def form_of(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    return None


def test_what_is_refused_has_its_chinese() -> None:
    found = set(forms())
    assert len(found) > 200
    assert not {form for form in found if not is_known_form(form)}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("eve of EximbankMSP applied for loan L-1: another person decides on it (maker-checker)",
         "eve of EximbankMSP 是贷款 L-1 的申请人：须由他人决定（经办与复核分离）"),
        ("loan L-1 is approved and holds nothing", "贷款 L-1 状态为已批准，没有占用"),
        ("part 2 of list UN has 7 entries, not 8", "名单 UN 第 2 部分应有 7 条，而非 8"),
        ("an invoice is filed by role bank on channel bank; SafeMSP has role fx-bureau: act as another member",
         "发票由银行在通道 bank 提交；SafeMSP 的角色为外汇局：请以其他成员名义操作"),
    ],
)  # fmt: skip
def test_values_are_kept_and_words_of_ours_are_translated(english: str, chinese: str) -> None:
    assert refusal(english, "zh") == chinese
    assert refusal(english, "en") == english


def test_an_unheard_of_sentence_is_said_with_the_kind_of_error_that_it_is() -> None:
    assert refusal("the moon is down", "zh", 422) == "依规则不得办理：the moon is down"
    assert refusal("the moon is down", "zh") == "the moon is down"


def test_every_act_of_the_contracts_is_told_in_words() -> None:
    acts = set[str]()
    for file in (ROOT / "chaincode/eximledger_chaincode/contracts").glob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                acts |= {f"{contract_of(node)}:{name}" for name in transactions_of(node)}
    assert len(acts) > 30
    assert not acts - ACTS.keys()


def contract_of(node: ast.ClassDef) -> str:
    named = [each for each in node.body if isinstance(each, ast.AnnAssign) and ast.unparse(each.target) == "name"]
    return str(ast.literal_eval(named[0].value)) if named and named[0].value is not None else ""


def transactions_of(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        if isinstance(each, ast.AsyncFunctionDef) and any(map(is_transaction, each.decorator_list)):
            yield each.name


def is_transaction(mark: ast.expr) -> bool:
    return ast.unparse(mark).startswith("transaction")
