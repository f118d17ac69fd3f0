"""Small inputs that stand for large ones, by name: what reads each, and how it is made.

`BOMBS` are beyond every limit and must be refused for next to nothing; `LARGEST` are just within, and show what the
limits themselves cost.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from tests.eximledger.formats import customs_form
from tests.trust.fuzz.making import LAUGHS, MIB, archive_of, repeated
from tests.trust.fuzz.table_bombs import TABLE_BOMBS, TEXT, ods

from eximledger.formats import _limits as limits
from eximledger.formats import read
from eximledger.formats.watch import read_list
from eximledger.proof import ProofFile
from eximledger_chaincode.contracts import exim
from eximledger_network import default_text
from hlf_chaincode.json_size import MAX_JSON_VALUES
from hlf_client.gateway import Profile
from hlf_network.consortium import load_consortium

__all__ = ["BOMBS", "LARGEST", "Bomb"]

Reader: TypeAlias = Callable[[Path], object]
Bomb: TypeAlias = tuple[Reader, Callable[[], bytes]]

_WORKBOOK: Final = Path(__file__).resolve().parents[3] / "examples" / "dongyu" / "customs" / "declarations-2025.xlsx"


# XML --------------------------------------------------------------------------

_INVOICE: Final = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">'
_END: Final = b"</Invoice>"
_QUADRATIC: Final = b'<!DOCTYPE a [<!ENTITY e "' + b"a" * 100_000 + b'">]>'


def attributes(count: int) -> bytes:
    return b"<a " + b"".join(b'a%x="1" ' % number for number in range(count)) + b"/>"


_XML: Final[Mapping[str, Callable[[], bytes]]] = {
    "xml-billion-laughs": lambda: LAUGHS + _INVOICE + b"<ID>&e11;</ID>" + _END,
    "xml-quadratic-blowup": lambda: _QUADRATIC + _INVOICE + b"&e;" * 100_000 + _END,
    "xml-external-entity": lambda: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///dev/zero">]>' + _INVOICE + b"&x;" + _END,
    "xml-parameter-entity": lambda: b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///dev/zero">%x;]>' + _INVOICE + _END,
    "xml-deep": lambda: repeated(_INVOICE, b"<a>", b""),
    "xml-elements": lambda: repeated(_INVOICE, b"<a/>", _END),
    "xml-elements-utf-16": lambda: repeated(_INVOICE, b"<a/>", _END, 15 * MIB).decode().encode("utf-16"),
    "xml-attributes": lambda: _INVOICE + attributes(2_500_000) + _END,
    "xml-attributes-everywhere": lambda: repeated(_INVOICE, attributes(1000), _END),
    "xml-comment": lambda: repeated(_INVOICE + b"<!--", b"a ", b"-->" + _END),
    "xml-text": lambda: repeated(_INVOICE + b"<ID>", b"ab ", b"</ID>" + _END),
    "xml-text-wide": lambda: repeated(_INVOICE + b"<ID>", b"a" * 8000 + "💰".encode(), b"</ID>" + _END),
    "xml-lines": lambda: repeated(_INVOICE + b"<Note>", b"a\n", b"</Note>" + _END),
}

# tables -----------------------------------------------------------------------

_HEADER: Final = "报关单号,商品编号,总价,数量\n".encode()

_CSV: Final[Mapping[str, Callable[[], bytes]]] = {
    "csv-columns": lambda: repeated(_HEADER, b",", b"", limits.MAX_TEXT_BYTES),
    "csv-million-columns": lambda: _HEADER + b"1," * 1_000_000,
    "csv-columns-over-lines": lambda: repeated(_HEADER, b'"\n",', b"", limits.MAX_TEXT_BYTES),
    "csv-cells": lambda: repeated(_HEADER, b"1," * 255 + b"1\n", b"", limits.MAX_TEXT_BYTES),
    "csv-rows": lambda: repeated(_HEADER, b"\n", b"", limits.MAX_TEXT_BYTES),
    "csv-field": lambda: repeated(_HEADER + b'"', b"a", b'"', limits.MAX_TEXT_BYTES),
    "csv-nul": lambda: repeated(_HEADER, b"\x00", b"", limits.MAX_TEXT_BYTES),
    "csv-large": lambda: repeated(_HEADER, b"1,2\n", b""),
}

_MAIN: Final = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATION: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_SHEET: Final = "xl/worksheets/sheet1.xml"


def workbook(replaced: Mapping[str, bytes] | None = None, added: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """A real workbook with parts in place of its own, or beside them."""
    parts = dict(replaced or {})
    target = io.BytesIO()
    with (
        zipfile.ZipFile(_WORKBOOK) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as to,
    ):
        for name in source.namelist():
            to.writestr(name, parts.pop(name) if name in parts else source.read(name))
        for name, content in (*parts.items(), *added):
            to.writestr(name, content)
    return target.getvalue()


def sheet(rows: bytes, before: bytes = b"") -> dict[str, bytes]:
    return {_SHEET: b"<worksheet " + _MAIN + b">" + before + b"<sheetData>" + rows + b"</sheetData></worksheet>"}


def shared(strings: bytes, prologue: bytes = b"") -> dict[str, bytes]:
    """Texts of a sheet, and what says that they are there."""
    with zipfile.ZipFile(_WORKBOOK) as source:
        types = source.read("[Content_Types].xml")
        relations = source.read("xl/_rels/workbook.xml.rels")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    link = (
        b'<Relationship Type="' + _RELATION + b'sharedStrings" Target="sharedStrings.xml" Id="rId99"/></Relationships>'
    )
    return {
        "[Content_Types].xml": types.replace(b"</Types>", part),
        "xl/_rels/workbook.xml.rels": relations.replace(b"</Relationships>", link),
        "xl/sharedStrings.xml": prologue + b"<sst " + _MAIN + b">" + strings + b"</sst>",
    }


def zeros() -> bytes:
    """One part of 1 GiB."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", b"")
        with archive.open(_SHEET, "w") as part:
            for _ in range(1024):
                part.write(bytes(MIB))
    return target.getvalue()


def rows(count: int, row: bytes) -> bytes:
    return b"<row>%s</row>" % row * count


def styles(count: int) -> dict[str, bytes]:
    found = b"".join(b'<xf numFmtId="%d"/>' % number for number in range(count))
    return {"xl/styles.xml": b"<styleSheet " + _MAIN + b"><cellXfs>" + found + b"</cellXfs></styleSheet>"}


def far_cells(count: int = limits.MAX_ROWS) -> bytes:
    return b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (number, number) for number in range(1, count))


_STATEMENT: Final = b":20:R\n:25:A\n:28C:1\n:60F:C260101USD0,\n"
_CREDIT: Final = b":27:1/1\n:40A:X\n:20:R\n:31C:260101\n:31D:260201\n:50:A\n:59:B\n:32B:USD1,\n"
_AMENDMENT: Final = b":27:%s\n:20:R\n:31C:260101\n:26E:1\n:30:260101\n"
_ENTRY: Final = b":61:2601020102C1,00NTRFREF-%d//BANK-%d\n:86:/EREF/E-%d/REMI/INV %d\n"
_SWIFT: Final[Mapping[str, Callable[[], bytes]]] = {
    "swift-fields": lambda: _STATEMENT + b":61:260102C1,NTRFX\n" * 400_000,
    "swift-messages": lambda: b":20:R\n:25:A\n" * 600_000,
    "swift-lines": lambda: _STATEMENT + b":86:x\n" + b"x\n" * 3_000_000,
    "swift-line": lambda: repeated(_STATEMENT + b":61:260102C", b"1", b"", limits.MAX_TEXT_BYTES),
    "swift-slashes": lambda: repeated(_STATEMENT + b":61:260102C1,NTRFX\n:86:", b"/EREF/", b"", limits.MAX_TEXT_BYTES),
    "swift-blocks": lambda: repeated(b"{1:F01", b"{2:I940\n", b"", limits.MAX_TEXT_BYTES),
    "swift-credits": lambda: _CREDIT * 200_000,
    "swift-amendments": lambda: _CREDIT + b":20:R\n:26E:1\n:30:260101\n:32B:USD1,\n" * 200_000,
    "swift-parts-of-amendments": lambda: _CREDIT + b":27:2/9\n:20:R\n:26E:1\n:30:260101\n" * 200_000,
    "swift-goods": lambda: repeated(_CREDIT + b":45A:", b"CONTRACT \t \n+", b"", limits.MAX_TEXT_BYTES),
    "swift-blanks": lambda: repeated(_CREDIT + b":45A:CONTRACT", b" ", b"1", limits.MAX_TEXT_BYTES),
    "swift-large": lambda: repeated(_STATEMENT, b":61:260102C1,NTRFX\n", b""),
}
"""Statements of very many fields, or of one that does not end."""


_UNH: Final = b"UNB+UNOC:3+A+B+260101:0900+1'UNH+1+INVOIC:D:96A:UN'BGM+380+1+9'"
_LIN: Final = b"LIN+%d++4000862141404:EN'QTY+47:4'MOA+203:16'PRI+AAA:4'"
_EDIFACT: Final[Mapping[str, Callable[[], bytes]]] = {
    "edifact-segments": lambda: repeated(_UNH, b"LIN'", b"UNT+1+1'", limits.MAX_TEXT_BYTES),
    "edifact-elements": lambda: repeated(_UNH + b"FTX", b"+", b"'UNT+1+1'", limits.MAX_TEXT_BYTES),
    "edifact-components": lambda: repeated(_UNH + b"FTX+", b":", b"'UNT+1+1'", limits.MAX_TEXT_BYTES),
    "edifact-released": lambda: repeated(_UNH + b"FTX+", b"?+", b"'UNT+1+1'", limits.MAX_TEXT_BYTES),
    "edifact-messages": lambda: repeated(b"", b"UNH+1+INVOIC:D:96A:UN'", b"", limits.MAX_TEXT_BYTES),
    "edifact-text": lambda: repeated(_UNH + b"FTX+AAI+++", b"a", b"'", limits.MAX_TEXT_BYTES),
    "edifact-packages": lambda: repeated(_UNH, b"UNO+1'xUNP+1'", b"UNT+1+1'", limits.MAX_TEXT_BYTES),
    "edifact-package-of-nothing": lambda: repeated(_UNH + b"UNO+99999999'", b"'UNO+", b"", limits.MAX_TEXT_BYTES),
    "edifact-lines": lambda: repeated(_UNH, b"\r\n", b"'", limits.MAX_TEXT_BYTES),
    "edifact-references": lambda: _UNH + b"RFF+ON:1'" * 29_000 + b"UNT+1+1'",
    "edifact-large": lambda: repeated(_UNH, b"LIN+1'", b""),
}
"""Interchanges of very many parts, or of one that does not end."""
_DCSA: Final = b'{"transportDocumentReference":"1","transportDocumentTypeCode":"BOL","documentParties":{"shipper":{}},'
_BODY: Final = b"<FatturaElettronicaBody><DatiGenerali/></FatturaElettronicaBody>"
_FATTURA: Final = (
    b'<p:FatturaElettronica versione="FPR12" xmlns:p="x"><FatturaElettronicaHeader><CedentePrestatore><DatiAnagrafici>'
    b"<CodiceFiscale>1</CodiceFiscale></DatiAnagrafici></CedentePrestatore><CessionarioCommittente><DatiAnagrafici>"
    b"<CodiceFiscale>2</CodiceFiscale></DatiAnagrafici></CessionarioCommittente></FatturaElettronicaHeader>"
)
_SBD: Final = b"<StandardBusinessDocument>"
_CHANGE: Final = b'<OrderChange xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderChange-2"/>'
_OTHERS: Final[Mapping[str, Callable[[], bytes]]] = {
    "dcsa-items": lambda: repeated(_DCSA + b'"references":[', b"{},", b"{}]}", limits.MAX_TEXT_BYTES),
    "dcsa-deep": lambda: _DCSA + b'"a":' + b"[" * 100_000,
    "dcsa-number": lambda: _DCSA + b'"declaredValue":' + b"9" * 1_000_000 + b"}",
    "dcsa-list": lambda: b"[" + b'{"transportDocumentReference":"1"},' * 40_000 + b"{}]",
    "fatturapa-bodies": lambda: _FATTURA + _BODY * 60_000 + b"</p:FatturaElettronica>",
    "fatturapa-entities": lambda: LAUGHS + b'<FatturaElettronica versione="&e11;"/>',
    "envelope-papers": lambda: b"<a>" + _INVOICE.replace(b">", b"/>") * 100_000 + b"</a>",
    "envelope-without-papers": lambda: (
        b"<StandardBusinessDocument>" + b"<a/>" * 300_000 + b"</StandardBusinessDocument>"
    ),
}


def pdf(content: bytes, filters: bytes = b"/FlateDecode", names: int = 1, more: bytes = b"") -> bytes:
    """A PDF with one attachment, or with many names of it."""
    named = b"(a) 4 0 R " * names
    parts = [
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Names[" + named + b"]" + more + b">>",
        b"<</Type/Filespec/F(a.xml)/EF<</F 5 0 R>>>>",
        b"<</Filter[%s]/Length %d>>stream\n%s\nendstream" % (filters, len(content), content),
    ]
    text, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(text))
        text += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(text)
    return text + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def packed(size: int, times: int = 1) -> bytes:
    content = bytes(size)
    for _ in range(times):
        content = zlib.compress(content)
    return content


def shown(content: bytes, fonts: int = 1, letters: bytes = b"", pages: int = 1, forms: bytes = b"") -> bytes:
    """A PDF of pages that all show this, with fonts that say the meaning of `letters`; `forms` are drawn by /X."""
    packed_forms = zlib.compress(forms)
    named = b"".join(b"/F%d 5 0 R" % number for number in range(fonts))
    resources = b"<</Font<<" + named + b">>/XObject<</X 7 0 R>>>>"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + b"3 0 R " * pages + b"]/Count %d>>" % pages,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 595]/Contents 4 0 R/Resources " + resources + b">>",
        _stream(content),
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>/DW 1000>>]>>",
        _stream(letters),
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources "
        + resources
        + b"/Filter/FlateDecode/Length %d>>stream\n" % len(packed_forms)
        + packed_forms
        + b"\nendstream",
    ]
    text, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(text))
        text += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size 8/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(text)
    return text + b"xref\n0 8\n0000000000 65535 f \n" + table + trailer


def _stream(content: bytes) -> bytes:
    small = zlib.compress(content)
    return b"<</Filter/FlateDecode/Length %d>>stream\n" % len(small) + small + b"\nendstream"


_WORD: Final = b"BT /F0 9 Tf 1 0 0 1 %d %d Tm <00410042> Tj ET\n"
_MEANING: Final = b"1 beginbfrange\n<%04X> <%04X> <4E00>\nendbfrange\n"


def _words(count: int) -> bytes:
    return b"".join(_WORD % (number % 800, 590 - number // 80) for number in range(count))


_DECLARATION: Final = (
    b"<DecMessage><DecHead><IEFlag>E</IEFlag><EntryId>222920260000417205</EntryId></DecHead><DecLists>"
)
_GOODS: Final = b"<DecList><GNo>1</GNo><CodeTS>8504409999</CodeTS><GName>x</GName></DecList>"

_HOLDERS: Final[Mapping[str, Callable[[], bytes]]] = {
    "pdf-zeros": lambda: pdf(packed(200 * MIB)),
    "pdf-zeros-twice": lambda: pdf(packed(200 * MIB, 2), b"/FlateDecode/FlateDecode"),
    "pdf-filters": lambda: pdf(packed(MIB, 4), b"/FlateDecode" * 200),
    "pdf-names": lambda: pdf(b"x", b"", names=200_000),
    "pdf-kids-in-a-circle": lambda: pdf(b"x", b"", more=b"/Kids[3 0 R 3 0 R]"),
    "pdf-kids": lambda: pdf(b"x", b"", more=b"/Kids[" + b"3 0 R " * 300_000 + b"]"),
    "pdf-arrays": lambda: b"%PDF-1.7\n1 0 obj" + b"[" * 500_000,
    "pdf-of-nothing": lambda: repeated(b"%PDF-1.7\n", b"1 0 obj ", b"", 31 * MIB),
    "page-words": lambda: shown(_words(60_000)),
    "page-pages": lambda: shown(_words(3), pages=10_000),
    "page-words-of-many": lambda: shown(_words(4_000), pages=20),
    "page-small-operations": lambda: shown(b"q Q " * 6_000, pages=20),
    "page-nothing": lambda: shown(b"q Q " * 1_000_000),
    "page-fonts": lambda: shown(_words(3), fonts=10_000),
    "page-letters": lambda: shown(_words(3), fonts=300, letters=_MEANING % (1, 65_000)),
    "page-letters-again": lambda: shown(_words(3), letters=_MEANING % (1, 65_000) * 20_000),
    "page-letters-long": lambda: shown(_words(3), letters=b"1 beginbfrange\n<0001> <0002> [" + b"<41> " * 1_500_000),
    "page-drawn-again": lambda: shown(b"/X Do " * 5_000, forms=_words(2_000)),
    "page-in-a-circle": lambda: shown(b"/X Do", forms=b"/X Do " * 10_000),
    "page-string": lambda: shown(b"BT /F0 9 Tf <" + b"0041" * 1_500_000 + b"> Tj ET"),
    "page-titles": lambda: shown(_words(3) + "出口货物报关单".encode() * 100_000),
    "form-large": lambda: repeated(_DECLARATION, b"<DecList><GNo>1</GNo></DecList>", b"</DecLists></DecMessage>"),
    "form-lines": lambda: _DECLARATION + _GOODS * 60_000 + b"</DecLists></DecMessage>",
    "form-text": lambda: repeated(
        _DECLARATION + b"<DecList><GName>", b"ab ", b"</GName></DecList></DecLists></DecMessage>"
    ),
    "fapiao-lines": lambda: repeated(
        b"<EInvoice><EInvoiceData>", b"<IssuItemInformation/>", b"</EInvoiceData></EInvoice>"
    ),
    "ofd-zeros": lambda: archive_of([("OFD.xml", b"<a/>"), ("Doc_0/Attachs/original_invoice.xml", bytes(30 * MIB))]),
    "ofd-files": lambda: archive_of([("OFD.xml", b"<a/>")] + [(f"Attachs/{n}.xml", b"<a/>") for n in range(20_000)]),
    "zip-zeros": lambda: archive_of([("a.xml", bytes(30 * MIB))]),
    "zip-files": lambda: archive_of((f"{number}.xml", b"<a/>") for number in range(20_000)),
    "zip-workbooks": lambda: archive_of((f"{number}.xlsx", b"PK") for number in range(100)),
    "zip-pdfs": lambda: archive_of((f"{number}.pdf", pdf(packed(7 * MIB))) for number in range(20)),
    "zip-in-zip": lambda: archive_of([("a.zip", archive_of([("b.xml", b"<a/>")]))]),
}

_XLSX: Final[Mapping[str, Callable[[], bytes]]] = {
    "xlsx-zeros": zeros,
    "xlsx-parts": lambda: workbook(added=((f"x{number}", b"") for number in range(20_000))),
    "xlsx-cells": lambda: workbook(sheet(rows(5000, b"".join(b"<c><v>%d</v></c>" % n for n in range(100))))),
    "xlsx-dimension": lambda: workbook(sheet(rows(400_000, b"<c/>"), b'<dimension ref="A1:XFD1048576"/>')),
    "xlsx-far-cells": lambda: workbook(sheet(far_cells())),
    "xlsx-rows": lambda: workbook(sheet(far_cells(200_000))),
    "xlsx-far-row": lambda: workbook(sheet(b'<row r="999999999999"><c><v>1</v></c></row>')),
    "xlsx-shared-strings": lambda: workbook(shared(b"".join(b"<si><t>%d</t></si>" % n for n in range(500_000)))),
    "xlsx-entities": lambda: workbook(shared(b"<si><t>&e11;</t></si>", LAUGHS)),
    "xlsx-entities-in-names": lambda: workbook({"xl/workbook.xml": LAUGHS + b"<a>&e11;</a>"}),
    "xlsx-styles": lambda: workbook(styles(200_000)),
    "xlsx-nested-archive": lambda: workbook({_SHEET: workbook()}),
}

# JSON and YAML ----------------------------------------------------------------

_DECODERS: Final = exim().contracts["loans"].functions["apply"]


def decode(path: Path) -> object:
    """As the argument of a transaction."""
    return _DECODERS.decode([path.read_bytes()])


def many(count: int, entry: bytes = b'"%x":1') -> bytes:
    return b'{"kind":"invoice",' + b",".join(entry % number for number in range(count)) + b"}"


_JSON: Final[Mapping[str, Callable[[], bytes]]] = {
    "json-deep": lambda: b"[" * 100_000,
    "json-deep-objects": lambda: b'{"a":' * 100_000,
    "json-integer": lambda: b'{"kind":"invoice","a":' + b"9" * 1_000_000 + b"}",
    "json-exponent": lambda: b'{"kind":"rate","cny":1e999999999}',
    "json-array": lambda: repeated(b"[", b"{},", b"{}]", limits.MAX_TEXT_BYTES),
    "json-wrong-items": lambda: repeated(b'{"kind":"invoice","lines":[', b"1,", b"1]}", limits.MAX_TEXT_BYTES),
    "json-unknown-names": lambda: many(600_000),
    "json-same-name": lambda: many(600_000, b'"kind":%d'),
    "json-large": lambda: repeated(b'{"kind":"', b"a", b'"}'),
}
_BYTES: Final[Mapping[str, Callable[[], bytes]]] = {
    "argument-wrong-items": lambda: repeated(b'{"declarations":[', b"1,", b"1]}"),
    "argument-unknown-names": lambda: many(2_000_000),
    "argument-deep": lambda: b"[" * 100_000,
    "argument-integer": lambda: b'{"amount":{"amount":' + b"9" * 1_000_000 + b"}}",
}
_PROOF: Final[Mapping[str, Callable[[], bytes]]] = {
    "proof-wrong-items": lambda: repeated(b'{"block":{"data":[', b"1,", b"1]}}"),
    "proof-deep": lambda: b'{"block":' * 100_000,
}
_ALIASES: Final = "a: &a0 [x]\n" + "".join(f"k{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
_POLICY: Final = "AND(" + "'A.peer', " * 20_000 + "'A.peer')"
_YAML: Final[Mapping[str, Callable[[], bytes]]] = {
    "yaml-billion-laughs": lambda: _ALIASES.encode(),
    "yaml-merges": lambda: ("a: &a {b: 1}\nc: [" + "{<<: [*a, *a, *a]}, " * 10_000 + "1]").encode(),
    "yaml-deep": lambda: b"[" * 100_000,
    "yaml-deep-mappings": lambda: b"{a: " * 50_000,
    "yaml-number": lambda: b"a: " + b":".join([b"1"] * 100_000),
    "yaml-integer": lambda: b"a: " + b"9" * 200_000,
    "yaml-items": lambda: b"a:\n" + b"- 1\n" * 60_000,
    "yaml-large": lambda: repeated(b"a: '", b"x", b"'"),
    "yaml-policy": lambda: (
        default_text().replace("endorsement: OR(customs.peer)", f'endorsement: "{_POLICY}"').encode()
    ),
}


def _read_by(reader: Reader, made: Mapping[str, Callable[[], bytes]], prefix: str = "") -> dict[str, Bomb]:
    return {prefix + name: (reader, make) for name, make in made.items()}


_LIST: Final = b'<export generationDate="2026-01-01"><sanctionEntity logicalId="1"><nameAlias wholeName="x"/>'
_LISTS: Final[Mapping[str, Callable[[], bytes]]] = {
    "watch-billion-laughs": lambda: LAUGHS + _LIST + b"<remark>&e11;</remark></sanctionEntity></export>",
    "watch-deep": lambda: repeated(_LIST, b"<a>", b""),
    "watch-elements": lambda: repeated(_LIST, b"<a/>", b"</sanctionEntity></export>"),
    "watch-attributes": lambda: _LIST + attributes(2_500_000) + b"</sanctionEntity></export>",
    "watch-text": lambda: repeated(_LIST + b"<remark>", b"ab ", b"</remark></export>"),
    "watch-nothing": lambda: repeated(b"<export>", b"<a/>", b"</export>"),
    "watch-field": lambda: repeated(b'name\n"', b"a", b'"', limits.MAX_TEXT_BYTES),
    "watch-columns": lambda: b"name," + b"a," * 1_000_000 + b"\nx\n",
}

BOMBS: Final[Mapping[str, Bomb]] = {
    **_read_by(read_list, _LISTS),
    **_read_by(read, {**_XML, **_SWIFT, **_EDIFACT, **_OTHERS, **_HOLDERS, **_CSV, **_XLSX, **TABLE_BOMBS, **_JSON}),
    **_read_by(decode, _BYTES),
    **_read_by(lambda path: ProofFile.read(path.read_bytes()), _PROOF),
    **_read_by(Profile.read, _YAML, "profile-"),
    **_read_by(load_consortium, _YAML, "consortium-"),
}

LARGEST: Final[Mapping[str, Bomb]] = _read_by(
    read,
    {
        "xml": lambda: _INVOICE + b'<b><a c="1">x</a></b>' * (limits.MAX_XML_ELEMENTS // 3 - 1) + _END,
        "xml-attributes": lambda: _INVOICE + attributes(80_000) * 4 + _END,
        "swift": lambda: _STATEMENT + b"".join(_ENTRY % (n, n, n, n) for n in range(limits.MAX_MT_FIELDS // 2 - 4)),
        "swift-credit": lambda: (
            _CREDIT
            + (b":45A:" + b"+ CONTRACT NO    1    \n" * 490 + b"\n") * 4
            + b"".join(b":20:R\n:26E:%d\n:30:260301\n:45B:/DELETE/+ 5\n" % number for number in range(1, 100))
        ),
        "swift-amendment": lambda: (
            _CREDIT + _AMENDMENT % b"1/9" + _AMENDMENT.replace(b":31C:260101\n", b"") % b"2/9" * 3_900
        ),
        "edifact": lambda: (
            _UNH
            + b"DTM+137:20260101:102'NAD+SE+1::9'NAD+BY+2::9'CUX+2:USD:4'"
            + b"".join(_LIN % number for number in range(1, 7_450))
            + b"UNS+S'MOA+77:1'UNT+1+1'"
        ),
        "envelope": lambda: _SBD + _CHANGE + b"<a/>" * 300_000 + b"</StandardBusinessDocument>",
        "zugferd": lambda: (
            b"<CrossIndustryDocument><SpecifiedSupplyChainTradeTransaction>"
            + b"<IncludedSupplyChainTradeLineItem/>" * 300_000
            + b"</SpecifiedSupplyChainTradeTransaction></CrossIndustryDocument>"
        ),
        "page": lambda: shown(_words(390), pages=20, letters=_MEANING % (1, 20_000)),
        "page-fonts": lambda: shown(_words(7_900), fonts=300, letters=_MEANING % (1, 1_500)),
        "form": lambda: customs_form.message(customs_form.with_items(900)),
        "form-pdf": lambda: customs_form.pdf(customs_form.with_items(120)),
        "form-sheet": lambda: customs_form.workbook(customs_form.with_items(900)),
        "csv": lambda: _HEADER + (b"1," * 255 + b"1\n") * (limits.MAX_CELLS // 256),
        "xlsx": lambda: workbook(sheet(rows(1950, b"".join(b"<c><v>%d</v></c>" % n for n in range(50))))),
        "xlsx-strings": lambda: workbook(shared(b"".join(b"<si><t>%d</t></si>" % n for n in range(99_000)))),
        "xlsx-styles": lambda: workbook(styles(45_000)),
        "html": lambda: b"<html><table>" + (b"<tr>" + b"<td>1" * 50) * 1950,
        "ods": lambda: ods((b"<table:table-row>" + TEXT % b"" * 50 + b"</table:table-row>") * 1950),
        "json-unknown-names": lambda: many(MAX_JSON_VALUES - 1),
        "json-text": lambda: (
            b'{"kind":"invoice","a":[' + b'"ab",' * 99_000 + '"💰'.encode() + b"a" * (7 * MIB) + b'"]}'
        ),
    },
)
