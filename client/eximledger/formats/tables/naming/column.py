"""A column of a table: the field that it fills, what it is called, what its cells hold, and what it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from eximledger_chaincode.documents import Words

__all__ = ["COUNTED", "MONEY", "Column", "Holds", "Stands"]


class Stands(Enum):
    """To what a column belongs."""

    PAPER = Words("paper", "单据")
    """To the paper as a whole: its cells stand on each of the paper's rows, or only on the first."""
    LINE = Words("line", "商品行")
    """To one line of goods."""
    BESIDE = Words("beside", "附属列")
    """To the number in another column, of which it says in what that counts."""


class Holds(Enum):
    """What the cells of a column hold."""

    TEXT = Words("text", "文本")
    ORDINAL = Words("number of a line", "行号")
    DAY = Words("date", "日期")
    DAYS = Words("number of days", "天数")
    AMOUNT = Words("amount", "金额")
    CHARGE = Words("amount, or customs' currency/number/mark", "金额，或 币制/数值/标记")
    PRICE = Words("price for one unit", "单价")
    QUANTITY = Words("quantity", "数量")
    COUNT = Words("whole number", "整数")
    WEIGHT = Words("weight in kilograms", "重量（千克）")
    VOLUME = Words("volume in cubic metres", "体积（立方米）")
    LIST = Words("one or several, between semicolons", "一项或多项，以分号分隔")
    FLAG = Words("yes or no", "是或否")
    USCC = Words("unified social credit code, 18 characters", "统一社会信用代码，18 位")
    DECLARATION = Words("customs declaration number, 18 digits", "报关单号，18 位数字")
    HS = Words("HS code of 6, 8, 10 or 13 digits", "商品编码，6、8、10 或 13 位数字")
    CURRENCY = Words("currency, ISO 4217", "币种（ISO 4217）")
    COUNTRY = Words("country, ISO 3166", "国家（ISO 3166）")
    PORT = Words("UN/LOCODE or customs' code of a port", "UN/LOCODE 或海关口岸代码")
    INCOTERM = Words("Incoterm", "贸易术语")
    UNIT = Words("unit of measure", "计量单位")
    WEIGHT_UNIT = Words("unit of weight", "重量单位")
    MARK = Words("customs' mark", "标记")
    STATUS = Words("status", "状态")
    TRANSACTION_MODE = Words("transaction mode", "成交方式")
    SUPERVISION_MODE = Words("supervision mode", "监管方式")
    TRANSPORT_MODE = Words("transport mode", "运输方式")
    INVOICE_TYPE = Words("type of invoice", "发票类型")


MONEY: Final = frozenset({Holds.AMOUNT, Holds.CHARGE, Holds.PRICE})
COUNTED: Final = MONEY | {Holds.WEIGHT, Holds.VOLUME, Holds.QUANTITY, Holds.COUNT}
"""What counts in something, which a header may say beside the column's name."""


@dataclass(frozen=True, slots=True)
class Column:
    """The first of its names in each language heads a template, where `example` stands as a person would write it."""

    field: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    holds: Holds
    stands: Stands
    example: str = ""
    needed: bool = False
    note: Words | None = None
