"""From a store's URL, or a ledger's, to the store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from eximledger.attachments._folder import FolderStore
from eximledger.attachments._in_ledger import InLedgerStore
from eximledger.attachments._s3 import Credentials, S3Store
from eximledger.attachments._store import AttachmentStore
from hlf_client.embedded import Address
from hlf_client.errors import InvalidDocument

__all__ = ["open_store"]

_EMBEDDED: Final = "embedded:"


def open_store(url: str, *, ledger: str, msp_id: str, environment: Mapping[str, str]) -> AttachmentStore:
    """`folder:PATH`, `s3:https://HOST/BUCKET/PREFIX?region=REGION` with the key in `AWS_ACCESS_KEY_ID`,
    `AWS_SECRET_ACCESS_KEY` and, where it has one, `AWS_SESSION_TOKEN` of the environment, or "" for the embedded
    ledger's own file. Raises `InvalidDocument`."""
    kind, _, rest = url.partition(":")
    if kind == "folder" and rest:
        return FolderStore(Path(rest).expanduser())
    if kind == "s3" and rest:
        return _bucket(rest, environment)
    if url:
        raise _wrong("write folder:PATH or s3:https://HOST/BUCKET/PREFIX")
    path = Address.parse(ledger.removeprefix(_EMBEDDED)).path if ledger.startswith(_EMBEDDED) else None
    if path is None:
        raise _wrong("this ledger keeps no attachments itself: name a store (EXIM_ATTACHMENTS)")
    return InLedgerStore(path, msp_id)


def _bucket(location: str, environment: Mapping[str, str]) -> S3Store:
    url, _, query = location.partition("?")
    settings = parse_qs(query)
    if unknown := sorted(set(settings) - {"region"}):
        raise _wrong(f"there is no setting {unknown[0]}")
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    if missing := [name for name in names if not environment.get(name)]:
        raise _wrong(f"the key of the store is missing: set {' and '.join(missing)}")
    access_key, secret_key = (environment[name] for name in names)
    credentials = Credentials(access_key, secret_key, environment.get("AWS_SESSION_TOKEN", ""))
    return S3Store(url, credentials, region=settings.get("region", ["us-east-1"])[0])


def _wrong(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the store of attachments: {reason}", field="attachments", reason=reason)
