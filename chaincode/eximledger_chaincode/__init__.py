"""What every endorsing peer runs for exim: documents, lending, rules and contracts.

Depends on nothing above it: neither on `eximledger` (the client) nor on `hlf_network`.
Deterministic by law: no clock but the transaction's, no float, no set order, no I/O.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CHAINCODE"]

CHAINCODE: Final = "exim"
"""One chaincode, under one name, on every channel."""
