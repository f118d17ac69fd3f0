"""Markdown pages whose Python is run as it stands: top to bottom, in one namespace, `await` where the page has it."""

from __future__ import annotations

import ast
import asyncio
import re
import types
from collections.abc import Iterator
from inspect import iscoroutine
from pathlib import Path

__all__ = ["DOCS", "pages", "python_blocks", "run_page"]

DOCS = Path(__file__).resolve().parents[2] / "docs"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def pages(folder: str) -> list[str]:
    """The names of a folder's pages that hold Python, sorted."""
    return sorted(path.name for path in (DOCS / folder).glob("*.md") if any(python_blocks(path)))


def run_page(path: Path, **given: object) -> dict[str, object]:
    """Run a page's Python; `given` are the names that its reader has already. The namespace at its end.

    What awaits runs on one event loop; what does not runs where there is none, as in a synchronous backend.
    """
    module = types.ModuleType("page")
    namespace = module.__dict__ | given
    with asyncio.Runner() as runner:
        for line, code in python_blocks(path):
            tree = ast.increment_lineno(ast.parse(code, str(path), "exec"), line)
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            answer = eval(compile(tree, str(path), "exec", flags, dont_inherit=True), namespace)
            if iscoroutine(answer):
                runner.run(answer)
    return namespace


def python_blocks(path: Path) -> Iterator[tuple[int, str]]:
    """Line number, and text, of each Python block."""
    text = path.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        if found[1] == "python":
            yield text.count("\n", 0, found.start(2)), found[2]
