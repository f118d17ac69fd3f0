"""Ledgers of the trade: `hlf_client`'s, with the exim chaincode and the default consortium where none is named."""

from __future__ import annotations

from pathlib import Path

from eximledger.consortium import CHAINCODE, EXIM
from hlf_client import Clock, Identity, Ledger, utc_now
from hlf_client import connect as connect_any
from hlf_client import revoke as revoke_any

__all__ = ["connect", "revoke"]


def connect(
    url: str | Path, identity: Identity | str | None = None, *, chaincode: str = CHAINCODE, clock: Clock = utc_now
) -> Ledger:
    """A connection in the name of `identity`, to be closed when done (`async with connect(...) as ledger`).

    `url` is `embedded:PATH[?strict=1]`, `embedded::memory:` (`embedded::memory:NAME` to share one in the process),
    the path of a Fabric connection profile or of a folder of them, or `hfc:PATH` of one, for networks without a
    gateway. `identity` is `member`, `member/user`, or an `Identity`; of a profile's file it may be left out, for the
    profile's own first user. `clock` gives the time of proposals on an embedded ledger. A ledger file is made at its
    first use, with the default consortium, on a thread: the first call waits for that.

    Raises `InvalidDocument` for an unknown URL, `NotAuthorized` for an unknown identity, `LedgerUnavailable`.
    """
    return connect_any(url, identity, chaincode=chaincode, consortium=EXIM, clock=clock)


async def revoke(url: str | Path, who: str, *, reissue: bool = False) -> tuple[str, ...]:
    """Declare the certificate of `member/user` void on an embedded ledger; the channels on which it is. With `reissue`
    the user has another, for another key, at once. On Fabric `eximledger network revoke` does this.

    Raises `NotAuthorized` for an unknown user, `LedgerUnavailable` when there is no ledger to be written.
    """
    return await revoke_any(url, who, consortium=EXIM, reissue=reissue)
