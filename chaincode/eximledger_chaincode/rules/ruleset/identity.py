"""A rule set's id: its name and the hash of all that decides, so that two who name one id give one verdict.

It covers the text of the modules that take part and the versions of the libraries that read papers, not Python's:
nothing that decides depends on which of the supported Pythons runs it. Sets of one release share the hash: what rules
stand on (documents, lending, their basis) is one for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from eximledger_chaincode.rules.ruleset.sets import RULE_SET, RuleSet, rule_set_on
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.errors import Refused

__all__ = ["LIBRARIES", "PARTS", "deciding", "require_rule_set", "rule_set_id"]

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
def deciding() -> str:
    """SHA-256 (hex) of all that decides: the same from a checkout, a wheel and the chaincode's image, read once a
    process."""
    sources = {name: sha256_hex(_plain(text)) for name, text in _sources()}
    libraries = {name: metadata.version(name) for name in LIBRARIES}
    return sha256_hex(canonical_json([sources, libraries]))


def rule_set_id(rule_set: RuleSet = RULE_SET) -> str:
    """`2026.1+` and 16 hex digits. Those of a draft are of what it changes, too."""
    digest = deciding()
    if rule_set.is_draft:
        digest = sha256_hex(canonical_json([digest, rule_set.base, rule_set.severities, rule_set.without]))
    return f"{rule_set.name}+{digest[:_DIGITS]}"


def require_rule_set(wanted: str, day: date) -> None:
    """Raises `Refused` when the caller goes by another rule set than this process does on the day; one who names none
    takes any."""
    own = rule_set_id(rule_set_on(day))
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
