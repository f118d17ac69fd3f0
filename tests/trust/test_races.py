"""Two banks, many clients, more loans than the declarations carry: nobody is told yes for what it does not hold."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest
from tests.trust.exports import Export, application_of, exporter
from tests.trust.fields import Field
from tests.trust.invariants import assert_held_by_loans, assert_held_once
from tests.trust.load import BANKS, Officers, Told

from eximledger.desk import LoanDesk, Retry
from eximledger.desk.calling import Again
from eximledger_chaincode.documents import LoanApplication, Money
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.steps import Proposal, Step
from eximledger_chaincode.lending.verdict import Severity
from hlf_client import PreparedTransaction
from hlf_client.errors import Conflict, EndorsementFailed, NotFound, Refused
from hlf_client.private import PrivateCall

PATIENT = Retry(attempts=12)


@dataclass(frozen=True)
class Size:
    clients: int
    loans: int
    declarations: int


CLAIM = Size(clients=200, loans=1000, declarations=50)
SMALL = {"embedded": Size(clients=40, loans=120, declarations=8), "fabric": Size(clients=12, loans=18, declarations=3)}


@dataclass
class Race:
    """Who holds what, as the clients were told."""

    told: Told = field(default_factory=Told)
    held: dict[str, Loan] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    """By the rules that reject."""
    given_up: int = 0


def application(loan_id: str, exports: Sequence[Export], chance: random.Random) -> LoanApplication:
    """For some of each export, with no papers but the declarations: what is raced for is their balance."""
    parts = [(export, Money.of(chance.randint(1, 5) * 10_000, export.currency)) for export in exports]
    nothing = dict.fromkeys(("contracts", "invoices", "transport_documents", "packing_lists"), ())
    return application_of(loan_id, parts, exports[0].day, "10000.00").model_copy(update=nothing)


async def approve(bank: Officers, loan: Loan) -> Loan:
    """Check, and approve what the check found; every finding that refers the loan is set aside."""
    while True:
        verdict = await bank.maker.check(loan.loan_id)
        reasons = {each.id: "raced for" for each in verdict.findings if each.severity is Severity.REFER}
        try:
            return await bank.checker.approve(loan.loan_id, loan.version, verdict.evidence_hash, reasons)
        except Conflict as conflict:
            if "evidence_hash" not in conflict.details:
                raise


async def seek(bank: Officers, wanted: LoanApplication, chance: random.Random, race: Race) -> None:
    """Apply, check and approve; give up a third of what is then held."""
    insist, loan_id = race.told.insist, wanted.loan_id
    loan = await insist("apply", lambda: bank.maker.apply(wanted))
    try:
        approved = await insist("approve", lambda: approve(bank, loan), final=(Refused,))
    except Refused as refused:
        race.refused[refused.message.rpartition(": ")[2]] += 1
        return
    if chance.random() < 0.33:
        proposal = Proposal(step=Step.WITHDRAWAL, reason="the exporter found another bank")
        await insist("propose", lambda: bank.maker.propose(loan_id, proposal))
        await insist("confirm", lambda: bank.checker.confirm(loan_id, proposal.id))
        race.given_up += 1
    else:
        race.held[loan_id] = approved


async def client(bank: Officers, applications: Sequence[LoanApplication], seed: str, race: Race) -> None:
    chance = random.Random(seed)
    for wanted in applications:
        await seek(bank, wanted, chance, race)


@pytest.mark.slow
async def test_every_declaration_is_held_once_and_for_what_it_is_worth(
    field: Field, is_long: bool, seed: int, serials: Iterator[int]
) -> None:
    size = CLAIM if is_long else SMALL[field.kind]
    exports = [Export(next(serials), exporter(0)) for _ in range(size.declarations)]
    await LoanDesk(field.connect("customs")).file(export.declaration for export in exports)
    chance, work = random.Random(seed), [list[LoanApplication]() for _ in range(size.clients)]
    for number in range(size.loans):
        chosen = chance.sample(exports, chance.randint(1, 3))
        work[number % size.clients].append(application(f"RACE-{exports[0].serial}-{number}", chosen, chance))
    banks = [Officers.of(bank, field.connect, PATIENT) for bank in BANKS]
    desks = [banks[number % 2] for number in range(size.clients)]
    seeds = (f"{seed}-{number}" for number in range(size.clients))
    race, started = Race(), time.perf_counter()
    await asyncio.gather(*(client(*each, race) for each in zip(desks, work, seeds, strict=True)))
    seconds = time.perf_counter() - started
    assert race.held
    assert race.refused
    assert all("BALANCE" in rules for rules in race.refused), race.refused  # AMOUNT with it, where too little is left
    await field.settle()
    numbers = [export.number for export in exports]
    safe = LoanDesk(field.connect("safe"))
    await assert_held_once(safe, numbers, [loan.items for loan in race.held.values()])
    await assert_held_by_loans(safe, numbers)
    await field.assert_sound()
    print(  # noqa: T201
        f"races, {field.kind}: {size.loans} loans of {size.clients} clients on {size.declarations} declarations in "
        f"{seconds:.1f} s ({size.loans / seconds:.0f}/s): {len(race.held)} hold, {race.given_up} given up, "
        f"{race.refused.total()} refused; {race.told}"
    )


async def test_of_two_banks_with_one_paper_at_the_same_instant_one_commits(
    field: Field, serials: Iterator[int]
) -> None:
    """Both matched first, both approvals endorsed, then both ordered: each has found nothing, and one counts."""
    export = Export(next(serials), exporter(0))
    await LoanDesk(field.connect("customs")).file(export.declaration)
    banks = [Officers.of(bank, field.connect, PATIENT) for bank in BANKS]
    loans: list[Loan] = []
    for bank, officers in zip(BANKS, banks, strict=True):
        await officers.maker.file(export.papers)
        parts = [(export, Money.of("10000", export.currency))]  # there is enough of the declaration for both
        wanted = application_of(f"ONE-PAPER-{bank}-{export.serial}", parts, export.day, "10000.00")
        loans.append(await officers.maker.apply(wanted))
    prepared = [await PATIENT.repeat(partial(endorsed, *each)) for each in zip(banks, loans, strict=True)]
    ledgers = [officers.checker.ledger for officers in banks]
    ordered = [await ledger.order(each) for ledger, each in zip(ledgers, prepared, strict=True)]
    found = [await ledger.commit_status(each) for ledger, each in zip(ledgers, ordered, strict=True)]
    assert sorted(each.is_valid for each in found) == [False, True], found
    (lost,) = [place for place, each in enumerate(found) if not each.is_valid]
    assert found[lost].code in {"MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT"}
    verdict = await banks[lost].maker.check(loans[lost].loan_id)
    rejecting = {each.rule for each in verdict.findings if each.severity is Severity.REJECT}
    assert rejecting == {"DUP-EXACT"}
    with pytest.raises(Refused, match="DUP-EXACT"):
        await banks[lost].checker.approve(loans[lost].loan_id, loans[lost].version, verdict.evidence_hash)
    await field.settle()
    await field.assert_sound()


async def endorsed(bank: Officers, loan: Loan) -> PreparedTransaction:
    """An approval that finds nothing against the loan, endorsed by both peers and signed, not ordered."""
    verdict = await bank.maker.check(loan.loan_id)
    assert not [each for each in verdict.findings if each.severity is Severity.REJECT], verdict.findings
    reasons = [{"finding": each.id, "reason": "seen"} for each in verdict.findings if each.severity is Severity.REFER]
    ledger = bank.checker.ledger
    call = PrivateCall.of(loan.loan_id, loan.version, verdict.evidence_hash, reasons)
    proposal = ledger.propose(
        "bank", "loans:approve", transient=call.transient, endorsing_organizations=[ledger.msp_id, "SafeMSP"]
    )
    try:
        prepared = await ledger.endorse(proposal.signed(await ledger.sign_content(proposal.content)))
    except (EndorsementFailed, NotFound, Conflict, Refused) as behind:  # SAFE's peer may be a block back: no check yet
        raise Again(behind) from behind
    return prepared.signed(await ledger.sign_content(prepared.content))
