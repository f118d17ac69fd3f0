"""Whatever comes in, a reader answers with documents or with `InvalidDocument`: nothing else, and within its limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eximledger.formats import _limits as limits
from eximledger.formats import detect, read
from hlf_chaincode.errors import InvalidDocument

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
_CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.04"

_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><Invoice xmlns="%s"><ID>&c;</ID></Invoice>""" % _UBL.encode()
_EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Invoice xmlns="%s"><ID>&x;</ID></Invoice>""" % _UBL.encode()
_REMOTE_DTD = b"""<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/x.dtd"><Invoice xmlns="%s"/>""" % _UBL.encode()


def _refused(source: bytes | Path | str, name: str = "", exporter: str | None = None) -> InvalidDocument:
    with pytest.raises(InvalidDocument) as refused:
        read(source, name=name, exporter=exporter)
    assert refused.value.message
    assert refused.value.reason
    return refused.value


@pytest.mark.parametrize("source", [_LAUGHS, _EXTERNAL, _REMOTE_DTD])
def test_document_types_and_entities_are_refused(source: bytes) -> None:
    assert "<!DOCTYPE>" in _refused(source).message


def test_undeclared_entities_are_refused() -> None:
    assert "not well-formed" in _refused(f'<Invoice xmlns="{_UBL}"><ID>&x;</ID></Invoice>'.encode()).message


def test_deep_nesting_is_refused() -> None:
    source = f'<Invoice xmlns="{_UBL}">'.encode() + b"<a>" * 100_000
    assert "nested" in _refused(source).message


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eximledger.formats.xml.parsing.MAX_XML_ELEMENTS", 1000)
    source = f'<Invoice xmlns="{_UBL}">'.encode() + b"<a/>" * 1001 + b"</Invoice>"
    assert "elements" in _refused(source).message


def test_too_large_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(limits.MAX_BYTES + 1)
    assert _refused(path).reason == "is larger than 32 MiB"


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"   \n",
        b"\x00" * 100,
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        bytes(range(256)) * 20,
        b"%PDF-1.7 ...",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        b"PK\x03\x04 not really",
        b"<",
        b"<Invoice",
        b"<html><body/></html>",
        b"<?xml version='1.0' encoding='no-such-code'?><a/>",
        b"<?xml version='1.0' encoding='GB18030'?><a>\xff\xff</a>",
        b"<?xml version='1.0' encoding='UTF-16'?><a/>",
        f'<Invoice xmlns="{_UBL}"/>'.encode(),
        f'<Document xmlns="{_CAMT}"/>'.encode(),
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.99"/>',
        b'<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>',
        b"hello, world",
        "你好，世界".encode("gb18030"),
        b"{",
        b"[]",
        b"{}",
        b"[1]",
        b'{"kind": "invoice"}',
        b'{"kind": "rumour"}',
        b'{"kind": "invoice", "kind": "receipt"}',
        b'{"kind": NaN}',
        b'{"kind": ' + b"9" * 10_000 + b"}",
        b"[" * 100_000,
        b'"text"',
    ],
)
def test_no_paper(source: bytes) -> None:
    _refused(source)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    assert "not a file" in _refused(tmp_path).message
    assert "cannot be read" in _refused(tmp_path / "absent.xml").message
    assert "cannot be read" in _refused("a\x00b").message


def test_the_name_of_the_file_is_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "paper.xml"
    path.write_bytes(b"<a>")
    assert _refused(path).message.startswith("paper.xml: ")
    assert _refused(b"<a>", name="upload 7").message.startswith("upload 7: ")


def test_a_wrong_exporter_is_refused() -> None:
    assert _refused(b"{}", exporter="123").field == "exporter"


@pytest.mark.parametrize(
    "name",
    [
        "ubl/UBL-Invoice-2.1-Example.xml",
        "ubl/UBL-Order-2.0-Example-International.xml",
        "ubl/UBL-DespatchAdvice-2.0-Example.xml",
        "ubl/UBL-Waybill-2.0-Example-International.xml",
        "cii/CII_example5.xml",
        "iso20022/FI_camt_053_sample.xml.xml",
    ],
)
def test_cut_and_damaged_samples(sample: Callable[[str], Path], name: str) -> None:
    """Cut anywhere it is refused; with one byte changed it is refused or read, and nothing else happens."""
    source = sample(name).read_bytes()
    assert read(source).documents
    for index in range(0, len(source), len(source) // 40):
        _refused(source[:index])
    for index in range(50, len(source), len(source) // 150):
        damaged = source[:index] + b"7" + source[index + 1 :]
        with suppress(InvalidDocument):
            read(damaged)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes(source: bytes) -> None:
    with suppress(InvalidDocument):
        read(source)
    with suppress(InvalidDocument):
        detect(source)


def test_xml_in_chinese_encodings(data: Path) -> None:
    text = (data / "camt.053.001.10.xml").read_text(encoding="utf-8").replace("Rhein Handel GmbH", "莱茵贸易")
    for encoding in ("GB18030", "GBK", "UTF-16"):
        source = text.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
        payer = read(source).documents[0].model_dump(mode="json")["payer"]
        assert payer["name"] == "莱茵贸易"


# JSON ---------------------------------------------------------------------------


def _classification() -> dict[str, object]:
    return {
        "kind": "classification",
        "schema_version": 1,
        "enterprise_uscc": "91520690MA6DX12344",
        "enterprise_name": "东裕电器",
        "enterprise_class": "A",
        "valid_from": "2026-01-01",
    }


def test_json_documents_come_back() -> None:
    one = _classification()
    reading = read(json.dumps(one, ensure_ascii=False).encode())
    assert (reading.format, len(reading.documents), reading.unmapped) == ("json", 1, ())
    assert reading.documents[0].model_dump(mode="json", exclude_none=True, exclude_defaults=True) == {
        name: value for name, value in one.items() if name not in {"kind", "schema_version"}
    }
    several = read(json.dumps([one, one]).encode("utf-16"))
    assert several.documents == reading.documents * 2


def test_the_field_of_a_wrong_document_in_a_list_is_named() -> None:
    wrong = {**_classification(), "enterprise_uscc": "1"}
    assert _refused(json.dumps([_classification(), wrong]).encode()).field == "1.enterprise_uscc"


def test_brackets_within_text_are_no_nesting() -> None:
    named = {**_classification(), "enterprise_name": "[" * 200}
    assert read(json.dumps(named).encode()).documents


def test_many_repetitions_take_no_time_that_grows_with_their_square(sample: Callable[[str], Path]) -> None:
    reference = b"<cac:AdditionalDocumentReference><cbc:ID>%d</cbc:ID></cac:AdditionalDocumentReference>"
    source = sample("ubl/UBL-Invoice-2.1-Example.xml").read_bytes()
    before, mark, after = source.partition(b"<cac:AdditionalDocumentReference>")
    many = b"".join(reference % number for number in range(20_000))
    (invoice,) = read(before + many + mark + after).documents
    assert len(invoice.model_dump()["references"]) == 20_000 + 4


def test_sums_beyond_all_money_are_refused(sample: Callable[[str], Path]) -> None:
    source = sample("ubl/UBL-Invoice-2.1-Example.xml").read_bytes()
    total = (
        b'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">9999999999999999999999999999.99</cbc:TaxAmount></cac:TaxTotal>'
    )
    _refused(source.replace(b"<cac:LegalMonetaryTotal>", total * 2 + b"<cac:LegalMonetaryTotal>"))


def test_a_long_note_is_kept_in_parts(sample: Callable[[str], Path]) -> None:
    source = sample("ubl/UBL-Invoice-2.1-Example.xml").read_bytes()
    longer = source.replace(b"Ordered in our booth at the convention.", b"word-" * 2000)
    notes = read(longer).documents[0].model_dump()["notes"]
    assert "".join(notes) == "word-" * 2000
