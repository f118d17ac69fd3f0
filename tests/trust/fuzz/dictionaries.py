"""Words of formats that are no XML and no JSON, for changes that a reader does not refuse at once."""

from __future__ import annotations

from typing import Final

from tests.trust.fuzz.mutation import words

__all__ = ["CSV", "EDIFACT", "HTML", "PDF", "SWIFT"]

CSV: Final = words(
    ",",
    ";",
    "\t",
    '"',
    "\n",
    "报关单号",
    "商品编号",
    "总价",
    "合计",
    "USD/120/3",
    "1.2E+17",
    "美元",
    "502",
    "(",
    ")",
    "发票号",
    "装箱单",
    "Invoice No.:",
    "单位：万元",
    "（吨）",
    "/100pcs",
    "千",
    "$",
    "-",
    "per",
)
HTML: Final = words(
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td rowspan=9>", "<td colspan='999'>", "<!--", "-->",
    "&nbsp;", "&#x10FFFF;", "<script>", "</script>", "<style", "<![CDATA[", "<!DOCTYPE html>", "报关单号", "合计",
)  # fmt: skip
SWIFT: Final = words(
    *(":20:", ":25:", ":28C:", ":60F:", ":61:", ":86:", ":62F:", ":32A:", ":59:", ":50K:", "{1:F01", "{2:I940", "{4:"),
    *(
        "\n",
        "-}",
        "C",
        "D",
        "RC",
        "RD",
        "EC",
        "//",
        "?20",
        "?31",
        "/EREF/",
        "/REMI/",
        "/OCMT/",
        "EREF+",
        "NTRF",
        "NONREF",
    ),
    *("USD", "CNY", ",", "260230", "999999999999999,99", "-"),
    *("{2:I700", "{2:I707", ":27:1/2", ":40A:", ":31C:", ":31D:", ":32B:", ":33B:", ":45A:", ":46B:", ":48:", ":26E:"),
    *("/ADD/", "/DELETE/", "/REPALL/", "NOT ALLOWED", "\n+ ", "05/05", "21/AFTER"),
)
PDF: Final = words(
    *("obj", "endobj", "stream", "endstream", "xref", "trailer", "startxref", "%%EOF", "<<", ">>", "[", "]", "R", "0"),
    *("/EmbeddedFiles", "/Names", "/Kids", "/EF", "/F", "/UF", "/AF", "/Filter", "/FlateDecode", "/Length", "/Type"),
    *("/Encrypt", "/ObjStm", "/XRef", "/Prev", "/Root", "999999999", "-1"),
)
EDIFACT: Final = words(
    *(
        "'",
        "+",
        ":",
        "?",
        "*",
        "?'",
        "++",
        "::",
        "\n",
        "UNA:+,? '",
        "UNB+UNOY:4",
        "UNH+9+",
        "UNT+1+9'",
        "UNZ+1+1'",
        "UNS+S'",
    ),
    *(
        "BGM+381+",
        "DTM+137:",
        ":102'",
        "RFF+ABT:",
        "NAD+SU+",
        "CUX+2:",
        "PAT+1++5:3:D:30'",
        "ALC+A'",
        "MOA+23:",
        "LIN+1++",
    ),
    *(
        "PRI+AAA:",
        "QTY+47:",
        "TAX+7+VAT+++:::19+S'",
        "CPS+1'",
        "PAC+1'",
        "MEA+PD+AAD+KGM:1'",
        "EQD+CN+",
        "1,234",
        "9,",
        "-",
    ),
    *("EQD+CN+", "LIN+1++", "UNZ+1+1'", "USD", "EUR", "20260230", "ÿ", "黔", "\ufdd0"),
)
