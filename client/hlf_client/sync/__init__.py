"""The same API for synchronous backends (Flask, Django, scripts): every call is the asyncio one, waited for.

    from hlf_client.sync import connect

    with connect("profiles/org1.yaml", "org1", chaincode="basic") as ledger:
        ledger.submit("mychannel", "CreateAsset", "asset1", "blue")

`sync.gateway`, loaded when it is first used, has what Fabric's Gateway can do beyond every ledger. All connections of a
process share one event loop on a background thread; any number of threads may call. Not to be called from a coroutine:
that would block its loop, and is refused.

All but `_loop` and `_repeating` is written by tools/async_to_sync.py from the asyncio classes (`make sync`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hlf_client.sync._ledger import Ledger, connect, revoke
from hlf_client.sync._repeating import repeat_conflicts

if TYPE_CHECKING:
    from hlf_client.sync import gateway

__all__ = ["Ledger", "connect", "gateway", "repeat_conflicts", "revoke"]


def __getattr__(name: str) -> object:
    if name != "gateway":
        raise AttributeError(f"module 'hlf_client.sync' has no attribute {name!r}")
    return import_module("hlf_client.sync.gateway")


def __dir__() -> list[str]:
    return list(__all__)
