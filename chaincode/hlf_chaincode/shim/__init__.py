"""The Fabric peer protocol: a chaincode-as-a-service server for the contracts of this package.

Here live the server and its settings, limits, logs and metrics; `stream` is the protocol itself, without I/O.
May import `contract`, `stub`, `peer` and `errors`, never a contract; only entry points import it.
Needs the extra `contract`.
"""

from __future__ import annotations

from hlf_chaincode.limits import Limits
from hlf_chaincode.shim.logs import log_as_json
from hlf_chaincode.shim.server import ChaincodeServer
from hlf_chaincode.shim.settings import ServerTls, Settings

__all__ = ["ChaincodeServer", "Limits", "ServerTls", "Settings", "log_as_json"]
