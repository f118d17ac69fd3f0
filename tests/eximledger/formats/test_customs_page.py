"""Customs' form on pages of a PDF whose texts stand otherwise than the layout has them: read right, or refused."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas
from tests.eximledger.formats.customs_form import FORM, Drawn, Redraw, pdf, width, with_items

from eximledger.formats import Cause, read
from eximledger_chaincode.documents import DeclarationCopy, ExportDeclaration
from hlf_chaincode.errors import InvalidDocument

_STEP = 10.5
"""From a line to the next."""
GROSS = "593.5"
_FORM = replace(FORM, gross=GROSS)
_THREE = replace(_FORM, items=(FORM.items[0], *(replace(FORM.items[0], name=name) for name in ("电动机", "玩具"))))


def _declaration(source: bytes) -> ExportDeclaration:
    (document,) = read(source, declarations=True).documents
    assert isinstance(document, ExportDeclaration)
    return document


def _refused(source: bytes) -> str:
    with pytest.raises(InvalidDocument) as refused:
        read(source, declarations=True)
    return refused.value.message


def _moved(name: str, across: float = 0.0, up: float = 0.0) -> Redraw:
    return lambda text, x, y: [(text, x + across, y + up)] if text == name else [(text, x, y)]


def _instead(name: str, *parts: tuple[str, float, float]) -> Redraw:
    """Other texts in place of one, from where it began."""

    def redraw(text: str, x: float, y: float) -> Sequence[Drawn]:
        return [(part, x + across, y + up) for part, across, up in parts] if text == name else [(text, x, y)]

    return redraw


def _words(text: str, x: float, y: float) -> Sequence[Drawn]:
    """As programs write whose font has no blank."""
    found = []
    for word in text.split(" "):
        found.append((word, x, y))
        x += width(word + " ")
    return found


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize(
    "redraw",
    [
        _words,
        _moved("593.5", up=2),
        _moved("(2248)", up=-2),
        _moved("出境关别", up=1),
        _moved("8620.00", across=20),
        _instead("上海临港某某电源有限公司", ("上海临港", 0, 0), ("某某电源有限公司", 34, 0)),
        _instead("(2248)", ("(", 0, 0), ("2248", 6, 0), (")", 24, 0)),
    ],
)
def test_texts_a_little_aside_or_in_parts_say_the_same(redraw: Redraw, *, ruled: bool) -> None:
    assert _declaration(pdf(_FORM, ruled=ruled, redraw=redraw)) == _declaration(pdf(_FORM))


def test_pages_on_their_side() -> None:
    form = with_items(9)
    assert _declaration(pdf(form, ruled=True, centred=True, aside=True)) == _declaration(pdf(form))


_STRAYED = [
    # a name that is not where it should be: its value would be its neighbour's
    (_moved("毛重（千克）", up=-_STEP), "毛重 is not found where the layout has it, beside 包装种类"),
    (_moved("毛重（千克）", up=5), "包装种类 is not found where the layout has it, beside 毛重"),
    (_instead("运输方式"), "运输方式 is not found where the layout has it, beside 境外收货人"),
    (_instead("运输方式", ("运输", 0, 0), ("方式", 20, 0)), "运输方式 is not found where the layout has it"),
    (_instead("随附单证及编号"), "随附单证及编号 is not found"),
    (_instead("标记唛码及备注"), "标记唛码及备注 is not found"),
    (_instead("最终目的国（地区）"), "the column 最终目的国 is not found"),
    (_instead("征免"), "the column 征免 is not found"),
    (_moved("生产销售单位", across=90), "stands left of '生产销售单位', under no name"),
    # a value that is
    (_moved("593.5", across=-97.5), "'件数' has '40' and '593.5', and it is not certain"),
    (_moved("593.5", across=-80), "'件数' has '40' and '593.5', and it is not certain"),
    (_moved("593.5", up=-_STEP), "'毛重（千克）' has no value"),
    (_moved("40", across=-80), "'包装种类' has '纸制或纤维板制盒/箱' and '40', and it is not certain"),
    (_moved("COSU6377891230", across=-180), "'运输工具名称及航次号' has 'COSCO LAN/045S' and 'COSU6377891230'"),
    (_instead("CIF"), "'成交方式' has no value"),
    (_instead("一般征税"), "'征免性质' has a code, and no value"),
    (_moved("水路运输", up=-2 * _STEP), "'运输方式' has no value"),
    (_instead("洋山港区", ("洋山港区   20260309", 0, 0)), "'洋山港区   20260309', and it is not certain"),
    (_moved("(2248)", across=-100), "under more than one name|'境内发货人' has"),
    # a number that is cut
    (
        _instead("COSU6377891230", ("COSU6377", 0, 0), ("891230", 0, -8)),
        "'提运单号' is a number on two lines: where it is cut is not certain",
    ),
    # goods
    (_moved("电动机", up=5), "'电动机' does not begin in the first line of its goods|'4|3|"),
    (_moved("40台", across=-85), "and '40台' stand in one column of one line"),
    (_moved("12.5千克", up=-_STEP), "'12.5千克' does not begin in the first line of its goods"),
    (_moved("玩具", up=-8), "玩具"),
    (_moved("越南", across=-70, up=0), "more than one|stand in one column|is not certain"),
    (_moved("照章征税", across=-90), "stand in one column of one line"),
]


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize(("redraw", "said"), _STRAYED)
def test_texts_that_stand_elsewhere_are_refused_with_what_is_not_certain(
    redraw: Redraw, said: str, *, ruled: bool
) -> None:
    message = _refused(pdf(_THREE, ruled=ruled, redraw=redraw))
    assert any(part in message for part in said.split("|")), message


def test_a_text_that_goes_on_over_a_line() -> None:
    """Two columns that touch, drawn as one text."""
    redraw = _instead(
        "COSCO LAN/045S", ("COSCO LAN/045S and others of the same line as they are named below COSU6377", 0, 0)
    )
    message = _refused(pdf(replace(_FORM, bill_number=""), redraw=redraw))
    assert "goes on over a line of the form" in message


def test_a_quantity_among_the_words_of_the_goods() -> None:
    """Two columns that touch, of which no line tells the bounds."""
    words = _instead("4|3|逆变用|无品牌|5kW", ("4|3|逆变用|无品牌|5kW40台", 0, 0))
    blank = _instead("40台")
    message = _refused(pdf(_FORM, redraw=lambda *text: [each for one in words(*text) for each in blank(*one)]))
    assert "the deal's quantity stands among the words of the goods" in message


def test_a_specification_whose_first_part_has_a_line_of_its_own() -> None:
    item = replace(FORM.items[0], specification="4\n|3|逆变用|无品牌|5kW")
    line = _declaration(pdf(replace(_FORM, items=(item,)))).lines[0]
    assert (line.description, line.specification) == ("变流器", "4\n|3|逆变用|无品牌|5kW")


def test_several_numbers_on_several_lines() -> None:
    redraw = _instead("SP-2026-018", ("SP-2026-018;", 0, 0), ("SP-2026-019", 0, -8))
    assert _declaration(pdf(_FORM, redraw=redraw)).contract_number == "SP-2026-018; SP-2026-019"


def test_what_is_written_in_another_direction_is_reported() -> None:
    saved = io.BytesIO()
    canvas = Canvas(saved, pagesize=(842, 595))
    canvas.rotate(30)
    canvas.drawString(300, 20, "COPY")
    canvas.showPage()
    canvas.save()
    stamp, writer, stamped = PdfReader(saved), PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(pdf(_FORM)))
    writer.pages[0].merge_page(stamp.pages[0])
    writer.add_blank_page(842, 595)
    writer.write(stamped)
    reading = read(stamped.getvalue())
    assert isinstance(reading.documents[0], DeclarationCopy)
    reported = {(each.path, each.reason) for each in reading.unmapped if each.cause is Cause.SKIPPED}
    assert reported == {("page 1", "text that is turned, as of a stamp"), ("page 2", "has no text")}
