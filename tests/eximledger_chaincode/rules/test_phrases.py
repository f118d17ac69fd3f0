"""Words of carriers and of descriptions: what they tell, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.documents import FreightPayment
from eximledger_chaincode.rules.shipping.phrases import freight_payment_in, says_nothing, tells_defect, tells_on_deck

PREPAID, COLLECT = FreightPayment.PREPAID, FreightPayment.COLLECT


@pytest.mark.parametrize(
    "remark",
    [
        "5 bags torn", "Cartons wet and stained", "CASE NO. 3 DAMAGED", "Drums leaking slightly",
        "Packing insufficient", "second hand packaging", "steel sheets rusty", "one crate dented; contents unknown",
        "3箱破损", "外包装受潮",
        "包装不良", "ＴＯＲＮ bags", "Clean on board. 2 pallets broken",
    ],
)  # fmt: skip
def test_a_defect(remark: str) -> None:
    assert tells_defect(remark)


@pytest.mark.parametrize(
    "remark",
    [
        "CLEAN ON BOARD", "no damage", "Carrier not liable for damage or leakage", "rust proof paint",
        "Shipper's load, stow and count", "may be damaged if wet", "wet blue hides", "broken rice in bags",
        "SAID TO CONTAIN 3 BROKEN", "insured against damage", "包装完好", "不负责货物破损", "Freight prepaid", "",
    ],
)  # fmt: skip
def test_no_defect(remark: str) -> None:
    assert not tells_defect(remark)


@pytest.mark.parametrize("remark", ["shipped on deck", "ON DECK", "2 x 40' stowed on deck", "装于甲板", "舱面"])
def test_on_deck(remark: str) -> None:
    assert tells_on_deck(remark)


@pytest.mark.parametrize(
    "remark",
    ["may be carried on deck", "carrier has the option to stow on deck", "on board", "under deck stowage", "装于舱内"],
)
def test_not_on_deck(remark: str) -> None:
    assert not tells_on_deck(remark)


@pytest.mark.parametrize(
    ("text", "payment"),
    [
        ("FREIGHT PREPAID", PREPAID), ("Freight pre-paid", PREPAID), ("prepaid", PREPAID), ("freight is paid", PREPAID),
        ("运费预付", PREPAID), ("运费已付讫", PREPAID), ("PP", PREPAID), ("Freight Collect", COLLECT),
        ("COLLECT", COLLECT), ("freight payable at destination", COLLECT), ("freight to be collected", COLLECT),
        ("运费到付", COLLECT),
        ("CC", COLLECT), ("freight", None), ("freight prepaid or collect", None),
        ("Freight prepaid; Freight collect", None), ("collect the goods", None), ("net 30", None),
    ],
)  # fmt: skip
def test_who_pays_the_freight(text: str, payment: FreightPayment | None) -> None:
    assert freight_payment_in(text) is payment


@pytest.mark.parametrize(
    "text",
    [
        "Goods", "GENERAL CARGO", "as per contract", "as per Pro forma Invoice No. AB-2026/17", "various items",
        "F.A.K.", "said to contain: merchandise", "货物", "详见合同", "按合同 DY-007", "杂货一批", "n/a", "-", "123",
        "Spare parts",
        "Goods as per attached list", "order PO 4711", "样品",
    ],
)  # fmt: skip
def test_words_that_name_no_goods(text: str) -> None:
    assert says_nothing(text)
    assert says_nothing(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "Rectifier cabinet", "Goods: steel pipes", "spare parts for pumps", "T-shirts", "LED lamps", "整流柜", "铜",
        "茶叶", "机械配件", "Ringmaschine", "Чай", "Kabel", "urea, 46 %",
    ],
)  # fmt: skip
def test_words_that_name_goods(text: str) -> None:
    assert not says_nothing(text)
    assert not says_nothing("Goods", text)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    """And what is told does not hang on case."""
    for told in (tells_defect, tells_on_deck, freight_payment_in, says_nothing):
        assert told(text) == told(text.upper()) or text.upper().lower() != text.lower()
