"""How far a declaration has come: forward only, and an amendment keeps what it had reached."""

from __future__ import annotations

from datetime import date

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import OFFICER

from eximledger_chaincode.documents import DeclarationStatus
from hlf_chaincode.errors import Refused


@pytest.fixture
async def lending() -> Lending:
    return await opened(1)


D, R, S, A, C = DeclarationStatus


@pytest.mark.parametrize(
    ("life", "reached"),
    [
        ([D, A], D), ([R, A], R), ([S, A], S), ([S, A, A, S], S), ([D, A, R, A], R), ([D, A, D], D), ([R, C], R),
    ],
)  # fmt: skip
async def test_an_amended_declaration_keeps_what_it_had_reached(
    lending: Lending, life: list[DeclarationStatus], reached: DeclarationStatus
) -> None:
    for place, status in enumerate(life):
        await lending.file(trade.declaration(7, status=status, remarks=f"version {place}"))
    entry = await lending.ledger.evaluate(OFFICER, "customs", "documents:get", "declaration", trade.number_of(7))
    assert isinstance(entry, dict)
    assert entry["reached"] == reached


@pytest.mark.parametrize("life", [[S, A, D], [S, A, R], [R, A, D], [R, A, A, D], [D, R, A, D], [S, A, A, R]])
async def test_an_amendment_takes_no_declaration_back(lending: Lending, life: list[DeclarationStatus]) -> None:
    *before, last = life
    for place, status in enumerate(before):
        await lending.file(trade.declaration(7, status=status, remarks=f"version {place}"))
    with pytest.raises(Refused, match="before it was amended"):
        await lending.file(trade.declaration(7, status=last, remarks="back"))


@pytest.mark.parametrize(
    ("dates", "reached"),
    [({}, D), ({"released_on": date(2026, 7, 21)}, R), ({"settled_on": date(2026, 7, 23)}, S)],
)
async def test_customs_dates_tell_what_was_reached_before_the_ledger_saw_it(
    lending: Lending, dates: dict[str, date], reached: DeclarationStatus
) -> None:
    await lending.file(trade.declaration(8, status=A).model_copy(update=dates))
    for status in (D, R, S):
        declaration = trade.declaration(8, status=status, remarks=status)
        if [D, R, S].index(status) < [D, R, S].index(reached):
            with pytest.raises(Refused):
                await lending.file(declaration)
        else:
            await lending.file(declaration)
