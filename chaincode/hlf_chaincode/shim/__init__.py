"""The Fabric peer protocol: a chaincode-as-a-service server for the contracts of this package.

Here live the server and its settings, limits, logs and metrics; `stream` is the protocol itself, without I/O, and
`workers` runs contracts in processes of their own.
May import `contract`, `stub`, `peer` and `errors`, never a contract; only entry points import it.
Needs the extra `contract`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hlf_chaincode.limits import Limits
from hlf_chaincode.shim.logs import log_as_json
from hlf_chaincode.shim.settings import ServerTls, Settings

if TYPE_CHECKING:
    from hlf_chaincode.shim.server import ChaincodeServer

__all__ = ["ChaincodeServer", "Limits", "ServerTls", "Settings", "log_as_json"]


def __getattr__(name: str) -> object:
    """The server with its gRPC when it is asked for: workers, which import from below here, have no use for it."""
    if name == "ChaincodeServer":
        from hlf_chaincode.shim.server import ChaincodeServer

        return ChaincodeServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
