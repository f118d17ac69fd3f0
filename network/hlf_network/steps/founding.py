"""What a chaincode wants done once it is committed: a function of its own package, named in consortium.yaml."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias

from hlf_network._session import Session
from hlf_network.consortium import Chaincode, Channel
from hlf_network.errors import NetworkError

__all__ = ["Founding", "founding_of"]

Founding: TypeAlias = Callable[[Session, Chaincode, Sequence[Channel]], Sequence[str]]
"""Brings these channels' state to where contracts can begin, and says what it changed; run again it changes nothing."""


def founding_of(reference: str) -> Founding:
    """The function at `module:function`. Raises `NetworkError` when there is none."""
    module, _, name = reference.partition(":")
    try:
        found: Founding = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise NetworkError(f"`chaincode.founding` names {reference}, which cannot be had here: {error}.") from None
    return found
