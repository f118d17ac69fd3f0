"""Every bound of the server in one place. What a contract may read and write is bounded in `stub` (MAX_*)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Self

from hlf_chaincode.errors import InvalidDocument

__all__ = ["IDLE_FACTOR", "Limits"]

IDLE_FACTOR: Final = 5
"""A turn may last so many times its CPU seconds by the clock on the wall."""

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server takes and gives, by the clock where nothing else is said. docs/chaincode.md states it."""

    message_bytes: int = 100 * _MIB
    """One message to or from a peer; peers stop there too."""
    result_bytes: int = 16 * _MIB
    """One transaction's result; more is answered with status 400."""
    transactions: int = 1024
    """Transactions at once on one peer's stream; further ones are turned away."""
    transaction_seconds: float = 25.0
    """From a proposal to its answer, status 504 after that. A peer gives up after 30 s by default."""
    turn_seconds: float = 1.0
    """CPU seconds of one computation of a contract between two requests to the peer; status 504 after that. It is also
    how long one contract can hold up the others. By the clock on the wall a turn may last five times as long."""
    requests: int = 100_000
    """Requests to the peer by one transaction."""
    batch_bytes: int = 8 * _MIB
    """Keys and values of one batch of writes; a longer batch goes in parts."""
    streams: int = 64
    """Streams of peers at once."""
    drain_seconds: float = 20.0
    """How long running transactions are waited for after SIGTERM."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The defaults, with what CHAINCODE_<NAME> says instead, as CHAINCODE_TURN_SECONDS=2.5.

        Raises `InvalidDocument` naming the variable that is no number above zero.
        """
        changes: dict[str, int | float] = {}
        for limit in fields(cls):
            name = f"CHAINCODE_{limit.name.upper()}"
            if name in environment:
                changes[limit.name] = _positive(name, environment[name], whole=limit.type == "int")
        return cls(**changes)  # type: ignore[arg-type]  # each by its field's type


def _positive(name: str, text: str, *, whole: bool) -> int | float:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        kind = "a whole number" if whole else "a number"
        raise InvalidDocument(f"{name} is {kind} above zero, not {text!r}", field=name, reason="not a number")
    return number
