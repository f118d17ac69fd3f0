"""The checks themselves: each must find what it is there to find."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.trust import invariants
from tests.trust.exports import Export, exporter
from tests.trust.fields import Field, field_of_embedded
from tests.trust.invariants import assert_acknowledged, assert_held_by_loans, assert_held_once
from tests.trust.load import Officers, Told, lend
from tests.trust.memory import trend

from eximledger.desk import LoanDesk
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.lending.loan import LoanState

EXPORT, LOAN = Export(1, exporter(0)), "L-1"


@pytest.fixture
async def embedded(tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork]) -> Field:
    return await field_of_embedded(exim_network_factory, tmp_path / "judged.db")


async def approved(field: Field) -> Officers:
    """A loan that is approved and holds balance."""
    officers = Officers.of("eximbank", field.connect)
    await officers.file(EXPORT)
    await officers.maker.apply(EXPORT.application(LOAN))
    verdict = await officers.maker.check(LOAN)
    await officers.checker.approve(LOAN, 1, verdict.evidence_hash)
    return officers


async def test_what_is_held_beside_what_was_promised_is_seen(embedded: Field) -> None:
    await approved(embedded)
    safe, number = LoanDesk(embedded.connect("safe")), EXPORT.number
    promised = EXPORT.application(LOAN).declarations
    await assert_held_once(safe, [number], [promised])
    for wrong in ([], [promised, promised]):
        with pytest.raises(AssertionError):
            await assert_held_once(safe, [number], wrong)


async def test_a_step_that_was_acknowledged_and_is_not_there_is_seen(embedded: Field) -> None:
    await approved(embedded)
    safe = LoanDesk(embedded.connect("safe"))
    await assert_acknowledged(safe, {LOAN: LoanState.APPROVED})
    with pytest.raises(AssertionError):
        await assert_acknowledged(safe, {LOAN: LoanState.DISBURSED})


async def test_balance_that_no_loan_holds_is_seen(embedded: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    officers, numbers = await approved(embedded), [EXPORT.number]
    safe = LoanDesk(embedded.connect("safe"))
    await assert_held_by_loans(safe, numbers)
    with monkeypatch.context() as blind:
        blind.setattr(invariants, "HOLDING", [LoanState.DISBURSED])
        with pytest.raises(AssertionError):
            await assert_held_by_loans(safe, numbers)
    await lend(officers, EXPORT, LOAN, Told())
    await assert_held_by_loans(safe, numbers)


def test_a_leak_shows_in_the_trend_and_noise_does_not() -> None:
    leak = trend([(float(second), 70 + second / 60) for second in range(0, 600, 2)])
    assert leak.per_minute == pytest.approx(1.0)
    assert leak.total == pytest.approx(598 / 60)
    noise = trend([(float(second), 70 + second % 3) for second in range(0, 600, 2)])
    assert abs(noise.total) < 0.1
