"""The trade's part of the error tree; the root, and what a caller can act on, are `hlf_chaincode.errors`."""

from __future__ import annotations

from hlf_chaincode.errors import FabricError

__all__ = ["EximError"]


class EximError(FabricError):
    """Root of what only this trade's own code raises: the ledger says what its papers do not bear out."""
