"""What has a synchronous twin: the asynchronous classes and functions, and the modules that their twins stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

__all__ = ["MODULES", "SyncModule", "Twin"]


@dataclass(frozen=True, slots=True)
class Twin:
    """An asynchronous class or function that has a synchronous twin of the same name.

    The twin keeps the asynchronous object as `holds`. It is made around one, or, where it is `built`, with the
    arguments that the asynchronous class takes. `extends` names the class whose twin it adds to. `words` are what its
    docstrings say otherwise without an event loop.
    """

    of: str
    holds: str = ""
    built: bool = False
    extends: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.of.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class SyncModule:
    """A module that is written: its name, the package that offers what is in it, its docstring, its twins."""

    name: str
    home: str
    about: str
    twins: tuple[Twin, ...]


MODULES: Final = (
    SyncModule(
        "hlf_client.sync._ledger",
        home="hlf_client.sync",
        about="A ledger connection that waits.",
        twins=(
            Twin("hlf_client._connect.connect"),
            Twin("hlf_client._connect.revoke"),
            Twin(
                "hlf_client.ledger.Ledger",
                holds="connection",
                words={
                    "Safe for concurrent use within its event loop.": "Any number of threads may use it.",
                    "as of when it is first awaited, or before": "as of the first `next`",
                },
            ),
        ),
    ),
    SyncModule(
        "hlf_client.sync.gateway",
        home="hlf_client.sync.gateway",
        about="""Fabric's Gateway without asyncio: what a gateway has beyond every ledger.

    from hlf_client.gateway import Profile
    from hlf_client.sync.gateway import GatewayLedger

    with GatewayLedger.connect(Profile.read("bank.yaml"), chaincode="basic") as ledger:
        asset = ledger.with_timeouts(evaluate=2).evaluate("mychannel", "ReadAsset", "asset1")

gRPC does not survive a fork: a server that forks its workers makes its first call in them.
""",
        twins=(
            Twin("hlf_client.gateway.listening.offline_listening.OfflineListening", holds="_offline"),
            Twin(
                "hlf_client.gateway._ledger.GatewayLedger",
                holds="connection",
                extends="hlf_client.ledger.Ledger",
                words={
                    "Calls are safe to run concurrently on the event loop where the first was made.": (
                        "Any number of threads may use it."
                    ),
                },
            ),
        ),
    ),
    SyncModule(
        "eximledger.sync._connect",
        home="eximledger.sync",
        about="`eximledger.connect` for callers that wait.",
        twins=(Twin("eximledger._connect.connect"), Twin("eximledger._connect.revoke")),
    ),
    SyncModule(
        "eximledger.sync._desk",
        home="eximledger.sync",
        about="The loan desk that waits.",
        twins=(
            Twin(
                "eximledger.desk._desk.LoanDesk",
                holds="desk",
                built=True,
                words={
                    "All methods may run concurrently on the connection's event loop. Cancelling one": (
                        "Any number of threads may use it. Interrupting a call"
                    ),
                },
            ),
        ),
    ),
)
