"""Pages of the printed form as rows of a declaration's fields.

数量及单位 has up to three lines: the first legal unit, the second one, and the unit of the deal, which stands last
(报关单填制规范). 单价/总价/币制 has three.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.customs.layout import Box, FormPage
from eximledger.formats.customs.pieces import Piece, compared, on_one_line, refused, texts
from eximledger.formats.tables.cells import Columns, Row
from eximledger.formats.tables.sheets import Cell

__all__ = ["forms_of"]

_COPIED: Final = ("exported_on", "declared_on", "printed_on", "remarks")
_REST: Final = (
    "exit_port", "transport_mode", "conveyance", "bill_number", "supervision_mode", "licence_number",
    "contract_number", "trade_country", "destination_country", "destination_port", "loading_port", "package_kind",
    "packages", "gross_weight_kg", "net_weight_kg", "transaction_mode", "freight", "insurance", "other_charges",
)  # fmt: skip
_CODED: Final = frozenset(
    {"exit_port", "loading_port", "destination_port", "transport_mode", "supervision_mode", "transaction_mode"}
    | {"trade_country", "destination_country"}
)
"""Fields of which the code beside the name says more than the words under it."""
_NUMBERS: Final = frozenset({"bill_number", "contract_number", "licence_number"})
_CUT: Final = re.compile(r"[^\s,;，；、]\s*\n\s*[^\s,;，；、]")
"""A line break that no mark explains."""
_READ_ELSEWHERE: Final = frozenset({"declaration_number", "page", "pre_entry_number", "consignor", "consignee"})
_NEEDED: Final = {"consignor": "境内发货人", "declared_on": "申报日期", "supervision_mode": "监管方式"}
_WORDS: Final = (
    ("origin", "origin_country"), ("destination", "line_destination_country"), ("duty", "duty_mode"),
)  # fmt: skip
_NOBODY: Final = "NO"
_NUMBER: Final = r"[0-9][0-9,]*(?:\.[0-9]+)?"
_QUANTITY: Final = re.compile(rf"({_NUMBER})\s*([^\s0-9,./][^\n0-9]{{0,20}})")


def forms_of(pages: Sequence[FormPage], *, copy: bool) -> tuple[list[list[Row]], tuple[Unmapped, ...]]:
    """Rows of each form, whose pages go by its number, and what of them was not read."""
    by_number: dict[str, list[FormPage]] = {}
    for page in pages:
        box = page.boxes.get("declaration_number")
        if box is None or not box.text:
            raise refused("海关编号 is not found, or has no number: customs has not taken this form yet", page.name)
        by_number.setdefault(box.text, []).append(page)
    unmapped: list[Unmapped] = []
    forms = [_rows(each, unmapped, copy=copy) for each in by_number.values()]
    return forms, tuple(unmapped)


def _rows(pages: list[FormPage], unmapped: list[Unmapped], *, copy: bool) -> list[Row]:
    first = pages[0]
    _check_pages(pages)
    for needed, name in _NEEDED.items():
        if needed not in first.boxes:
            raise refused(f"{name} is not found", first.name)
    head = _head(first.boxes, copy=copy)
    for page in pages:
        unmapped += _unread(page, set() if copy else set(_REST))
    items = [(page, item) for page in pages for item in page.items]
    if not items:
        raise refused("no goods are found: no line has 项号 and 商品编号", first.name)
    rows = []
    for number, (page, item) in enumerate(items, 1):
        own = _line(page, item)
        if int(own["number"].text) != number:
            raise refused(f"项号 is {own['number'].text} where {number} is expected", own["number"].where)
        cells = head | own if number == 1 else own
        names = {each: page.columns[each].text for each in own if each in page.columns}
        names |= {each: box.name.text.partition("\n")[0] for each, box in first.boxes.items()}
        rows.append(Row(number, "", cells, Columns(names, {}), f"{page.name} 项号 {number}"))
    return rows


def _check_pages(pages: list[FormPage]) -> None:
    """Where pages are counted (页码/页数), all of them are there and in order; what a later one repeats is the same."""
    for number, page in enumerate(pages, 1):
        box = page.boxes.get("page")
        counted = re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", box.text) if box is not None else None
        if counted is None and len(pages) > 1:
            raise refused("页码/页数 is not found, and its 海关编号 stands on another page, too", page.name)
        if counted is not None and (int(counted[1]), int(counted[2])) != (number, len(pages)):
            raise refused(
                f"is page {counted[0]} of a form of which the file has {len(pages)}, in this order", page.name
            )
        for own, each in page.boxes.items():
            before = pages[0].boxes.get(own)
            if own != "page" and before is not None and each.text and each.text != before.text:
                raise refused(f"{each.name.text[:40]!r} is another than on the first page", each.where)


def _unread(page: FormPage, read: set[str]) -> list[Unmapped]:
    reason = "the documents have no field for it"
    taken = read | set(_COPIED) | _READ_ELSEWHERE | ({"producer"} if read else set())
    boxes = [
        Unmapped(f"{box.where} ({box.name.text[:40]})", reason, Cause.NOT_MODELLED)
        for own, box in page.boxes.items()
        if own not in taken and (box.text or box.code)
    ]
    return [*boxes, *(Unmapped(where, reason, Cause.NOT_MODELLED) for where in page.unread)]


# boxes --------------------------------------------------------------------------


def _head(boxes: dict[str, Box], *, copy: bool) -> dict[str, Cell]:
    number = boxes["declaration_number"]
    found = {"declaration_number": Cell(number.where, number.text, exact=all(piece.exact for piece in number.pieces))}
    for party in ("consignor", "consignee", *(() if copy else ("producer",))):
        found |= _party(party, boxes.get(party))
    for own in (*_COPIED, *(() if copy else _REST)):
        box = boxes.get(own)
        if box is None or not (box.text or box.code):
            continue
        text = box.text if own == "remarks" else on_one_line(box.text)
        if own in _NUMBERS and _CUT.search(box.text):
            raise refused(f"{box.name.text[:40]!r} is a number on two lines: where it is cut is not certain", box.where)
        if own in _CODED and box.code:
            text = box.code
        if own in {"freight", "insurance", "other_charges"}:
            text = _charge(box)
        if text:
            found[own] = Cell(box.where, text, exact=all(piece.exact for piece in box.pieces))
    return found


def _party(role: str, box: Box | None) -> dict[str, Cell]:
    if box is None:
        return {}
    name = on_one_line(box.text)
    written = re.search(r"\(([0-9A-Z]{18}|[0-9]{9}[0-9A-Z])\)", unicodedata.normalize("NFKC", name))
    code = box.code or (written[1] if written else "")
    if written:
        name = unicodedata.normalize("NFKC", name).replace(written[0], "").strip()
    if name.upper() == _NOBODY or not name:
        return {}
    found = {f"{role}_name": Cell(box.where, name)}
    if role != "consignee" and code:
        found[f"{role}_uscc"] = Cell(box.name.where, code)
    return found


def _charge(box: Box) -> str:
    """`502/3500/3` in whatever way its three parts are written: with blanks, in lines, the currency beside the name."""
    parts = [part for part in re.split(r"[/\s]+", unicodedata.normalize("NFKC", box.text)) if part]
    if box.code and len(parts) == 2:
        parts = [box.code, *parts]
    if not any(part.strip("0.,") for part in parts):
        return ""
    return "/".join(parts)


# goods --------------------------------------------------------------------------


def _line(page: FormPage, item: dict[str, list[Piece]]) -> dict[str, Cell]:
    number = item["number"][0]
    if re.fullmatch(r"[0-9]{1,3}", compared(number.text)) is None:
        raise refused("is no 项号", number.where)
    found = {"number": Cell(number.where, compared(number.text))}
    found["hs_code"] = Cell(item["hs_code"][0].where, compared(item["hs_code"][0].text))
    if len(item["hs_code"]) > 1:
        raise refused("stands under 商品编号 of one item as a second line", item["hs_code"][1].where)
    found |= _names(page, item)
    found |= _money(page, item)
    found |= _quantities(page, item, found)
    for own, target in (
        ("origin", "origin_country"),
        ("destination", "line_destination_country"),
        ("duty", "duty_mode"),
    ):
        if own in item:
            text = " ".join(piece.text.strip() for piece in item[own])
            found[target] = Cell(item[own][0].where, " ".join(text.split()))
    return found


def _names(page: FormPage, item: dict[str, list[Piece]]) -> dict[str, Cell]:
    """The name in the first line, the specification in the others. One that is parted by | begins where the first of
    these is, and what stands before it is a name of several lines."""
    own = "goods" if "goods" in page.columns else "description"
    lines = texts(item.get(own, []))
    if not lines:
        raise refused("商品名称 is not found", item["number"][0].where)
    otherwise = 1 if own == "goods" else len(lines)
    begins = next((number for number, (text, _) in enumerate(lines) if number and "|" in text), otherwise)
    if 1 < begins < len(lines) and lines[begins][0].startswith("|"):
        begins -= 1  # what stands before its first | has a line of its own
    found = {"description": Cell(lines[0][1].where, on_one_line("\n".join(text for text, _ in lines[:begins])))}
    specification = [text for text, _ in [*lines[begins:], *texts(item.get("specification", []))]]
    if specification:
        found["specification"] = Cell(lines[0][1].where, "\n".join(specification))
    return found


def _money(page: FormPage, item: dict[str, list[Piece]]) -> dict[str, Cell]:
    """单价, 总价 and 币制, in a column of all three or in one each."""
    fields = ("unit_price", "amount", "currency")
    if "money" in page.columns:
        lines = texts(item.get("money", []))
        if len(lines) == 1 and lines[0][0].count("/") == 2:
            lines = [(part.strip(), lines[0][1]) for part in lines[0][0].split("/")]
    else:
        lines = [line for own in fields for line in texts(item.get(own, []))[:1]]
        if any(len(texts(item.get(own, []))) > 1 for own in fields):
            raise refused("单价, 总价 or 币制 has more than one line", item["number"][0].where)
    if len(lines) != 3:
        reason = f"单价/总价/币制 has {len(lines)} lines, not three"
        raise refused(reason, lines[0][1].where if lines else item["number"][0].where)
    for (text, piece), name in zip(lines, ("单价", "总价"), strict=False):
        if re.fullmatch(_NUMBER, unicodedata.normalize("NFKC", text)) is None:
            raise refused(f"{name} is no number", piece.where)
    return {own: Cell(piece.where, text) for own, (text, piece) in zip(fields, lines, strict=True)}


def _quantities(page: FormPage, item: dict[str, list[Piece]], found: dict[str, Cell]) -> dict[str, Cell]:
    if "quantities" not in page.columns and not {"quantity", "unit"} <= page.columns.keys():
        raise refused("the column 数量及单位 is not found", page.name)
    own = item.get("quantities") or [*item.get("quantity", []), *item.get("unit", [])]
    read: list[tuple[str, str, Piece]] = []
    for text, piece in texts(own):
        for part in re.split(r"[/;]", unicodedata.normalize("NFKC", text)):
            matched = _QUANTITY.fullmatch(part.strip())
            if matched is None:
                raise refused("is no quantity with its unit", piece.where)
            read.append((matched[1], matched[2].strip(), piece))
    if not 1 <= len(read) <= 3:
        raise refused(f"数量及单位 has {len(read)} lines, not one to three", item["number"][0].where)
    _check_deal(read, found)
    cells: dict[str, Cell] = {}
    places = [*(f"_{number}" for number in range(1, len(read))), ""]
    for (quantity, unit, piece), place in zip(read, places, strict=True):
        stem = "legal_" if place else ""
        cells[f"{stem}quantity{place}"] = Cell(piece.where, quantity)
        cells[f"{stem}unit{place}"] = Cell(piece.where, unit)
    return cells


def _check_deal(read: list[tuple[str, str, Piece]], found: dict[str, Cell]) -> None:
    """The unit of the deal stands last. Programs that write it first are found out by the total, and refused."""
    price, total = (_decimal(found[own].text) for own in ("unit_price", "amount"))
    fits = [abs(_decimal(quantity) * price - total) <= _room(_decimal(quantity), price) for quantity, _, _ in read]
    words = "\n".join(found[own].text for own in ("description", "specification") if own in found)
    others = [_decimal(number) for number in re.findall(_NUMBER, words)]
    if not any(fits) and any(abs(each * price - total) <= _room(each, price) for each in others if each):
        reason = "数量及单位: by 单价 and 总价 the deal's quantity stands among the words of the goods"
        raise refused(reason, read[0][2].where)
    if any(fits) and not fits[-1]:
        reason = "数量及单位: by 单价 and 总价 the deal is in another line than the last, where the layout has it"
        raise refused(reason, read[0][2].where)


def _room(quantity: Decimal, price: Decimal) -> Decimal:
    """What a price may be rounded by, over the quantity, and a cent."""
    exponent = price.as_tuple().exponent
    return quantity * Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) / 2 + Decimal("0.01")


def _decimal(text: str) -> Decimal:
    return Decimal(unicodedata.normalize("NFKC", text).replace(",", ""))
