"""Workbooks of other makes than XLSX that stand for very large tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.trust.fuzz.making import LAUGHS, MIB, archive_of, repeated

from eximledger.formats import _limits as limits

__all__ = ["TABLE_BOMBS", "TEXT", "ods"]

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_BOOK: Final = "Workbook".encode("utf-16-le")
_BIFF: Final = b"\x09\x08\x10\x00" + bytes(16)
_OFFICE: Final = (
    b'<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
    b"<table:table>",
    b"</table:table></office:spreadsheet></office:body></office:document-content>",
)
_WORKBOOK: Final = b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
_EXCEL: Final = (_WORKBOOK + b"<Worksheet><Table>", b"</Table></Worksheet></Workbook>")
_FAR: Final = b'<Row Index="9999999"><Cell Index="9999999"><Data>1</Data></Cell></Row>'
TEXT: Final = b'<table:table-cell office:value-type="string"%s><text:p>1</text:p></table:table-cell>'


def ods(content: bytes) -> bytes:
    return archive_of([("content.xml", _OFFICE[0] + content + _OFFICE[1]), ("mimetype", b"")])


TABLE_BOMBS: Final[Mapping[str, Callable[[], bytes]]] = {
    "xls-cells": lambda: repeated(_OLE + _BOOK + _BIFF, b"\x03\x02\x0e\x00" + bytes(14), b"", limits.MAX_TEXT_BYTES),
    "xls-many-cells": lambda: repeated(
        _OLE + _BOOK + _BIFF, b"\xbd\x00\x06\x06" + bytes(1542), b"", limits.MAX_TEXT_BYTES
    ),
    "xls-records": lambda: repeated(_OLE + _BOOK + _BIFF, bytes(4), b"", limits.MAX_TEXT_BYTES),
    "xls-zeros": lambda: repeated(_OLE + _BOOK, bytes(1024), b"", limits.MAX_TEXT_BYTES),
    "xls-chain": lambda: repeated(_OLE[:512] + _BOOK, b"\x00\x00\x00\x00\x01\x00\x00\x00", b"", limits.MAX_TEXT_BYTES),
    "xls-large": lambda: repeated(_OLE + _BOOK, b"a", b""),
    "ods-rows": lambda: ods(
        b'<table:table-row table:number-rows-repeated="9999999">' + TEXT % b"" + b"</table:table-row>"
    ),
    "ods-columns": lambda: ods(
        b"<table:table-row>" + TEXT % b' table:number-columns-repeated="9999999"' + b"</table:table-row>"
    ),
    "ods-cells": lambda: ods(
        (
            b'<table:table-row table:number-rows-repeated="1000">'
            + TEXT % b' table:number-columns-repeated="200"'
            + b"</table:table-row>"
        )
        * 1000
    ),
    "ods-zeros": lambda: archive_of([("content.xml", bytes(30 * MIB)), ("mimetype", b"")]),
    "ods-empty-rows": lambda: ods(b'<table:table-row table:number-rows-repeated="9999999"/>' * 450_000),
    "ods-deep": lambda: ods(b"<table:table-row-group>" * 500_000),
    "spreadsheetml-rows": lambda: repeated(_EXCEL[0], b"<Row><Cell><Data>1</Data></Cell></Row>", _EXCEL[1]),
    "spreadsheetml-index": lambda: _EXCEL[0] + _FAR + _EXCEL[1],
    "spreadsheetml-laughs": lambda: LAUGHS + _EXCEL[0] + b"&e11;" + _EXCEL[1],
    "spreadsheetml-sheets": lambda: _WORKBOOK + b"<Worksheet/>" * 10_000 + b"</Workbook>",
    "html-rows": lambda: repeated(b"<html><table>", b"<tr><td>1", b"", limits.MAX_TEXT_BYTES),
    "html-columns": lambda: repeated(b"<html><table><tr>", b"<td>1", b"", 2 * MIB),
    "html-spans": lambda: repeated(b"<html><table>", b"<tr><td rowspan=99999 colspan=99999>1", b"", 2 * MIB),
    "html-tables": lambda: repeated(b"<html>", b"<table></table>", b"", 2 * MIB),
    "html-nested": lambda: repeated(b"<html><table><tr><td>", b"<table>", b"", 2 * MIB),
    "html-text": lambda: repeated(b"<html><table><tr><td>", b"ab ", b"", limits.MAX_TEXT_BYTES),
    "html-comment": lambda: repeated(b"<html><table><tr><td>", b"<!--", b"", 2 * MIB),
    "html-tag": lambda: repeated(b"<html><table><tr><td ", b"a=b ", b"", limits.MAX_TEXT_BYTES),
    "html-open": lambda: repeated(b"<html><table><tr><td>", b"<", b"", 2 * MIB),
    "html-references": lambda: repeated(b"<html><table><tr><td>", b"&#", b"", limits.MAX_TEXT_BYTES),
    "html-large": lambda: repeated(b"<html>", b"a", b""),
}
