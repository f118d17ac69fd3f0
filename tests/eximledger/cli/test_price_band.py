"""`eximledger price-band`: customs computes and publishes, anybody looks it up, a case is held against it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import uscc
from tests.eximledger.cli.conftest import Exim
from tests.eximledger_chaincode.contracts import trade

from eximledger_chaincode.contracts.state.records import document_json, record_list
from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration, LegalQuantity, Party

QUARTER, DAY = "2026-Q1", date(2026, 2, 10)


def _declarations(count: int) -> list[ExportDeclaration]:
    """So many exports of motors in turn by five exporters at 100 USD and some a piece, also counted in kilograms; some
    that do not count."""
    found = []
    for serial in range(1, count + 1):
        sound = trade.declaration(
            serial, exporter=Party(name=f"Maker {serial % 5}", uscc=_uscc(serial % 5)), exported=DAY
        )
        (line,) = sound.lines
        price = Decimal(100 + serial % 7)
        amount = trade.usd(price * line.quantity)
        legal = (LegalQuantity(quantity=line.quantity * 20, unit="千克"),)
        line = line.model_copy(update={"amount": amount, "unit_price": price, "legal_quantities": legal})
        found.append(ExportDeclaration.parse({**sound.model_dump(), "lines": [line.model_dump()], "total": amount}))
    return found


def _uscc(place: int) -> str:
    body = f"91520690MA6DMR0{place}{place}"
    return body + uscc.calc_check_digit(body)


def _odd() -> list[ExportDeclaration]:
    """At a thousand times the price, and none of them counts."""
    kinds: list[dict[str, object]] = [
        {"status": DeclarationStatus.CANCELLED},
        {"status": DeclarationStatus.RELEASED},
        {"supervision_mode": "3010"},
        {"exported_on": "2026-04-01", "declared_on": "2026-04-01"},
    ]
    found = []
    for serial, change in enumerate(kinds, 900):
        sound = trade.declaration(serial, total="100000000.00", exported=DAY).model_dump()
        found.append(ExportDeclaration.parse({**sound, **change}))
    return found


@pytest.fixture
def filed(exim: Exim, tmp_path: Path) -> Exim:
    papers = [*_declarations(24), *_odd()]
    (tmp_path / "papers.json").write_bytes(record_list([document_json(each) for each in papers]))
    (tmp_path / "rates.json").write_bytes(record_list([document_json(trade.rate(DAY))]))
    assert exim("document", "put", "papers.json", "--as", "customs").code == 0
    return exim


def test_customs_publishes_what_counts_and_anybody_looks_it_up(filed: Exim) -> None:
    computed: Any = filed("price-band", "compute", QUARTER, "--rates", "rates.json", "--as", "customs", "--json").json
    assert (computed["declarations"], computed["withheld"], computed["unquoted"]) == (24, [], [])
    pieces, kilograms = computed["bands"]
    cny = trade.rate(DAY).cny / trade.rate(DAY).unit
    assert abs(Decimal(pieces["median"]) / cny - 103) < 1
    assert abs(Decimal(kilograms["median"]) * 20 / cny - 103) < 1
    assert (pieces["declarations"], pieces["exporters"], pieces["unit"], kilograms["unit"]) == (24, 5, "C62", "KGM")
    assert json.loads(filed("price-band", "show", "85011099", "PCS", "--quarter", QUARTER, "--json").out) == []

    published = filed("price-band", "publish", QUARTER, "--rates", "rates.json", "--as", "customs", "--json").json
    assert published == {
        "quarter": QUARTER,
        "published": [f"85011099:C62:{QUARTER}", f"85011099:KGM:{QUARTER}"],
        "standing": 0,
    }
    (shown,) = json.loads(filed("price-band", "show", "8501109990", "台", "--quarter", "2026-Q3", "--json").out)
    assert shown == pieces
    assert "2026-Q1" in filed("price-band", "show", "85011099", "kg", "--quarter", "2026-Q2").out


def test_what_is_published_stays_when_declarations_are_amended(filed: Exim, tmp_path: Path) -> None:
    publish = ("price-band", "publish", QUARTER, "--rates", "rates.json", "--as", "customs", "--json")
    assert filed(*publish).code == 0
    later = _declarations(40)[24:]
    (tmp_path / "later.json").write_bytes(record_list([document_json(each) for each in later]))
    assert filed("document", "put", "later.json", "--as", "customs").code == 0
    again = filed(*publish).json
    assert (again["published"], again["standing"]) == ([], 2)
    (shown,) = json.loads(filed("price-band", "show", "85011099", "PCS", "--quarter", QUARTER, "--json").out)
    assert shown["declarations"] == 24


def test_what_cannot_be_published_is_said(filed: Exim, tmp_path: Path) -> None:
    publish = ("price-band", "publish", QUARTER, "--rates", "rates.json")
    refused = filed(*publish, "--as", "safe")
    assert refused.code == 1
    assert "a price-band is filed by role customs" in refused.err
    assert filed("price-band", "compute", "2026-Q7", "--rates", "rates.json").code == 2
    assert filed("price-band", "show", "850110", "PCS").code == 1
    assert filed("price-band", "compute", QUARTER, "--rates", "papers.json", "--as", "customs").code == 1
    (tmp_path / "old.json").write_bytes(document_json(trade.rate(date(2025, 1, 1))))
    unquoted = filed("price-band", "compute", QUARTER, "--rates", "old.json", "--as", "customs", "--json").json
    assert (unquoted["bands"], unquoted["unquoted"], unquoted["declarations"]) == ([], ["USD"], 0)
