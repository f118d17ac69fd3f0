"""Two banks, many clients, more loans than the declarations carry: nobody is told yes for what it does not hold."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from eximledger.desk import LoanDesk, Retry
from eximledger.errors import CommitFailed, Refused
from eximledger.formats import read
from eximledger.ledger import verify
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.contracts.names import FX
from eximledger_chaincode.contracts.register import Reservation, ReservationState
from eximledger_chaincode.documents import ExportDeclaration, FinancedDeclaration, LoanApplication, Money

DONGYU = Path(__file__).resolve().parents[2] / "examples" / "dongyu"
LONG = bool(os.environ.get("EXIM_TRUST"))
"""Set by `make trust`: the sizes of the claim, not those of every commit."""
CLIENTS, LOANS, DECLARATIONS = (200, 1000, 50) if LONG else (40, 120, 8)


@dataclass
class Tally:
    """What clients were told: the last answer for each loan."""

    held: dict[str, Reservation] = field(default_factory=dict)
    refused: int = 0


def declarations() -> list[ExportDeclaration]:
    model = read(DONGYU / "customs" / "declarations-2026.csv").documents[0]
    assert isinstance(model, ExportDeclaration)
    return [model.model_copy(update={"declaration_number": f"224820260{n + 1:09}"}) for n in range(DECLARATIONS)]


def application(loan_id: str, numbers: Sequence[str], chance: random.Random) -> LoanApplication:
    (model,) = read(DONGYU / "tradebank" / "application.json").documents
    assert isinstance(model, LoanApplication)
    items = tuple(
        FinancedDeclaration(
            declaration_number=number, amount=Money(amount=Decimal(chance.randint(1, 15) * 10_000), currency="USD")
        )
        for number in sorted(numbers)
    )
    return model.model_copy(
        update={
            "loan_id": loan_id, "declarations": items, "contracts": (), "invoices": (), "transport_documents": (),
            "packing_lists": (),
        }
    )  # fmt: skip


async def client(desk: LoanDesk, loans: Sequence[tuple[str, Sequence[str]]], seed: int, tally: Tally) -> None:
    """Applies, reserves, and gives up a third of what it holds; every call is one that a bank's backend may make."""
    chance = random.Random(seed)
    for loan_id, numbers in loans:
        await desk.apply(application(loan_id, numbers, chance))
        try:
            tally.held[loan_id] = await reserve(desk, loan_id)
        except Refused:
            tally.refused += 1
            continue
        if chance.random() < 0.33:
            await desk.withdraw(loan_id, "the exporter found another bank")
            del tally.held[loan_id]


async def reserve(desk: LoanDesk, loan_id: str) -> Reservation:
    """Hold the loan's balance; again from a new proposal as long as another bank was faster."""
    while True:
        try:
            commit = await desk.ledger.submit(FX, "financing:reserve", loan_id)
        except CommitFailed as error:
            if not error.is_read_conflict:
                raise
        else:
            return Reservation.model_validate_json(commit.result)


async def test_every_declaration_is_held_once_and_for_what_it_is_worth(
    exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    network = exim_network_factory(tmp_path / "races.db")
    papers, chance, tally = declarations(), random.Random(20260420), Tally()
    await LoanDesk(network.connect("customs")).file(papers)
    numbers = [paper.number for paper in papers]
    work: list[list[tuple[str, Sequence[str]]]] = [[] for _ in range(CLIENTS)]
    for number in range(LOANS):
        work[number % CLIENTS].append((f"L-{number}", chance.sample(numbers, chance.randint(1, 3))))
    retry = Retry(attempts=12)
    desks = [LoanDesk(network.connect(("eximbank", "tradebank")[n % 2]), retry=retry) for n in range(CLIENTS)]
    started = time.perf_counter()
    await asyncio.gather(
        *(client(desk, loans, n, tally) for n, (desk, loans) in enumerate(zip(desks, work, strict=True)))
    )
    seconds = time.perf_counter() - started
    await assert_nobody_is_over_financed(desks[0], papers, tally)
    await network.finish()
    assert verify(network.path).is_good
    print(f"{LOANS} loans, {CLIENTS} clients: {LOANS / seconds:.0f} loans/s, {len(tally.held)} held")  # noqa: T201


async def assert_nobody_is_over_financed(desk: LoanDesk, papers: Sequence[ExportDeclaration], tally: Tally) -> None:
    assert tally.held
    assert tally.refused
    promised: dict[str, Money] = {}
    for loan_id, reservation in tally.held.items():
        found = await desk.reservation(loan_id)
        assert found is not None
        assert (found.state, found.items) == (ReservationState.HELD, reservation.items)
        for item in reservation.items:
            zero = Money.zero(item.amount.currency)
            promised[item.declaration_number] = promised.get(item.declaration_number, zero) + item.amount
    for paper in papers:
        balance = await desk.balance(paper.number)
        assert balance.held + balance.free == balance.value
        held = sum((hold.amount for hold in balance.holds), Money.zero(balance.value.currency))
        assert balance.held == held
        assert balance.held <= balance.value
        assert balance.held == promised.get(paper.number, Money.zero(held.currency))
