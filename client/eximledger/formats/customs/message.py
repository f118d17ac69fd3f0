"""The single window's message of a declaration (DecMessage, 海关总署公告 2018 年第 67 号), in versions 3 and 4.

Its elements carry codes of customs' tables. A message that customs has not answered has no number yet, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from eximledger.formats.tables import codes
from eximledger.formats.tables.cells import Columns, Row
from eximledger.formats.tables.sheets import Cell
from eximledger.formats.text.values import uscc_of
from eximledger.formats.xml.tree import Node

__all__ = ["rows_of_message"]

_MOST: Final = 999
"""Lines of goods of one declaration."""
_NOBODY: Final = "NO"
"""What is written where no party abroad is named (报关单填制规范)."""
_CHINA: Final = "CN"
_LICENCES: Final = frozenset("34Gxy")
"""Codes of accompanying documents (随附单证代码表) that are export licences."""

_COPY_HEAD: Final = {
    "EntryId": "declaration_number",
    "TradeName": "consignor_name",
    "OverseasConsigneeEname": "consignee_name",
    "DDate": "declared_on",
    "IEDate": "exported_on",
}
_REST_OF_HEAD: Final = {
    "OwnerName": "producer_name",
    "AgentName": "agent_name",
    "TradeMode": "supervision_mode",
    "TransMode": "transaction_mode",
    "TrafMode": "transport_mode",
    "BillNo": "bill_number",
    "ContrNo": "contract_number",
    "LicenseNo": "licence_number",
    "IEPort": "exit_port",
    "EntyPortCode": "loading_port",
    "DistinatePort": "destination_port",
    "TradeAreaCode": "trade_country",
    "TradeCountry": "destination_country",
    "WrapType": "package_kind",
    "PackNo": "packages",
    "GrossWet": "gross_weight_kg",
    "NetWt": "net_weight_kg",
}
_PARTIES: Final = {
    "consignor_uscc": ("TradeCoScc", "TradeCode"),
    "producer_uscc": ("OwnerCodeScc", "OwnerCode"),
    "agent_uscc": ("AgentCodeScc", "AgentCode"),
}
_CHARGES: Final = {"Fee": "freight", "Insur": "insurance", "Other": "other_charges"}
_LINE: Final = {
    "GNo": "number",
    "CodeTS": "hs_code",
    "GName": "description",
    "GModel": "specification",
    "GQty": "quantity",
    "GUnit": "unit",
    "DeclPrice": "unit_price",
    "DeclTotal": "amount",
    "TradeCurr": "currency",
    "FirstQty": "legal_quantity_1",
    "FirstUnit": "legal_unit_1",
    "SecondQty": "legal_quantity_2",
    "SecondUnit": "legal_unit_2",
    "DutyMode": "duty_mode",
}
_OPTIONAL_NUMBERS: Final = {"FirstQty": "FirstUnit", "SecondQty": "SecondUnit"}


def rows_of_message(root: Node, *, copy: bool) -> list[Row]:
    """A row for each line of goods, the first with what the head says; of a `copy` only what a copy holds.

    Raises `InvalidDocument` for a message that is not an export's, or has no number or no goods.
    """
    head = root.need("DecHead")
    flag = head.text("IEFlag")
    if flag != "E":
        raise head.error(f"is of no export: its IEFlag is {flag or 'missing'}, not E")
    if head.text("EntryId") is None:
        raise head.error("has no EntryId: customs has not given this declaration a number (报关单号) yet")
    goods = root.all("DecLists", "DecList")
    if not goods:
        raise root.missing("DecLists", "DecList")
    if len(goods) > _MOST:
        raise root.need("DecLists").error(f"has more than {_MOST} lines of goods")
    common = dict(_head(root, head, copy=copy))
    going = head.find("TradeCountry")
    destination = codes.country(going.raw.strip()) if going is not None else None
    rows = []
    for number, line in enumerate(goods, 1):
        own = dict(_line(line, destination))
        rows.append(_row(number, line.path, common | own if number == 1 else own))
    return rows


def _row(number: int, path: str, found: dict[str, tuple[str, Cell]]) -> Row:
    names = {field: name for field, (name, _) in found.items()}
    return Row(number, "", {field: cell for field, (_, cell) in found.items()}, Columns(names, {}), path)


def _taken(node: Node, name: str) -> Cell | None:
    """The text of an element as a cell that names it; marked as read."""
    child = node.find(name)
    text = "\n".join(child.lines()) if child is not None else ""
    return Cell(child.path, text) if child is not None and text else None


def _head(root: Node, head: Node, *, copy: bool) -> Iterator[tuple[str, tuple[str, Cell]]]:
    for name, field in (_COPY_HEAD if copy else _COPY_HEAD | _REST_OF_HEAD).items():
        cell = _taken(head, name)
        if cell is not None and not (field == "consignee_name" and cell.text.strip().upper() == _NOBODY):
            yield field, (name, cell)
    for field, (uniform, registered) in _PARTIES.items():
        if copy and field != "consignor_uscc":
            continue
        name = uniform if _is_given(head, uniform) else registered
        cell = _taken(head, name)
        if cell is not None and (name == uniform or _is_a_code(cell.text)):
            yield field, (name, cell)
    marks = [cell for name in ("MarkNo", "NoteS") if (cell := _taken(head, name)) is not None]
    if marks:
        yield "remarks", ("NoteS", Cell(marks[-1].where, "\n".join(cell.text for cell in marks)))
    if not copy:
        yield from _charges(head)
        yield from _conveyance(root, head)


def _is_given(head: Node, name: str) -> bool:
    return any(node.raw.strip() for node in head.all(name))


def _is_a_code(text: str) -> bool:
    return uscc_of(text) is not None or re.fullmatch(r"[0-9]{9}[0-9A-Z]", text) is not None


def _charges(head: Node) -> Iterator[tuple[str, tuple[str, Cell]]]:
    """Freight, insurance and other charges, each in three elements: mark, rate or amount, currency."""
    for stem, field in _CHARGES.items():
        number = head.decimal(f"{stem}Rate")
        mark, currency = _taken(head, f"{stem}Mark"), _taken(head, f"{stem}Curr")
        if not number:
            continue
        if mark is None:
            raise head.missing(f"{stem}Mark")
        yield field, (f"{stem}Rate", Cell(f"{head.path}/{stem}Rate", f"{number:f}"))
        yield f"{field}_mark", (f"{stem}Mark", mark)
        if currency is not None and currency.text.strip("0"):
            yield f"{field}_currency", (f"{stem}Curr", currency)


def _conveyance(root: Node, head: Node) -> Iterator[tuple[str, tuple[str, Cell]]]:
    vessel, voyage = head.text("TrafName"), root.text("DecFreeTxt", "VoyNo")
    if vessel or voyage:
        said = "/".join(part for part in (vessel, voyage) if part)
        yield "conveyance", ("TrafName", Cell(f"{head.path}/TrafName", said))
    numbers = root.texts("DecContainers", "Container", "ContainerId")
    if numbers:
        yield "containers", ("ContainerId", Cell("/DecMessage/DecContainers", ",".join(dict.fromkeys(numbers))))
    if not _is_given(head, "LicenseNo"):
        for document in root.all("DecLicenseDocus", "LicenseDocu"):
            if (document.text("DocuCode") or "") in _LICENCES and (cell := _taken(document, "CertCode")) is not None:
                yield "licence_number", ("CertCode", cell)
                return


def _line(line: Node, destination: str | None) -> Iterator[tuple[str, tuple[str, Cell]]]:
    for name, field in _LINE.items():
        quantity = next((each for each, unit in _OPTIONAL_NUMBERS.items() if name in (each, unit)), None)
        if quantity is not None and not line.decimal(quantity):
            continue  # no second legal unit: left out, or 0
        cell = _taken(line, name)
        if cell is not None:
            yield field, (name, cell)
    yield from _countries(line, destination)


def _countries(line: Node, destination: str | None) -> Iterator[tuple[str, tuple[str, Cell]]]:
    """Origin and final destination. Writers differ in which of the two elements is which in an export (older versions
    had OriginCountry for both), so they are read where only one of them is China, and the goods go elsewhere."""
    found = [node for name in ("OriginCountry", "DestinationCountry") for node in line.all(name) if node.raw.strip()]
    known = [codes.country(node.raw.strip()) for node in found]
    if len(found) == 2 and known.count(_CHINA) == 1 and None not in known and destination not in (_CHINA, None):
        origin, going = found if known[0] == _CHINA else reversed(found)
        yield "origin_country", (origin.name, Cell(origin.path, origin.value() or ""))
        yield "line_destination_country", (going.name, Cell(going.path, going.value() or ""))
        return
    for node in found:
        node.unusable("may be the origin or the destination: writers differ, and not exactly one of the two is China")
