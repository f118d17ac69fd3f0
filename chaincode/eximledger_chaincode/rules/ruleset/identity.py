"""The rule set's id: the hash of all that decides, so that two who name one id give one verdict.

It covers the text of the modules that take part and the versions of the libraries that read papers, not Python's:
nothing that decides depends on which of the supported Pythons runs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from eximledger_chaincode.rules.ruleset.registry import RULE_SET
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.errors import Refused

__all__ = ["LIBRARIES", "PARTS", "require_rule_set", "rule_set_id"]

PARTS: Final = (
    ("eximledger_chaincode", "documents"),
    ("eximledger_chaincode", "lending"),
    ("eximledger_chaincode", "rules"),
    ("eximledger_chaincode", "contracts/casefile"),
    ("hlf_chaincode", "canonical.py"),
)
"""What takes part of which package: modules and tables, with all below a folder."""

LIBRARIES: Final = ("anyascii", "iso4217", "pycountry", "pydantic", "pydantic-core", "python-stdnum")
"""Distributions that these modules import: another version may read a paper otherwise."""

_SUFFIXES: Final = (".py", ".json", ".csv")
_DIGITS: Final = 16


@cache
def rule_set_id() -> str:
    """`2026.1+` and 16 hex digits: the same from a checkout, a wheel and the chaincode's image, read once a process."""
    sources = {name: sha256_hex(_plain(text)) for name, text in _sources()}
    libraries = {name: metadata.version(name) for name in LIBRARIES}
    return f"{RULE_SET.name}+{sha256_hex(canonical_json([sources, libraries]))[:_DIGITS]}"


def require_rule_set(wanted: str) -> None:
    """Raises `Refused` when the caller goes by another rule set than this process; one who names none takes any."""
    own = rule_set_id()
    if wanted and wanted != own:
        raise Refused(
            f"rule set {wanted} is asked for, and this peer decides by {own}: use one release of eximledger and of the "
            f"libraries below it ({', '.join(LIBRARIES)}) everywhere",
            rule_set=own,
        )


def _sources() -> Iterator[tuple[str, bytes]]:
    """Every file that takes part, by its place below its package; in any order."""
    for package, part in PARTS:
        yield from _below(files(package).joinpath(part), f"{package}/{part}")


def _below(place: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    if place.is_dir():
        for entry in place.iterdir():
            yield from _below(entry, f"{name}/{entry.name}")
    elif name.endswith(_SUFFIXES):
        yield name, place.read_bytes()


def _plain(text: bytes) -> bytes:
    """Without the marks that a checkout may put at the end of lines."""
    return text.replace(b"\r\n", b"\n")
