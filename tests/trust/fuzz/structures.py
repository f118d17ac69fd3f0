"""Changes inside of what a file or a message is made of, so that the readers behind the first one are reached, too."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final, TypeAlias

from tests.trust.fuzz.mutation import ODD, changed_bytes, changed_text

__all__ = ["changed_json", "changed_message", "changed_workbook", "changed_xml"]

# XML --------------------------------------------------------------------------

_LEAF: Final = re.compile(rb"<([A-Za-z][^\s/>]*)([^<>]*)>([^<>]*)</\1>")
_START: Final = re.compile(rb"<([A-Za-z][^\s/>]*)[^<>]*>")
_ATTRIBUTE: Final = re.compile(rb'="([^"<>]*)"')
_PROLOGUES: Final = (
    b'<!DOCTYPE a [<!ENTITY x "y">]>',
    b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
    b"<?xml version='1.0' encoding='UTF-16'?>",
    b"<?xml version='1.0' encoding='GB18030'?>",
    b"<?p?>",
    b"<!-- - -->",
)


def changed_xml(chance: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """Values, attributes and whole elements: others, missing, repeated, wrapped, or another paper's."""
    match chance.randrange(8):
        case 0 | 1 | 2:
            return _replaced(chance, data, _found(chance, data, _LEAF), 3)
        case 3:
            return _replaced(chance, data, _found(chance, data, _ATTRIBUTE), 1)
        case 4:
            start, end = _element(chance, data)
            return data[:start] + data[end:]
        case 5:
            start, end = _element(chance, data)
            return data[:end] + data[start:end] * chance.choice((1, 1, 2, 30)) + data[end:]
        case 6:
            start, end = _element(chance, data)
            other = chance.choice(seeds)
            a, b = _element(chance, other)
            return data[:start] + other[a:b] + data[end:]
        case _:
            start, end = _element(chance, data)
            if chance.random() < 0.5:
                return data[:start] + chance.choice(_PROLOGUES) + data[start:]
            deep = chance.choice((1, 5, 70))
            return data[:start] + b"<a>" * deep + data[start:end] + b"</a>" * deep + data[end:]


def _found(chance: Random, data: bytes, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
    return pattern.search(data, chance.randrange(len(data) + 1)) or pattern.search(data)


def _replaced(chance: Random, data: bytes, found: re.Match[bytes] | None, group: int) -> bytes:
    if found is None:
        return data
    start, end = found.span(group)
    return data[:start] + chance.choice(ODD).encode() + data[end:]


def _element(chance: Random, data: bytes) -> tuple[int, int]:
    """Where an element begins and ends, as near as a pattern can tell."""
    found = _found(chance, data, _START)
    if found is None:
        return len(data), len(data)
    close = b"</" + found[1] + b">"
    end = data.find(close, found.end())
    return found.start(), found.end() if end < 0 else end + len(close)


# JSON -------------------------------------------------------------------------

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

_VALUES: Final[tuple[Plain, ...]] = (
    None, True, 0, -1, 10**30, 10**400, 1.5, 1e300, "", "x", [], {}, [[]], {"": {}}, [1, "1", None], "\ud800", "\x00",
)  # fmt: skip


def changed_json(chance: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """A value, a name or an entry; base64 is opened and what is in it changed. Not JSON: as text."""
    try:
        tree: Plain = json.loads(data)
    except (ValueError, RecursionError):
        return changed_text(chance, data, seeds)
    places = list(_places(tree))
    if not places:
        return json.dumps(chance.choice(_VALUES)).encode()
    holder, key = chance.choice(places)
    _change_entry(chance, holder, key, places)
    canonical = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=chance.random() < 0.1)
    return canonical.encode(errors="surrogatepass") + b"\n" * data.endswith(b"\n")


Holder: TypeAlias = "list[Plain] | dict[str, Plain]"


def _places(tree: Plain) -> Iterator[tuple[Holder, int | str]]:
    """Every value below the top, as what holds it and where."""
    pending = [tree]
    while pending:
        holder = pending.pop()
        if isinstance(holder, dict):
            yield from ((holder, key) for key in holder)
            pending.extend(holder.values())
        elif isinstance(holder, list):
            yield from ((holder, index) for index in range(len(holder)))
            pending.extend(holder)


def _change_entry(chance: Random, holder: Holder, key: int | str, places: Sequence[tuple[Holder, int | str]]) -> None:
    entry: Plain = holder[key]  # type: ignore[index]  # the key is one of the holder's
    match chance.randrange(6):
        case 0:
            entry = chance.choice(_VALUES)
        case 1:
            other, at = chance.choice(places)
            entry = json.loads(json.dumps(other[at]))  # type: ignore[index]  # a copy: no cycles
        case 2:
            del holder[key]  # type: ignore[arg-type]
            return
        case 3 if isinstance(holder, list):
            holder.extend([entry] * chance.choice((1, 2, 100)))
        case 4 if isinstance(holder, dict):
            holder[chance.choice(("", "kind", "amount", "\ud800", "a.b", str(key).upper()))] = entry
        case _:
            entry = _changed_leaf(chance, entry)
    holder[key] = entry  # type: ignore[index]


def _changed_leaf(chance: Random, value: Plain) -> Plain:
    if not isinstance(value, str):
        return chance.choice((*ODD, 0, -1, 10**20))
    content = _from_base64(value)
    if content is not None:
        return base64.b64encode(changed_message(chance, content, [content])).decode()
    return changed_text(chance, value.encode(errors="surrogatepass"), [b""]).decode(errors="replace")


def _from_base64(text: str) -> bytes | None:
    if len(text) < 24:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None


# workbooks --------------------------------------------------------------------


def changed_workbook(chance: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """A part changed inside, left out, repeated or renamed; or the archive itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # whatever a changed archive makes zipfile raise
        return changed_bytes(chance, data, seeds)
    if not parts or chance.random() < 0.15:
        return changed_bytes(chance, data, seeds)
    at = chance.randrange(len(parts))
    name, content = parts[at]
    match chance.randrange(8):
        case 0:
            del parts[at]
        case 1:
            parts[at] = (chance.choice(parts)[0], content)
        case 2:
            parts.append((chance.choice(("xl/worksheets/sheet9.xml", "", "../x", name)), content))
        case 3:
            parts[at] = (name, changed_bytes(chance, content, [content]))
        case _:
            parts[at] = (name, changed_xml(chance, content, [part for _, part in parts]))
    return _zipped(parts, chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def _zipped(parts: Sequence[tuple[str, bytes]], how: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", how) as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name)  # without the clock
            entry.compress_type = how
            archive.NameToInfo.pop(name, None)  # a name may stand there twice
            archive.writestr(entry, content)
    return target.getvalue()


# protobuf ---------------------------------------------------------------------

Field: TypeAlias = tuple[int, bytes]
"""Tag, with its wire type, and content: a number's or fixed field's own bytes, or what a length stands before."""

_PEM: Final = re.compile(rb"-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----")
_NUMBERS: Final = (0, 1, 3, 127, 128, 1 << 31, (1 << 32) - 1, 1 << 62, (1 << 63), (1 << 64) - 1)


def changed_message(chance: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """A field of a message, at any depth: another value, missing, repeated, in another place, or another seed's."""
    fields = _fields(data)
    if not fields or chance.random() < 0.05:
        return _changed_content(chance, data, seeds)
    at = chance.randrange(len(fields))
    tag, content = fields[at]
    match chance.randrange(12):
        case 0:
            del fields[at]
        case 1:
            fields += [fields[at]] * chance.choice((1, 1, 2, 100))
        case 2:
            fields.insert(chance.randrange(len(fields)), fields.pop(at))
        case 3:
            fields[at] = (chance.choice((tag ^ 8, tag + 8, chance.choice(fields)[0])), content)
        case 4:
            others = _fields(chance.choice(seeds)) or fields
            fields[at] = chance.choice(others)
        case _ if tag & 7 == 2:
            fields[at] = (tag, changed_message(chance, content, seeds))
        case _:
            fields[at] = (tag, _number(chance.choice(_NUMBERS)) if tag & 7 == 0 else chance.randbytes(len(content)))
    return b"".join(_encoded(field) for field in fields)


def _changed_content(chance: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    found = _PEM.search(data)
    if found is not None and chance.random() < 0.8:
        return data[: found.start(2)] + _changed_pem(chance, found[2]) + data[found.end(2) :]
    way = changed_json if data[:1] in {b"{", b"["} else chance.choice((changed_bytes, changed_text))
    return way(chance, data, seeds)


def _changed_pem(chance: Random, content: bytes) -> bytes:
    try:
        der = base64.b64decode(content)
    except ValueError:
        return content
    return b"\n" + base64.encodebytes(changed_bytes(chance, der, [der]))


def _fields(data: bytes) -> list[Field]:
    """The fields of a message; none when it is no message."""
    fields: list[Field] = []
    at = 0
    try:
        while at < len(data):
            tag, at = _read_number(data, at)
            start = at
            match tag & 7:
                case 0:
                    _, at = _read_number(data, at)
                case 1:
                    at += 8
                case 2:
                    length, start = _read_number(data, at)
                    at = start + length
                case 5:
                    at += 4
                case _:
                    return []
            if at > len(data) or tag < 8:
                return []
            fields.append((tag, data[start:at]))
    except IndexError:
        return []
    return fields


def _encoded(field: Field) -> bytes:
    tag, content = field
    return _number(tag) + (_number(len(content)) if tag & 7 == 2 else b"") + content


def _number(value: int) -> bytes:
    octets = bytearray()
    while value > 0x7F:
        octets.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*octets, value])


def _read_number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while data[at] & 0x80:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1
