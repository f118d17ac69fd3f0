"""Watch lists as plain CSV, written by whoever files them.

What PBoC, the Ministry of Public Security and MOFCOM publish are notices. Columns go by their names in Chinese or
English; several values of a cell stand with `;`, `；`, `|` or a line break between them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Final

from eximledger.formats._limits import MAX_COLUMNS, MAX_LIST_TABLE_BYTES, MAX_ROW_TEXT
from eximledger.formats.tables.codes import port
from eximledger.formats.tables.sheets import decode_text
from eximledger.formats.watch.entries import Gathering, Raw, place
from eximledger_chaincode.documents import ListedKind
from eximledger_chaincode.documents.published.watch_list import MAX_ENTRIES
from hlf_chaincode.errors import InvalidDocument

__all__ = ["COLUMNS", "read_table", "shows_list"]

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("序号", "编号", "名单编号", "id", "entry id", "number", "no"),
    "kind": ("类型", "类别", "主体类型", "type", "kind"),
    "name": ("名称", "姓名", "中文名称", "企业名称", "实体名称", "组织名称", "name", "name (chinese)"),
    "aliases": ("别名", "英文名称", "英文名", "曾用名", "外文名称", "aliases", "alias", "name (english)",
                "other names"),
    "weak_aliases": ("疑似别名", "weak aliases"),
    "countries": ("国家", "国籍", "国家或地区", "国家（地区）", "注册地", "country", "countries", "nationality"),
    "city": ("城市", "city"),
    "postal_code": ("邮编", "邮政编码", "postal code", "zip code"),
    "numbers": ("证件号码", "证件号", "身份证号", "护照号", "统一社会信用代码", "注册号", "identity number",
                "identity numbers", "numbers", "identifiers", "uscc"),
    "imo": ("imo", "imo编号", "imo number", "船舶imo编号"),
    "ports": ("港口", "港口代码", "port", "ports"),
    "hs_codes": ("商品编码", "海关商品编号", "hs编码", "hs code", "hs codes"),
    "programmes": ("依据", "公告", "列入依据", "公告文号", "programme", "programmes", "legal basis"),
    "listed_on": ("列入日期", "公告日期", "生效日期", "listed on", "date listed"),
}  # fmt: skip
"""By field, what a column of it may be called."""

_FIELDS: Final = {name: field for field, names in COLUMNS.items() for name in names}
_KINDS: Final = {
    "个人": ListedKind.PERSON, "自然人": ListedKind.PERSON, "person": ListedKind.PERSON,
    "individual": ListedKind.PERSON, "实体": ListedKind.ENTITY, "企业": ListedKind.ENTITY, "组织": ListedKind.ENTITY,
    "entity": ListedKind.ENTITY, "船舶": ListedKind.VESSEL, "vessel": ListedKind.VESSEL, "国家": ListedKind.COUNTRY,
    "country": ListedKind.COUNTRY, "港口": ListedKind.PORT, "port": ListedKind.PORT, "商品": ListedKind.GOODS,
    "goods": ListedKind.GOODS, "": ListedKind.ENTITY,
}  # fmt: skip
_SEPARATORS: Final = re.compile(r"[;；|\n\r、]+")
_DELIMITERS: Final = ",;\t"


def shows_list(head: str) -> bool:
    """Whether a table's first line names the columns of a list."""
    return _delimiter(head.split("\n", 1)[0]) is not None


def read_table(source: bytes) -> Gathering:
    """Every row that is not empty. A row without an id goes by its name."""
    if len(source) > MAX_LIST_TABLE_BYTES:
        raise _refused(f"is larger than {MAX_LIST_TABLE_BYTES // 2**20} MiB")
    text = decode_text(source)
    delimiter = _delimiter(text.split("\n", 1)[0])
    if delimiter is None:
        raise _refused("has no column of names (名称, name)")
    found = Gathering()
    rows = csv.reader(_bounded(text), delimiter=delimiter, strict=True)
    try:
        fields = [_FIELDS.get(_compared(each)) for each in next(rows)]
        if len(fields) > MAX_COLUMNS:
            raise _refused(f"has more than {MAX_COLUMNS} columns")
        for number, cells in enumerate(rows, start=2):
            if len(found.entries) > MAX_ENTRIES:
                raise _refused(f"has more than {MAX_ENTRIES} entries")
            values = _row(fields, cells)
            if any(values.values()):
                found.add(_raw(found, values, number))
    except csv.Error:
        raise _refused("is no CSV: a quotation mark is not closed, or a row is too long") from None
    return found


def _bounded(text: str) -> io.StringIO:
    csv.field_size_limit(MAX_ROW_TEXT)
    return io.StringIO(text, newline="")


def _row(fields: list[str | None], cells: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=False):
        if field is not None and cell.strip():
            values[field] = f"{values[field]};{cell}" if field in values else cell
    return values


def _raw(found: Gathering, values: Mapping[str, str], number: int) -> Raw:
    names = _several(values.get("name", ""))
    entry_id = values.get("id", "").strip() or (names[0] if names else f"row {number}")
    word = values.get("kind", "").strip().casefold()
    kind = _KINDS.get(word)
    if kind is None:
        raise InvalidDocument(
            f"row {number}: type {word[:40]!r} is none of {', '.join(filter(None, _KINDS))}", field=f"row {number}",
            reason="unknown type",
        )  # fmt: skip
    raw = Raw(entry_id, kind, listed_on=values.get("listed_on"))
    raw.names = [*names, *_several(values.get("aliases", ""))]
    raw.weak = _several(values.get("weak_aliases", ""))
    raw.countries = _several(values.get("countries", ""))
    raw.numbers = [("", each) for each in _several(values.get("numbers", ""))]
    raw.imo = values.get("imo")
    raw.ports = [code for each in _several(values.get("ports", "")) if (code := port(each))]
    raw.hs_codes = [re.sub(r"[.\s]", "", each) for each in _several(values.get("hs_codes", ""))]
    raw.programmes = _several(values.get("programmes", ""))
    if "city" in values or "postal_code" in values:
        country = found.country(entry_id, raw.countries[0]) if raw.countries else None
        raw.places = [place(values.get("city"), values.get("postal_code"), country)]
    return raw


def _several(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _compared(text: str) -> str:
    return " ".join(text.strip().lstrip("\ufeff").casefold().replace("_", " ").split())


def _delimiter(line: str) -> str | None:
    """By which the first line gives a column of names."""
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([line[:MAX_ROW_TEXT]], delimiter=delimiter), [])
        except csv.Error:
            continue
        if "name" in {_FIELDS.get(_compared(cell)) for cell in cells}:
            return delimiter
    return None


def _refused(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the table {reason}", field="file", reason=reason)
