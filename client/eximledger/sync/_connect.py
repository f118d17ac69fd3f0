# Made by tools/async_to_sync.py; do not edit. From client/eximledger/_connect.py.
"""`eximledger.connect` for callers that wait."""

from __future__ import annotations

from pathlib import Path

from eximledger._connect import connect as connect_async
from eximledger._connect import revoke as revoke_async
from eximledger.consortium import CHAINCODE
from hlf_client import Clock, Identity, utc_now
from hlf_client.sync import Ledger
from hlf_client.sync._loop import call_on_loop, wait_for

__all__ = ["connect", "revoke"]


def connect(
    url: str | Path, identity: Identity | str | None = None, *, chaincode: str = CHAINCODE, clock: Clock = utc_now
) -> Ledger:
    """A connection in the name of `identity`, to be closed when done (`with connect(...) as ledger`).

    `url` is `embedded:PATH[?strict=1]`, `embedded::memory:` (`embedded::memory:NAME` to share one in the process),
    the path of a Fabric connection profile or of a folder of them, or `hfc:PATH` of one, for networks without a
    gateway. `identity` is `member`, `member/user`, or an `Identity`; of a profile's file it may be left out, for the
    profile's own first user. `clock` gives the time of proposals on an embedded ledger. A ledger file is made at its
    first use, with the default consortium, on a thread: the first call waits for that.

    Raises `InvalidDocument` for an unknown URL, `NotAuthorized` for an unknown identity, `LedgerUnavailable`.
    """
    return Ledger(call_on_loop(lambda: connect_async(url, identity, chaincode=chaincode, clock=clock)))


def revoke(url: str | Path, who: str, *, reissue: bool = False) -> tuple[str, ...]:
    """Declare the certificate of `member/user` void on an embedded ledger; the channels on which it is. With `reissue`
    the user has another, for another key, at once. On Fabric `eximledger network revoke` does this.

    Raises `NotAuthorized` for an unknown user, `LedgerUnavailable` when there is no ledger to be written.
    """
    return wait_for(revoke_async(url, who, reissue=reissue))
