"""gRPC with its older I/O loop: import this before anything that imports grpc.

With grpcio 1.85 the newer loop hands each message through more threads: a third more CPU for a chaincode server
(docs/decisions/0007), a quarter for a client with one call in flight (docs/benchmarks-sdk.md). gRPC reads the choice
once, when it is imported; so nothing changes where it has been imported before, and a choice that somebody made stays.
"""

from __future__ import annotations

import os
from typing import Final

__all__ = ["EXPERIMENTS"]

EXPERIMENTS: Final = "-event_engine_listener,-event_engine_client"

if "GRPC_EXPERIMENTS" not in os.environ:
    os.environ["GRPC_EXPERIMENTS"] = EXPERIMENTS
    try:
        import grpc  # type: ignore[import-untyped]  # noqa: F401
    finally:
        del os.environ["GRPC_EXPERIMENTS"]  # it has been read; programs that this one starts choose for themselves
