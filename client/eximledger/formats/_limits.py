"""How large a paper may be. Every reader takes its limits from here.

A file beyond them is refused before memory or time is spent on it; one within them costs what docs/formats.md says.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "MAX_ATTACHED_BYTES",
    "MAX_ATTACHMENTS",
    "MAX_BYTES",
    "MAX_CELLS",
    "MAX_COLUMNS",
    "MAX_CREDIT_ITEMS",
    "MAX_EDIFACT_SEGMENTS",
    "MAX_EDIFACT_VALUES",
    "MAX_ENTRY_ELEMENTS",
    "MAX_LIST_BYTES",
    "MAX_LIST_ELEMENTS",
    "MAX_LIST_TABLE_BYTES",
    "MAX_MT_FIELD",
    "MAX_MT_FIELDS",
    "MAX_PACKED_PARTS",
    "MAX_PARTS",
    "MAX_PARTS_WORK",
    "MAX_PDF_CONTENT",
    "MAX_PDF_FONTS",
    "MAX_PDF_LETTERS",
    "MAX_PDF_OBJECTS",
    "MAX_PDF_OPERATIONS",
    "MAX_PDF_PAGES",
    "MAX_PDF_PIECES",
    "MAX_ROWS",
    "MAX_ROW_TEXT",
    "MAX_SHEETS",
    "MAX_TEXT_BYTES",
    "MAX_XLSX_BYTES",
    "MAX_XLSX_FILES",
    "MAX_XLSX_RATIO",
    "MAX_XLSX_TAGS",
    "MAX_XLS_RECORDS",
    "MAX_XML_DEPTH",
    "MAX_XML_ELEMENTS",
    "MAX_XML_TEXT",
    "MAX_XML_TOKEN",
]

MAX_BYTES: Final = 32 * 1024 * 1024
"""Of a file as it comes."""
MAX_TEXT_BYTES: Final = 8 * 1024 * 1024
"""Of a CSV or a JSON file, which is held as text as a whole."""
MAX_XML_DEPTH: Final = 64
"""Elements within elements; the deepest sample has 14."""
MAX_XML_ELEMENTS: Final = 400_000
"""Elements and attributes together."""
MAX_XML_TEXT: Final = 256 * 1024
"""Characters that are kept of one element's text. Attachments are longer, and not read."""
MAX_XML_TOKEN: Final = 1024 * 1024
"""Bytes of one start tag, comment or processing instruction."""
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 256
MAX_CELLS: Final = 100_000
"""Of all sheets, with the empty ones between others."""
MAX_ROW_TEXT: Final = 256 * 1024
"""Characters of one row of a CSV."""
MAX_LIST_BYTES: Final = 512 * 1024 * 1024
"""Of a watch list, which is read entry by entry."""
MAX_LIST_ELEMENTS: Final = 40_000_000
MAX_LIST_TABLE_BYTES: Final = 128 * 1024 * 1024
"""Of a watch list that is a CSV."""
MAX_ENTRY_ELEMENTS: Final = 20_000
"""Elements of one entry of a watch list, or of one table of codes beside them."""
MAX_CREDIT_ITEMS: Final = 2_000
"""Items of goods, of documents, or of conditions of one letter of credit; its eight messages have 800 lines of each."""
MAX_MT_FIELDS: Final = 20_000
"""Fields of all SWIFT messages of a file: two for each entry of a statement."""
MAX_MT_FIELD: Final = 16 * 1024
"""Characters of one field, which by SWIFT's own rules has six lines of 65."""
MAX_EDIFACT_SEGMENTS: Final = 30_000
"""Segments of an interchange; an invoice has some ten for each line."""
MAX_EDIFACT_VALUES: Final = 400_000
"""Their elements and components together, the empty ones between others as well."""
MAX_SHEETS: Final = 100
MAX_XLSX_BYTES: Final = 64 * 1024 * 1024
"""Of all parts of a workbook, unpacked."""
MAX_XLSX_FILES: Final = 1_000
MAX_XLSX_RATIO: Final = 200
"""Unpacked size of one part to its packed size, looked at where a part is larger than 1 MiB."""
MAX_XLSX_TAGS: Final = 50_000
"""Tags of a workbook's parts beside its sheets and their texts: styles, names, relations."""
MAX_XLS_RECORDS: Final = 200_000
"""Records of an old workbook: one for each cell, mostly, and one for each row."""
MAX_PARTS: Final = 1_000
"""Files of a ZIP archive, papers of an envelope, invoices of a FatturaPA."""
MAX_PACKED_PARTS: Final = 20
"""Workbooks and PDFs among them."""
MAX_PARTS_WORK: Final = 1_200_000
"""What reading all of them may cost, counted in elements of XML: three files that are as large as one may be."""
MAX_ATTACHMENTS: Final = 100
"""Of a PDF."""
MAX_ATTACHED_BYTES: Final = 8 * 1024 * 1024
"""Of all attachments of a PDF, unpacked."""
MAX_PDF_OBJECTS: Final = 100_000
"""Objects of a PDF; a page has some ten."""
MAX_PDF_PAGES: Final = 20
"""Of a PDF whose pages are read."""
MAX_PDF_FONTS: Final = 1_000
"""Of all its pages together, each page's own counted again: some programs have one for each letter."""
MAX_PDF_LETTERS: Final = 500_000
"""That these fonts say the meaning of."""
MAX_PDF_CONTENT: Final = 512 * 1024
"""Bytes of what all its pages draw, each drawing as often as it is drawn; a form has some thirty thousand."""
MAX_PDF_OPERATIONS: Final = 60_000
"""Of all its pages; a form has some three thousand."""
MAX_PDF_PIECES: Final = 10_000
"""Texts of all its pages that have a place of their own; a form has some two hundred."""
