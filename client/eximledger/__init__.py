"""The SDK: connect to a ledger, open a case, reconcile, decide. Depends on the chaincode package only.

    import eximledger

    async with eximledger.connect("embedded:exim.db", "eximbank") as ledger:
        desk = eximledger.LoanDesk(ledger)
        verdict = await desk.check("DY-2026-001")

Names are imported when they are first used: `import eximledger` itself costs next to nothing. `eximledger.sync` is the
same API without asyncio, `eximledger.formats` reads papers, `eximledger.testing` gives ledgers to tests.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eximledger.desk import LoanDesk, Retry, check_papers, read_folder
    from eximledger.errors import (
        CommitFailed,
        Conflict,
        EndorsementFailed,
        EximError,
        InvalidDocument,
        LedgerUnavailable,
        NetworkError,
        NotAuthorized,
        NotFound,
        Refused,
    )
    from eximledger.formats import read
    from eximledger.ledger import Ledger, connect, verify

__all__ = [
    "CommitFailed",
    "Conflict",
    "EndorsementFailed",
    "EximError",
    "InvalidDocument",
    "Ledger",
    "LedgerUnavailable",
    "LoanDesk",
    "NetworkError",
    "NotAuthorized",
    "NotFound",
    "Refused",
    "Retry",
    "check_papers",
    "connect",
    "read",
    "read_folder",
    "verify",
]

_HOMES: Final = {
    "desk": ("LoanDesk", "Retry", "check_papers", "read_folder"),
    "formats": ("read",),
    "ledger": ("Ledger", "connect", "verify"),
}
_HOME: Final = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'eximledger' has no attribute {name!r}")
    found: object = getattr(import_module(f"eximledger.{_HOME.get(name, 'errors')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
