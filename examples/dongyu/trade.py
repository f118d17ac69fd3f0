"""The facts of the Dongyu case, invented for this project: who sold what to whom, and how it was shipped.

One table from which `write_papers.py` writes every paper. What stands here is the truth; the mistakes of the first set
of papers are in `PLANTED`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

DAY = date(2026, 4, 21)
"""On which the case is decided: applications are of that day or the day before, and nothing has happened after it."""
APPLIED_ON = date(2026, 4, 20)
AMENDED_ON = DAY
TRADEBANK_APPLIED_ON = date(2026, 4, 20)
PAYMENT_DAYS = 60


@dataclass(frozen=True)
class Party:
    name: str
    street: str
    city: str
    country: str
    zh: str = ""
    uscc: str = ""
    number: str = ""
    """Of the trade register at home."""


@dataclass(frozen=True)
class Port:
    code: str
    name: str
    zh: str
    country: str
    country_zh: str
    office: str = ""
    """China Customs' office at the port."""


@dataclass(frozen=True)
class Goods:
    hs_code: str
    name: str
    zh: str
    model: str
    unit: str
    """UN/ECE Recommendation 20."""
    unit_zh: str
    net_kg: Decimal
    gross_kg: Decimal


@dataclass(frozen=True)
class Line:
    goods: Goods
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price

    @property
    def net_kg(self) -> Decimal:
        return self.quantity * self.goods.net_kg

    @property
    def gross_kg(self) -> Decimal:
        return self.quantity * self.goods.gross_kg


@dataclass(frozen=True)
class Contract:
    number: str
    signed_on: date
    buyer: Party
    incoterm: str
    loading: Port
    discharge: Port
    lines: tuple[Line, ...]
    latest_shipment_on: date = date(2026, 4, 30)

    @property
    def named_place(self) -> Port:
        return self.loading if self.incoterm == "FOB" else self.discharge

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Shipment:
    """One export: a declaration, an invoice, a bill of lading and a packing list."""

    contract: Contract
    declaration: str
    invoice: str
    bill: str
    packing_list: str
    invoiced_on: date
    declared_on: date
    exported_on: date
    settled_on: date | None
    lines: tuple[Line, ...]
    packages: int
    package_kind: str
    package_kind_zh: str
    containers: tuple[str, ...]
    size_type: str
    vessel: str
    voyage: str
    imo: str
    freight: Decimal = Decimal(0)
    insurance: Decimal = Decimal(0)
    surcharge: Decimal = Decimal(0)
    cross_industry_invoice: bool = False
    insurance_policy: str = ""
    """Where the seller insures."""

    @property
    def goods_total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def invoice_total(self) -> Decimal:
        return self.goods_total + self.surcharge

    @property
    def insured(self) -> Decimal:
        return self.invoice_total * Decimal("1.1")

    @property
    def fob(self) -> Decimal:
        return self.goods_total - self.freight - self.insurance

    @property
    def net_kg(self) -> Decimal:
        return sum((line.net_kg for line in self.lines), Decimal(0))

    @property
    def gross_kg(self) -> Decimal:
        return sum((line.gross_kg for line in self.lines), Decimal(0))

    @property
    def released_on(self) -> date:
        return self.declared_on + timedelta(days=1)


@dataclass(frozen=True)
class EarlierExport:
    """An export of the year before, settled and paid."""

    declaration: str
    exported_on: date
    buyer: Party
    port: Port
    goods: Goods
    quantity: int
    price: Decimal
    paid_on: date
    invoice: str

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price


DONGYU = Party(
    "Guizhou Dongyu Electric Co., Ltd.", "No. 18 Chuangye Road, High-tech Industrial Zone", "Tongren", "CN",
    zh="贵州东裕电气有限公司", uscc="91520600MA6DYEK78F",
)  # fmt: skip
BROKER = Party(
    "Qianhu Customs Brokers Co., Ltd.", "", "Shanghai", "CN", zh="黔沪报关有限公司", uscc="91310115MA6HTD410U"
)
INSURER = Party("Wanfeng Marine Insurance Co., Ltd.", "", "Shenzhen", "CN", zh="万丰海上保险有限公司")
CARRIER = Party("Pearl Ocean Line Ltd.", "88 Harbour Street", "Hong Kong", "HK", number="POLU")

SONG_HAU = Party(
    "Song Hau Power Equipment JSC", "214 Nguyen Van Linh Street", "Ho Chi Minh City", "VN", number="0318442071"
)
RIFT_VALLEY = Party(
    "Rift Valley Electrical Supplies Ltd.", "Enterprise Road 41", "Nairobi", "KE", number="CPR/2014/171358"
)
ACONCAGUA = Party("Aconcagua Redes Electricas S.A.", "Avenida Vitacura 2909", "Santiago", "CL", number="76.418.209-5")
NORDLICHT = Party("Nordlicht Energietechnik GmbH", "Moorfleeter Deich 312", "Hamburg", "DE", number="HRB 148820")
NUSANTARA = Party("PT Nusantara Daya Listrik", "Jalan Gatot Subroto Kav. 51", "Jakarta", "ID", number="8120310274416")

SHANGHAI = Port("CNSHA", "Shanghai", "上海", "CN", "中国", office="2248")
YANTIAN = Port("CNYTN", "Yantian", "盐田", "CN", "中国", office="5316")
CAT_LAI = Port("VNCLI", "Cat Lai", "吉莱", "VN", "越南")
MOMBASA = Port("KEMBA", "Mombasa", "蒙巴萨", "KE", "肯尼亚")
SAN_ANTONIO = Port("CLSAI", "San Antonio", "圣安东尼奥", "CL", "智利")
HAMBURG = Port("DEHAM", "Hamburg", "汉堡", "DE", "德国")
TANJUNG_PRIOK = Port("IDTPP", "Tanjung Priok", "丹戎不碌", "ID", "印度尼西亚")


def _goods(
    hs_code: str, name: str, zh: str, model: str, net_kg: str, gross_kg: str, unit: str = "H87", unit_zh: str = "台"
) -> Goods:
    return Goods(hs_code, name, zh, model, unit, unit_zh, Decimal(net_kg), Decimal(gross_kg))


S13_400 = _goods(
    "8504210000", "Oil-immersed distribution transformer 400 kVA", "油浸式配电变压器", "S13-M-400/10", "1335", "1420"
)
S13_630 = _goods(
    "8504210000", "Oil-immersed distribution transformer 630 kVA", "油浸式配电变压器", "S13-M-630/10", "1850", "1960"
)
SCB13 = _goods("8504339000", "Dry-type transformer 400 kVA", "干式变压器", "SCB13-400/10", "1540", "1650")
KYN28 = _goods(
    "8537209000", "Medium-voltage switchgear panel 12 kV", "中压开关柜", "KYN28A-12 1250A 31.5kA", "705", "780"
)
XGN15 = _goods("8537209000", "Ring main unit 12 kV", "环网开关柜", "XGN15-12 630A", "372", "420")
GGD = _goods("8537109090", "Low-voltage switchboard 0.4 kV", "低压开关柜", "GGD 0.4kV 1600A", "302", "340")
YJV22 = _goods(
    "8544601200", "XLPE insulated power cable 8.7/15 kV 3x95", "交联聚乙烯绝缘电力电缆", "YJV22-8.7/15kV 3×95",
    "6.1", "6.7", "MTR", "米",
)  # fmt: skip
VV22 = _goods(
    "8544492100", "PVC insulated power cable 0.6/1 kV 4x120", "聚氯乙烯绝缘电力电缆", "VV22-0.6/1kV 4×120",
    "4.9", "5.4", "MTR", "米",
)  # fmt: skip


def _line(goods: Goods, quantity: int, price: str) -> Line:
    return Line(goods, quantity, Decimal(price))


VIETNAM = Contract(
    "DY-VN-2025-118", date(2025, 12, 9), SONG_HAU, "FOB", SHANGHAI, CAT_LAI,
    (_line(S13_400, 46, "5150.00"), _line(S13_630, 34, "7280.00")),
)  # fmt: skip
KENYA = Contract(
    "DY-KE-2025-126", date(2025, 12, 22), RIFT_VALLEY, "CIF", YANTIAN, MOMBASA,
    (_line(KYN28, 24, "7050.00"), _line(GGD, 36, "2060.00")),
)  # fmt: skip
CHILE_CABLE = Contract(
    "DY-CL-2025-131", date(2026, 1, 6), ACONCAGUA, "FOB", SHANGHAI, SAN_ANTONIO, (_line(YJV22, 6200, "38.60"),)
)
GERMANY = Contract(
    "DY-DE-2026-007", date(2026, 1, 19), NORDLICHT, "FOB", SHANGHAI, HAMBURG,
    (_line(SCB13, 30, "6900.00"), _line(GGD, 12, "1725.00")),
)  # fmt: skip
INDONESIA = Contract(
    "DY-ID-2026-011", date(2026, 2, 3), NUSANTARA, "FOB", YANTIAN, TANJUNG_PRIOK,
    (_line(S13_400, 20, "5240.00"), _line(VV22, 2300, "41.50")),
)  # fmt: skip
CHILE_SWITCHGEAR = Contract(
    "DY-CL-2026-015", date(2026, 2, 11), ACONCAGUA, "FOB", YANTIAN, SAN_ANTONIO, (_line(XGN15, 45, "5480.00"),)
)

_WOODEN = ("wooden case", "木箱")

VIETNAM_FIRST = Shipment(
    VIETNAM, "224820260000418836", "DY-CI-260327-01", "POLU SHA 0926614", "DY-PL-260327-01",
    date(2026, 3, 27), date(2026, 3, 31), date(2026, 4, 3), date(2026, 4, 9),
    (_line(S13_400, 24, "5150.00"), _line(S13_630, 17, "7280.00")),
    41, *_WOODEN, ("EXLU4102006", "EXLU4103379", "EXLU4104740", "EXLU4106110"), "22G1",
    "PEARL LOTUS", "2614S", "2000145",
)  # fmt: skip
VIETNAM_SECOND = Shipment(
    VIETNAM, "224820260000437120", "DY-CI-260403-02", "POLU SHA 0926941", "DY-PL-260403-02",
    date(2026, 4, 3), date(2026, 4, 7), date(2026, 4, 10), date(2026, 4, 16),
    (_line(S13_400, 22, "5150.00"), _line(S13_630, 17, "7280.00")),
    39, *_WOODEN, ("EXLU4107482", "EXLU4108853", "EXLU4110228", "EXLU4111590"), "22G1",
    "PEARL ORCHID", "2615S", "2001204",
)  # fmt: skip
KENYA_SHIPMENT = Shipment(
    KENYA, "531620260000290457", "DY-CI-260330-03", "POLU YTN 0417705", "DY-PL-260330-03",
    date(2026, 3, 30), date(2026, 4, 3), date(2026, 4, 7), date(2026, 4, 13),
    (_line(KYN28, 24, "7050.00"), _line(GGD, 36, "2060.00")),
    60, *_WOODEN, ("EXLU4112961", "EXLU4114331"), "45G1",
    "PEARL HARMONY", "2613W", "2002325", freight=Decimal("7400.00"), insurance=Decimal("270.00"),
    insurance_policy="WFMI-2026-0417705",
)  # fmt: skip
CHILE_CABLE_SHIPMENT = Shipment(
    CHILE_CABLE, "224820260000410593", "DY-CI-260326-04", "POLU SHA 0926387", "DY-PL-260326-04",
    date(2026, 3, 26), date(2026, 3, 30), date(2026, 4, 2), date(2026, 4, 8),
    (_line(YJV22, 6200, "38.60"),),
    13, "cable drum", "电缆盘", ("EXLU4115702", "EXLU4117074"), "42G1",
    "PEARL ANDES", "2612E", "2003422",
)  # fmt: skip
GERMANY_SHIPMENT = Shipment(
    GERMANY, "224820260000441275", "DY-CI-260401-05", "POLU SHA 0926838", "DY-PL-260401-05",
    date(2026, 4, 1), date(2026, 4, 7), date(2026, 4, 9), date(2026, 4, 15),
    (_line(SCB13, 30, "6900.00"), _line(GGD, 12, "1725.00")),
    42, *_WOODEN, ("EXLU4118445", "EXLU4119816", "EXLU4121182"), "42G1",
    "PEARL ELBE", "2614W", "2004529", cross_industry_invoice=True,
)  # fmt: skip
INDONESIA_SHIPMENT = Shipment(
    INDONESIA, "531620260000318862", "DY-CI-260409-06", "POLU YTN 0418233", "DY-PL-260409-06",
    date(2026, 4, 9), date(2026, 4, 13), date(2026, 4, 16), date(2026, 4, 20),
    (_line(S13_400, 20, "5240.00"), _line(VV22, 2300, "41.50")),
    25, *_WOODEN, ("EXLU4122553", "EXLU4123924"), "22G1",
    "PEARL JAVA", "2616S", "2005614",
)  # fmt: skip
CHILE_SWITCHGEAR_SHIPMENT = Shipment(
    CHILE_SWITCHGEAR, "531620260000284210", "DY-CI-260331-07", "POLU YTN 0417936", "DY-PL-260331-07",
    date(2026, 3, 31), date(2026, 4, 2), date(2026, 4, 8), date(2026, 4, 14),
    (_line(XGN15, 45, "5480.00"),),
    45, *_WOODEN, ("EXLU4125296",), "45G1",
    "PEARL PACIFIC", "2614E", "2006735",
)  # fmt: skip

SHIPMENTS = (
    VIETNAM_FIRST, VIETNAM_SECOND, KENYA_SHIPMENT, CHILE_CABLE_SHIPMENT, GERMANY_SHIPMENT, INDONESIA_SHIPMENT,
    CHILE_SWITCHGEAR_SHIPMENT,
)  # fmt: skip
FIRST_SIX = SHIPMENTS[:6]
CORRECTED_SIX = tuple(shipment for shipment in SHIPMENTS if shipment is not CHILE_CABLE_SHIPMENT)

EARLIER = (
    EarlierExport("224820250000731046", date(2025, 6, 12), SONG_HAU, CAT_LAI, S13_400, 82, Decimal("5030.00"),
                  date(2025, 8, 11), "DY-CI-250605-11"),
    EarlierExport("224820250000894417", date(2025, 7, 24), NORDLICHT, HAMBURG, SCB13, 56, Decimal("6930.00"),
                  date(2025, 9, 19), "DY-CI-250716-12"),
    EarlierExport("531620250000607752", date(2025, 9, 3), RIFT_VALLEY, MOMBASA, KYN28, 65, Decimal("7010.00"),
                  date(2025, 10, 31), "DY-CI-250827-13"),
    EarlierExport("224820250001163385", date(2025, 10, 16), ACONCAGUA, SAN_ANTONIO, YJV22, 12250, Decimal("38.40"),
                  date(2025, 12, 12), "DY-CI-251009-14"),
    EarlierExport("531620250000815209", date(2025, 11, 27), NUSANTARA, TANJUNG_PRIOK, S13_400, 84, Decimal("5200.00"),
                  date(2026, 1, 23), "DY-CI-251119-15"),
    EarlierExport("224820260000027761", date(2026, 1, 8), SONG_HAU, CAT_LAI, S13_630, 69, Decimal("7220.00"),
                  date(2026, 3, 6), "DY-CI-251230-16"),
)  # fmt: skip

RATES = {
    date(2026, 3, 31): "702.06", date(2026, 4, 1): "702.13", date(2026, 4, 2): "702.31", date(2026, 4, 3): "702.28",
    date(2026, 4, 7): "702.24", date(2026, 4, 8): "702.19", date(2026, 4, 9): "702.35", date(2026, 4, 10): "702.42",
    date(2026, 4, 13): "702.38", date(2026, 4, 14): "702.30", date(2026, 4, 15): "702.27", date(2026, 4, 16): "702.33",
    date(2026, 4, 17): "702.29", date(2026, 4, 20): "702.36", date(2026, 4, 21): "702.41",
}  # fmt: skip
"""CNY for 100 USD; invented, of the size of the central parity."""


@dataclass(frozen=True)
class Planted:
    """A mistake in one paper of the first set; the corrected set holds the same paper without it."""

    rule: str
    paper: str
    change: Callable[[Shipment], Shipment]


def _contract_changed(**changes: object) -> Callable[[Shipment], Shipment]:
    return lambda shipment: replace(shipment, contract=replace(shipment.contract, **changes))  # type: ignore[arg-type]


def _line_changed(index: int, change: Callable[[Line], Line]) -> Callable[[Shipment], Shipment]:
    def changed(shipment: Shipment) -> Shipment:
        lines = list(shipment.lines)
        lines[index] = change(lines[index])
        return replace(shipment, lines=tuple(lines))

    return changed


PLANTED = (
    Planted("DECL-STATUS", INDONESIA_SHIPMENT.declaration, lambda shipment: replace(shipment, settled_on=None)),
    Planted("INV-DECL-AMOUNT", VIETNAM_SECOND.invoice, lambda s: replace(s, surcharge=Decimal("14500.00"))),
    Planted("INV-DECL-GOODS", GERMANY_SHIPMENT.invoice, _line_changed(
        1, lambda line: replace(line, goods=replace(line.goods, hs_code="8536500000")))),
    Planted("CON-INV-PRICE", KENYA.number, _contract_changed(
        lines=(KENYA.lines[0], replace(KENYA.lines[1], price=Decimal("2010.00"))))),
    Planted("BL-LATEST", GERMANY.number, _contract_changed(latest_shipment_on=date(2026, 3, 31))),
    Planted("BL-NUMBERS", VIETNAM_FIRST.bill, lambda shipment: replace(
        shipment, containers=("EXLU4102001", *shipment.containers[1:]))),
    Planted("PL-INV-QTY", INDONESIA_SHIPMENT.packing_list, _line_changed(0, lambda line: replace(line, quantity=18))),
)  # fmt: skip
"""Seven mistakes of different kinds. The eighth is no mistake in a paper: tradebank has financed the cable already."""
