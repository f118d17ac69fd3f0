"""`eximledger.connect` for callers that wait."""

from __future__ import annotations

from pathlib import Path

from eximledger.consortium import CHAINCODE, EXIM
from hlf_client import Clock, Identity, utc_now
from hlf_client.sync import Ledger
from hlf_client.sync import connect as connect_any

__all__ = ["connect"]


def connect(
    url: str | Path, identity: Identity | str | None = None, *, chaincode: str = CHAINCODE, clock: Clock = utc_now
) -> Ledger:
    """`eximledger.connect`, to be closed when done (`with connect(...) as ledger`)."""
    return connect_any(url, identity, chaincode=chaincode, consortium=EXIM, clock=clock)
