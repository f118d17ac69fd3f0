"""Where the bytes of attachments are: beside the ledger, found and checked by their hash, never read as data.

`AttachmentStore` is what the desk asks for; `open_store` makes one of a URL: an embedded ledger's own file, a folder,
or a bucket behind S3's interface. May import `eximledger_chaincode` and `hlf_client`; the desk imports it.
"""

from __future__ import annotations

from eximledger.attachments._folder import FolderStore
from eximledger.attachments._in_ledger import InLedgerStore
from eximledger.attachments._opening import open_store
from eximledger.attachments._s3 import Credentials, S3Store
from eximledger.attachments._store import (
    AttachmentAltered,
    AttachmentStore,
    StoreUnavailable,
    checked_content,
    new_attachment,
)

__all__ = [
    "AttachmentAltered",
    "AttachmentStore",
    "Credentials",
    "FolderStore",
    "InLedgerStore",
    "S3Store",
    "StoreUnavailable",
    "checked_content",
    "new_attachment",
    "open_store",
]
