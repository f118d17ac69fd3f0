"""Customs' form as tests fill it in: values, and the message, the workbook and the PDF that show them.

The layout is that of 海关总署公告 2018 年第 60 号: rows of names with their values below, then the goods.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from xml.sax.saxutils import escape

import openpyxl
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

__all__ = ["EXPORTER", "FORM", "Drawn", "Form", "Item", "Redraw", "message", "pdf", "width", "with_items", "workbook"]

EXPORTER = "91310115607378541K"
"""A made-up enterprise's, with a right check character (GB 32100-2015)."""


@dataclass(frozen=True)
class Item:
    """A line of goods as the form prints it; `codes` are those of the message."""

    hs_code: str = "8504409999"
    name: str = "变流器"
    specification: str = "4|3|逆变用|无品牌|5kW"
    quantities: tuple[tuple[str, str], ...] = (("12.5", "千克"), ("40", "台"))
    price: str = "215.5000"
    amount: str = "8620.00"
    currency: tuple[str, str] = ("美元", "USD")
    origin: tuple[str, str] = ("中国", "CHN")
    destination: tuple[str, str] = ("越南", "VNM")
    source: str = "(31222)上海浦东新区其他"
    duty: str = "照章征税"


@dataclass(frozen=True)
class Form:
    """What a form says; a pair is a code and its word."""

    number: str = "222920260000417205"
    consignor: tuple[str, str] = (EXPORTER, "上海临港某某电源有限公司")
    exit_port: tuple[str, str] = ("2248", "洋山港区")
    exported_on: str = "20260309"
    declared_on: str = "20260305"
    consignee: str = "SAIGON POWER JSC"
    transport_mode: tuple[str, str] = ("2", "水路运输")
    conveyance: str = "COSCO LAN/045S"
    bill_number: str = "COSU6377891230"
    producer: tuple[str, str] = (EXPORTER, "上海临港某某电源有限公司")
    supervision_mode: tuple[str, str] = ("0110", "一般贸易")
    levy: tuple[str, str] = ("101", "一般征税")
    contract_number: str = "SP-2026-018"
    trade_country: tuple[str, str] = ("VNM", "越南")
    destination_country: tuple[str, str] = ("VNM", "越南")
    destination_port: tuple[str, str] = ("VNM039", "胡志明市")
    loading_port: tuple[str, str] = ("310701", "洋山港")
    package_kind: tuple[str, str] = ("22", "纸制或纤维板制盒/箱")
    packages: str = "40"
    gross: str = "590"
    net: str = "500"
    terms: tuple[str, str] = ("1", "CIF")
    freight: str = "USD/350/3"
    insurance: str = "000/0.3/1"
    other: str = ""
    remarks: str = "备注：N/M 集装箱标箱数及号码：1；TGHU7234564"
    items: tuple[Item, ...] = field(default_factory=lambda: (Item(),))


FORM = Form()
_ROWS: Sequence[Sequence[tuple[str, Callable[[Form], str | tuple[str, str]]]]] = (
    (("境内发货人", lambda f: f.consignor), ("出境关别", lambda f: f.exit_port), ("出口日期", lambda f: f.exported_on),
     ("申报日期", lambda f: f.declared_on), ("备案号", lambda _: "")),
    (("境外收货人", lambda f: f.consignee), ("运输方式", lambda f: f.transport_mode),
     ("运输工具名称及航次号", lambda f: f.conveyance), ("提运单号", lambda f: f.bill_number)),
    (("生产销售单位", lambda f: f.producer), ("监管方式", lambda f: f.supervision_mode), ("征免性质", lambda f: f.levy),
     ("许可证号", lambda _: "")),
    (("合同协议号", lambda f: f.contract_number), ("贸易国（地区）", lambda f: f.trade_country),
     ("运抵国（地区）", lambda f: f.destination_country), ("指运港", lambda f: f.destination_port),
     ("离境口岸", lambda f: f.loading_port)),
    (("包装种类", lambda f: f.package_kind), ("件数", lambda f: f.packages), ("毛重（千克）", lambda f: f.gross),
     ("净重（千克）", lambda f: f.net), ("成交方式", lambda f: f.terms), ("运费", lambda f: f.freight),
     ("保费", lambda f: f.insurance), ("杂费", lambda f: f.other)),
    (("随附单证及编号", lambda _: ""),),
    (("标记唛码及备注", lambda f: f.remarks),),
)  # fmt: skip
_COLUMNS = (
    "项号", "商品编号", "商品名称及规格型号", "数量及单位", "单价/总价/币制", "原产国（地区）", "最终目的国（地区）",
    "境内货源地", "征免",
)  # fmt: skip
_FOOT = "特殊关系确认：否    价格影响确认：否    支付特许权使用费确认：否    自报自缴：否"


def _parts(value: str | tuple[str, str]) -> tuple[str, str]:
    return ("", value) if isinstance(value, str) else value


def _goods(number: int, item: Item) -> tuple[str, ...]:
    return (
        str(number), item.hs_code, f"{item.name}\n{item.specification}",
        "\n".join("".join(each) for each in item.quantities), f"{item.price}\n{item.amount}\n{item.currency[0]}",
        f"{item.origin[0]}\n({item.origin[1]})", f"{item.destination[0]}\n({item.destination[1]})", item.source,
        f"{item.duty}\n(1)",
    )  # fmt: skip


# workbook -------------------------------------------------------------------------


def workbook(*forms: Form, spread: bool = False, others: Sequence[Sequence[str]] = ()) -> bytes:
    """A sheet for each form. `spread`: each line of a cell of goods in a row of its own."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for count, form in enumerate(forms, 1):
        sheet = book.create_sheet(f"报关单{count}")
        sheet.append(["中华人民共和国海关出口货物报关单"])
        sheet.append(
            [f"预录入编号：{form.number}", "", "", "", f"海关编号：{form.number}", "", "", "", "页码/页数：1/1"]
        )
        for names in _ROWS:
            columns = [1 + number * 20 // len(names) for number in range(len(names))]
            line = sheet.max_row + 1
            for column, (name, value) in zip(columns, names, strict=True):
                code, text = _parts(value(form))
                sheet.cell(line, column, f"{name}（{code}）" if code else name)
                sheet.cell(line + 1, column, text or None)
            sheet.cell(line + 1, 21, " ")  # a row without values is there as well
        starts = [1, 2, 4, 8, 10, 13, 15, 17, 19]
        line = sheet.max_row + 1
        for column, name in zip(starts, _COLUMNS, strict=True):
            sheet.cell(line, column, name)
        for number, item in enumerate(form.items, 1):
            texts = _goods(number, item)
            line = sheet.max_row + 1
            for column, text in zip(starts, texts, strict=True):
                for down, part in enumerate(text.split("\n") if spread else [text]):
                    sheet.cell(line + down, column, part)
        sheet.cell(sheet.max_row + 1, 1, _FOOT)
    if others:
        sheet = book.create_sheet("其他")
        for row in others:
            sheet.append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


# PDF ------------------------------------------------------------------------------

_FONT, _SIZE, _STEP = "STSong-Light", 8, 10.5
_LEFT, _WIDTH = 30.0, 780.0
_EDGES = (0.0, 28.0, 90.0, 300.0, 385.0, 470.0, 540.0, 625.0, 725.0)


Drawn = tuple[str, float, float]
"""A text, and where it begins."""
Redraw = Callable[[str, float, float], Sequence[Drawn]]


class _Canvas(Canvas):
    """Draws each text as `redraw` has it: elsewhere, in parts, or not at all."""

    redraw: Redraw | None = None

    def show(self, x: float, y: float, text: str) -> None:
        for part, across, up in self.redraw(text, x, y) if self.redraw is not None else [(text, x, y)]:
            self.drawString(across, up, part)


@cache
def _font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))


def pdf(
    *forms: Form,
    on_a_page: int = 6,
    centred: bool = False,
    right: bool = False,
    ruled: bool = False,
    plain: bool = False,
    aside: bool = False,
    redraw: Redraw | None = None,
) -> bytes:
    """Each form on as many pages as its goods take. `centred`: names of columns; `right`: quantities and prices.
    `ruled`: with lines between the columns; `plain`: not compressed; `aside`: pages lie on
    their side, as printers of landscape pages write them; `redraw`: what becomes of each text."""
    _font()
    saved = io.BytesIO()
    canvas = _Canvas(saved, pagesize=A4 if aside else landscape(A4), pageCompression=0 if plain else 1)
    canvas.redraw = redraw
    for form in forms:
        pages = max(1, -(-len(form.items) // on_a_page))
        for page in range(pages):
            if aside:
                canvas.setPageRotation(90)
                canvas.translate(A4[0], 0)
                canvas.rotate(90)
            y = _head(canvas, form, f"{page + 1}/{pages}")
            first = page * on_a_page
            _page_of_goods(
                canvas, y, form.items[first : first + on_a_page], first, centred=centred, right=right, ruled=ruled
            )
            canvas.showPage()
    canvas.save()
    return saved.getvalue()


def width(text: str) -> float:
    """Of a text as the page shows it."""
    _font()
    wide: float = pdfmetrics.stringWidth(text, _FONT, _SIZE)
    return wide


def _text(canvas: _Canvas, x: float, y: float, text: str, size: float = _SIZE) -> None:
    canvas.setFont(_FONT, size)
    canvas.show(_LEFT + x, y, text)


def _head(canvas: _Canvas, form: Form, pages: str) -> float:
    y = 560.0
    canvas.setFont(_FONT, 15)
    canvas.drawCentredString(_LEFT + _WIDTH / 2, y, "中华人民共和国海关出口货物报关单")
    y -= 18
    _text(canvas, 0, y, f"预录入编号：{form.number}")
    _text(canvas, 300, y, f"海关编号：{form.number}")
    _text(canvas, 690, y, f"页码/页数：{pages}")
    y -= 4
    for row in _ROWS:
        canvas.rect(_LEFT, y - 2 * _STEP - 3, _WIDTH, 2 * _STEP + 3)
        for number, (name, value) in enumerate(row):
            x = number * _WIDTH / len(row)
            code, text = _parts(value(form))
            canvas.line(_LEFT + x, y, _LEFT + x, y - 2 * _STEP - 3)
            _text(canvas, x + 3, y - _STEP, name)
            if code:
                _text(canvas, x + 3 + _SIZE * len(name) + 6, y - _STEP, f"({code})")
            _text(canvas, x + 3, y - 2 * _STEP, text)
        y -= 2 * _STEP + 3
    return y


def _page_of_goods(
    canvas: _Canvas, y: float, items: Sequence[Item], first: int, *, centred: bool, right: bool, ruled: bool
) -> None:
    ends = (*_EDGES[1:], _WIDTH)
    canvas.rect(_LEFT, y - 13, _WIDTH, 13)
    for edge, end, name in zip(_EDGES, ends, _COLUMNS, strict=True):
        wide = pdfmetrics.stringWidth(name, _FONT, _SIZE)
        _text(canvas, (edge + end - wide) / 2 if centred else edge + 3, y - _STEP, name)
    top = y
    y -= 13
    for number, item in enumerate(items, first + 1):
        texts = _goods(number, item)
        deep = max(text.count("\n") for text in texts) + 1
        for column, (edge, end, text) in enumerate(zip(_EDGES, ends, texts, strict=True)):
            for down, part in enumerate(text.split("\n"), 1):
                wide = pdfmetrics.stringWidth(part, _FONT, _SIZE)
                _text(canvas, end - 4 - wide if right and column in (3, 4) else edge + 3, y - down * _STEP, part)
        y -= deep * _STEP + 4
        canvas.line(_LEFT, y, _LEFT + _WIDTH, y)
    for edge in (*_EDGES, _WIDTH) if ruled else ():
        canvas.line(_LEFT + edge, top, _LEFT + edge, y)
    _text(canvas, 3, y - _STEP - 2, _FOOT)
    _text(
        canvas,
        3,
        y - 2 * _STEP - 2,
        "报关人员    报关人员证号    电话    兹申明对以上内容承担如实申报、依法纳税之法律责任",
    )


# message --------------------------------------------------------------------------

_UNITS = {"千克": "035", "台": "001", "件": "011", "米": "030", "套": "006", "平方米": "032"}
_OLD = {"USD": "502", "CNY": "142", "EUR": "300"}


def message(form: Form, encoding: str = "UTF-8", *, old: bool = False, more: str = "", head: str = "") -> bytes:
    """The single window's. `old`: customs' own digits for currencies; `more` behind the goods, `head` in the head."""
    charges = "".join(
        f"<{stem}Curr>{currency}</{stem}Curr><{stem}Rate>{rate}</{stem}Rate><{stem}Mark>{mark}</{stem}Mark>"
        for stem, text in (("Fee", form.freight), ("Insur", form.insurance), ("Other", form.other))
        for currency, rate, mark in [text.split("/") if text else ("", "", "")]
    )
    goods = "".join(_goods_of(number, item, old=old) for number, item in enumerate(form.items, 1))
    vessel, _, voyage = form.conveyance.partition("/")
    consignor, producer = form.consignor, form.producer
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        '<DecMessage Version="4.8" xmlns="http://www.chinaport.gov.cn/dec"><DecHead><SeqNo>E20260000000123</SeqNo>'
        f"<IEFlag>E</IEFlag><EntryId>{form.number}</EntryId><TradeCoScc>{consignor[0]}</TradeCoScc>"
        f"<TradeName>{escape(consignor[1])}</TradeName><OwnerCodeScc>{producer[0]}</OwnerCodeScc>"
        f"<OwnerName>{escape(producer[1])}</OwnerName><IEPort>{form.exit_port[0]}</IEPort>"
        f"<IEDate>{form.exported_on}</IEDate><DDate>{form.declared_on}</DDate>"
        f"<OverseasConsigneeEname>{escape(form.consignee)}</OverseasConsigneeEname>"
        f"<TrafMode>{form.transport_mode[0]}</TrafMode><TrafName>{escape(vessel)}</TrafName>"
        f"<BillNo>{form.bill_number}</BillNo><TradeMode>{form.supervision_mode[0]}</TradeMode>"
        f"<CutMode>{form.levy[0]}</CutMode><ContrNo>{escape(form.contract_number)}</ContrNo>"
        f"<TradeAreaCode>{form.trade_country[0]}</TradeAreaCode><TradeCountry>{form.destination_country[0]}</TradeCountry>"
        f"<DistinatePort>{form.destination_port[0]}</DistinatePort><EntyPortCode>{form.loading_port[0]}</EntyPortCode>"
        f"<WrapType>{form.package_kind[0]}</WrapType><PackNo>{form.packages}</PackNo><GrossWet>{form.gross}</GrossWet>"
        f"<NetWt>{form.net}</NetWt><TransMode>{form.terms[0]}</TransMode>{charges}<NoteS>{escape(form.remarks)}</NoteS>"
        f"{head}</DecHead><DecLists>{goods}</DecLists><DecContainers><Container><ContainerId>TGHU7234564</ContainerId>"
        f"</Container></DecContainers><DecFreeTxt><VoyNo>{escape(voyage)}</VoyNo></DecFreeTxt>{more}</DecMessage>"
    )
    return text.encode("gb18030" if encoding.upper().startswith("GB") else encoding)


def _goods_of(number: int, item: Item, *, old: bool) -> str:
    *legal, deal = item.quantities
    second = "".join(
        f"<{place}Qty>{quantity}</{place}Qty><{place}Unit>{_UNITS[unit]}</{place}Unit>"
        for place, (quantity, unit) in zip(("First", "Second"), legal, strict=False)
    )
    currency = item.currency[1]
    return (
        f"<DecList><GNo>{number}</GNo><CodeTS>{item.hs_code}</CodeTS><GName>{escape(item.name)}</GName>"
        f"<GModel>{escape(item.specification)}</GModel><GQty>{deal[0]}</GQty><GUnit>{_UNITS[deal[1]]}</GUnit>{second}"
        f"<DeclPrice>{item.price}</DeclPrice><DeclTotal>{item.amount}</DeclTotal>"
        f"<TradeCurr>{_OLD[currency] if old else currency}</TradeCurr><OriginCountry>{item.origin[1]}</OriginCountry>"
        f"<DestinationCountry>{item.destination[1]}</DestinationCountry><DutyMode>1</DutyMode></DecList>"
    )


def with_items(count: int) -> Form:
    """A form of so many lines, all of them different."""
    items = tuple(
        replace(FORM.items[0], name=f"变流器{number}", amount=f"{number * 100}.00", price="100.0000",
                quantities=(("3", "千克"), (str(number), "台")))
        for number in range(1, count + 1)
    )  # fmt: skip
    return replace(FORM, items=items)
