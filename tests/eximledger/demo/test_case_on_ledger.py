"""The Dongyu case on an embedded ledger, from papers to a closed loan, by the contracts' own calls.

Of the planted mistakes exactly those are demanded that the rules of this rule set know; each rule that is added makes
the test ask for its finding, and for a clean second verdict still.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.eximledger.bank import authorised
from tests.pledge import met

from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.testing import LedgerNetwork, ManualClock
from eximledger_chaincode.documents import KINDS, Document, LoanApplication, Money, TolerancePolicy
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Proposal, Step
from eximledger_chaincode.rules import RULES, Decision, Verdict
from hlf_chaincode.canonical import Json
from hlf_client import Ledger, verify
from hlf_client.errors import Refused
from hlf_client.private import submit_private

DONGYU = Path(__file__).resolve().parents[3] / "examples" / "dongyu"
NOW = datetime(2026, 4, 21, 1, tzinfo=UTC)
"""The day of the papers."""
LOAN, EARLIER_LOAN = "DY-2026-001", "TB-2026-044"
CABLE, NOT_SETTLED, REPLACEMENT = "224820260000410593", "531620260000318862", "531620260000284210"

PLANTED = {
    "AMOUNT", "BALANCE", "BL-LATEST", "BL-NUMBERS", "BL-WEIGHT", "CON-INV-AMOUNT", "CON-INV-PRICE", "DECL-STATUS",
    "DUP-EXACT", "INV-DECL-AMOUNT", "INV-DECL-GOODS", "PL-INV-QTY",
}  # fmt: skip
"""The mistakes of the first set; AMOUNT follows from BALANCE, BL-WEIGHT from PL-INV-QTY, CON-INV-AMOUNT from
INV-DECL-AMOUNT and CON-INV-PRICE."""


def documents_in(folder: Path) -> list[Document]:
    """What the papers of a folder say, applications left out, sorted by kind."""
    files = sorted(path for path in folder.iterdir() if path.name != "application.json")
    found = [document for path in files for document in read(path).documents]
    return sorted(found, key=lambda document: document.KIND)


@dataclass(frozen=True)
class Desk:
    """Who works at one desk: files papers and takes a loan's steps."""

    ledger: Ledger

    async def file(self, folder: Path) -> None:
        """Every paper of a folder but an application."""
        await self.desk.file(documents_in(folder))

    @property
    def desk(self) -> LoanDesk:
        return LoanDesk(self.ledger)

    async def apply(self, file: Path) -> Loan:
        (application,) = read(file).documents
        assert isinstance(application, LoanApplication)
        await authorised(self.desk, application.exporter)
        return await self.desk.apply(application)

    async def check(self, loan_id: str) -> Verdict:
        return await self.desk.check(loan_id)

    async def step(self, name: str, loan_id: str, *args: object) -> Loan:
        """A step by its contract's own arguments."""
        own = self.ledger.msp_id
        committed = await submit_private(
            self.ledger, "bank", f"loans:{name}", loan_id, *args, endorsing_organizations=[own, "SafeMSP"]
        )
        return Loan.model_validate_json(committed.result)

    async def confirm(self, loan: Loan) -> Loan:
        """Confirm what another person proposed."""
        assert loan.proposed is not None
        return await self.step("confirm", loan.loan_id, loan.proposed.sha256)

    async def balance(self, number: str) -> Balance:
        return Balance.model_validate_json(await self.ledger.evaluate("bank", "financing:balance", number))

    async def history(self, kind: str, id_: str) -> list[dict[str, Json]]:
        placement = KINDS[kind]
        answer = json.loads(await self.ledger.evaluate(placement.channel, "documents:history", kind, id_))
        assert isinstance(answer, list)
        return answer


async def lend(maker: Desk, checker: Desk, loan_id: str) -> Verdict:
    """Check, approve by the second officer, disburse by both."""
    verdict = await maker.check(loan_id)
    loan = Loan.model_validate_json(await maker.ledger.evaluate("bank", "loans:get", loan_id))
    await checker.step("approve", loan_id, loan.version, verdict.evidence_hash, [])
    await pay(maker, checker, loan, Step.DISBURSEMENT)
    return verdict


async def pay(maker: Desk, checker: Desk, loan: Loan, step: Step) -> Loan:
    """All that was applied for, proposed by one officer and confirmed by the other."""
    amount = loan.application.document.amount
    proposal = Proposal(step=step, amount=amount, day=NOW.date(), reference=f"{step}-1", conditions=met(step))
    return await checker.confirm(await maker.step("propose", loan.loan_id, proposal))


async def make_policy(network: LedgerNetwork) -> None:
    """Eximbank's policy, by two persons who take no other part."""
    (policy,) = read(DONGYU / "policies" / "eximbank.json").documents
    assert isinstance(policy, TolerancePolicy)
    book = await LoanDesk(network.connect("eximbank/admin")).propose_policy(policy)
    assert book.proposed is not None
    await LoanDesk(network.connect("eximbank/risk")).confirm_policy(book.proposed.sha256)


@dataclass(frozen=True)
class Consortium:
    network: LedgerNetwork
    maker: Desk
    checker: Desk
    customs: Desk
    safe: Desk
    first: Verdict
    """The verdict on the first set of papers."""


@pytest.fixture
async def applied(exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path) -> Consortium:
    """Three members have written their papers, tradebank has lent on the cable, Dongyu has applied at eximbank."""
    network = exim_network_factory(tmp_path / "exim.db", strict=True, clock=ManualClock(NOW))
    names = ("eximbank", "eximbank/checker", "customs", "safe", "tradebank", "tradebank/checker")
    maker, checker, customs, safe, other, other_checker = (Desk(network.connect(name)) for name in names)
    await make_policy(network)
    for desk, folder in ((customs, "customs"), (safe, "safe"), (maker, "eximbank"), (other, "tradebank")):
        await desk.file(DONGYU / folder)
    await other.apply(DONGYU / "tradebank" / "application.json")
    earlier = await lend(other, other_checker, EARLIER_LOAN)
    assert earlier.verdict is Decision.APPROVE, earlier.findings
    await maker.apply(DONGYU / "application.json")
    return Consortium(network, maker, checker, customs, safe, await maker.check(LOAN))


async def correct(consortium: Consortium) -> Verdict:
    """Amended papers, the amended application, and the verdict on them."""
    await consortium.customs.file(DONGYU / "corrected" / "customs")
    await consortium.maker.file(DONGYU / "corrected" / "eximbank")
    await consortium.maker.apply(DONGYU / "corrected" / "application.json")
    return await consortium.maker.check(LOAN)


async def test_the_first_check_finds_the_planted_mistakes_and_nothing_else(applied: Consortium) -> None:
    assert {finding.rule for finding in applied.first.findings} == PLANTED & RULES.keys()
    assert applied.first.verdict is not Decision.APPROVE
    assert applied.first.eligible < Money.of("7760000.00", "CNY")


async def test_a_declaration_that_another_bank_has_financed_cannot_be_held(applied: Consortium) -> None:
    balance = await applied.maker.balance(CABLE)
    assert (balance.value, balance.held, balance.free) == (
        Money.of("239320.00", "USD"), Money.of("180000.00", "USD"), Money.of("59320.00", "USD"),
    )  # fmt: skip
    with pytest.raises(Refused, match="BALANCE"):
        await applied.checker.step("approve", LOAN, 1, applied.first.evidence_hash, [])


async def test_a_paper_that_another_bank_has_financed_cannot_be_held(applied: Consortium, tmp_path: Path) -> None:
    """Also where the application asks for no more than the declaration has free."""
    application = json.loads((DONGYU / "application.json").read_text())
    for item in application["declarations"]:
        if item["declaration_number"] == CABLE:
            item["amount"]["amount"] = "59320.00"
    smaller = tmp_path / "application.json"
    smaller.write_text(json.dumps(application))
    await applied.maker.apply(smaller)
    verdict = await applied.maker.check(LOAN)
    assert "BALANCE" not in {finding.rule for finding in verdict.findings}
    with pytest.raises(Refused, match="DUP-EXACT"):
        await applied.checker.step("approve", LOAN, 2, verdict.evidence_hash, [])


async def test_the_corrected_papers_are_clean_and_support_the_amount(applied: Consortium) -> None:
    verdict = await correct(applied)
    assert verdict.findings == ()
    assert verdict.verdict is Decision.APPROVE
    assert verdict.eligible >= Money.of("7760000.00", "CNY")


async def test_corrections_are_versions_and_the_first_ones_stay(applied: Consortium) -> None:
    await correct(applied)
    papers = (
        (applied.customs, "declaration", NOT_SETTLED, 2),
        (applied.customs, "declaration", REPLACEMENT, 1),
        (applied.maker, "invoice", "91520600MA6DYEK78F:DY-CI-260403-02", 2),
        (applied.maker, "transport", "91520600MA6DYEK78F:POLU SHA 0926614", 2),
        (applied.maker, "contract", "91520600MA6DYEK78F:DY-KE-2025-126", 2),
        (applied.maker, "packing-list", "91520600MA6DYEK78F:DY-PL-260409-06", 2),
        (applied.maker, "invoice", "91520600MA6DYEK78F:DY-CI-260327-01", 1),
    )
    for desk, kind, id_, versions in papers:
        assert len(await desk.history(kind, id_)) == versions, (kind, id_)


async def test_the_loan_runs_from_approval_to_its_end(applied: Consortium) -> None:
    maker, numbers = applied.maker, ("224820260000418836", REPLACEMENT)
    await correct(applied)
    await lend(maker, applied.checker, LOAN)
    held = [await maker.balance(number) for number in numbers]
    assert all(balance.held == balance.value and not balance.free.amount for balance in held)

    await applied.safe.file(DONGYU / "receipt")
    loan = Loan.model_validate_json(await maker.ledger.evaluate("bank", "loans:get", LOAN))
    loan = await pay(maker, applied.checker, loan, Step.REPAYMENT)
    assert (loan.state, loan.version) == (LoanState.CLOSED, 2)
    for number in numbers:
        balance = await maker.balance(number)
        assert (balance.held, balance.collected) == (Money.zero("USD"), balance.value)
    assert (await maker.balance(CABLE)).held == Money.of("180000.00", "USD")  # tradebank's loan goes on

    assert verify(applied.network.url).is_good
