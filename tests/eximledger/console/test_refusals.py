"""What the trade's own code refuses is said in Chinese: every sentence has its form in a table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from eximledger.formats import read
from eximledger.formats._known import known_formats
from eximledger.words import ACTS, is_known, is_known_form, is_known_reason, place_name, refusal
from hlf_client.errors import InvalidDocument

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
UNSAID: Final = frozenset(
    {
        "{}: {}",
        "{} {}",
        "{}: {}{}",
        "loan {}: {}",
        "buckets.{}: {}",
        "{} {} ({})",
        "{} {}: {}",
        "{}: {} {} ({})",
        "is refused: {}{}",
        "{}: 0{}",
    }
)
"""What is made of a field's name and a checker's own sentence."""


def forms() -> Iterator[str]:
    for place in PLACES:
        for file in sorted((ROOT / place).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and called(node.func) in ERRORS:
                    form = form_of(node.args[0])
                    if form is not None and form not in UNSAID:
                        yield form


READERS: Final = "client/eximledger/formats"
SAYS_WHY: Final = frozenset({"error", "refused", "_refused", "refused_pdf", "_unknown"})
"""Of the readers' functions those that are given what is wrong, last."""
FABRIC: Final = (
    "client/hlf_client/_connect.py", "client/hlf_client/_https.py", "client/hlf_client/embedded",
    "client/hlf_client/gateway", "client/hlf_client/hfc", "client/hlf_client/identity",
    "client/hlf_client/wire/profile.py", "client/hlf_client/wire/endpoint.py", "chaincode/hlf_chaincode/creator.py",
    "chaincode/hlf_chaincode/json_size.py", "chaincode/hlf_chaincode/limits.py",
    "chaincode/hlf_chaincode/private_call.py", "chaincode/hlf_chaincode/stub",
    "chaincode/hlf_chaincode/contract/_arguments.py", "chaincode/hlf_chaincode/shim/stream",
)  # fmt: skip
"""What an officer can meet of Fabric's half: not what runs a network, a certificate authority or `hlf`."""
OF_FABRIC: Final = ERRORS | {"EndorsementFailed", "FabricError", "NotSupported"}
CHECKED: Final = "chaincode/eximledger_chaincode"
ONLY_WRITERS: Final = re.compile(r"rules?( set)?s? |two rule sets|there is no rule set|there is no such rule")
"""What only who writes rules can be told."""


def trees(*places: str) -> Iterator[tuple[str, ast.Module]]:
    for place in places:
        files = sorted((ROOT / place).rglob("*.py")) if (ROOT / place).is_dir() else [ROOT / place]
        for file in files:
            yield file.name, ast.parse(file.read_text(encoding="utf-8"))


def reasons() -> Iterator[str]:
    """What the readers say of a place: as an argument, or by the name of `reason`."""
    for _, tree in trees(READERS):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and last_name(node.func) in SAYS_WHY:
                yield from texts(node.args[-1] if last_name(node.func) == "error" else node.args[0])
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "reason":
                yield from texts(node.value)
            elif isinstance(node, ast.FunctionDef) and node.name == "_why_not":
                for each in ast.walk(node):
                    if isinstance(each, ast.Return) and each.value is not None:
                        yield from texts(each.value)


def remarks() -> Iterator[str]:
    """Why readers leave a part of a file out."""
    for _, tree in trees(READERS):
        named = {
            ast.unparse(each.targets[0] if isinstance(each, ast.Assign) else each.target): each.value
            for each in tree.body
            if isinstance(each, ast.Assign | ast.AnnAssign) and each.value is not None
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node.func) == "Unmapped" and len(node.args) > 1:
                yield from texts(named.get(ast.unparse(node.args[1]), node.args[1]))


def places() -> Iterator[str]:
    """How readers name rows, lines, pages and columns."""
    for _, tree in trees(READERS):
        for node in ast.walk(tree):
            form = form_of(node) if isinstance(node, ast.JoinedStr) else None
            if form is not None and PLACED.fullmatch(form):
                yield form


PLACED: Final = re.compile(r"(row|line|page|column|entry|sheet) \{\}( without a name|, column \{\}| \(:?\{\}:?\))?")


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif (form := form_of(node)) is not None:
        yield form


def last_name(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]


def sentences_of_fabric() -> Iterator[str]:
    for _, tree in trees(*FABRIC):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and called(node.func) in OF_FABRIC:
                yield from texts(node.args[0])


def checks() -> Iterator[str]:
    for _, tree in trees(CHECKED):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and called(node.func) == "ValueError":
                yield from texts(node.args[0])


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


def test_what_readers_refuse_has_its_chinese() -> None:
    found = set(reasons()) - UNSAID
    assert len(found) > 200
    assert not {form for form in found if not is_known_reason(form) and not is_known_form(form)}


def test_what_readers_remark_has_its_chinese() -> None:
    found = set(remarks()) - UNSAID
    assert len(found) > 10
    assert not {form for form in found if not is_known_reason(form) and not is_known_form(form)}


def test_places_in_files_have_their_chinese() -> None:
    found = {form.replace("{}", "7") for form in places()}
    assert len(found) >= 7
    assert not {place for place in found if place_name(place, "zh") == place or "7" not in place_name(place, "zh")}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("row 3: type 'x' is none of vessel, person", "第 3 行：类型 'x' 不在下列各值之中：vessel, person"),
        ("line 5 (:32B:) is missing", "第 5 行（:32B:） 缺失"),
        ("page 1 is missing", "第 1 页 缺失"),
        ("column B (Amount) is missing", "B 列（Amount） 缺失"),
        ("a.csv: Goods!row 3 is empty", "a.csv：Goods!第 3 行 为空"),
        ("B3 (amount) is missing", "B3 (amount) 缺失"),
        ("my invoice (2).csv: Goods!row 3 is empty", "my invoice (2).csv：Goods!第 3 行 为空"),
        ("my list.csv: row 3: type 'x' is none of vessel", "my list.csv：第 3 行：类型 'x' 不在下列各值之中：vessel"),
    ],
)
def test_a_refusal_names_its_place_in_chinese(english: str, chinese: str) -> None:
    assert refusal(english, "zh", 400) == chinese


def test_the_list_of_formats_is_said_in_chinese() -> None:
    assert is_known(known_formats()), "words/_controls.py has another list"
    with pytest.raises(InvalidDocument) as refused:
        read(b"\x89PNG\r\n\x1a\n" + bytes(100), name="a photo.png")
    assert not re.search(r"[a-z]{5,}(?! ?/)", refusal(refused.value.message, "zh", 400).replace("a photo.png", ""))


def test_what_fabric_and_the_embedded_ledger_refuse_has_its_chinese() -> None:
    found = set(sentences_of_fabric()) - UNSAID
    assert len(found) > 150
    assert not {form for form in found if not is_known_form(form)}


def test_what_the_fields_of_papers_are_checked_for_has_its_chinese() -> None:
    found = {form for form in checks() if not ONLY_WRITERS.match(form)}
    assert len(found) > 60
    assert not {form for form in found if not is_known_reason(form)}


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
