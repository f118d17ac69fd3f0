"""Whose keys sign: accounts of persons, the connection of each, and what the person may do.

An account's key is in a wallet, an HSM or elsewhere; it is opened when its person signs in and let go of when nobody
is signed in as that person any more.
"""

from __future__ import annotations

from eximledger.serving.officers._accounts import Account, Officers, Roll
from eximledger.serving.officers._desks import Desks
from eximledger.serving.officers._file import read_officers
from eximledger.serving.officers._officer import Officer, Standing, officer_at
from eximledger.serving.officers._remote import RemoteSigner

__all__ = [
    "Account",
    "Desks",
    "Officer",
    "Officers",
    "RemoteSigner",
    "Roll",
    "Standing",
    "officer_at",
    "read_officers",
]
