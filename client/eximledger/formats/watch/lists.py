"""A file as a watch list: its format, what its publisher says of this edition, its entries, and what was left out."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from eximledger.formats._limits import MAX_LIST_BYTES
from eximledger.formats._reading import Unmapped
from eximledger.formats._source import Named
from eximledger.formats.tables.sheets import decode_text
from eximledger.formats.text.values import date_of
from eximledger.formats.watch.entries import Gathering
from eximledger.formats.watch.eu import read_eu
from eximledger.formats.watch.ofac import read_ofac
from eximledger.formats.watch.streaming import Root, root_of
from eximledger.formats.watch.table import read_table, shows_list
from eximledger.formats.watch.un import read_un
from eximledger_chaincode.documents import LegalForce, WatchEntry
from hlf_chaincode.errors import InvalidDocument

__all__ = ["ListReading", "read_list"]


class _Publisher(NamedTuple):
    format: str
    list_id: str
    title: str
    source: str
    force: LegalForce
    read: Callable[[bytes], Gathering]
    dated: str
    """The root's attribute that says when the edition was made."""


_OF_ROOT: Final = {
    "CONSOLIDATED_LIST": _Publisher(
        "un-consolidated", "UN-SC", "United Nations Security Council Consolidated List",
        "United Nations Security Council", LegalForce.BINDING, read_un, "dateGenerated",
    ),
    "Sanctions": _Publisher(
        "ofac-advanced", "OFAC-SDN", "Specially Designated Nationals and Blocked Persons List",
        "Office of Foreign Assets Control, United States", LegalForce.FOREIGN, read_ofac, "",
    ),
    "export": _Publisher(
        "eu-consolidated-1.1", "EU-FSF", "Consolidated list of persons, groups and entities subject to EU sanctions",
        "European Union", LegalForce.FOREIGN, read_eu, "generationDate",
    ),
}  # fmt: skip
_TABLE: Final = _Publisher("watch-csv", "", "", "", LegalForce.BINDING, read_table, "")
_HEAD: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class ListReading:
    """A list as read; what the file does not say of itself is "" or None. Entries are in the order of their ids."""

    format: str
    list_id: str
    title: str
    source: str
    force: LegalForce
    edition: str
    published_on: date | None
    entries: tuple[WatchEntry, ...]
    left_out: tuple[Unmapped, ...] = ()


def read_list(path_or_bytes: Path | bytes) -> ListReading:
    """Read a list. Raises `InvalidDocument`, and nothing else, for what is no sound file of a known format, holds no
    entry, or two of one id."""
    with Named(path_or_bytes, ""):
        source = path_or_bytes if isinstance(path_or_bytes, bytes) else _file(path_or_bytes)
        if len(source) > MAX_LIST_BYTES:
            raise _refused(f"is larger than {MAX_LIST_BYTES // 2**20} MiB")
        publisher, root = _told(source)
        found = publisher.read(source)
        entries = _distinct(found)
    made = root.attributes.get(publisher.dated, "") if root is not None and publisher.dated else ""
    return ListReading(
        publisher.format, publisher.list_id, publisher.title, publisher.source, publisher.force, made[:140],
        _day(made), entries, tuple(found.left_out),
    )  # fmt: skip


def _told(source: bytes) -> tuple[_Publisher, Root | None]:
    head = source[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
        root = root_of(source)
        known = _OF_ROOT.get(root.name) if root is not None else None
        if known is None or root is None:
            raise _refused("is no watch list: known are the UN's, OFAC's advanced and the EU's XML, and CSV")
        return known, root
    if not head:
        raise _refused("is empty")
    if not shows_list(decode_text(source[:_HEAD], cut=len(source) > _HEAD)):
        raise _refused("is no watch list: a CSV has a first line with the column 名称 or name")
    return _TABLE, None


def _distinct(found: Gathering) -> tuple[WatchEntry, ...]:
    """Sorted by id. An entry that stands twice is taken once; two under one id are refused."""
    entries: dict[str, WatchEntry] = {}
    for entry in found.entries:
        if entries.setdefault(entry.entry_id, entry) != entry:
            raise InvalidDocument(
                f"two entries have the id {entry.entry_id}", field=f"entry {entry.entry_id}", reason="two of one id"
            )
    if not entries:
        raise _refused("holds no entry")
    return tuple(entries[entry_id] for entry_id in sorted(entries))


def _day(text: str) -> date | None:
    try:
        return date_of(text[:10]) if text else None
    except ValueError:
        return None


def _refused(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the file {reason}", field="file", reason=reason)


def _file(path: Path) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InvalidDocument("this is not a file", field="file", reason="not a file")
        with path.open("rb") as file:  # as much as it says that it has, before memory is set aside for more
            return file.read(min(found.st_size, MAX_LIST_BYTES) + 1)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise InvalidDocument(f"the file cannot be read: {reason}", field="file", reason=reason) from None
