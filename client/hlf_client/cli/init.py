"""`hlf init`: a project with a contract, its test, its client and its network, which runs as it is."""

from __future__ import annotations

import keyword
import sys
from importlib.resources import files
from pathlib import Path
from typing import Final

import click

from hlf_client.cli._output import Output
from hlf_client.cli._session import OutputCommand
from hlf_client.errors import InvalidDocument

__all__ = ["init"]

_FILES: Final = {
    "README.md": "README.md",
    "pyproject.toml": "pyproject.toml",
    "consortium.yaml": "consortium.yaml",
    "network.py": "network.py",
    "client.py": "client.py",
    "contract.py": "{name}/contract.py",
    "conftest.py": "tests/conftest.py",
    "test_contract.py": "tests/test_contract.py",
}
"""Where each file of the package's folder `project` goes."""
_TAKEN: Final = sys.stdlib_module_names | {"client", "network", "tests", "pydantic", "pytest", "grpc"}
"""A package of such a name would hide another that the project imports, or be hidden by it."""


@click.command(cls=OutputCommand)
@click.argument("name")
@click.pass_obj
def init(output: Output, name: str) -> None:
    """Make a project in a new folder NAME. Its test passes at once: cd NAME; pytest."""
    if not name.isidentifier() or not name.islower() or "_" in name or not name.isascii():
        raise _refused(name, "a project is named by lower-case letters and digits, as a Python package")
    if keyword.iskeyword(name):
        raise _refused(name, "this is a word of Python's own, and no package can have it as its name")
    if name in _TAKEN:
        raise _refused(name, "another module that the project imports has this name: choose another")
    folder = Path(name)
    if folder.exists():
        raise InvalidDocument(f"{folder} is there already: nothing was changed", field="name", reason="exists")
    source = files("hlf_client.cli") / "project"
    made = []
    for template, place in _FILES.items():
        target = folder / place.format(name=name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((source / f"{template}.template").read_text(encoding="utf-8").replace("NAME", name))
        made.append(str(target))
    (folder / name / "__init__.py").write_text(f'"""The chaincode {name}."""\n')
    output.answer({"folder": str(folder), "files": made}, *made)


def _refused(name: str, reason: str) -> InvalidDocument:
    return InvalidDocument(f"{name}: {reason}", field="name", reason=reason)
