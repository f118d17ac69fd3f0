"""What the first bytes of a file show: enough to tell its format by, and never more than that is parsed.

A file's name is not asked, for names are often wrong.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Final, TypeAlias

from eximledger.formats.swift.characters import looks_like_swift, swift_text
from eximledger.formats.tables.sheets import decode_text
from eximledger.formats.xml.parsing import feed
from hlf_chaincode.errors import InvalidDocument

__all__ = [
    "ENVELOPE_ELEMENTS",
    "UBL",
    "Archive",
    "Clue",
    "Edifact",
    "JsonText",
    "Ole",
    "Pdf",
    "PlainText",
    "Signed",
    "XmlRoot",
    "clue_of",
    "is_paper",
    "message_of",
]

UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
ENVELOPE_ELEMENTS: Final = 2_000
"""Elements among which the paper within an envelope begins."""
_HTML: Final = re.compile(r"(?is)\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|meta|style|body|table|div|tr|td|br)\b")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SWIFT: Final = re.compile(r"\{[1-5]:")
_HEAD: Final = 256 * 1024
"""Bytes of a table or an interchange that are looked at."""
_EDIFACT: Final = re.compile(rb"\s*(?:UNA.{6}\s*(?:UNB|UNG|UNH)|(?:UNB|UNH)[^A-Za-z0-9\s])", re.DOTALL)
_MESSAGE: Final = re.compile(rb"UNH[^A-Za-z0-9\s].{1,40}?[^A-Za-z0-9\s]([A-Z]{6})[^A-Za-z0-9\s]")
_SIGNED: Final = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
"""The object identifier of signed data (RFC 5652), near the beginning of a .p7m."""
_PAPERS: Final = frozenset(
    {"CrossIndustryInvoice", "CrossIndustryDocument", "SCRDMCCBDACIOMessageStructure", "FatturaElettronica"}
)
_DCSA: Final = re.compile(rb'"transportDocumentReference"\s*:')
_OWN: Final = re.compile(rb'"kind"\s*:')


@dataclass(frozen=True, slots=True)
class XmlRoot:
    """The root element; `version` is what `UBLVersionID` states in a UBL paper. None of it where there is no root.

    Of an envelope it is the first paper's.
    """

    namespace: str
    name: str
    version: str = ""
    enveloped: bool = False


@dataclass(frozen=True, slots=True)
class Archive:
    """A ZIP archive and the names of its parts."""

    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ole:
    """A file of old office software, and whether it has the stream of a workbook."""

    workbook: bool


@dataclass(frozen=True, slots=True)
class Pdf:
    """Something that begins as a PDF does."""


@dataclass(frozen=True, slots=True)
class JsonText:
    """Something that begins as a JSON object or list does; of DCSA where it has names of theirs and none of ours."""

    dcsa: bool = False


@dataclass(frozen=True, slots=True)
class Edifact:
    """An interchange of UN/EDIFACT, or messages without one; `messages` are the types of the first of them."""

    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature around a file (CMS, .p7m)."""


@dataclass(frozen=True, slots=True)
class PlainText:
    """Anything else that is text: its beginning, or all of it where it is `complete`."""

    head: str
    complete: bool


Clue: TypeAlias = XmlRoot | Archive | Ole | Pdf | JsonText | Edifact | Signed | PlainText


def clue_of(source: bytes) -> Clue:
    """Raises `InvalidDocument` for a file that is empty, damaged or no text."""
    if not source.strip(b"\x00 \t\r\n"):
        raise InvalidDocument("the file is empty", field="file", reason="the file is empty")
    if source.startswith(b"PK\x05\x06"):
        raise InvalidDocument("the archive is empty", field="file", reason="the archive is empty")
    if source.startswith(b"PK\x03\x04"):
        return _archive(source)
    if source.startswith(_OLE):
        return Ole(any(name.encode("utf-16-le") in source for name in ("Workbook", "Book")))
    if b"%PDF-" in source[:1024]:
        return Pdf()
    if source.startswith(b"\x30") and _SIGNED in source[:64]:
        return Signed()
    if _EDIFACT.match(source.removeprefix(b"\xef\xbb\xbf")):
        head = source[:_HEAD].translate(None, b"\r\n")  # lines may break anywhere
        return Edifact(tuple(name.decode() for name in _MESSAGE.findall(head)))
    start = _first_characters(source)
    if start.startswith("<"):
        return _xml(source)
    if start.startswith(("{", "[")) and not _SWIFT.match(start):
        plain = source.replace(b"\x00", b"") if source.startswith((b"\xff\xfe", b"\xfe\xff")) else source
        return JsonText(dcsa=_DCSA.search(plain) is not None and _OWN.search(plain) is None)
    complete = len(source) <= _HEAD
    if looks_like_swift(source):
        return PlainText(swift_text(source[:_HEAD])[0], complete)
    return PlainText(decode_text(source[:_HEAD], cut=not complete), complete)


def _first_characters(source: bytes) -> str:
    head = source.lstrip(b" \t\r\n")[:400]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore").lstrip("\ufeff \t\r\n")
    return head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()


def _archive(source: bytes) -> Archive:
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            return Archive(frozenset(archive.namelist()))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise InvalidDocument("the archive is damaged", field="file", reason="the archive is damaged") from None


class _Enough(Exception):
    """The root and its version are known."""


class _Peek:
    """A parser's target that stops after the elements which say what paper it is, and of which version.

    A root that is no paper may be an envelope: then the first paper within it counts.
    """

    def __init__(self) -> None:
        self.root: tuple[str, str] | None = None
        self.version = ""
        self.enveloped = False
        """Whether what was found stands within another element."""
        self._path: list[str] = []
        self._text: list[str] = []
        self._seen = 0
        self._within = 0
        """How deep the paper stands; 0 while none is found."""

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        self._seen += 1
        self.enveloped = self.enveloped or (self._seen > 1 and not self._within)
        depth = len(self._path)
        if not self._within:
            if self.root is None or is_paper(namespace, name):
                self.root = (namespace, name)
            if is_paper(namespace, name):
                self._within = depth + 1
                if not namespace.startswith(UBL):
                    raise _Enough
            elif self._seen > ENVELOPE_ELEMENTS:
                raise _Enough
        elif depth == self._within and name not in {"UBLExtensions", "UBLVersionID"}:
            raise _Enough
        self._path.append(name)
        self._text = []

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _tag: str) -> None:
        if self._within and len(self._path) == self._within + 1 and self._path[-1] == "UBLVersionID":
            self.version = "".join(self._text).strip()
        self._path.pop()


def _xml(source: bytes) -> XmlRoot:
    peek = _Peek()
    try:
        feed(source, peek)
    except _Enough:
        pass
    except InvalidDocument:
        if _HTML.match(_first_characters(source)):
            return XmlRoot("", "html")
        if peek.root is None or is_paper(*peek.root):
            raise
    namespace, name = peek.root or ("", "")
    version = peek.version if re.fullmatch(r"2\.[0-9]", peek.version) else ""
    return XmlRoot(namespace, name, version, peek.enveloped)


def is_paper(namespace: str, name: str) -> bool:
    """Whether a root is one of a paper: of UBL, of UN/CEFACT's Cross Industry, of ISO 20022, of FatturaPA."""
    if name == "Document":
        return message_of(namespace) is not None
    return name in _PAPERS or namespace.startswith(f"{UBL}{name}-")


def message_of(namespace: str) -> str | None:
    """The ISO 20022 message that a namespace names, such as `camt.053.001.08`: ISO's own, SWIFT's or a country's."""
    found = re.search(r"(?:^|[:$/])([a-z]{4}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2})(?=$|[:$/.])", namespace)
    return found[1] if found else None
