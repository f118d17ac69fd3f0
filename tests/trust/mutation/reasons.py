"""Why mutants live: what reasons.toml says of them, by module and by function and change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.trust.mutation.operators import Mutant

__all__ = ["all_key", "known_reasons", "lived_key", "reason_of"]


def lived_key(function: str, change: str) -> str:
    """How the file of reasons names a mutant within its module: without the line, which moves."""
    return f"{function or 'module'}: {change}"


def all_key(function: str) -> str:
    """How it names all mutants of a function that live for one reason."""
    return lived_key(function, "*")


@cache
def known_reasons() -> Mapping[str, Mapping[str, str]]:
    """By module, the reasons why mutants live."""
    found: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("reasons.toml").read_text())
    return found


def reason_of(module: str, mutant: Mutant) -> str | None:
    """Why a mutant lives, as far as somebody has judged it."""
    reasons = known_reasons().get(module, {})
    return reasons.get(lived_key(mutant.function, mutant.change)) or reasons.get(all_key(mutant.function))
