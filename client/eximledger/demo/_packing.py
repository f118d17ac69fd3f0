"""The packing loan on a letter of credit, told step by step: lent before shipment, an export bill after it, repaid."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from eximledger.demo._consent import enrol, found_authority, signed_for
from eximledger.demo._story import Outcome, Tell, Told
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.reports import Report, word
from eximledger_chaincode.documents import KINDS, CommercialInvoice, FinancedDeclaration, LoanApplication, Money
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import ConditionMet, Override, Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Finding, Severity, Text, Verdict
from hlf_client import Ledger
from hlf_client.errors import FabricError

__all__ = ["run_packing"]

_MAKER, _CHECKER, _ADMIN = "eximbank/maker", "eximbank/checker", "eximbank/admin"
_CUSTOMS, _SAFE = "customs/officer", "safe/officer"
_PLEDGE: Final = ConditionMet(condition=Condition.PLEDGE_REGISTRATION, reference="CCRC-0621-118204")
_REASON: Final = "the exporter's first loan with us; contract, credit and goods were looked at"


async def run_packing(
    connect: Callable[[str], Ledger], papers: Path, tell: Tell, *, authority: Path | None = None
) -> Outcome:
    """Walk the case on a ledger where it has not been walked before; as `run` does for the other case."""
    async with AsyncExitStack() as stack:
        desks: dict[str, LoanDesk] = {}
        for name in (_MAKER, _CHECKER, _ADMIN, _CUSTOMS, _SAFE):
            desks[name] = LoanDesk(await stack.enter_async_context(connect(name)))
        return await _Packing(desks, papers, tell, authority).told()


class _Packing:
    def __init__(self, desks: dict[str, LoanDesk], papers: Path, tell: Tell, authority: Path | None) -> None:
        self._desks = desks
        self._papers = papers
        self._tell = tell
        self._authority = authority
        (application,) = read(papers / "application.json").documents
        assert isinstance(application, LoanApplication)  # noqa: S101 - what the file holds
        self._application = application

    async def told(self) -> Outcome:
        await self._desks[_SAFE].open_day(self._today)
        self._say(_SAFE, f"opens the business day {self._today}", f"开启营业日 {self._today}")
        await self._exporter_consents()
        await self._file(_SAFE, "safe")
        await self._file(_MAKER, "eximbank")
        first = await self._lend()
        second, loan = await self._ship()
        loan = await self._repay(loan)
        balances = [await self._desks[_MAKER].balance(item.declaration_number) for item in loan.items]
        return Outcome(first, second, loan, tuple(balances))

    @property
    def _today(self) -> date:
        return day_in_china(self._desks[_SAFE].ledger.clock())

    async def _exporter_consents(self) -> None:
        now, applicant = self._desks[_SAFE].ledger.clock(), self._application.applicant
        bank = self._desks[_MAKER].ledger.msp_id
        with TemporaryDirectory() as place:
            voters = [self._desks[name] for name in (_SAFE, _CUSTOMS, _ADMIN)]
            runner = self._desks[_SAFE].ledger.msp_id
            founded = await found_authority(self._authority or Path(place) / "authority", runner, voters, now)
            self._tell(Told(_SAFE, founded.words))
            key = enrol(
                founded.authority, Path(place) / "exporter", self._application.exporter, applicant.name[:64], now
            )
            signed = signed_for(key, {bank: f"AU-{self._today:%Y}-31"}, self._today)
        await self._desks[_MAKER].authorise(signed[bank])
        self._say(
            _MAKER,
            f"files what {applicant.name} has signed: the bank may read its declarations, class and receipts",
            f"提交{applicant.name}签署的授权书：银行可查阅其报关单、分类和收汇",
        )

    async def _file(self, by: str, folder: str) -> None:
        files = sorted(path for path in (self._papers / folder).iterdir() if path.is_file())
        documents = [each for path in files for each in read(path, exporter=self._application.exporter).documents]
        filed = await self._desks[by].file(documents)
        kinds = ", ".join(sorted({one.entry.kind for one in filed}))
        count = "1 paper" if len(filed) == 1 else f"{len(filed)} papers"
        self._say(by, f"files {count} ({kinds})", f"提交单据 {len(filed)} 份")

    async def _lend(self) -> Report:
        """Applied for on the credit, checked, approved and paid out: before anything is shipped."""
        loan = await self._desks[_MAKER].apply(self._application)
        self._say(
            _MAKER,
            f"takes in application {loan.loan_id}: {self._application.amount} on {_frames(loan)}, before shipment",
            f"受理打包贷款申请 {loan.loan_id}：{self._application.amount}，占用{_frames(loan)}",
        )
        verdict = await self._desks[_MAKER].check(loan.loan_id)
        self._tell(Told(_MAKER, Text(en=f"checks {loan.loan_id}", zh=f"审查 {loan.loan_id}"), verdict))
        reasons = {each.id: _REASON for each in _referring(verdict)}
        loan = await self._desks[_CHECKER].approve(loan.loan_id, loan.version, verdict.evidence_hash, reasons)
        self._say(
            _CHECKER,
            f"approves {loan.loan_id} and holds {_frames(loan)}, with the contract that it is for",
            f"批准贷款 {loan.loan_id}，占用{_frames(loan)}及其合同",
        )
        amount = self._application.amount
        await self._take(loan, Proposal(step=Step.DISBURSEMENT, amount=amount, day=self._today, reference="EX-PK-0421"))
        return Report(self._application, verdict, loan)

    async def _ship(self) -> tuple[Report, Loan]:
        """Goods are declared and their papers come: the loan becomes an export bill."""
        await self._file(_CUSTOMS, "customs")
        await self._file(_MAKER, "shipped")
        bill, desk, loan_id = self._bill(), self._desks[_MAKER], self._application.loan_id
        found = _referring(await desk.preview_bill(loan_id, bill))
        overrides = tuple(Override(finding=each, reason=_REASON) for each in sorted({each.id for each in found}))
        proposal = Proposal(step=Step.CONVERSION, bill=bill, conditions=(_PLEDGE,), overrides=overrides)
        loan = await self._take(await desk.loan(loan_id), proposal)
        if loan.verdict is None:
            raise FabricError("an export bill was made without a verdict")
        what = Text(en=f"has {loan_id} judged anew as an export bill", zh=f"{loan_id} 转为出口押汇，重新审查")
        self._tell(Told(_CHECKER, what, loan.verdict))
        return Report(loan.application.document, loan.verdict, loan), loan

    def _bill(self) -> ExportBill:
        """What the exporter shows: the declaration with all that the credit was held for, and the papers."""
        (declared,) = read(self._papers / "customs" / "declaration.json").documents
        numbers: dict[str, list[str]] = {}
        due = self._application.expected_receipt_on
        for path in sorted((self._papers / "shipped").iterdir()):
            for each in read(path).documents:
                numbers.setdefault(each.KIND, []).append(each.number)
                if isinstance(each, CommercialInvoice) and each.due_on is not None:
                    due = each.due_on
        held = self._application.frames[0].amount
        return ExportBill(
            declarations=(FinancedDeclaration(declaration_number=declared.number, amount=held),),
            contracts=self._application.contracts,
            letters_of_credit=self._application.letters_of_credit,
            invoices=tuple(numbers["invoice"]),
            transport_documents=tuple(numbers["transport"]),
            packing_lists=tuple(numbers["packing-list"]),
            expected_receipt_on=due,
        )

    async def _repay(self, loan: Loan) -> Loan:
        """The buyer's payment is offered, and repays the loan."""
        await self._file(_SAFE, "receipt")
        desk = self._desks[_MAKER]
        await desk.pull(loan.application.document.exporter, loan.application.document.named("declarations"))
        (offer,) = await desk.offered(loan.loan_id)
        owed = (await desk.account(loan.loan_id, self._today)).owed
        proposal = Proposal(
            step=Step.REPAYMENT, amount=owed, day=self._today, reference="EX-PK-0421-R", receipt=offer.receipt_id
        )
        return await self._take(loan, proposal)

    async def _take(self, loan: Loan, proposal: Proposal) -> Loan:
        """One person proposes the step, another confirms it."""
        await self._desks[_MAKER].propose(loan.loan_id, proposal)
        what = "" if proposal.amount is None else f" of {proposal.amount}"
        zh = f"{word(proposal.step.value, 'zh')}{'' if proposal.amount is None else f' {proposal.amount}'}"
        self._say(_MAKER, f"proposes the {proposal.step}{what}", f"提出{zh}")
        taken = await self._desks[_CHECKER].confirm(loan.loan_id, proposal.id)
        self._say(_CHECKER, f"confirms the {proposal.step}: {_held(taken)}", f"确认{zh}")
        return taken

    def _say(self, by: str, en: str, zh: str) -> None:
        self._tell(Told(by, Text(en=en, zh=zh)))


def _referring(verdict: Verdict) -> list[Finding]:
    return [each for each in verdict.findings if each.severity is Severity.REFER]


def _frames(loan: Loan) -> str:
    items = loan.application.document.frames
    return ", ".join(f"{item.amount} of {KINDS[item.kind].words.en} {item.number}" for item in items)


def _held(loan: Loan) -> str:
    """What a loan holds now."""
    held: list[tuple[Money, str]] = [(item.amount, f"declaration {item.declaration_number}") for item in loan.held]
    held += [(item.amount, f"{KINDS[item.kind].words.en} {item.number}") for item in loan.held_frames]
    return f"it holds {', '.join(f'{amount} of {paper}' for amount, paper in held)}" if held else "it holds nothing now"
