"""Every module of the project says in its docstring's first line what it is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.docs.snippets import DOCS

ROOT = DOCS.parent
FOLDERS = ("bench", "chaincode", "client", "docs", "examples", "network", "tests", "tools")
SENTENCE = re.compile(r"\S.{9,}[.:?]")


def first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return docstring.splitlines()[0] if docstring else ""


def test_every_module_says_what_it_is() -> None:
    modules = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts]
    assert len(modules) > 400
    silent = [str(path.relative_to(ROOT)) for path in modules if not SENTENCE.fullmatch(first_line(path))]
    assert not silent, "their docstrings' first lines are no sentences of their own"
