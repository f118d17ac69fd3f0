"""Columns of customs declarations as tables: what each is called in Chinese and in English.

The Chinese names are those of the declaration form (出口货物报关单, 海关总署公告 2018 年第 60 号 and 2019 年第 18
号) and of the exports that brokers' systems write; older forms' names stand beside them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from eximledger.formats.tables.measures import measure_of

__all__ = [
    "HEADER_COLUMNS",
    "LINE_COLUMNS",
    "MEASURE_COLUMNS",
    "MONEY",
    "NUMBERS",
    "WEIGHTS",
    "beside",
    "column_of",
    "is_whole_name",
]

HEADER_COLUMNS: Final = {
    "declaration_number": (
        "报关单号 海关编号 报关单编号 报关单号码 | Declaration number, Declaration No, Customs declaration "
        "number, Entry number, Entry No"
    ),
    "status": "状态 报关单状态 通关状态 报关状态 | Status, Declaration status, Customs status",
    "consignor_name": (
        "境内发货人 境内发货人名称 发货人 收发货人 经营单位 出口商 出口企业 企业名称 | Domestic consignor, "
        "Consignor, Exporter, Exporter name, Consignor name"
    ),
    "consignor_uscc": (
        "境内发货人统一社会信用代码 境内发货人代码 统一社会信用代码 社会信用代码 发货人代码 经营单位代码 | USCC, "
        "Exporter USCC, Consignor USCC, Unified social credit code, Consignor code"
    ),
    "producer_name": "生产销售单位 生产销售单位名称 生产单位 货主单位 | Producer, Manufacturer, Producer name",
    "producer_uscc": "生产销售单位统一社会信用代码 生产销售单位代码 货主单位代码 | Producer USCC, Manufacturer USCC",
    "consignee_name": (
        "境外收货人 境外收货人名称 收货人 | Overseas consignee, Consignee, Consignee name, Foreign consignee"
    ),
    "agent_name": "申报单位 申报单位名称 报关行 代理报关单位 | Declaring agent, Customs broker, Agent, Broker",
    "agent_uscc": "申报单位统一社会信用代码 申报单位代码 | Agent USCC, Broker USCC",
    "declared_on": "申报日期 | Declaration date, Declared on, Date of declaration",
    "exported_on": "出口日期 离境日期 | Export date, Exported on, Date of export",
    "released_on": "放行日期 | Release date, Released on",
    "settled_on": "结关日期 | Settlement date, Settled on, Clearance date",
    "supervision_mode": "监管方式 贸易方式 | Supervision mode, Trade mode, Customs regime",
    "transaction_mode": "成交方式 | Transaction mode, Trade terms, Incoterm, Terms of delivery",
    "transport_mode": "运输方式 | Transport mode, Mode of transport",
    "conveyance": (
        "运输工具名称及航次号 运输工具名称 运输工具 船名航次 | Conveyance, Vessel and voyage, Vessel/voyage, "
        "Means of transport"
    ),
    "imo_number": "船舶识别号 IMO编号 | IMO number, IMO, IMO No",
    "bill_number": (
        "提运单号 提单号 运单号 | Bill number, B/L number, B/L No, Bill of lading number, Transport document number"
    ),
    "contract_number": "合同协议号 合同号 | Contract number, Contract No",
    "licence_number": "许可证号 | Licence number, License number, License No",
    "exit_port": "出境关别 出口口岸 | Exit port, Exit customs, Port of exit",
    "loading_port": "离境口岸 装货港 启运港 | Loading port, Port of loading, Port of departure",
    "destination_port": "指运港 目的港 | Destination port, Port of destination, Port of discharge",
    "trade_country": "贸易国(地区) 贸易国 贸易国别 | Trade country, Trading country",
    "destination_country": "运抵国(地区) 运抵国 | Destination country, Country of destination",
    "package_kind": "包装种类 | Package kind, Kind of packages, Packing",
    "packages": "件数 总件数 包装件数 | Packages, Number of packages",
    "gross_weight_kg": "毛重(千克) 毛重 毛重(kg) 总毛重 | Gross weight (kg), Gross weight, G.W., Gross wt",
    "net_weight_kg": "净重(千克) 净重 净重(kg) 总净重 | Net weight (kg), Net weight, N.W., Net wt",
    "containers": "集装箱号 | Containers, Container numbers, Container number, Container No",
    "freight": "运费 | Freight, Ocean freight",
    "freight_currency": "运费币制 | Freight currency",
    "insurance": "保费 保险费 | Insurance",
    "insurance_currency": "保费币制 保险费币制 | Insurance currency",
    "other_charges": "杂费 | Other charges, Miscellaneous charges",
    "other_charges_currency": "杂费币制 | Other charges currency",
    "total": "总价合计 总金额 合计金额 申报总价合计 | Total, Total amount, Declaration total",
    "remarks": "备注 标记唛码及备注 | Remarks, Marks and remarks, Notes",
}
"""Fields of the declaration as a whole."""

LINE_COLUMNS: Final = {
    "number": "项号 商品序号 序号 | Line, Line number, Line No, Item No, Item number, Item",
    "hs_code": (
        "商品编号 商品编码 HS编码 税则号列 税号 HS海关编码 商编 海关商品编码 商品编号(HS) 商品税号 税则号 HS | "
        "HS code, HS, Tariff code, Commodity code, HS codes, HTS code, Tariff number"
    ),
    "description": (
        "商品名称 品名 货物名称 中文品名 货名 | Description, Description of goods, Goods, Goods description, Commodity"
    ),
    "specification": "规格型号 规格 型号 申报要素 | Specification, Model, Specification and model",
    "quantity": "成交数量 数量 申报数量 | Quantity, Qty, Deal quantity",
    "unit": (
        "成交单位 成交计量单位 计量单位 单位 申报单位数量单位 数量单位 交易单位 | "
        "Unit, Deal unit, UOM, Quantity unit, Unit of measure"
    ),
    "unit_price": "单价 申报单价 | Unit price, Price",
    "amount": "总价 成交总价 申报总价 金额 | Amount, Line amount, Line total, Total price, Total value, Line value",
    "currency": (
        "币制 币种 成交币制 币制代码 币别 货币 总价币制 总价币种 交易币制 交易币种 | Currency, Ccy, Currency code"
    ),
    "legal_quantity_1": "第一法定数量 法定第一数量 法定数量 | First legal quantity, Legal quantity, Legal quantity 1",
    "legal_unit_1": (
        "第一法定单位 第一法定计量单位 法定第一单位 法定第一计量单位 "
        "法定单位 法定计量单位 | First legal unit, Legal unit, Legal unit 1"
    ),
    "legal_quantity_2": "第二法定数量 法定第二数量 | Second legal quantity, Legal quantity 2",
    "legal_unit_2": "第二法定单位 第二法定计量单位 法定第二单位 法定第二计量单位 | Second legal unit, Legal unit 2",
    "origin_country": "原产国(地区) 原产国 | Origin country, Country of origin, Origin",
    "line_destination_country": "最终目的国(地区) 最终目的国 | Final destination country, Final destination",
    "duty_mode": "征免 征免方式 | Duty mode, Duty treatment, Levy",
}
"""Fields of one line of goods."""


MEASURE_COLUMNS: Final = {
    "weight_unit": "重量单位 毛重单位 净重单位 毛净重单位 | Weight unit, Weight UOM, Unit of weight",
    "unit_price_currency": "单价币制 单价币种 | Unit price currency, Price currency",
    "freight_mark": "运费标记 运费标志 | Freight mark",
    "insurance_mark": "保费标记 保险费标记 保费标志 | Insurance mark",
    "other_charges_mark": "杂费标记 杂费标志 | Other charges mark",
}
"""Columns that say in what the numbers of others count."""

MONEY: Final = frozenset({"amount", "total", "unit_price", "freight", "insurance", "other_charges"})
WEIGHTS: Final = frozenset({"gross_weight_kg", "net_weight_kg"})
NUMBERS: Final = MONEY | WEIGHTS | {"quantity", "packages", "legal_quantity_1", "legal_quantity_2"}
"""Fields that count in something, which a header may say beside their name."""

_LONGEST_NAME: Final = 200
"""Characters; what is longer is no name of a column."""
_CODED: Final = frozenset(
    {
        "status",
        "supervision_mode",
        "transaction_mode",
        "transport_mode",
        "currency",
        "unit",
        "exit_port",
        "loading_port",
    }
    | {"destination_port", "trade_country", "destination_country", "origin_country", "line_destination_country"}
)
"""Fields whose columns may be called those of a code or of a name."""
_FORE: Final = ("申报", "成交", "商品", "货物", "报关", "海关", "出口", "*")
"""Words that systems put before a column's name and that say nothing more."""


def _names(listed: str) -> Iterator[str]:
    chinese, _, english = listed.partition("|")
    yield from chinese.split()
    yield from (name.strip() for name in english.split(","))


def _compared(name: str) -> str:
    return re.sub(r"[\s()\[\]【】:：*._/\\\-]", "", unicodedata.normalize("NFKC", name)).casefold()


_FIELDS: Final = {
    _compared(name): field
    for columns in (HEADER_COLUMNS, LINE_COLUMNS, MEASURE_COLUMNS)
    for field, listed in columns.items()
    for name in _names(listed)
}


_NUMBER_NAMES: Final = sorted(
    ((name, field) for name, field in _FIELDS.items() if field in NUMBERS and not name.endswith(("kg", "千克"))),
    key=lambda pair: -len(pair[0]),
)


def column_of(header: str) -> str | None:
    """The field that a column's header names, alone or in two languages (`报关单号 / Declaration No.`), or None."""
    if len(header) > _LONGEST_NAME:
        return None
    if (field := _named(header)) is not None:
        return field
    text = unicodedata.normalize("NFKC", header)
    pieces = [*re.split(r"[/|\n()]", text), re.sub(r"\(.*?\)", "", text)]
    pieces += ["".join(re.findall(r"[\u4e00-\u9fff]+", text)), " ".join(re.findall(r"[A-Za-z/.]+", text))]
    found = {field for piece in pieces if (field := _named(piece)) is not None}
    if found:
        return found.pop() if len(found) == 1 else None
    return _measured_name(text)


def _named(text: str) -> str | None:
    """The field of this name, with or without the words that say nothing before it."""
    name = _compared(text)
    while name:
        if (field := _FIELDS.get(name)) is not None:
            return field
        stem = name.removesuffix("代码").removesuffix("名称")
        if stem != name and (field := _FIELDS.get(stem)) in _CODED:
            return field
        fore = next((word for word in _FORE if name.startswith(word)), None)
        if fore is None:
            return None
        name = name.removeprefix(fore)
    return None


def is_whole_name(header: str) -> bool:
    """Whether a header is one of a field's names and nothing more."""
    return _compared(header) in _FIELDS


def _measured_name(text: str) -> str | None:
    """The field of a name that something is written against: `总价人民币`, `USD amount`, `毛重吨`."""
    compared = _compared(text)
    for name, field in _NUMBER_NAMES:
        if compared.startswith(name) or compared.endswith(name):
            said = [measure_of(part) for part in beside(text, field)]
            if all(said) and any(each is not None and each.says_something for each in said):
                return field
    return None


def beside(header: str, field: str) -> tuple[str, ...]:
    """What stands in a header beside the names of its field: `单价 Unit price (USD/pc)` has `USD/pc`."""
    if _FIELDS.get(_compared(header)) == field:
        return ()
    text = unicodedata.normalize("NFKC", header)
    within = re.findall(r"[(\[【]([^()\[\]【】]*)[)\]】]", text)
    around = re.sub(r"[(\[【][^()\[\]【】]*[)\]】]", "\n", text)
    pieces = [*(part for piece in re.split(r"[|\n;]", around) for part in _without_names(piece, field)), *within]
    return tuple(piece.strip() for piece in pieces if piece.strip() and _named(piece) != field)


def _without_names(piece: str, field: str) -> list[str]:
    """The piece less every name of the field that is written in it."""
    if _named(piece) == field:
        return []
    for name, own in _NUMBER_NAMES:
        found = re.search(_WITHIN.join(map(re.escape, name)), piece, re.IGNORECASE) if own == field else None
        if found is not None:
            rest = (piece[: found.start()], piece[found.end() :])
            parts = [part for each in rest if (part := each.strip(" /:-*._"))]
            return [one for part in parts for one in _without_names(part, field)]
    return [] if piece in _FORE else [piece]


_WITHIN: Final = r"[\s._/\\\-]{0,3}"
"""What `_compared` takes out between the characters of a name."""
