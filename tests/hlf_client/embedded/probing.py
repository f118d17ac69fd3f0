"""Embedded ledgers that run the probe chaincode."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from tests.conformance.probe import PROBE
from tests.conformance.providers import PROBED

from eximledger.testing import LedgerNetwork
from hlf_client.embedded import Clock, EmbeddedLedger, utc_now

__all__ = ["Opener", "as_member", "open_network"]


class Opener(Protocol):
    def __call__(self, path: Path | None = None, *, strict: bool = False, clock: Clock = utc_now) -> LedgerNetwork: ...


def open_network(path: Path | None, *, strict: bool = False, clock: Clock = utc_now) -> LedgerNetwork:
    """The ledger in a file (None: in memory), made with the probe when it is not there."""
    return LedgerNetwork(PROBED, path, strict=strict, clock=clock, chaincode=PROBE)


def as_member(network: LedgerNetwork, identity: str = "eximbank") -> EmbeddedLedger:
    """A connection that calls the probe."""
    return network.connect(identity, chaincode=PROBE)
