"""The documentation as a site: `make docs` writes it to build/site, and any warning is an error.

The source is the whole checkout, so that links between docs/ and the pages beside it (README.md, CONTRIBUTING.md,
examples/) hold as they do for readers of the files. Nothing is fetched, neither to build the site nor to read it.
"""

from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path
from typing import Final

from sphinx.application import Sphinx

logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of its plugins where it is imported

project = "eximledger"
author = "the eximledger project"
extensions = ["myst_parser", "sphinx.ext.autodoc"]

root_doc = "README"
include_patterns = ["*.md", "docs/**.md", "chaincode/README.md", "client/README.md", "network/README.md"]
include_patterns += ["examples/dongyu/README.md", "examples/packing/README.md"]

myst_heading_anchors = 3

html_theme = "furo"
html_title = "eximledger"
html_copy_source = False
html_show_sourcelink = False

default_role = "code"  # docstrings are written with single backquotes
autodoc_typehints_format = "short"
autodoc_default_options = {"members": True, "exclude-members": "model_config"}

_TREE: Final = re.compile(r"^(?:[├└│]|\w+$(?=\n[├└]))", re.MULTILINE)
_INDENTED: Final = re.compile(r"^((?!    ).+\n)\n(?=    \S)", re.MULTILINE)
_CODE: Final = re.compile(r"(`[^`]*`)")
_MARKUP: Final = re.compile(r"([*|_\\])")


def _add_contents(app: Sphinx, name: str, source: list[str]) -> None:
    """The first page is README.md as it is, with the site's table of contents, which readers elsewhere need not see."""
    if name == root_doc:
        contents = Path(app.confdir) / "contents.txt"
        app.env.note_dependency(str(contents))
        source[0] += "\n" + contents.read_text(encoding="utf-8")


def _as_written(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Docstrings are plain prose with `code` in it: nothing else in them is markup."""
    text = "\n".join(line if line.startswith("    ") else _escaped(line) for line in lines)
    text = _TREE.sub(r"| \g<0>", text)
    lines[:] = [*_INDENTED.sub(r"\1\n::\n\n", text).splitlines(), ""]


def _escaped(line: str) -> str:
    parts = _CODE.split(line)
    return "".join(f"`{part}`" if part.startswith("`") else _MARKUP.sub(r"\\\1", part) for part in parts)


def _add_index(app: Sphinx, failed: Exception | None) -> None:
    """A web server looks for index.html."""
    if not failed:
        shutil.copyfile(app.outdir / f"{root_doc}.html", app.outdir / "index.html")


def setup(app: Sphinx) -> None:
    app.connect("source-read", _add_contents)
    app.connect("autodoc-process-docstring", _as_written)
    app.connect("build-finished", _add_index)
