"""The driver's part of the error tree; the root is `hlf_chaincode.errors`."""

from __future__ import annotations

from hlf_chaincode.errors import FabricError

__all__ = ["NetworkError"]


class NetworkError(FabricError):
    """A Fabric network could not be brought up, changed or taken down; the message says what to do."""

    travels = False
