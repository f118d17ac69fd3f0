"""Every word of ours that a page shows is there in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from eximledger.console._here import NOTES, PLACES
from eximledger.console._shown_errors import TITLES
from eximledger.console.pages.cases.loans import ORDERS
from eximledger.words import is_known
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.roles import Duty, Role
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.verdict import Decision, Severity

SAID = re.compile(r"""\bw\(\s*(?:"([^"]*)"|'([^']*)')""")
LISTED = re.compile(r"for \w+ in \[([^\]]*)\]")
FACTS = re.compile(r"""\("([A-Z][^"]*)", """)
FIELD = re.compile(r"""field\("\w+", "([^"]*)\"""")


def of_templates() -> Iterator[str]:
    for file in files("eximledger.console").joinpath("templates").iterdir():
        text = file.read_text(encoding="utf-8")
        yield from (one or other for one, other in SAID.findall(text) if not (one or other).endswith(" "))
        yield from (word for group in LISTED.findall(text) for word in re.findall(r'"([^"]*)"', group))
        yield from FACTS.findall(text)
        yield from FIELD.findall(text)


def of_code() -> Iterator[str]:
    yield from NOTES.values()
    yield from (name for places in PLACES.values() for name, _ in places)
    yield from TITLES.values()
    yield from (words for words, _, _ in ORDERS.values())
    yield from ("interest in arrears", "interest in advance")
    for kind in (LoanState, Duty, Role, Step, Decision, Severity):
        yield from (member.value for member in kind)
    for module in ("views/acts.py", "views/portfolio.py", "pages/work.py", "pages/portfolio.py", "pages/network.py"):
        yield from said_in(files("eximledger.console").joinpath(module).read_text(encoding="utf-8"))


def said_in(source: str) -> Iterator[str]:
    """The sentences and headings in a module: its texts that begin with a capital, but for what documents it."""
    tree = ast.parse(source)
    unsaid = {each.value for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    unsaid |= {each for call in ast.walk(tree) if isinstance(call, ast.Call) for each in call.args if is_type(call)}
    exported = {
        each
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List)
        for each in node.value.elts
    }
    for each in ast.walk(tree):
        if not isinstance(each, ast.Constant) or not isinstance(each.value, str) or each in unsaid | exported:
            continue
        if re.match("[A-Z][a-z]", each.value):
            yield each.value


def is_type(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "TypeVar"


@pytest.mark.parametrize("english", sorted({*of_templates(), *of_code()}))
def test_every_word_of_a_page_is_known_in_chinese(english: str) -> None:
    assert is_known(english)
