"""The XML of China's fully digital invoice (数电票, `EInvoice`) as a commercial invoice.

Sources: 财政部's 电子凭证会计数据标准 and 国家税务总局公告 2024 年第 11 号. It is in CNY by law, whatever currency the
goods were sold in. It is read as a claim on a buyer abroad only where that is what it shows: a seller with its USCC, a
buyer without a Chinese tax number, and no tax. A domestic invoice, one to the exporter, and one that takes another back
(红字) are refused with the reason.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from eximledger.formats.text.values import date_of, decimal_of, declaration_numbers_in, unique, uscc_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import (
    Address,
    CommercialInvoice,
    Contact,
    GoodsLine,
    Identifier,
    InvoiceTotals,
    Money,
    Party,
    PaymentAccount,
)

__all__ = ["read_fapiao"]

_CURRENCY: Final = "CNY"
_TAX_NUMBER: Final = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]|[0-9]{20}|[0-9A-Z]{18}")
"""A taxpayer's number in China: of a firm, or of a person; numbers of other countries have other lengths."""
_PLACES: Final = 12
"""Decimals that a price may have in a document."""


def read_fapiao(root: Node, exporter: str | None) -> CommercialInvoice:
    """Raises `InvalidDocument` with the reason why it is no invoice of an export."""
    data = root.need("EInvoiceData")
    basic = data.need("BasicInformation")
    seller, buyer = _party(data, "Seller"), _party(data, "Buyer")
    _check_export(data, basic, seller, exporter)
    payable = _money(basic, "TotalTax-includedAmount")
    if payable is None:
        raise basic.missing("TotalTax-includedAmount")
    notes = data.lines("AdditionalInformation", "Remark") + data.lines("Remark")
    items = [item for item in data.all("IssuItemInformation") if item.raw.strip() or item.children]
    lines = tuple(_line(item, number) for number, item in enumerate(items, 1))
    with root.located():
        return CommercialInvoice(
            invoice_number=_number(root),
            type_code="380",
            issued_on=_issued_on(root, basic),
            seller=seller,
            buyer=buyer,
            currency=_CURRENCY,
            lines=lines,
            payment_accounts=_accounts(data),
            declaration_numbers=unique([number for note in notes for number in declaration_numbers_in(note)]),
            totals=InvoiceTotals(
                without_tax=_money(basic, "TotalAmWithoutTax"),
                tax=_money(basic, "TotalTaxAm"),
                with_tax=payable,
                payable=payable,
            ),
            notes=tuple(notes),
        )


def _number(root: Node) -> str:
    number, own = root.text("TaxSupervisionInfo", "InvoiceNumber"), root.text("Header", "EIid")
    if number and own and number != own:
        raise root.error("has one number in Header/EIid and another in TaxSupervisionInfo/InvoiceNumber")
    found = number or own
    if found is None:
        raise root.missing("TaxSupervisionInfo", "InvoiceNumber")
    return found


def _issued_on(root: Node, basic: Node) -> date:
    """开票日期 is the day of the request; a message without one has that of its issue."""
    node = basic.find("RequestTime") or root.find("TaxSupervisionInfo", "IssueTime")
    text = node.value() if node is not None else None
    if node is None or text is None:
        raise basic.missing("RequestTime")
    root.take("TaxSupervisionInfo", "IssueTime")
    found = re.match(r"([0-9]{4})[-年/]([0-9]{1,2})[-月/]([0-9]{1,2})", text)
    try:
        return date_of(f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text)
    except ValueError as error:
        raise node.error(str(error)) from None


def _check_export(data: Node, basic: Node, seller: Party, exporter: str | None) -> None:
    number = data.text("BuyerInformation", "BuyerIdNum") or ""
    if _TAX_NUMBER.fullmatch(number) and number.strip("0"):
        raise data.need("BuyerInformation", "BuyerIdNum").error(
            "is a Chinese taxpayer's: this is a domestic invoice (内销), no claim on a buyer abroad"
        )
    if seller.uscc is None:
        raise data.need("SellerInformation").error("has no SellerIdNum that is a USCC: an exporter has one")
    if exporter is not None and seller.uscc != exporter:
        raise data.need("SellerInformation").error("is another than the exporter: this is no invoice of its own sales")
    tax, total = basic.decimal("TotalTaxAm"), basic.decimal("TotalTax-includedAmount")
    if tax:
        raise basic.need("TotalTaxAm").error("is not 0: exports are invoiced without tax (零税率, 免税)")
    if total is not None and total < 0:
        raise basic.need("TotalTax-includedAmount").error("is below zero: a red invoice (红字) is not read")


def _party(data: Node, role: str) -> Party:
    node = data.need(f"{role}Information")
    number = node.text(f"{role}IdNum")
    code = uscc_of(number) if number else None
    address, telephone = node.text(f"{role}Addr"), node.text(f"{role}TelNum")
    with node.located():
        return Party(
            name=node.need_text(f"{role}Name"),
            uscc=code,
            identifiers=(Identifier(scheme="tax", value=number),) if number and code is None else (),
            address=Address(lines=(address,)) if address else None,
            contact=Contact(telephone=telephone) if telephone else None,
        )


def _accounts(data: Node) -> tuple[PaymentAccount, ...]:
    seller = data.need("SellerInformation")
    bank, account = seller.text("SellerBankName"), seller.text("SellerBankAccNum")
    return (PaymentAccount(bank=bank, account=account),) if bank or account else ()


def _line(item: Node, number: int) -> GoodsLine:
    price = item.find("UnPrice")
    unit_price = price.decimal() if price is not None else None
    if price is not None and unit_price is not None and _decimals(unit_price) > _PLACES:
        price.unusable(f"has more than {_PLACES} decimals")
        unit_price = None
    with item.located():
        return GoodsLine(
            number=str(number),
            name=item.need_text("ItemName"),
            description=item.text("SpecMod"),
            quantity=item.decimal("Quantity"),
            unit=item.text("MeaUnits"),
            unit_price=unit_price,
            amount=_money(item, "Amount"),
            tax_percent=item.converted(_percent, "is no rate", "TaxRate"),
            tax_amount=item.decimal("ComTaxAm"),
        )


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _money(node: Node, name: str) -> Money | None:
    return node.money(name, currency=_CURRENCY)


def _percent(text: str) -> Decimal | None:
    """`0.13` and `13%` are thirteen per cent; words for none (免税, 不征税, 零税率) are nothing."""
    if text in {"免税", "不征税", "零税率", "***", "*"}:
        return Decimal(0)
    try:
        number = decimal_of(text.removesuffix("%").strip())
    except ValueError:
        return None
    return number if text.endswith("%") or number >= 1 else number * 100
