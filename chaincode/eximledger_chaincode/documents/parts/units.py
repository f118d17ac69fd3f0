"""Units of measure made comparable: what one paper calls 千克, another KGM and a third 035.

Documents keep a unit as the paper writes it; rules compare through this module. Sources: UN/ECE Recommendation 20
(units) and 21 (packages, prefixed X), China Customs' unit codes (计量单位代码表), and the factors of the International
System and of the 1959 yard and pound agreement, all exact. Units without an exact decimal factor (市尺 is 1/3 m) stay
themselves.

Counted goods are one dimension. Exporters write PCS, SETS or UNITS where customs' list has 台, 套, 件 or 只 for the
same article, so all of them are `C62` (one); two counts of the same goods that disagree still disagree. A dozen, a
gross, a hundred or a pair are a number of ones. Packages (cartons, bags, rolls) are no count of goods: each kind is its
own unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal, localcontext
from typing import Final
from unicodedata import ucd_3_2_0 as pinned

from eximledger_chaincode.documents.parts.names.spelling import capitals

__all__ = ["known_unit", "normal_unit", "same_dimension", "to_base"]

_EXACT: Final = Context(prec=80)

_SPELLINGS: Final = {
    # counted goods
    "C62": "EA PCE H87 NAR PC PCS PIECE PIECES UNIT UNITS EACH ONE ITEM ITEMS NMB NO NOS STK STUECK"
    " SET SETS KIT KITS HEAD HEA 个 個 件 台 臺 座 辆 輛 艘 架 套 只 隻 头 頭 张 張 支 枝 根 条 條 把 块 塊 副 片"
    " 组 組 份 幅 棵 株 井 盘 具 扇 部 册 本 发 發 枚 粒 盆"
    " 001 002 003 004 005 006 007 008 009 010 011 012 013 014 015 016 017 019 020 021 022 023 027 028 029 031 037 039"
    " 048 131 132 133 134 139 163",
    "PR": "PAIR PAIRS PRS NPR 双 雙 对 對 025 026",
    "DZN": "DOZEN DOZENS DOZ DZ 打 127",
    "GRO": "GROSS 罗 129",
    "CEN": "HUNDRED 百个 百副 百支 百把 百片 百枝 040 041 042 043 044 049",
    "MIL": "THOUSAND 千个 千只 千块 千枝 千张 千支 千粒 050 051 053 054 058 143 146",
    "TENTHOUSAND": "万个 万套 万张 万粒 038 057 059 145",
    "TPR": "万双 144",
    "HUNDREDMILLION": "亿支 亿个 亿株 055 056 164",
    # mass
    "KGM": "KG KGS KILO KILOS KILOGRAM KILOGRAMS KILOGRAMME KILOGRAMMES 千克 公斤 035",
    "GRM": "G GR GM GMS GRAM GRAMS GRAMME GRAMMES 克 036",
    "MGM": "MG MILLIGRAM MILLIGRAMS 毫克",
    "TNE": "T TON TONNE TONNES TONS MT MTS METRICTON METRICTONS METRICTONNE 吨 噸 公吨 070",
    "LTN": "LONGTON LONGTONS 长吨 071",
    "STN": "SHORTTON SHORTTONS 短吨 072",
    "DTN": "QUINTAL 公担 047",
    "LBR": "LB LBS POUND POUNDS 磅 076",
    "ONZ": "OZ OUNCE OUNCES 盎司 083",
    "CTM": "CARAT CARATS 克拉 084",
    "CWI": "英担 078",
    "CWA": "短担 079",
    "JIN": "斤 市斤 075",
    "LIANG": "两 080",
    "SHIDAN": "担 市担 077 081",
    # length
    "MTR": "M METER METERS METRE METRES 米 公尺 030",
    "KMT": "KM KILOMETER KILOMETERS KILOMETRE KILOMETRES 千米 公里 147",
    "DMT": "DM DECIMETRE DECIMETER 分米",
    "CMT": "CM CENTIMETER CENTIMETERS CENTIMETRE CENTIMETRES 厘米",
    "MMT": "MM MILLIMETER MILLIMETERS MILLIMETRE MILLIMETRES 毫米",
    "FOT": "FT FOOT FEET 英尺 067",
    "TFT": "千英尺 148",
    "INH": "IN INCH INCHES 英寸 088",
    "YRD": "YD YDS YARD YARDS 码 碼 086",
    # area
    "MTK": "M2 SQM SQUAREMETER SQUAREMETERS SQUAREMETRE SQUAREMETRES 平方米 032",
    "CMK": "CM2 SQUARECENTIMETRE 平方厘米",
    "FTK": "SQFT FT2 SQUAREFOOT SQUAREFEET 平方英尺 111",
    "YDK": "SQYD YD2 SQUAREYARD SQUAREYARDS 平方码 110",
    # volume
    "MTQ": "M3 CBM CUBICMETER CUBICMETERS CUBICMETRE CUBICMETRES 立方米 033",
    "LTR": "L LITER LITERS LITRE LITRES 升 公升 095",
    "MLT": "ML MILLILITER MILLILITERS MILLILITRE MILLILITRES 毫升 096",
    "KL": "KILOLITRE K6 千升 063",
    "GLI": "英加仑 097",
    "GLL": "GALLON GALLONS GAL 美加仑 098",
    "FTQ": "CUFT FT3 CUBICFOOT CUBICFEET 立方英尺 099",
    "BLL": "BBL",
    # power and energy
    "KWT": "KW KILOWATT KILOWATTS 千瓦 061",
    "WTT": "W WATT WATTS 瓦",
    "MAW": "MW MEGAWATT MEGAWATTS 兆瓦",
    "BHP": "HP HORSEPOWER 英制马力 115",
    "HJ": "公制马力 116",
    "KVA": "KILOVOLTAMPERE 千伏安 060",
    "KWH": "KILOWATTHOUR KILOWATTHOURS 千瓦时 062",
    "MWH": "MEGAWATTHOUR 兆瓦时",
    # packages and other units that convert into nothing
    "XCT": "CT CTN CTNS CARTON CARTONS CASE CASES XCS CS 箱 纸箱 120",
    "XBX": "BX BOX BOXES 盒 合 140 141",
    "XPK": "PK PKG PKGS PACKAGE PACKAGES PACK PACKS NMP 包 125",
    "XBG": "BG BAG BAGS 袋 136",
    "XRO": "RO ROL ROLL ROLLS RL 卷 018",
    "XDR": "DR DRUM DRUMS BARREL BARRELS 桶 123",
    "XBO": "BO BOT BOTTLE BOTTLES 瓶 142",
    "XCN": "CAN CANS TIN TINS 罐 122",
    "XPX": "PX PLT PALLET PALLETS PF 托盘",
    "XBE": "BUNDLE BUNDLES BDL 捆 扎 135 124",
    "XBK": "BASKET BASKETS 筐 箩 128 126",
    "XLT": "LOT LOTS 批 121",
    "XTU": "TUBE TUBES 筒 034",
    "RM": "REAM REAMS 令 118",
    "PIMA": "匹 疋 130 046",
}  # fmt: skip

_BASES: Final = {
    "C62": {
        "PR": "2", "DZN": "12", "GRO": "144", "CEN": "100", "MIL": "1000", "TENTHOUSAND": "10000", "TPR": "20000",
        "HUNDREDMILLION": "100000000",
    },
    "KGM": {
        "MGM": "0.000001", "GRM": "0.001", "TNE": "1000", "LTN": "1016.0469088", "STN": "907.18474", "DTN": "100",
        "LBR": "0.45359237", "ONZ": "0.028349523125", "CTM": "0.0002", "CWI": "50.80234544", "CWA": "45.359237",
        "JIN": "0.5", "LIANG": "0.05", "SHIDAN": "50",
    },
    "MTR": {
        "KMT": "1000", "DMT": "0.1", "CMT": "0.01", "MMT": "0.001", "FOT": "0.3048", "TFT": "304.8", "INH": "0.0254",
        "YRD": "0.9144",
    },
    "MTK": {"CMK": "0.0001", "FTK": "0.09290304", "YDK": "0.83612736"},
    "MTQ": {
        "LTR": "0.001", "MLT": "0.000001", "KL": "1", "GLI": "0.00454609", "GLL": "0.003785411784",
        "FTQ": "0.028316846592", "BLL": "0.158987294928",
    },
    "KWT": {"WTT": "0.001", "MAW": "1000", "BHP": "0.74569987158227022", "HJ": "0.73549875"},
    "KWH": {"MWH": "1000"},
}  # fmt: skip


def _spelled() -> Iterator[tuple[str, str]]:
    for code, spellings in _SPELLINGS.items():
        yield code, code
        for spelling in spellings.split():
            yield spelling, code


_CODES: Final = dict(_spelled())
_FACTORS: Final = {
    unit: (Decimal(factor), base) for base, factors in _BASES.items() for unit, factor in factors.items()
}


def normal_unit(unit: str) -> str:
    """One code for one unit, whatever its spelling: `千克`, `KGM`, `kg` and `035` are all `KGM`.

    The code is UN/ECE Recommendation 20's (21's for packages) where there is one. A unit that this module does not know
    comes back in its compared form: NFKC, upper case, without spaces, dots and hyphens.
    """
    text = _compared(unit)
    return _CODES.get(text, text)


def known_unit(unit: str) -> str | None:
    """The code of a unit that this module knows, or None."""
    return _CODES.get(_compared(unit))


def _compared(unit: str) -> str:
    return capitals(re.sub(r"[\s.\-_]", "", pinned.normalize("NFKC", unit))).replace("(S)", "S")


def to_base(quantity: Decimal, unit: str) -> tuple[Decimal, str]:
    """The quantity in the base unit of its dimension, exactly: `to_base(Decimal(2), "吨")` is `(2000, "KGM")`.

    Bases: C62 (count), KGM, MTR, MTK, MTQ, KWT, KWH; any other unit is its own base.
    """
    code = normal_unit(unit)
    factor, base = _FACTORS.get(code, (Decimal(1), code))
    with localcontext(_EXACT):
        return quantity * factor, base


def same_dimension(left: str, right: str) -> bool:
    """Whether quantities in the two units can be compared through `to_base`."""
    return to_base(Decimal(1), left)[1] == to_base(Decimal(1), right)[1]
