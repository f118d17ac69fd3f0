"""Export finance on one ledger: connect, open a case, reconcile, decide.

    import eximledger

    async with eximledger.connect("embedded:exim.db", "eximbank") as ledger:
        desk = eximledger.LoanDesk(ledger)
        verdict = await desk.check("DY-2026-001")

Names are imported when they are first used: `import eximledger` itself costs next to nothing. `eximledger.sync` is the
same API without asyncio, `eximledger.formats` reads papers, `eximledger.testing` gives ledgers to tests. May import the
chaincode's values and pure functions, and `hlf_client`; nothing of Fabric but through it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eximledger import formats, sync, testing
    from eximledger._connect import connect, revoke
    from eximledger.desk import LoanDesk, Retry, check_papers, read_folder
    from eximledger.formats import read
    from eximledger_chaincode.errors import EximError
    from hlf_client import (
        CommitFailed,
        Conflict,
        EndorsementFailed,
        FabricError,
        InvalidDocument,
        Ledger,
        LedgerUnavailable,
        NotAuthorized,
        NotFound,
        Refused,
        info,
        verify,
    )

__all__ = [
    "CommitFailed",
    "Conflict",
    "EndorsementFailed",
    "EximError",
    "FabricError",
    "InvalidDocument",
    "Ledger",
    "LedgerUnavailable",
    "LoanDesk",
    "NotAuthorized",
    "NotFound",
    "Refused",
    "Retry",
    "check_papers",
    "connect",
    "formats",
    "info",
    "read",
    "read_folder",
    "revoke",
    "sync",
    "testing",
    "verify",
]

_PACKAGES: Final = ("formats", "sync", "testing")
_HOMES: Final = {
    "eximledger._connect": ("connect", "revoke"),
    "eximledger.desk": ("LoanDesk", "Retry", "check_papers", "read_folder"),
    "eximledger.formats": ("read",),
    "eximledger_chaincode.errors": ("EximError",),
}
_HOME: Final = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'eximledger' has no attribute {name!r}")
    found: object
    if name in _PACKAGES:
        found = import_module(f"eximledger.{name}")
    else:
        found = getattr(import_module(_HOME.get(name, "hlf_client")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)
