"""What the pages name is there: files and modules; and their Python can be read and imports what exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from tests.docs.snippets import DOCS, python_blocks, run_page

ROOT = DOCS.parent
ROOMS = ("chaincode", "client", "network")
OURS = ("hlf_", "eximledger")
PAGES = sorted(path for path in ROOT.rglob("*.md") if not {".venv", "node_modules", "build"} & set(path.parts))
HISTORY = {"CHANGELOG.md"}
INVENTED = {
    "tests/test_contract.py",
    "chaincode/eximledger_chaincode/documents/origin_certificate.py",
    "client/eximledger/formats/ubl/origin_certificate.py",
}
"""What CONTRIBUTING.md's walks add, and `hlf init` makes."""
_FILE = re.compile(
    r"(?<![\w-])(?:tests|chaincode|client|network|bench|examples|tools|docs|eximledger\w*|hlf_\w+)/[\w./-]*\.(?:py|md|yaml|json)\b"
)
_MODULE = re.compile(r"`((?:hlf_(?:chaincode|client|network)|eximledger(?:_chaincode|_network)?)(?:\.\w+)+)`")


def places(name: str) -> Iterator[Path]:
    """Where a file that a page names may be: beside the rooms, or in one of them."""
    yield ROOT / name
    for room in ROOMS:
        yield ROOT / room / name


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or a public name in one."""
    module = name
    parts: list[str] = []
    while module:
        try:
            found: object = import_module(module)
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            parts.insert(0, last)
            continue
        for part in parts:
            found = getattr(found, part, None)
        return found is not None
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if page.name not in HISTORY:
        files = set(_FILE.findall(text)) - INVENTED
        assert not {name for name in files if not any(place.exists() for place in places(name))}
        loggers_and_metrics = {"hlf_client.attempts"}
        modules = {name for name in _MODULE.findall(text) if ".gateway.call." not in name}
        assert not {name for name in modules - loggers_and_metrics if not exists(name)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_pages_python_can_be_read_and_imports_what_exists(page: Path) -> None:
    for line, code in python_blocks(page):
        if code.startswith(">>>"):
            continue  # tests/eximledger/demo runs it
        for node in ast.walk(ast.increment_lineno(ast.parse(code), line)):
            match node:
                case ast.ImportFrom(module=str(module)) if module.startswith(OURS):
                    assert all(exists(f"{module}.{name.name}") for name in node.names), f"{page.name}:{node.lineno}"
                case ast.Import():
                    assert all(exists(name.name) for name in node.names if name.name.startswith(OURS))


def test_the_chaincode_of_the_distributions_page_is_one() -> None:
    made = run_page(ROOT / "chaincode" / "README.md")["assets"]
    assert callable(made)
    assert set(made().contracts["assets"].functions) == {"give", "owner"}
