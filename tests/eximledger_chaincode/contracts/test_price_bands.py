"""Price bands on the ledger: who files them, when, once; and which a case's declarations are held against."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, OFFICER, SAFE
from tests.hlf_chaincode.memory_peer import MemoryLedger

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration, LegalQuantity, Money, PriceBand
from eximledger_chaincode.rules.customs.bands import MAX_GOODS
from hlf_chaincode.errors import NotAuthorized, Refused

HS, UNIT = "85011099", "C62"


def band(quarter: str = "2026-Q1", median: int = 700, **changes: object) -> PriceBand:
    sound: dict[str, object] = {
        "hs_code": HS, "unit": UNIT, "quarter": quarter, "median": median, "mad": "0.1", "declarations": 40,
        "exporters": 8,
    }  # fmt: skip
    return PriceBand(**{**sound, **changes})


@pytest.fixture
async def ledger() -> MemoryLedger:
    return (await opened()).ledger


async def put(ledger: MemoryLedger, *bands: PriceBand, who: object = OFFICER) -> None:
    await ledger.submit(who, "customs", "documents:put_many", "price-band", list(bands))  # type: ignore[arg-type] # an identity


async def facts(ledger: MemoryLedger, who: object = SAFE, serials: tuple[int, ...] = (1,)) -> list[str]:
    numbers = [trade.number_of(serial) for serial in serials]
    asked = (numbers, trade.DONGYU.uscc, date(2026, 1, 1), date(2026, 6, 30))
    found = await ledger.evaluate(who, "customs", "documents:customs_facts", *asked)  # type: ignore[arg-type] # an identity
    assert isinstance(found, dict)
    return [record["id"] for record in found["price_bands"]]


async def test_customs_alone_files_them(ledger: MemoryLedger) -> None:
    for who in (SAFE, EXIMBANK):
        with pytest.raises(NotAuthorized):
            await put(ledger, band(), who=who)
    await put(ledger, band())


async def test_a_band_is_published_once_and_stays(ledger: MemoryLedger) -> None:
    await put(ledger, band())
    await put(ledger, band())
    with pytest.raises(Refused, match=r"was published on .*, for good"):
        await put(ledger, band(median=701))
    record = await ledger.evaluate(SAFE, "customs", "documents:get", "price-band", band().id)
    assert isinstance(record, dict)
    assert (record["version"], record["document"]["median"]) == (1, "700")


async def test_no_quarter_is_published_before_it_is_over(ledger: MemoryLedger) -> None:
    ledger.now = datetime(2026, 9, 30, 15, 59, tzinfo=UTC)  # 23:59 in China
    with pytest.raises(Refused, match="2026-Q3 ends on 2026-09-30"):
        await put(ledger, band("2026-Q3"))
    ledger.now = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
    await put(ledger, band("2026-Q3"))


async def test_a_case_reads_the_band_of_its_quarter_or_the_last_that_serves(ledger: MemoryLedger) -> None:
    """The declaration left in July 2026."""
    assert await facts(ledger) == []
    await put(ledger, band("2025-Q3"))
    assert await facts(ledger) == []
    await put(ledger, band("2025-Q4"), band("2026-Q1"), band("2026-Q1", unit="KGM"), band(hs_code="85011091"))
    assert await facts(ledger) == [band("2026-Q1").id]
    ledger.now = datetime(2026, 10, 9, tzinfo=UTC)
    await put(ledger, band("2026-Q3"))
    assert await facts(ledger) == [band("2026-Q3").id]


async def test_the_quarter_is_that_of_the_export_else_of_the_declaration(ledger: MemoryLedger) -> None:
    """Declared in June, and left in July or not yet."""
    ledger.now = datetime(2026, 10, 9, tzinfo=UTC)
    await put(ledger, band("2026-Q2"), band("2026-Q3"))
    declared = trade.declaration(8).model_copy(update={"declared_on": date(2026, 6, 30)})
    waiting = declared.model_copy(update={"exported_on": None, "status": DeclarationStatus.DECLARED})
    for document, quarter in ((waiting, "2026-Q2"), (declared, "2026-Q3")):
        await ledger.submit(OFFICER, "customs", "documents:put", "declaration", document)
        assert await facts(ledger, serials=(8,)) == [band(quarter).id]


async def test_goods_are_held_against_bands_of_their_legal_units_too(ledger: MemoryLedger) -> None:
    """Declared in pieces, and in kilograms as the tariff wants it."""
    await put(ledger, band(unit="KGM"))
    assert await facts(ledger) == []
    document = trade.declaration(8)
    weighed = document.lines[0].model_copy(update={"legal_quantities": (LegalQuantity(quantity="12", unit="KGM"),)})
    amended = document.model_copy(update={"lines": (weighed,)})
    await ledger.submit(OFFICER, "customs", "documents:put", "declaration", amended)
    assert await facts(ledger, serials=(8,)) == [band(unit="KGM").id]


async def test_no_more_goods_are_looked_up_than_the_limit(ledger: MemoryLedger) -> None:
    """A declaration cannot make a peer read without end; which goods are looked up is the same everywhere."""
    lines = [
        trade.declaration()
        .lines[0]
        .model_copy(update={"number": place + 1, "hs_code": f"{84000000 + place}", "amount": Money.of(1, "USD")})
        for place in range(MAX_GOODS + 1)
    ]
    wide = trade.declaration(7).model_copy(update={"lines": tuple(lines), "total": Money.of(len(lines), "USD")})
    await ledger.submit(OFFICER, "customs", "documents:put", "declaration", ExportDeclaration.parse(wide.model_dump()))
    await put(ledger, band(hs_code=f"{84000000 + MAX_GOODS - 1}"), band(hs_code=f"{84000000 + MAX_GOODS}"))
    assert await facts(ledger, serials=(7,)) == [band(hs_code=f"{84000000 + MAX_GOODS - 1}").id]


async def test_the_peers_flag_four_times_the_price(ledger: MemoryLedger) -> None:
    """100 USD a piece are 700 CNY and some; a band of a quarter of that alarms in what the peers record."""
    lending = Lending(ledger)
    await lending.apply()
    verdict = await lending.check()
    assert "PRICE-OUTLIER" not in {each.rule for each in verdict.findings}
    await put(ledger, band("2026-Q1", 178))
    after = await lending.check()
    (found,) = [each for each in after.findings if each.rule == "PRICE-OUTLIER"]
    assert "times the 178 CNY of customs' band for HS 85011099 in 2026-Q1" in found.message.en
    assert after.evidence == verdict.evidence
    assert after.evidence_hash != verdict.evidence_hash
