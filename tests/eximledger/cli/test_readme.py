"""The commands that the README gives, as they stand there: papers of today, filed by hand on a new ledger."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

Exim = Callable[..., "Answer"]

README = Path(__file__).resolve().parents[3] / "README.md"


class Answer:
    code: int
    out: str
    err: str


def commands() -> list[list[str]]:
    section = README.read_text(encoding="utf-8").partition("## Use it\n")[2].partition("From Python")[0]
    lines = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


def test_the_commands_of_the_readme_run_as_written(exim: Exim) -> None:
    codes = [(*command[:2], exim(*command).code) for command in commands()]
    assert codes == [
        ("demo", "papers", 0), ("day", "open", 0), ("demo", "consent", 0),
        ("consent", "file", 0), *[("document", "put", 0)] * 3, ("loan", "apply", 0),
        ("loan", "check", 4), ("case", "check", 3),
    ]  # fmt: skip
    assert "DY-2026-001" in Path("check.html").read_text(encoding="utf-8")
