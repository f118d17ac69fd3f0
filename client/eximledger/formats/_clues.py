"""What the first bytes of a file show: enough to tell its format by, and never more than that is parsed.

A file's name is not asked, for names are often wrong.
"""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from eximledger.formats.tables.sheets import decode_text
from eximledger.formats.xml.parsing import feed
from hlf_chaincode.errors import InvalidDocument

__all__ = ["UBL", "Archive", "Clue", "JsonText", "PlainText", "XmlRoot", "clue_of"]

UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_HEAD: Final = 256 * 1024
"""Bytes of a table that are looked at."""


@dataclass(frozen=True, slots=True)
class XmlRoot:
    """The root element; `version` is what `UBLVersionID` states in a UBL paper. None of it where there is no root."""

    namespace: str
    name: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """A ZIP archive and the names of its parts."""

    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class JsonText:
    """Something that begins as a JSON object or list does."""


@dataclass(frozen=True, slots=True)
class PlainText:
    """Anything else that is text: its beginning, or all of it where it is `complete`."""

    head: str
    complete: bool


Clue: TypeAlias = XmlRoot | Archive | JsonText | PlainText


def clue_of(source: bytes) -> Clue:
    """Raises `InvalidDocument` for a file that is empty, damaged or no text."""
    if not source.strip(b"\x00 \t\r\n"):
        raise InvalidDocument("the file is empty", field="file", reason="the file is empty")
    if source.startswith(b"PK\x03\x04"):
        return _archive(source)
    start = _first_characters(source)
    if start.startswith("<"):
        return _xml(source)
    if start.startswith(("{", "[")):
        return JsonText()
    complete = len(source) <= _HEAD
    return PlainText(decode_text(source[:_HEAD], cut=not complete), complete)


def _first_characters(source: bytes) -> str:
    head = source[:400]
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
    """A parser's target that stops after the elements which say the version."""

    def __init__(self) -> None:
        self.root: tuple[str, str] | None = None
        self.version = ""
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        if self.root is None:
            self.root = (namespace, name)
            if not namespace.startswith(UBL):
                raise _Enough
        elif len(self._path) == 1 and name not in {"UBLExtensions", "UBLVersionID"}:
            raise _Enough
        self._path.append(name)
        self._text = []

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _tag: str) -> None:
        if len(self._path) == 2 and self._path[1] == "UBLVersionID":
            self.version = "".join(self._text).strip()
        self._path.pop()


def _xml(source: bytes) -> XmlRoot:
    peek = _Peek()
    with suppress(_Enough):
        feed(source, peek)
    namespace, name = peek.root or ("", "")
    version = peek.version if re.fullmatch(r"2\.[0-9]", peek.version) else ""
    return XmlRoot(namespace, name, version)
