"""The printed form (出口货物报关单): which text is which field.

The layout is that of 海关总署公告 2018 年第 60 号 and 2019 年第 18 号.
Names stand in rows, their values under or beside them; then come the goods in columns, and the signatures. What is not
as the layout has it is refused with its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from eximledger.formats.customs.pieces import TITLE, Piece, Sheetful, compared, is_title, refused, texts, under

__all__ = ["Box", "FormPage", "is_form", "page_of"]

_BLANK: Final = 1.0
"""Of a letter's height: a wider gap parts two values."""
_WIDER: Final = 0.25
"""Of its height, by so much a Latin letter may be wider than it is taken to be."""
_LONGEST_NAME: Final = 120
"""Characters of a name and the code beside it."""
_SUFFIX: Final = r"(?:\((?:地区|千克|公斤|kg|KG|Kg)\))?"

HEAD_NAMES: Final = {
    "境内发货人": "consignor", "境内收发货人": "consignor", "出境关别": "exit_port", "出口日期": "exported_on",
    "申报日期": "declared_on", "备案号": "record_number", "境外收货人": "consignee", "运输方式": "transport_mode",
    "运输工具名称及航次号": "conveyance", "提运单号": "bill_number", "生产销售单位": "producer",
    "监管方式": "supervision_mode", "征免性质": "levy", "许可证号": "licence_number", "合同协议号": "contract_number",
    "贸易国": "trade_country", "运抵国": "destination_country", "指运港": "destination_port",
    "离境口岸": "loading_port", "包装种类": "package_kind", "件数": "packages", "毛重": "gross_weight_kg",
    "净重": "net_weight_kg", "成交方式": "transaction_mode", "运费": "freight", "保费": "insurance",
    "杂费": "other_charges", "随附单证及编号": "attached", "随附单证": "attached", "标记唛码及备注": "remarks",
}  # fmt: skip
_ROWS: Final = (
    ("consignor", "exit_port", "exported_on", "declared_on", "record_number"),
    ("consignee", "transport_mode", "conveyance", "bill_number"),
    ("producer", "supervision_mode", "levy", "licence_number"),
    ("contract_number", "trade_country", "destination_country", "destination_port", "loading_port"),
    ("package_kind", "packages", "gross_weight_kg", "net_weight_kg", "transaction_mode", "freight", "insurance",
     "other_charges"),
    ("attached",), ("remarks",),
)  # fmt: skip
"""Which names stand beside each other, and in which order."""
_FILLED: Final = frozenset(
    {"consignor", "exit_port", "transport_mode", "supervision_mode", "trade_country", "destination_country"}
    | {"package_kind", "packages", "gross_weight_kg", "net_weight_kg", "transaction_mode"}
)
"""Boxes that no form leaves empty (报关单填制规范): where one is, its text has gone elsewhere."""
_OF_SEVERAL: Final = frozenset({"freight", "insurance", "other_charges", "remarks", "attached"})
"""Boxes whose values stand in several cells."""
_CODE: Final = re.compile(r"\(([0-9A-Za-z]{1,32})\)")
_INLINE: Final = {
    "海关编号": "declaration_number", "预录入编号": "pre_entry_number", "页码/页数": "page", "打印日期": "printed_on",
}  # fmt: skip
"""Names over the boxes, with their values behind a colon."""
COLUMN_NAMES: Final = {
    "项号": "number", "商品编号": "hs_code", "商品名称及规格型号": "goods", "商品名称、规格型号": "goods",
    "商品名称": "description", "规格型号": "specification", "数量及单位": "quantities", "数量": "quantity",
    "单位": "unit", "计量单位": "unit", "单价/总价/币制": "money", "单价": "unit_price", "总价": "amount",
    "币制": "currency", "原产国": "origin", "最终目的国": "destination", "境内货源地": "source", "征免": "duty",
}  # fmt: skip
_COLUMNS: Final = (
    ("number",), ("hs_code",), ("goods", "description"), ("quantities", "quantity"), ("quantities", "unit"),
    ("money", "unit_price"), ("money", "amount"), ("money", "currency"), ("origin",), ("destination",), ("source",),
    ("duty",),
)  # fmt: skip
"""Columns of the goods, each by any of its names."""
_FOOT: Final = (
    "特殊关系确认", "价格影响确认", "支付特许权使用费确认", "公式定价确认", "暂定价格确认", "自报自缴", "水运中转",
    "报关人员", "申报单位", "兹申明", "税费征收情况", "录入员", "海关批注",
)  # fmt: skip
"""How the lines under the goods begin."""


@dataclass(slots=True)
class Box:
    """A field of the form: its name as written, the code in brackets behind it, and its text, line by line."""

    name: Piece
    code: str = ""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def where(self) -> str:
        return self.pieces[0].where if self.pieces else self.name.where

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in texts(self.pieces))


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page: its boxes by field, and its goods: for each item, and for each column, the pieces in it."""

    name: str
    boxes: dict[str, Box]
    columns: dict[str, Piece]
    items: tuple[dict[str, list[Piece]], ...]
    unread: tuple[str, ...]
    """Places of which nothing was read: columns that the layout does not have, lines under the goods."""


def is_form(sheetful: Sheetful) -> bool:
    """Whether it says in a title that it is an export's form."""
    return any(is_title(piece.text) for piece in sheetful.pieces)


def page_of(sheetful: Sheetful) -> FormPage:
    """Raises `InvalidDocument` with what of the layout was not found, or is not certain."""
    lines = sheetful.lines()
    titles = [number for number, line in enumerate(lines) if any(is_title(piece.text) for piece in line)]
    if len(titles) != 1:
        raise refused(f"has {len(titles)} titles {TITLE}, not one", sheetful.name)
    start = next((number for number, line in enumerate(lines) if "hs_code" in _named(line, COLUMN_NAMES)), None)
    if start is None:
        raise refused("the line of columns (项号, 商品编号, ...) is not found", sheetful.name)
    if not sheetful.gridded:
        _check_page(lines[titles[0] + 1 : start], lines[start], sheetful.name)
    boxes: dict[str, Box] = {}
    unread = [piece.where for line in lines[: titles[0]] for piece in line]
    _read_inline(lines[titles[0] : start], boxes)
    _read_boxes(lines[titles[0] + 1 : start], boxes, unread, gridded=sheetful.gridded)
    end = next((number for number in range(start + 1, len(lines)) if _is_foot(lines[number])), len(lines))
    unread += [line[0].where for line in lines[end:]]
    crossing = next((piece for line in lines[titles[0] + 1 : end] for piece in line if piece.crosses), None)
    if crossing is not None:
        raise refused(f"{crossing.text[:40]!r} goes on over a line of the form", crossing.where)
    columns, items = _goods(lines[start], lines[start + 1 : end], sheetful, unread)
    return FormPage(sheetful.name, boxes, columns, items, tuple(unread))


def _check_page(head: Sequence[Sequence[Piece]], columns: Sequence[Piece], page: str) -> None:
    """On a page a value is told from others by the names around it: all of them are there, side by side. A page that
    goes on with the goods may have none."""
    words = {own: name for name, own in reversed(HEAD_NAMES.items())}
    rows = []
    for line in head:
        named = _named(line, HEAD_NAMES)
        found = tuple(sorted(named, key=lambda own: named[own][0].left))
        if found:
            row = max(_ROWS, key=lambda each: len({*each} & {*found}))
            missing = next((own for own in row if own not in found), None)
            if missing is not None or found != row:
                wrong = words[missing or next(own for own in found if own not in row or own != row[found.index(own)])]
                raise refused(f"{wrong} is not found where the layout has it, beside {words[found[0]]}", page)
            rows.append(row)
        if "remarks" in found:
            break
    absent = next((row for row in _ROWS if row not in rows), None) if rows else None
    if absent is not None:
        raise refused(f"{words[absent[0]]} is not found", page)
    known = _named(columns, COLUMN_NAMES)
    titles = {own: name for name, own in reversed(COLUMN_NAMES.items())}
    for either in _COLUMNS:
        if not known.keys() & {*either}:
            raise refused(f"the column {titles[either[0]]} is not found", page)


# names --------------------------------------------------------------------------


def _name_in(piece: Piece, names: Iterable[str]) -> tuple[str, str] | None:
    """The name that a piece is or begins with, and what stands behind it: a code in brackets, its value in the next
    lines or behind a colon."""
    first, _, rest = piece.text.partition("\n")
    if len(first) > _LONGEST_NAME:
        return None
    text = compared(first)
    for name in sorted(names, key=len, reverse=True):
        if text.startswith(name):
            found = re.fullmatch(rf"{re.escape(name)}{_SUFFIX}(\([^()]*\))?(:.*)?", text)
            if found is None:
                return None
            behind = re.split("[:：]", first, maxsplit=1)[1].strip() if found[2] else ""
            return name, "\n".join(part for part in (found[1], behind, rest) if part)
    return None


def _named(line: Sequence[Piece], names: dict[str, str]) -> dict[str, tuple[Piece, str]]:
    """The fields that pieces of a line name, each with what stands behind the name."""
    found: dict[str, tuple[Piece, str]] = {}
    for piece in line:
        if (name := _name_in(piece, names)) is not None:
            found.setdefault(names[name[0]], (piece, name[1]))
    return found


def _is_foot(line: Sequence[Piece]) -> bool:
    return any(compared(piece.text).startswith(_FOOT) for piece in line)


# boxes --------------------------------------------------------------------------


def _read_inline(lines: Sequence[Sequence[Piece]], boxes: dict[str, Box]) -> None:
    """`海关编号：...`: the value behind the colon, or in the next piece of the line."""
    for line in lines:
        for number, piece in enumerate(line):
            for name, own in _INLINE.items():
                found = re.search(rf"{re.escape(name)}[::]?\s*([0-9A-Za-z/\-]*)", compared(piece.text))
                if found is None:
                    continue
                value = found[1]
                follows = line[number + 1] if number + 1 < len(line) else None
                if not value and follows is not None and re.fullmatch(r"[0-9A-Za-z/\-]+", compared(follows.text)):
                    value, piece = compared(follows.text), follows
                box = boxes.setdefault(own, Box(piece))
                if box.pieces and value and box.text != value:
                    raise refused(f"{name} stands twice, with two values", piece.where)
                if value and not box.pieces:
                    box.pieces.append(_part(piece, value))


def _part(piece: Piece, text: str) -> Piece:
    return Piece(piece.where, text, piece.line, piece.left, piece.right, piece.height, piece.exact)


def _read_boxes(lines: Sequence[Sequence[Piece]], boxes: dict[str, Box], unread: list[str], *, gridded: bool) -> None:
    heads: list[tuple[str, Piece, str]] = []
    band: list[Piece] = []
    remarks = False
    for line in lines:
        named = {} if remarks else _named(line, HEAD_NAMES)
        if named:
            _read_band(heads, band, boxes, unread, gridded=gridded)
            heads = sorted(((own, piece, rest) for own, (piece, rest) in named.items()), key=lambda head: head[1].left)
            remarks = "remarks" in named
            band = [piece for piece in line if all(piece is not head[1] for head in heads)]
        else:
            band += line
    _read_band(heads, band, boxes, unread, gridded=gridded)


def _read_band(
    heads: list[tuple[str, Piece, str]], band: list[Piece], boxes: dict[str, Box], unread: list[str], *, gridded: bool
) -> None:
    """A row of names, and what stands between it and the next one."""
    if not heads:
        unread += [piece.where for piece in band if not any(name in compared(piece.text) for name in _INLINE)]
        return
    pieces = [head[1] for head in heads]
    beside = [piece for piece in band if piece.line == pieces[0].line]
    strayed = next((piece for piece in beside if piece.left < pieces[0].left), None)
    if strayed is not None:
        raise refused(f"{strayed.text[:40]!r} stands left of {pieces[0].text[:40]!r}, under no name", strayed.where)
    below = under(pieces, [piece for piece in band if piece.line != pieces[0].line], gridded=gridded)
    for number, (own, piece, rest) in enumerate(heads):
        if own in boxes:
            raise refused(f"{piece.text[:40]!r} stands twice", piece.where)
        until = pieces[number + 1].left if number + 1 < len(pieces) else float("inf")
        own_beside = [each for each in beside if piece.left <= each.left < until]
        texts = [_part(piece, text) for text in rest.split("\n") if text]
        if gridded and own not in _OF_SEVERAL:
            _one_value(piece, own_beside, below[number])
        elif not gridded:
            own_beside = _whole_code(own_beside)
        boxes[own] = _box(piece, [*texts, *own_beside, *below[number]])
        if not gridded and own not in _OF_SEVERAL:
            _one_text(own, piece, boxes[own])


def _one_value(name: Piece, beside: Sequence[Piece], below: Sequence[Piece]) -> None:
    """In a sheet a value is one cell, or cells one under the other: another beside it has been shifted there."""
    values = [piece for piece in beside if _CODE.fullmatch(compared(piece.text)) is None]
    lines = [piece.line for piece in below]
    if len(values) > 1 or (values and below) or len(set(lines)) < len(lines):
        where = [piece.where for piece in (*values, *below)]
        raise refused(f"{name.text[:40]!r} has values in {' and '.join(where[:4])}, not one", name.where)


def _whole_code(beside: list[Piece]) -> list[Piece]:
    """A code beside a name that is drawn in several runs is one."""
    together = "".join(piece.text for piece in beside)
    if len(beside) > 1 and _CODE.fullmatch(compared(together)):
        return [replace(beside[0], text=together, right=beside[-1].right)]
    return beside


def _one_text(own: str, name: Piece, box: Box) -> None:
    """On a page a value is one text, or lines of one: what stands apart has been moved there, or is another name's."""
    beside = [piece for piece in box.pieces if piece.line == name.line and piece is not name]
    apart = (
        (beside and len(beside) < len(box.pieces))
        or any(_CODE.fullmatch(compared(piece.text)) for piece in box.pieces)
        or any(re.search(r"\s{3}", piece.text.strip()) for piece in box.pieces)
        or any(_stand_apart(before, piece) for before, piece in pairwise(box.pieces) if before.line == piece.line)
    )
    if apart:
        found = " and ".join(repr(piece.text[:40]) for piece in box.pieces[:4])
        raise refused(f"{name.text[:40]!r} has {found}, and it is not certain that they are its one value", name.where)
    if own in _FILLED and not box.text:
        raise refused(f"{name.text[:40]!r} has no value", name.where)
    if box.code and not box.text:
        raise refused(f"{name.text[:40]!r} has a code, and no value", name.where)


def _stand_apart(before: Piece, piece: Piece) -> bool:
    """More than a blank, or over one another."""
    middle = (before.left + before.right) / 2
    wider = _WIDER * sum(letter.isascii() and letter.isalpha() for letter in before.text)
    return not middle < piece.left <= before.right + piece.height * (_BLANK + wider)


def _box(name: Piece, pieces: list[Piece]) -> Box:
    """The code in brackets beside a name, if there is one, and the rest as the value."""
    box = Box(name)
    for piece in pieces:
        code = _CODE.fullmatch(compared(piece.text))
        if code is not None and piece.line == name.line and not box.code:
            box.code = code[1]
        else:
            box.pieces.append(piece)
    return box


# goods --------------------------------------------------------------------------


def _goods(
    header: list[Piece], lines: Sequence[Sequence[Piece]], sheetful: Sheetful, unread: list[str]
) -> tuple[dict[str, Piece], tuple[dict[str, list[Piece]], ...]]:
    """The columns by field, and the items: each begins in the line that has a number and a code of goods."""
    fields = {id(piece): own for own, (piece, _) in _named(header, COLUMN_NAMES).items()}
    for wanted, name in (("number", "项号"), ("hs_code", "商品编号")):
        if wanted not in fields.values():
            raise refused(f"the column {name} is not found", header[0].where)
    parts = under(header, [piece for line in lines for piece in line], gridded=sheetful.gridded)
    by_column = {fields[id(head)]: part for head, part in zip(header, parts, strict=True) if id(head) in fields}
    for head, part in zip(header, parts, strict=True):
        if id(head) not in fields and part:
            unread.append(f"{head.where} ({head.text[:40]})")
    starts = _starts(by_column["number"], by_column["hs_code"])
    items: list[dict[str, list[Piece]]] = [{} for _ in starts]
    for own, part in by_column.items():
        for piece in part:
            before = [number for number, line in enumerate(starts) if line <= piece.line]
            if not before:
                raise refused("stands over the first line that has 项号 and 商品编号", piece.where)
            items[before[-1]].setdefault(own, []).append(piece)
    if not sheetful.gridded:
        for start, item in zip(starts, items, strict=True):
            _check_item(start, item)
    columns = {fields[id(head)]: head for head in header if id(head) in fields}
    return columns, tuple(items)


def _check_item(start: int, item: dict[str, list[Piece]]) -> None:
    """On a page each column of an item begins in its first line, and has one text in each line: a text between two
    items may be of either, and one beside another has been moved there."""
    for part in item.values():
        first = min(part, key=lambda piece: piece.line)
        if first.line != start:
            raise refused(f"{first.text[:40]!r} does not begin in the first line of its goods", first.where)
        for before, piece in pairwise(part):
            if before.line == piece.line and _stand_apart(before, piece):
                found = f"{before.text[:40]!r} and {piece.text[:40]!r}"
                raise refused(f"{found} stand in one column of one line, which is not certain", piece.where)


def _starts(numbers: list[Piece], codes: list[Piece]) -> list[int]:
    coded = {piece.line for piece in codes if re.fullmatch(r"[0-9.]{6,16}", compared(piece.text))}
    numbered = {piece.line for piece in numbers if re.fullmatch(r"[0-9]{1,3}", compared(piece.text))}
    return sorted(coded & numbered)
