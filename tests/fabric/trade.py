"""The Dongyu case on a real consortium: papers filed by those who write them, loans taken step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from tests.dongyu import DONGYU
from tests.fabric.consortium import Members
from tests.fabric.people import Outcome, Person
from tests.pledge import met

from eximledger.formats import read
from eximledger.testing import signed_authorisation
from eximledger_chaincode.contracts.casefile.assembling import Questions
from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents import KINDS, Document, LoanApplication
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.steps import Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules import Verdict

__all__ = ["DONGYU", "EARLIER_LOAN", "LOAN", "Bank", "application_of", "documents_in", "file_papers", "lend_earlier"]

LOAN = "DY-2026-001"
EARLIER_LOAN = "TB-2026-044"


def documents_in(folder: Path) -> list[Document]:
    """What the papers of a folder say, applications left out, sorted by kind."""
    files = sorted(path for path in folder.iterdir() if path.name != "application.json")
    found = [document for path in files for document in read(path).documents]
    return sorted(found, key=lambda document: document.KIND)


def application_of(file: Path, loan_id: str | None = None) -> LoanApplication:
    """The application of a file, under another loan id where one is given."""
    (application,) = read(file).documents
    assert isinstance(application, LoanApplication)
    return application.model_copy(update={"loan_id": loan_id}) if loan_id else application


def file_papers(person: Person, folder: Path) -> list[Outcome]:
    """Every paper of a folder, all of one kind in one transaction."""
    return [
        person.submit(KINDS[kind].channel, "documents:put_many", kind, list(group))
        for kind, group in groupby(documents_in(folder), key=lambda document: document.KIND)
    ]


@dataclass(frozen=True)
class Bank:
    """Two officers of one bank at work on loans."""

    members: Members
    maker: Person
    checker: Person

    @classmethod
    def of(cls, members: Members, name: str) -> Bank:
        return cls(members, members.person(name, "maker"), members.person(name, "checker"))

    @property
    def msp_id(self) -> str:
        return self.members.network.consortium.organization(self.maker.organization).msp

    def file(self, folder: Path) -> None:
        """The bank's papers; SAFE's peer has them when this returns."""
        for outcome in file_papers(self.maker, folder):
            self.maker.wait_until_known(outcome, "safe")

    def authorise(self, exporter: str) -> None:
        """File what an exporter has signed: that this bank may read all of it."""
        signed = signed_authorisation(exporter, self.msp_id, day_in_china(datetime.now(UTC)))
        self.maker.wait_until_known(self.maker.submit("customs", "authorisations:authorise", signed), "customs", "safe")

    def apply(self, file: Path, loan_id: str | None = None) -> Loan:
        """Apply, have the papers looked up among all banks, and copies pulled of what customs and SAFE know."""
        return self.apply_with(application_of(file, loan_id))

    def apply_with(self, application: LoanApplication) -> Loan:
        loan = self._loan(self.maker.submit("bank", "loans:apply", application))
        self.maker.wait_until_known(self.maker.submit("bank", "register:match", loan.loan_id), "safe")
        self.pull(loan.loan_id)
        return loan

    def pull(self, loan_id: str) -> None:
        facts = LoanFacts.model_validate_json(self.maker.ask("bank", "loans:facts", loan_id))
        asked = Questions.of(facts, day_in_china(datetime.now(UTC)))
        wanted = [asked.exporter, list(asked.numbers)]
        copied = self.maker.submit("customs", "copies:declarations", *wanted)
        self.maker.wait_until_known(copied, "safe", "customs")
        named = [list(asked.invoices), list(asked.receipts)]
        self.maker.wait_until_known(self.maker.submit("fx", "copies:exchange", *wanted, *named), "safe")

    def check(self, loan_id: str) -> Verdict:
        outcome = self.maker.submit("bank", "loans:check", loan_id)
        self.maker.wait_until_known(outcome, "safe")
        return Verdict.model_validate_json(outcome.result)

    def approve(self, loan_id: str, verdict: Verdict) -> Loan:
        version = self.loan(loan_id).version
        return self._loan(self.checker.submit("bank", "loans:approve", loan_id, version, verdict.evidence_hash, []))

    def pay(self, step: Step, loan_id: str) -> Loan:
        """The maker proposes the payment in full, the checker confirms it."""
        amount, day = self.loan(loan_id).application.document.amount, day_in_china(datetime.now(UTC))
        proposal = Proposal(step=step, amount=amount, day=day, reference=f"{step}-{loan_id}", conditions=met(step))
        self._loan(self.maker.submit("bank", "loans:propose", loan_id, proposal))
        return self._loan(self.checker.submit("bank", "loans:confirm", loan_id, proposal.id))

    def lend(self, loan_id: str) -> Verdict:
        """Check, approve, disburse."""
        verdict = self.check(loan_id)
        self.approve(loan_id, verdict)
        self.pay(Step.DISBURSEMENT, loan_id)
        return verdict

    def loan(self, loan_id: str) -> Loan:
        return Loan.model_validate_json(self.maker.ask("bank", "loans:get", loan_id))

    def balance(self, number: str) -> Balance:
        return Balance.model_validate_json(self.maker.ask("bank", "financing:balance", number))

    def _loan(self, outcome: Outcome) -> Loan:
        self.maker.wait_until_known(outcome, "safe", "eximbank", "tradebank")
        return Loan.model_validate_json(outcome.result)


def open_day(members: Members) -> None:
    """SAFE makes the secret for matching papers and opens the day that goes by it, and that of consent."""
    safe = members.person("safe")
    made = safe.submit("bank", "register:rotate")
    safe.wait_until_known(made, "eximbank", "tradebank")
    day, both = day_in_china(datetime.now(UTC)), ("eximbank", "safe")  # a first opening, before the day has a guard
    opened = safe.submit("bank", "calendar:open", day, 1, endorsers=both)
    safe.wait_until_known(opened, "eximbank", "tradebank")
    safe.wait_until_known(safe.submit("fx", "copies:begin"), "eximbank", "tradebank")
    consenting = safe.submit("customs", "authorisations:open", day)
    safe.wait_until_known(consenting, "customs", "eximbank", "tradebank")


def lend_earlier(members: Members) -> Verdict:
    """SAFE opens the day, customs, SAFE and both banks file their papers, the exporter authorises both; tradebank lends
    on one of the declarations."""
    open_day(members)
    for name in ("customs", "safe"):
        person = members.person(name)
        for outcome in file_papers(person, DONGYU / name):
            others = ("safe", "eximbank", "tradebank")
            person.wait_until_known(outcome, *others)
    exporter = application_of(DONGYU / "application.json").exporter
    for name in ("eximbank", "tradebank"):
        bank = Bank.of(members, name)
        bank.file(DONGYU / name)
        bank.authorise(exporter)
    other = Bank.of(members, "tradebank")
    other.apply(DONGYU / "tradebank" / "application.json")
    return other.lend(EARLIER_LOAN)
