"""A workbook as an archive, looked at before it is unpacked for reading: a small file can hold a very large table.

What openpyxl does with a part costs far more than to unpack it, so tags are counted first; and where the parts stand is
held to the usual places, so that no part is read as something else, or again and again.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import column_index_from_string

from eximledger.formats._limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    MAX_XLSX_BYTES,
    MAX_XLSX_FILES,
    MAX_XLSX_RATIO,
    MAX_XLSX_TAGS,
)
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import Node
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Unseen", "check_workbook", "hidden_parts"]

_WORKBOOK: Final = "/xl/workbook.xml"
_SHEETS: Final = "/xl/worksheets/"
_LONGEST_TAG: Final = 4096
_STRINGS: Final = "/xl/sharedStrings.xml"
_CHUNK: Final = 256 * 1024
_HIDDEN: Final = re.compile(rb'<row\s(?=[^<>]*\bhidden="(?:1|true)")[^<>]*\br="([0-9]{1,7})"')
_COLUMN: Final = re.compile(rb'<col\s(?=[^<>]*\bhidden="(?:1|true)")([^<>]*)>')
_FROM: Final = re.compile(rb'\bmin="([0-9]{1,7})"')
_TO: Final = re.compile(rb'\bmax="([0-9]{1,7})"')
_MERGED: Final = re.compile(rb'<mergeCell\s[^<>]*\bref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')


@dataclass(frozen=True, slots=True)
class Unseen:
    """What of a sheet its cells do not tell: which rows (from 1) and columns (from 0) are not shown, and which cells
    stand for several rows: the first, the last, and the column."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int], ...] = ()


def check_workbook(source: bytes) -> None:
    """Raises `InvalidDocument` for an archive that is damaged, larger than tables are, or not laid out as one."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            _check_sizes(archive.infolist())
            _check_layout(archive)
            _check_tags(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise _refused("is not a workbook: the archive is damaged") from None


def _refused(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the table {reason}", field="table", reason=reason)


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_XLSX_FILES:
        raise _refused(f"is refused: the workbook has more than {MAX_XLSX_FILES} parts")
    if len({part.filename for part in parts}) != len(parts):
        raise _refused("is refused: the workbook has two parts of one name")
    if sum(part.file_size for part in parts) > MAX_XLSX_BYTES:
        raise _refused(f"is refused: the workbook unpacks to more than {MAX_XLSX_BYTES} bytes")
    for part in parts:
        if part.file_size > 2**20 and part.file_size > MAX_XLSX_RATIO * max(part.compress_size, 1):
            raise _refused("is refused: a part of the workbook is packed more tightly than real tables are")


def _check_layout(archive: zipfile.ZipFile) -> None:
    """One workbook; sheets in the folder of sheets, each once, and nothing else there."""
    types = _part(archive, "[Content_Types].xml").all("Override")
    main = [each for each in types if each.attributes.get("ContentType", "").endswith(".main+xml")]
    if any(each.attributes.get("PartName") != _WORKBOOK for each in main):
        raise _refused(f"is refused: the workbook is not at {_WORKBOOK}")
    targets: set[str] = set()
    relations = _part(archive, "xl/_rels/workbook.xml.rels").all("Relationship")
    for each in relations:
        kind = each.attributes.get("Type", "").rpartition("/")[2]
        target = posixpath.normpath(posixpath.join("/xl", each.attributes.get("Target", "")))
        if target in targets:
            raise _refused("is refused: a part of the workbook is used twice")
        targets.add(target)
        if (kind == "worksheet", kind == "sharedStrings") != (target.startswith(_SHEETS), target == _STRINGS):
            raise _refused("is refused: the parts of the workbook are not where they should be")
    if len(_part(archive, _WORKBOOK[1:]).all("sheets", "sheet")) > MAX_SHEETS:
        raise _refused(f"is refused: the workbook has more than {MAX_SHEETS} sheets")


def hidden_parts(source: bytes) -> dict[str, Unseen]:
    """What of each sheet, by its name, is not shown, by hand or by a filter, or merged."""
    found: dict[str, Unseen] = {}
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        relations = _part(archive, "xl/_rels/workbook.xml.rels").all("Relationship")
        parts = {each.attributes.get("Id"): each.attributes.get("Target", "") for each in relations}
        for sheet in _part(archive, _WORKBOOK[1:]).all("sheets", "sheet"):
            target = parts.get(sheet.attributes.get("id", ""), "")
            part = posixpath.normpath(posixpath.join("/xl", target))[1:]
            if target and part in archive.namelist():
                found[sheet.attributes.get("name", "")] = _hidden_in(archive, part)
    return found


def _hidden_in(archive: zipfile.ZipFile, part: str) -> Unseen:
    rows: set[int] = set()
    columns: set[int] = set()
    merged: set[tuple[int, int, int]] = set()
    left = b""
    with archive.open(part) as content:
        while piece := content.read(_CHUNK):
            left = left[max(left.rfind(b"<"), 0) :][-_LONGEST_TAG:] + piece
            rows.update(int(number) for number in _HIDDEN.findall(left))
            for column in _COLUMN.findall(left):
                first, last = _FROM.search(column), _TO.search(column)
                if first is not None and last is not None:
                    columns.update(range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS)))
            for at, top, end in _MERGED.findall(left):
                if int(end) > int(top):
                    merged.add((int(top), int(end), column_index_from_string(at.decode()) - 1))
            if len(merged) > MAX_ROWS:
                raise _refused(f"is refused: it has more than {MAX_ROWS} merged cells")
    return Unseen(frozenset(rows), frozenset(columns), tuple(sorted(merged)))


def _part(archive: zipfile.ZipFile, name: str) -> Node:
    try:
        return parse(archive.read(name))
    except KeyError:
        raise _refused(f"is not a workbook: it has no {name}") from None


def _check_tags(archive: zipfile.ZipFile) -> None:
    """A cell has four tags, mostly, and so has a text of the shared ones; the rest of a workbook is small."""
    sheets = strings = others = rows = 0
    for part in archive.infolist():
        tags = _count(archive, part, b"<")
        if f"/{part.filename}".startswith(_SHEETS):
            sheets += tags
            rows += _count(archive, part, b"<row")
        elif f"/{part.filename}" == _STRINGS:
            strings += tags
        else:
            others += tags
    if sheets > 5 * MAX_CELLS or strings > 4 * MAX_CELLS:
        raise _refused(f"is refused: it has more than {MAX_CELLS} cells")
    if rows > MAX_ROWS:
        raise _refused(f"is refused: it has more than {MAX_ROWS} rows")
    if others > MAX_XLSX_TAGS:
        raise _refused(f"is refused: styles, names and other parts of the workbook have more than {MAX_XLSX_TAGS} tags")


def _count(archive: zipfile.ZipFile, part: zipfile.ZipInfo, wanted: bytes) -> int:
    """How often bytes stand in a part; one that lies across two pieces is not seen, and makes no difference."""
    found = 0
    with archive.open(part) as content:
        while piece := content.read(_CHUNK):
            found += piece.count(wanted)
    return found
