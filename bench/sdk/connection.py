"""How a client of any language finds the peer, and what it finds there: one JSON file for all."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

__all__ = ["Connection"]


@dataclass(frozen=True, slots=True)
class Connection:
    """`roots`, `certificate` and `key` are PEM files; `host` is the name in the peer's certificate.

    Each of the channel's `keys` keys holds `value`, and is only ever written with it again.
    """

    address: str
    host: str
    roots: str
    msp: str
    certificate: str
    key: str
    channel: str
    chaincode: str
    keys: int
    value: str
    written: str
    """What the chaincode answers to a put."""
    warm_up_in_flight: int
    profile: str
    """Our client reads the connection profile instead of the fields above."""
    user: str

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(**json.loads(path.read_text()))

    def write(self, path: Path) -> Path:
        path.write_text(json.dumps(asdict(self), indent=2))
        return path
