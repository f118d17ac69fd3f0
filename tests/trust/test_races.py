"""Two banks, many clients, more loans than the declarations carry: nobody is told yes for what it does not hold."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from tests.trust.exports import Export
from tests.trust.fields import Field
from tests.trust.invariants import assert_held_once
from tests.trust.load import BANKS, Told

from eximledger.desk import LoanDesk, Retry
from eximledger_chaincode.contracts.state.names import FX
from eximledger_chaincode.documents import FinancedDeclaration, LoanApplication, Money
from eximledger_chaincode.lending.register import Reservation
from hlf_client.errors import Refused

PATIENT = Retry(attempts=12)


@dataclass(frozen=True)
class Size:
    clients: int
    loans: int
    declarations: int


CLAIM = Size(clients=200, loans=1000, declarations=50)
SMALL = {"embedded": Size(clients=40, loans=120, declarations=8), "fabric": Size(clients=16, loans=32, declarations=4)}


@dataclass
class Race:
    """Who holds what, as the clients were told."""

    told: Told = field(default_factory=Told)
    held: dict[str, Reservation] = field(default_factory=dict)
    refused: int = 0
    given_up: int = 0


def application(loan_id: str, exports: Sequence[Export], chance: random.Random) -> LoanApplication:
    """For some of each export, with no papers but the declarations: what is raced for is their balance."""
    items = tuple(
        FinancedDeclaration(
            declaration_number=export.declaration.number,
            amount=Money(amount=Decimal(chance.randint(1, 5) * 10_000), currency="USD"),
        )
        for export in exports
    )
    nothing = dict.fromkeys(("contracts", "invoices", "transport_documents", "packing_lists"), ())
    return exports[0].application(loan_id).model_copy(update={"declarations": items, **nothing})


async def seek(desk: LoanDesk, wanted: LoanApplication, chance: random.Random, race: Race) -> None:
    """Apply and reserve; give up a third of what is then held."""
    insist = race.told.insist
    await insist("apply", lambda: desk.apply(wanted))
    try:
        commit = await insist(
            "reserve", lambda: desk.ledger.submit(FX, "financing:reserve", wanted.loan_id), final=(Refused,)
        )
    except Refused:
        race.refused += 1
        return
    if chance.random() < 0.33:
        await insist("withdraw", lambda: desk.withdraw(wanted.loan_id, "the exporter found another bank"))
        race.given_up += 1
    else:
        race.held[wanted.loan_id] = Reservation.model_validate_json(commit.result)


async def client(desk: LoanDesk, applications: Sequence[LoanApplication], seed: str, race: Race) -> None:
    chance = random.Random(seed)
    for wanted in applications:
        await seek(desk, wanted, chance, race)


@pytest.mark.slow
async def test_every_declaration_is_held_once_and_for_what_it_is_worth(
    field: Field, is_long: bool, seed: int, serials: Iterator[int]
) -> None:
    size = CLAIM if is_long else SMALL[field.kind]
    exports = [Export(next(serials)) for _ in range(size.declarations)]
    await LoanDesk(field.connect("customs")).file(export.declaration for export in exports)
    chance, work = random.Random(seed), [list[LoanApplication]() for _ in range(size.clients)]
    for number in range(size.loans):
        chosen = chance.sample(exports, chance.randint(1, 3))
        work[number % size.clients].append(application(f"RACE-{exports[0].serial}-{number}", chosen, chance))
    desks = [LoanDesk(field.connect(BANKS[n % 2]), retry=PATIENT) for n in range(size.clients)]
    seeds = (f"{seed}-{number}" for number in range(size.clients))
    race, started = Race(), time.perf_counter()
    await asyncio.gather(*(client(*each, race) for each in zip(desks, work, seeds, strict=True)))
    seconds = time.perf_counter() - started
    assert race.held
    assert race.refused
    promised = [reservation.items for reservation in race.held.values()]
    await field.settle()
    await assert_held_once(desks[0], [export.declaration.number for export in exports], promised)
    await field.assert_sound()
    print(  # noqa: T201
        f"races, {field.kind}: {size.loans} loans of {size.clients} clients on {size.declarations} declarations in "
        f"{seconds:.1f} s ({size.loans / seconds:.0f}/s): {len(race.held)} hold, {race.given_up} given up, "
        f"{race.refused} refused; {race.told}"
    )
