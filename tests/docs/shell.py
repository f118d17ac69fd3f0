"""Markdown pages whose shell blocks (four spaces in) are run as they stand, one after the other, in one state."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["Shell", "shell_blocks"]

_FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"(?:^    .*\n(?:\n(?=    ))?)+", re.MULTILINE)
_COMMANDS = ("pip ", "hlf ", "export ", "cd ", "python ", "pytest", "sed ")
_PIP = """#!{python}
import importlib.metadata, sys
from packaging.requirements import Requirement
assert sys.argv[1] == "install", sys.argv
for text in sys.argv[2:]:
    wanted = Requirement(text)
    has = importlib.metadata.metadata(wanted.name).get_all("Provides-Extra") or []
    assert set(wanted.extras) <= set(has), f"{{text}}: there are {{has}}"
"""
"""Stands in for pip: what a page installs is here, with these extras. tests/hlf_client/test_quick.py has wheels."""
SECONDS = 240


def shell_blocks(path: Path) -> list[str]:
    """The blocks of a page that are commands."""
    text = _FENCED.sub("", path.read_text(encoding="utf-8"))
    blocks = ["".join(line[4:] for line in found.splitlines(keepends=True)) for found in _BLOCK.findall(text)]
    return [block for block in blocks if block.startswith(_COMMANDS)]


class Shell:
    """A reader's shell: where they are and what they exported holds from one block to the next."""

    def __init__(self, folder: Path, more: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._state = folder / ".state"
        tools = folder / ".tools"
        tools.mkdir()
        (tools / "pip").write_text(_PIP.format(python=sys.executable))
        for name, program in (("python", ""), ("hlf", "-m hlf_client.cli"), ("pytest", "-m pytest")):
            (tools / name).write_text(f'#!/bin/sh\nexec {sys.executable} {program} "$@"\n')
        for tool in tools.iterdir():
            tool.chmod(0o755)
        self._environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", **(more or {})}
        self._state.write_text(f"cd '{folder}'\n")

    def run(self, block: str) -> str:
        """What it prints. Fails at the first command that does."""
        script = f". '{self._state}'\nset -e\n{block}\nset +e\n(export -p; echo \"cd '$PWD'\") > '{self._state}'\n"
        done = subprocess.run(
            ["bash", "-c", script], env=self._environment, capture_output=True, text=True, check=False, timeout=SECONDS
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout
