"""The letter as a page and as a DOCX: all of it in both, nothing else, and no text of a paper acts."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from defusedxml.ElementTree import fromstring

from eximledger.desk import Letter, Point, Section
from eximledger.reports import docx_letter, html_letter, write_letters
from eximledger.reports.wording.citations import cited
from eximledger_chaincode.documents import Money, Party, Words
from eximledger_chaincode.documents.parts.party import Address
from eximledger_chaincode.lending.verdict import DocumentName
from eximledger_chaincode.rules import RULES
from eximledger_chaincode.rules.ruleset.remedies import REMEDIES

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = "\x00\x1b[31m\x0b<w:t>&amp;\ud800\ufffe\uffff\u202eevil\U0001fffe"
LETTER = Letter(
    bank="某银行 A Bank",
    to=Party(
        name="贵州某公司",
        other_names=("A Company Ltd",),
        uscc="91520600MA6DYEK78F",
        address=Address(lines=("1 Road",), city="Tongren", country="CN"),
    ),
    loan_id="L-1",
    version=3,
    applied_on=date(2026, 4, 20),
    amount=Money.of("100.00", "CNY"),
    dated=date(2026, 4, 22),
    until=date(2026, 5, 7),
    sections=(
        Section(
            DocumentName(kind="invoice", number="CI-01"),
            (
                Point(Words("One thing.", "一事。"), "UCP 600 art. 18(a)", Words("An invoice.", "发票。")),
                Point(Words("To note.", "提示。"), "general", Words("Nothing.", "无需。"), to_know=True),
            ),
        ),
        Section(
            DocumentName(kind="packing-list", number="PL-01"),
            (Point(Words("Another.", "又一事。"), "bank policy", Words("A list.", "装箱单。")),),
        ),
    ),
)
SAID = (
    "某银行 A Bank", "贵州某公司 · A Company Ltd", "91520600MA6DYEK78F", "1 Road, Tongren, CN", "L-1", "第 3 版",
    "100.00 CNY", "2026-04-20", "2026-04-22", "2026-05-07", "单据不符点通知书", "Notice of discrepancies",
    "发票 CI-01", "Invoice CI-01", "装箱单 PL-01", "Packing list PL-01", "One thing.", "一事。", "UCP 600 art. 18(a)",
    "第18条(a)款", "An invoice.", "发票。", "（仅供参考）提示。", "(To be known.) To note.", "Another.", "银行政策",
    "不构成审批结论", "no decision on the loan",
)  # fmt: skip


def hostile() -> Letter:
    point = Point(Words(HOSTILE, HOSTILE), HOSTILE, Words(HOSTILE, HOSTILE))
    party = Party(name="X").model_copy(update={"name": HOSTILE, "uscc": HOSTILE})
    section = Section(DocumentName(kind="invoice", number=HOSTILE.replace("\ud800", "")), (point,))
    return replace(LETTER, bank=HOSTILE, to=party, loan_id=HOSTILE, sections=(section,))


def parts(document: bytes) -> dict[str, str]:
    with ZipFile(io.BytesIO(document)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def text_of(document: bytes) -> list[str]:
    """The paragraphs of a DOCX."""
    body = fromstring(parts(document)["word/document.xml"])
    return ["".join(run.text or "" for run in each.iter(f"{W}t")) for each in body.iter(f"{W}p")]


def test_both_say_everything() -> None:
    page, document = html_letter(LETTER), "\n".join(text_of(docx_letter(LETTER)))
    flat = re.sub(r"<[^>]+>", "", page)
    for words in SAID:
        assert words in flat, words
        assert words in document, words


def test_points_are_numbered_through() -> None:
    numbers = [each for each in text_of(docx_letter(LETTER)) if each.isdigit()]
    assert numbers == ["1", "2", "3"]
    assert re.findall(r"<tr><td>(\d+)</td>", html_letter(LETTER)) == numbers


def test_the_page_loads_and_runs_nothing() -> None:
    page = html_letter(LETTER)
    assert "<script" not in page
    assert not re.search(r"(?:src|href|url\()\s*=?\s*[\"']?\w", page)


def test_the_document_has_its_parts_and_no_link_macro_or_author() -> None:
    found = parts(docx_letter(LETTER))
    assert sorted(found) == [
        "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml",
        "word/footer1.xml", "word/styles.xml",
    ]  # fmt: skip
    for name, text in found.items():
        fromstring(text)
        assert "External" not in text, name
        assert "vbaProject" not in text, name
    for target in re.findall(r'Target="([^"]+)"', found["word/_rels/document.xml.rels"]):
        assert f"word/{target}" in found
    used = set(re.findall(r'<w:pStyle w:val="(\w+)"', found["word/document.xml"] + found["word/footer1.xml"]))
    assert used <= set(re.findall(r'w:styleId="(\w+)"', found["word/styles.xml"]))


def test_every_row_has_the_columns_of_the_table() -> None:
    body = fromstring(parts(docx_letter(LETTER))["word/document.xml"])
    for row in body.iter(f"{W}tr"):
        spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.iter(f"{W}tc")]
        assert sum(1 if span is None else int(span.get(f"{W}val") or 0) for span in spans) == 4
        assert all(cell.find(f"{W}p") is not None for cell in row.iter(f"{W}tc"))


def test_hostile_text_is_written_out_in_both() -> None:
    page, document = html_letter(hostile()), docx_letter(hostile())
    body = fromstring(parts(document)["word/document.xml"])
    fromstring(parts(document)["word/footer1.xml"])
    text = "\n".join(text_of(document))
    for said in page, text, parts(document)["word/document.xml"]:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufffe\uffff\U0001fffe]", said)
    for said in page, parts(document)["word/document.xml"]:
        assert "&lt;w:t&gt;&amp;amp;" in said
    assert "\\x00\\x1b[31m" in text
    assert "<w:t>&amp;" in text
    assert "\\u202eevil" in text
    plain = [run.text for run in body.iter(f"{W}t")]
    assert len(plain) == sum(len(list(each.iter(f"{W}t"))) for each in body.iter(f"{W}p"))


def test_equal_letters_are_equal_files_and_take_the_place_of_those_before(tmp_path: Path) -> None:
    assert docx_letter(LETTER) == docx_letter(LETTER)
    folder = tmp_path / "letters"
    first = write_letters(LETTER, folder)
    assert write_letters(LETTER, folder) == first == (folder / "letter-L-1.docx", folder / "letter-L-1.html")
    assert sorted(folder.iterdir()) == sorted(first)
    assert first[0].read_bytes() == docx_letter(LETTER)
    assert first[1].read_text(encoding="utf-8") == html_letter(LETTER)


TOLD = sorted({REMEDIES[rule.id].basis or rule.source for rule in RULES.values() if not rule.remedy.withheld})


@pytest.mark.parametrize("source", TOLD)
def test_a_source_is_cited_in_chinese_with_all_its_numbers(source: str) -> None:
    chinese = cited(source)
    months = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* \d{4}")
    numbers = re.findall(r"\d+", months.sub("", source))
    assert sorted(re.findall(r"\d+", re.sub(r"自\d+年\d+月\d+日", "", chinese))) == sorted(numbers)
    assert not re.search(r"\b[a-z]{3,}\b", re.sub(r"camt|\(\w+\)", "", chinese)), "put its words into _citations.py"


@pytest.mark.parametrize(
    ("source", "chinese"),
    [
        ("UCP 600 art. 20(a)(iii)", "《跟单信用证统一惯例》（UCP 600）第20条(a)(iii)款"),
        ("UCP 600 art. 26, 27", "《跟单信用证统一惯例》（UCP 600）第26条、第27条"),
        ("UCP 600 art. 20(b), (c)", "《跟单信用证统一惯例》（UCP 600）第20条(b)款、(c)款"),
        ("UCP 600 art. 6(d), 10(a), 29(a)", "《跟单信用证统一惯例》（UCP 600）第6条(d)款、第10条(a)款、第29条(a)款"),
        ("UCP 600 art. 18; Incoterms 2020", "《跟单信用证统一惯例》（UCP 600）第18条；《国际贸易术语解释通则》 2020"),
        (
            "UCP 600 art. 30(a); ISBP 821 C",
            "《跟单信用证统一惯例》（UCP 600）第30条(a)款；《国际标准银行实务》（ISBP 821）C",
        ),
        ("Huifa [2020] 14, [2024] 11", "汇发〔2020〕14号、〔2024〕11号"),
        ("State Council Order 792, from 1 Dec 2024", "国务院令第792号（自2024年12月1日起）"),
        ("PBoC Order 4 [2019]", "中国人民银行令〔2019〕第4号"),
    ],
)
def test_sources_as_chinese_readers_know_them(source: str, chinese: str) -> None:
    assert cited(source) == chinese
