"""Words of the trade in free text."""

from __future__ import annotations

import pytest

from eximledger.formats.text.terms import (
    commodity_is_hs,
    incoterm_in,
    names_destination,
    payment_days_in,
    place_after,
    reference_kind,
)
from eximledger.formats.text.values import declaration_numbers_in


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("T/T 60 days after B/L date", 60),
        ("net 30", 30),
        ("Net 45 days from invoice date", 45),
        ("Payment within 30 days", 30),
        ("D/A 90 DAYS SIGHT", 90),
        ("见提单后60天付款", 60),
        ("Zahlbar innerhalb 14 Tagen", 14),
        ("2 % discount if paid within 2 days\nPenalty percentage 10% from due date", None),
        ("2 % discount if paid within 10 days\nnet 30 days", 30),
        ("30 days for goods, 60 days for tools", None),
        ("Payable within 1 calendar month from the invoice date", None),
        ("L/C at sight", None),
        ("At sight for 80%, 20% 30 days after acceptance", None),
        ("20%即期，80%见提单后60天", None),
        ("90 days after sight", 90),
        ("At 120 (one hundred twenty) days after shipment date", 120),
        ("60-days after B/L", 60),
        ("20260105日", None),
    ],
)
def test_payment_days(text: str, days: int | None) -> None:
    assert payment_days_in(text) == days


@pytest.mark.parametrize(
    ("text", "incoterm", "place"),
    [
        ("FOB SHANGHAI", "FOB", "SHANGHAI"),
        ("CIF Hamburg (Incoterms® 2020)", "CIF", "Hamburg"),
        ("Delivery: DAP, Berlin", "DAP", "Berlin"),
        ("fob", "FOB", None),
        ("FOBLING", None, None),
        ("FOB or CIF", None, "or CIF"),
        ("free house", None, None),
    ],
)
def test_incoterms(text: str, incoterm: str | None, place: str | None) -> None:
    assert incoterm_in(text) == incoterm
    assert place_after(text) == place


def test_which_place_a_term_names() -> None:
    assert names_destination("CIF", "CIF Hamburg")
    assert names_destination("FOB", "FOB Destination")
    assert not names_destination("FOB", "FOB Shanghai")


@pytest.mark.parametrize(
    ("number", "code", "words", "kind"),
    [
        ("530420260000000012", "916", None, "declaration"),
        ("530420261000000012", None, None, None),  # an import
        ("X1", "705", None, "transport"),
        ("X1", None, "Air Waybill", "transport"),
        ("X1", None, "装箱单", "packing-list"),
        ("X1", None, "销售合同", "contract"),
        ("X1", "CINV", None, "invoice"),
        ("X1", None, "Order", "order"),
        ("X1", None, "Timesheet", None),
    ],
)
def test_kinds_of_references(number: str, code: str | None, words: str | None, kind: str | None) -> None:
    assert reference_kind(number, code, words) == kind


def test_declaration_numbers_stand_alone() -> None:
    text = "报关单530420260000000012,５３０４２０２６００００００００２０"
    text += "; account 5304202600000000123 ref A530420260000000012"
    assert declaration_numbers_in(text) == ["530420260000000012", "530420260000000020"]


def test_lists_of_commodity_codes() -> None:
    assert all(commodity_is_hs(name, None) for name in ("HS", "STH", "HTS", "CN", "TARIC"))
    assert commodity_is_hs(None, "Harmonized System")
    assert not any(commodity_is_hs(name, None) for name in ("UNSPSC", "CPV", "STI", "ZZZ", None))
