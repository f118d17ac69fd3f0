"""Typed clients: a Python module with one method for each function of a chaincode, written from what it says of itself.

    hlf client generate mychannel --chaincode basic --out basic.py

    basic = Basic(ledger, "mychannel")
    asset = await basic.assets.read_asset("asset1")      # an `Asset`, checked

Every contract API of Fabric describes its chaincode (`org.hyperledger.fabric:GetMetadata`), so the chaincode may be
written in any language. `client_module` writes the module; what it writes stands on `Calls`, `Done` and `Model`, which
need pydantic (the extra `embedded`, or pydantic alone). May import `ledger`, `private` and `errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hlf_client.typed._calls import Calls, Done, Model, decoder
    from hlf_client.typed._module import client_module

__all__ = ["GET_METADATA", "Calls", "Done", "Model", "client_module", "decoder"]

GET_METADATA: Final = "org.hyperledger.fabric:GetMetadata"
"""The function by which a chaincode describes itself."""


def __getattr__(name: str) -> object:
    """Who only writes a module needs no pydantic."""
    if name == "client_module":
        from hlf_client.typed._module import client_module

        return client_module
    if name in __all__:
        from hlf_client.typed import _calls

        return getattr(_calls, name)
    raise AttributeError(f"module 'hlf_client.typed' has no attribute {name!r}")
