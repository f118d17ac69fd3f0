"""The same API for synchronous backends (Flask, Django, scripts): every call is the asyncio one, waited for.

    from hlf_client.sync import connect

    with connect("profiles/org1.yaml", "org1", chaincode="basic") as ledger:
        ledger.submit("mychannel", "CreateAsset", "asset1", "blue")

`sync.gateway` has what Fabric's Gateway can do beyond every ledger. All connections of a process share one event loop
on a background thread; any number of threads may call. Not to be called from a coroutine: that would block its loop,
and is refused.
"""

from __future__ import annotations

from hlf_client.sync._ledger import Ledger, connect

__all__ = ["Ledger", "connect"]
