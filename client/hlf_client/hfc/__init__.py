"""Fabric through fabric-sdk-py (hfc) 1.0.0: for networks older than the Gateway, and where policy fixes that SDK.

`HfcLedger` is a `Ledger` like the others, opened by `hlf_client.connect("hfc:PROFILE", ...)`. hfc's pins clash with
today's protobuf and gRPC, so it runs in a worker process with an environment of its own, which `eximledger hfc install`
makes. This process writes every message and signs it; the worker carries signed bytes and holds no key.

`worker` is that program, `_pipe` its process, `_wire` its verbs with types; `_endorsing`, `_discovery`, `_commits` and
`_listening` do here what a gateway peer does elsewhere. May import `errors`, `identity`, the ledger
interface and `wire`; `_connect` imports it for `hfc:` URLs.
"""

from __future__ import annotations

from hlf_client.hfc._environment import Environment
from hlf_client.hfc._ledger import HfcLedger

__all__ = ["Environment", "HfcLedger"]
