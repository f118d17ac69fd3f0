"""The case, told step by step while it happens. Every step is a real transaction of the member that takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from eximledger.demo._consent import enrol, found_authority, signed_for
from eximledger.desk import Change, LoanDesk
from eximledger.formats import read
from eximledger.reports import Report, word
from eximledger_chaincode.documents import Document, LoanApplication, Money, TolerancePolicy
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.steps import ConditionMet, Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Text
from eximledger_chaincode.rules import Decision, Verdict
from hlf_client import Ledger
from hlf_client.errors import FabricError, InvalidDocument, Refused

__all__ = ["LOAN_ID", "Outcome", "Told", "run"]

LOAN_ID: Final = "DY-2026-001"
_MAKER, _CHECKER = "eximbank/maker", "eximbank/checker"
_ADMIN, _RISK = "eximbank/admin", "eximbank/risk"
_OTHER_MAKER, _OTHER_CHECKER = "tradebank/maker", "tradebank/checker"
_CUSTOMS, _SAFE = "customs/officer", "safe/officer"
_PLEDGE = ConditionMet(condition=Condition.PLEDGE_REGISTRATION, reference="ZD-2604-00117")
_PAYMENT, _REPAYMENT, _OTHER_PAYMENT = "EX-PAY-2604-117", "EX-REPAY-2606-031", "TB-PAY-0418"


@dataclass(frozen=True, slots=True)
class Told:
    """A step that has been taken: by which member or officer, and what, in both languages."""

    by: str
    what: Text
    verdict: Verdict | None = None
    """Where the step was a check."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the case: the first check with its findings, the second, and the loan at the end of its life."""

    first: Report
    second: Report
    loan: Loan
    balances: tuple[Balance, ...]


Tell = Callable[[Told], None]


async def run(connect: Callable[[str], Ledger], papers: Path, tell: Tell, *, authority: Path | None = None) -> Outcome:
    """Walk the whole case on a ledger where it has not been walked before.

    `connect` opens the ledger for `member/user`; every connection is closed at the end. In the folder `authority` the
    exporters' authority is kept for another case on the same ledger. Raises what the ledger says, and `Refused` where
    the loan exists already.
    """
    async with AsyncExitStack() as stack:
        desks: dict[str, LoanDesk] = {}
        for name in (_MAKER, _CHECKER, _ADMIN, _RISK, _OTHER_MAKER, _OTHER_CHECKER, _CUSTOMS, _SAFE):
            desks[name] = LoanDesk(await stack.enter_async_context(connect(name)))
        return await _Story(desks, papers, tell, authority).told()


class _Story:
    def __init__(self, desks: dict[str, LoanDesk], papers: Path, tell: Tell, authority: Path | None) -> None:
        self._desks = desks
        self._papers = papers
        self._tell = tell
        self._authority = authority

    async def told(self) -> Outcome:
        await self._day_opens()
        await self._exporter_consents()
        await self._papers_arrive()
        await self._another_bank_lends()
        loan = await self._apply(_MAKER, self._papers / "application.json")
        first = await self._check(_MAKER, loan.loan_id)
        await self._approval_is_refused(first)
        await self._corrections_arrive()
        second = await self._check(_MAKER, loan.loan_id)
        if second.verdict.verdict is not Decision.APPROVE:
            raise Refused("the corrected papers do not support the loan: were these papers changed?")
        loan = await self._lend(second)
        return Outcome(first, second, loan, await self._balances(loan))

    @property
    def _today(self) -> date:
        return day_in_china(self._desks[_SAFE].ledger.clock())

    async def _day_opens(self) -> None:
        day = self._today
        await self._desks[_SAFE].open_day(day)
        self._say(_SAFE, f"opens the business day {day}", f"开启营业日 {day}")

    async def _exporter_consents(self) -> None:
        """SAFE runs an authority that the members agree to; under it the exporter signs what the banks may read."""
        (application,) = read(self._papers / "application.json").documents
        assert isinstance(application, LoanApplication)  # noqa: S101 - what the file holds
        now, applicant = self._desks[_SAFE].ledger.clock(), application.applicant
        with TemporaryDirectory() as place:
            voters = [self._desks[name] for name in (_SAFE, _CUSTOMS, _ADMIN)]
            runner = self._desks[_SAFE].ledger.msp_id
            founded = await found_authority(self._authority or Path(place) / "authority", runner, voters, now)
            self._tell(Told(_SAFE, founded.words))
            key = enrol(founded.authority, Path(place) / "exporter", application.exporter, applicant.name[:64], now)
            banks = [self._desks[by].ledger.msp_id for by in (_MAKER, _OTHER_MAKER)]
            numbers = {bank: f"AU-{self._today:%Y}-{serial}" for serial, bank in enumerate(banks, 1)}
            signed = signed_for(key, numbers, self._today)
        for by in (_MAKER, _OTHER_MAKER):
            await self._desks[by].authorise(signed[self._desks[by].ledger.msp_id])
            self._say(
                by,
                f"files what {applicant.name} has signed: the bank may read its declarations, class and receipts",
                f"提交{applicant.name}签署的授权书：银行可查阅其报关单、分类和收汇",
            )

    async def _papers_arrive(self) -> None:
        await self._policy_is_made()
        for by, folder in ((_CUSTOMS, "customs"), (_SAFE, "safe"), (_MAKER, "eximbank"), (_OTHER_MAKER, "tradebank")):
            await self._file(by, folder)

    async def _policy_is_made(self) -> None:
        """Two persons make the bank's policy, neither of whom takes in or decides on loans."""
        (policy,) = read(self._papers / "policies" / "eximbank.json").documents
        assert isinstance(policy, TolerancePolicy)  # noqa: S101 - what the file holds
        book = await self._desks[_ADMIN].propose_policy(policy)
        begins = policy.effective_from
        self._say(_ADMIN, f"proposes the bank's policy from {begins}", f"提出自 {begins} 起适用的银行融资政策")
        assert book.proposed is not None  # noqa: S101 - just now
        await self._desks[_RISK].confirm_policy(book.proposed.sha256)
        self._say(_RISK, "confirms just that policy", "确认该融资政策")

    async def _another_bank_lends(self) -> None:
        """Tradebank lends on the cable: what it holds of that declaration nobody else can have."""
        loan = await self._apply(_OTHER_MAKER, self._papers / "tradebank" / "application.json")
        verdict = await self._desks[_OTHER_MAKER].check(loan.loan_id)
        await self._desks[_OTHER_CHECKER].approve(loan.loan_id, loan.version, verdict.evidence_hash)
        self._say(
            _OTHER_CHECKER,
            f"approves {loan.loan_id} and holds {_amounts(loan)}",
            f"批准贷款 {loan.loan_id}，占用 {_amounts(loan)}",
        )
        await self._disburse(_OTHER_MAKER, _OTHER_CHECKER, loan, _OTHER_PAYMENT)

    async def _approval_is_refused(self, report: Report) -> None:
        loan = report.loan
        if loan is None:
            raise InvalidDocument("there is no loan to approve", field="loan")
        try:
            await self._desks[_CHECKER].approve(loan.loan_id, loan.version, report.verdict.evidence_hash)
        except Refused as refused:
            self._say(_CHECKER, f"cannot approve it: {refused.message}", "无法批准：审查结论不支持该笔贷款")
            return
        raise FabricError("a loan was approved against its verdict")

    async def _corrections_arrive(self) -> None:
        await self._file(_CUSTOMS, "corrected/customs")
        await self._file(_MAKER, "corrected/eximbank")
        await self._apply(_MAKER, self._papers / "corrected" / "application.json")

    async def _lend(self, report: Report) -> Loan:
        assert report.loan is not None  # noqa: S101 - it was checked on the ledger
        version = report.loan.version
        loan = await self._desks[_CHECKER].approve(LOAN_ID, version, report.verdict.evidence_hash)
        self._say(_CHECKER, f"approves {LOAN_ID} and holds {_amounts(loan)}", f"批准贷款，占用 {_amounts(loan)}")
        await self._disburse(_MAKER, _CHECKER, loan, _PAYMENT)
        await self._file(_SAFE, "receipt")
        loan = await self._pay(_MAKER, _CHECKER, loan, Step.REPAYMENT, _REPAYMENT)
        self._say(
            _CHECKER, f"confirms the repayment, which frees what {LOAN_ID} held", f"确认还款，释放 {LOAN_ID} 占用的余额"
        )
        return loan

    async def _disburse(self, maker: str, checker: str, loan: Loan, reference: str) -> None:
        await self._pay(maker, checker, loan, Step.DISBURSEMENT, reference)
        amount = loan.application.document.amount
        self._say(checker, f"confirms that {amount} is disbursed", f"确认放款 {amount}")

    async def _pay(self, maker: str, checker: str, loan: Loan, step: Step, reference: str) -> Loan:
        """One person proposes the payment, another confirms it."""
        amount = loan.application.document.amount
        conditions = (_PLEDGE,) if step is Step.DISBURSEMENT else ()
        proposal = Proposal(step=step, amount=amount, day=self._today, reference=reference, conditions=conditions)
        await self._desks[maker].propose(loan.loan_id, proposal)
        self._say(
            maker,
            f"proposes the {step} of {amount} for {loan.loan_id}",
            f"提出贷款 {loan.loan_id} 的{word(step.value, 'zh')} {amount}",
        )
        return await self._desks[checker].confirm(loan.loan_id, proposal.id)

    async def _file(self, by: str, folder: str) -> None:
        documents = _documents_in(self._papers / folder)
        filed = await self._desks[by].file(documents)
        amended = sum(one.change is Change.AMENDED for one in filed)
        files, kinds = len(filed), ", ".join(sorted({one.entry.kind for one in filed}))
        self._say(
            by,
            f"files {_counted(files, 'paper')} ({kinds})" + (f", {amended} of them amended" if amended else ""),
            f"提交单据 {files} 份" + (f"，其中更正 {amended} 份" if amended else ""),
        )

    async def _apply(self, by: str, file: Path) -> Loan:
        (application,) = (one for one in read(file).documents if isinstance(one, LoanApplication))
        loan = await self._desks[by].apply(application)
        again = " again" if loan.version > 1 else ""
        on = _counted(len(loan.items), "declaration")
        self._say(
            by,
            f"takes in application {loan.loan_id}{again}: {application.amount} on {on}",
            f"受理贷款申请 {loan.loan_id}：{application.amount}，报关单 {len(loan.items)} 份",
        )
        return loan

    async def _check(self, by: str, loan_id: str) -> Report:
        verdict = await self._desks[by].check(loan_id)
        loan = await self._desks[by].loan(loan_id)
        what = Text(en=f"checks {loan_id}", zh=f"审查 {loan_id}")
        self._tell(Told(by, what, verdict))
        return Report(loan.application.document, verdict, loan)

    async def _balances(self, loan: Loan) -> tuple[Balance, ...]:
        desk = self._desks[_MAKER]
        return tuple([await desk.balance(item.declaration_number) for item in loan.items])

    def _say(self, by: str, en: str, zh: str) -> None:
        self._tell(Told(by, Text(en=en, zh=zh)))


def _documents_in(folder: Path) -> Sequence[Document]:
    """What the papers of a folder say; its application is not a paper."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != "application.json")
    return [document for path in files for document in read(path).documents]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _amounts(loan: Loan) -> str:
    """What a loan takes of its declarations, a sum for each currency."""
    sums: dict[str, Money] = {}
    for item in loan.items:
        currency = item.amount.currency
        sums[currency] = sums.get(currency, Money.zero(currency)) + item.amount
    return " + ".join(str(sums[currency]) for currency in sorted(sums))
