"""A consortium with papers filed and loans under way, for the tests of financing and loans."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.hlf_chaincode.memory_peer import Envelope, Identity, MemoryLedger
from tests.pledge import met

from eximledger_chaincode.contracts.register.sealing import opened_value, sealed_name
from eximledger_chaincode.contracts.state.keys import position_key
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.documents import KINDS, Document, LoanApplication, Money, compared_number
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.register import HeldPosition
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.steps import Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Decision, DocumentName, Finding, Severity, Text, Verdict
from eximledger_chaincode.rules.basis.case import Case

EVIDENCE = "e" * 64

AFTER: Final = {
    Step.DISBURSEMENT: LoanState.DISBURSED,
    Step.REPAYMENT: LoanState.CLOSED,
    Step.EXTENSION: LoanState.DISBURSED,
    Step.CONVERSION: LoanState.DISBURSED,
    Step.INDEMNITY: LoanState.INDEMNITY_SOUGHT,
    Step.WITHDRAWAL: LoanState.WITHDRAWN,
    Step.WRITE_OFF: LoanState.WRITTEN_OFF,
}
"""Where a loan stands after a step of its whole amount."""


def finding(rule: str, severity: Severity) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        documents=(DocumentName(kind="invoice", number="INV-1"),),
        message=Text(en="It differs.", zh="不一致。"),
    )


def verdict_of(*findings: Finding, evidence_hash: str = EVIDENCE) -> Verdict:
    severities = {each.severity for each in findings}
    decision = Decision.APPROVE
    if severities & {Severity.REFER, Severity.REJECT}:
        decision = Decision.REJECT if Severity.REJECT in severities else Decision.REFER
    return Verdict(
        verdict=decision,
        eligible=Money.of("400000.00", "CNY"),
        findings=findings,
        rule_set="test",
        policy_sha256="0" * 64,
        evidence=(),
        evidence_hash=evidence_hash,
    )


@dataclass(slots=True)
class Rules:
    """Stands in for the rules where a test is about the protocol: it says what the test wants, of any case."""

    verdict: Verdict = field(default_factory=verdict_of)
    cases: list[Case] = field(default_factory=list)

    def reconcile(self, case: Case) -> Verdict:
        self.cases.append(case)
        return self.verdict


def stand_in(monkeypatch: pytest.MonkeyPatch) -> Rules:
    """The stand-in, wherever a contract reconciles."""
    rules = Rules()
    for module in ("loans", "loanbook.judging"):
        monkeypatch.setattr(f"eximledger_chaincode.contracts.{module}.reconcile", rules.reconcile)
    return rules


@dataclass(slots=True)
class Lending:
    """Calls by their short names, as the typed values they answer."""

    ledger: MemoryLedger

    async def file(self, *documents: Document, bank: Identity = trade.EXIMBANK) -> None:
        for document in documents:
            kind = KINDS[document.KIND]
            who = {Role.CUSTOMS: trade.OFFICER, Role.FX_BUREAU: trade.SAFE, Role.BANK: bank}[kind.writer]
            await self.ledger.submit(who, kind.channel, "documents:put", kind.name, document)

    async def pull(self, application: LoanApplication, bank: Identity = trade.EXIMBANK) -> None:
        """Copies of what the application is about, under the exporter's consent."""
        exporter = application.exporter
        numbers = application.named("declarations")
        invoices = sorted({compared_number(number) for number in application.named("invoices")})
        submit = self.ledger.submit
        await submit(bank, "customs", "authorisations:consent", trade.consent(bank.msp_id, application.applicant))
        await submit(bank, "customs", "copies:declarations", exporter, numbers)
        await submit(bank, "fx", "copies:exchange", exporter, numbers, invoices, application.receipts)

    async def match(self, loan_id: str = "L-1", who: Identity = trade.EXIMBANK) -> None:
        """Have the loan's papers looked up in the register of all banks."""
        await self.ledger.submit(who, "bank", "register:match", loan_id, endorsers=["SafeMSP"], at="SafeMSP")

    async def file_papers(self, *serials: int, bank: Identity = trade.EXIMBANK, total: str = "100000.00") -> None:
        """Contract, invoice, bill and packing list of each serial."""
        for serial in serials:
            for make in (trade.contract, trade.invoice, trade.transport, trade.packing_list):
                await self.file(make(serial, total=total), bank=bank)

    async def endorse(self, who: Identity, function: str, *arguments: object) -> Envelope:
        return await self.ledger.endorse(who, "bank", function, *arguments)

    async def loan(self, who: Identity, step: str, loan_id: str = "L-1", *arguments: object) -> Loan:
        """Submit one step of loans."""
        envelope = await self.endorse(who, f"loans:{step}", loan_id, *arguments)
        self.ledger.commit(envelope)
        return Loan.model_validate_json(envelope.result)

    async def apply(self, application: LoanApplication | None = None, who: Identity = trade.EXIMBANK) -> Loan:
        """With the application given, or the usual one of the ledger's day."""
        wanted = application or trade.application(applied_on=self.day)
        await self.pull(wanted, who)
        envelope = await self.endorse(who, "loans:apply", wanted)
        self.ledger.commit(envelope)
        await self.match(wanted.loan_id, who)
        return Loan.model_validate_json(envelope.result)

    async def check(self, loan_id: str = "L-1", who: Identity = trade.EXIMBANK) -> Verdict:
        envelope = await self.endorse(who, "loans:check", loan_id)
        self.ledger.commit(envelope)
        return Verdict.model_validate_json(envelope.result)

    async def approve(
        self,
        loan_id: str = "L-1",
        who: Identity = trade.CHECKER,
        evidence_hash: str = EVIDENCE,
        overrides: Sequence[dict[str, str]] = (),
        version: int = 1,
    ) -> Loan:
        return await self.loan(who, "approve", loan_id, version, evidence_hash, list(overrides))

    async def decision(self, loan_id: str = "L-1", who: Identity = trade.CHECKER) -> Envelope:
        """An approval of the case as it stands now, every referral set aside; endorsed, not ordered yet."""
        verdict = Verdict.model_validate_json((await self.endorse(who, "loans:preview", loan_id)).result)
        referring = [each.id for each in verdict.findings if each.severity is Severity.REFER]
        overrides = [{"finding": each, "reason": "seen the goods"} for each in dict.fromkeys(referring)]
        version = (await self.get(loan_id, who)).version
        return await self.endorse(who, "loans:approve", loan_id, version, verdict.evidence_hash, overrides)

    def proposal(self, step: Step, **said: object) -> Proposal:
        """A proposal of that step as it is usually made: all of 300,000.00 CNY, today."""
        if step in {Step.WITHDRAWAL, Step.WRITE_OFF}:
            return Proposal.model_validate({"step": step, "reason": "as agreed"} | said)
        if step is Step.CONVERSION:
            return Proposal.model_validate({"step": step} | said)
        if step is Step.EXTENSION:
            usual: dict[str, object] = {"matures_on": trade.application().matures_on + timedelta(days=30)}
            return Proposal.model_validate({"step": step, "reason": "as agreed"} | usual | said)
        usual = {"amount": Money.of("300000.00", "CNY"), "day": day_in_china(self.ledger.now), "reference": f"{step}-1"}
        usual |= {"conditions": met(step)} | ({"insurer": "Sinosure"} if step is Step.INDEMNITY else {})
        return Proposal.model_validate({"step": step} | usual | said)

    async def take(
        self, step: Step, loan_id: str = "L-1", *, maker: Identity = trade.EXIMBANK, checker: Identity = trade.CHECKER,
        **said: object,
    ) -> Loan:  # fmt: skip
        """Propose a step and confirm it."""
        return await self.agree(self.proposal(step, **said), loan_id, maker=maker, checker=checker)

    async def agree(
        self, proposal: Proposal, loan_id: str = "L-1", *, maker: Identity = trade.EXIMBANK,
        checker: Identity = trade.CHECKER,
    ) -> Loan:  # fmt: skip
        """One proposes just this, another confirms it."""
        await self.loan(maker, "propose", loan_id, proposal)
        if proposal.step is Step.DISBURSEMENT:
            await self.match(loan_id, maker)  # papers that were amended since
        return await self.loan(checker, "confirm", loan_id, proposal.id)

    async def get(self, loan_id: str = "L-1", who: Identity = trade.EXIMBANK) -> Loan:
        return Loan.model_validate_json((await self.endorse(who, "loans:get", loan_id)).result)

    async def balance(self, serial: int = 1, who: Identity = trade.SAFE) -> Balance:
        number = trade.number_of(serial)
        return Balance.model_validate_json((await self.endorse(who, "financing:balance", number)).result)

    async def held(self, serial: int = 1) -> tuple[Money, ...]:
        """What all loans hold of a declaration, as the public state has it behind the declaration's seal."""
        numbers = [trade.number_of(serial)]
        answer = await self.ledger.endorse(trade.SAFE, "customs", "documents:seals", numbers)
        (seal,) = json.loads(answer.result)
        value = self.ledger.channels["bank"].values.get(("", position_key(sealed_name(seal, "position"))))
        return () if value is None else decode(HeldPosition, opened_value(seal, "position", value)).held

    @property
    def day(self) -> date:
        """The ledger's day in China."""
        return day_in_china(self.ledger.now)

    def later(self, **units: int) -> None:
        """Let the clock go on."""
        self.ledger.now += timedelta(**units)


async def opened(*serials: int) -> Lending:
    """A consortium whose declarations, class and rate are filed, with the papers of each serial at Eximbank."""
    lending = Lending(await trade.founded())
    await lending.ledger.submit(trade.SAFE, "bank", "calendar:open", trade.APPLIED)
    await lending.ledger.submit(trade.SAFE, "bank", "register:rotate", endorsers=["SafeMSP"], at="SafeMSP")
    await lending.file(trade.rate(), trade.rate(trade.APPLIED), trade.classification())
    await lending.file(*(trade.declaration(serial) for serial in serials or (1,)))
    await lending.file_papers(*(serials or (1,)))
    return lending
