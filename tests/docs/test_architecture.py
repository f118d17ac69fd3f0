"""docs/architecture.md names every package folder, and no other; a floor is seen at a glance."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.snippets import DOCS

ROOT = DOCS.parent
ROOMS = ("chaincode", "client", "network")
GENERATED = "hlf_chaincode.protos."
"""Laid out as Fabric's own definitions are; the package itself has its row."""
FLOOR = 12
"""Modules beside `__init__` and `__main__`."""


def packages() -> dict[str, Path]:
    """Every package folder by its dotted name."""
    inits = [(room, init) for room in ROOMS for init in (ROOT / room).rglob("__init__.py")]
    found = {".".join(init.parent.relative_to(ROOT / room).parts): init.parent for room, init in inits}
    return {name: folder for name, folder in found.items() if not name.startswith(GENERATED)}


def rows() -> list[str]:
    """The packages that have a row on the page."""
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE)


def test_every_package_has_its_row_and_no_row_is_left_over() -> None:
    assert len(packages()) > 40
    assert sorted(rows()) == sorted(packages())


def test_every_decision_has_its_number_and_its_row() -> None:
    decisions = sorted(path.name for path in (DOCS / "decisions").glob("0*.md"))
    assert [int(name[:4]) for name in decisions] == list(range(1, len(decisions) + 1))
    page = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[(\d+)\]\((\S+)\)", page, re.MULTILINE) == [(str(int(n[:4])), n) for n in decisions]


def test_a_floor_holds_a_dozen_modules() -> None:
    floors = {name: {path.stem for path in folder.glob("*.py")} for name, folder in packages().items()}
    assert not {name for name, modules in floors.items() if len(modules - {"__init__", "__main__"}) > FLOOR}
