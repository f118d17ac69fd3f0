"""Replay: past cases of a bank judged by another rule set or another policy, and which decisions would change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from eximledger.desk import Calls, Retry
from eximledger.rulebook._comparing import Difference, compared
from eximledger.rulebook._limits import changed_facts, found_otherwise, other_code, other_set
from eximledger.rulebook._past import PastCase, PastCases, judged_at
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.loan import Loan, LoanPage, LoanState
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Text, Verdict
from eximledger_chaincode.rules import Case, RuleSet, reconcile, rule_set_named, rule_set_on
from hlf_client import Ledger
from hlf_client.errors import FabricError, InvalidDocument, LedgerUnavailable

__all__ = ["Replay", "ReplayReport", "Replayed", "Untold"]

_LOANS: Final = 50


@dataclass(frozen=True, slots=True)
class Replayed:
    """One loan judged again."""

    bank: str
    loan_id: str
    state: LoanState
    judged_on: date
    rule_set: str
    """By which it was judged then."""
    difference: Difference
    reproduced: bool
    """Whether what it was judged by finds today what it found then."""
    limits: tuple[Text, ...]
    """What of the case is not as it was."""


@dataclass(frozen=True, slots=True)
class Untold:
    """A loan of which nothing can be said, and why."""

    bank: str
    loan_id: str
    state: LoanState
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What another rule set or policy would have said of a bank's loans, or of all banks'."""

    rule_set: str
    """The other one's name; empty where each case was judged by the one of its time."""
    policy: str
    """How the other policy is called; empty where each case was judged by the one of its time."""
    loans: tuple[Replayed, ...]
    untold: tuple[Untold, ...]

    @property
    def changed(self) -> tuple[Replayed, ...]:
        """Those of which the decision would be another."""
        return tuple(each for each in self.loans if each.difference.is_other_decision)


class Replay:
    """Reads in a bank's name its own loans, in SAFE's any bank's. Nothing is written and nothing pulled.

    A report is read over some time, not at one instant. Raises as `LoanDesk` does.
    """

    def __init__(self, ledger: Ledger, *, retry: Retry | None = None) -> None:
        self._ledger = ledger
        self._calls = Calls(ledger, retry or Retry())

    async def run(
        self,
        *,
        bank: str = "",
        rule_set: RuleSet | None = None,
        policy: TolerancePolicy | None = None,
        in_force: bool = False,
        loan_id: str = "",
    ) -> ReplayReport:
        """Judge loans again: all of a bank's, or one; by another rule set, by another policy or the one in force, by
        both, or by neither: then what would be judged otherwise is this release's doing.

        A policy counts as the floors bound it. SAFE names the bank, or asks of all.
        """
        loans: list[Replayed] = []
        untold: list[Untold] = []
        for name in await self._banks(bank):
            past = PastCases(self._calls, name)
            async for loan in self._loans(name, loan_id):
                found = await self._one(past, loan, rule_set, policy, in_force)
                if isinstance(found, Replayed):
                    loans.append(found)
                else:
                    untold.append(found)
        called = "in force" if in_force else "" if policy is None else policy_hash(policy)
        return ReplayReport("" if rule_set is None else rule_set.name, called, tuple(loans), tuple(untold))

    async def _one(
        self, past: PastCases, loan: Loan, rule_set: RuleSet | None, policy: TolerancePolicy | None, in_force: bool
    ) -> Replayed | Untold:
        recorded, at = loan.verdict, judged_at(loan)
        if recorded is None or at is None:
            return _untold(loan, Text(en="It was never checked.", zh="从未审查。"))
        try:
            found = await past.of(loan, recorded, at)
        except LedgerUnavailable:
            raise
        except FabricError as error:
            return _untold(loan, Text(en=error.message, zh=error.message))
        if found.missing:
            return _untold(loan, *found.missing)
        set_then = rule_set_named(recorded.rule_set) or rule_set_on(day_in_china(at))
        then = reconcile(found.case, set_then)
        wanted = policy
        if wanted is not None:
            wanted = (await past.floors()).bounded(wanted.model_copy(update={"bank": loan.bank}))
        elif in_force:
            wanted = found.policy_now
        other = reconcile(_under(found.case, wanted), rule_set or set_then)
        difference, reproduced = compared(recorded, then, other), set(then.findings) == set(recorded.findings)
        limits = _limits(found, recorded, then, set_then)
        on = day_in_china(at)
        return Replayed(loan.bank, loan.loan_id, loan.state, on, recorded.rule_set, difference, reproduced, limits)

    async def _banks(self, bank: str) -> Sequence[str]:
        """The bank named, this one, or for SAFE all."""
        members = {member.msp_id: member.role for member in await self._calls.members()}
        if bank:
            if members.get(bank) is not Role.BANK:
                raise InvalidDocument(f"there is no bank {bank}", field="bank", reason="no bank")
            return [bank]
        own = self._ledger.msp_id
        if members.get(own) is Role.FX_BUREAU:
            return [msp_id for msp_id, role in members.items() if role is Role.BANK]
        return [own]

    async def _loans(self, bank: str, loan_id: str) -> AsyncIterator[Loan]:
        if loan_id:
            yield await self._calls.ask(Loan, BANK, "loans:get", loan_id, bank)
            return
        bookmark = ""
        while True:
            page = await self._calls.ask(LoanPage, BANK, "loans:list", "", _LOANS, bookmark, bank)
            for loan in page.loans:
                yield loan
            bookmark = page.bookmark
            if not bookmark:
                return


def _untold(loan: Loan, *reasons: Text) -> Untold:
    return Untold(loan.bank, loan.loan_id, loan.state, reasons)


def _under(case: Case, policy: TolerancePolicy | None) -> Case:
    """The case under another policy, as if that had been in force since the application: that it is another is what is
    tried, no finding."""
    if policy is None:
        return case
    unchanged = case.policy_before == policy_hash(case.tolerances)
    before = policy_hash(policy) if unchanged else case.policy_before
    return replace(case, policy=policy, policy_before=before)


def _limits(past: PastCase, recorded: Verdict, then: Verdict, set_then: RuleSet) -> tuple[Text, ...]:
    limits = [*past.limits, *changed_facts(recorded, then), *found_otherwise(recorded, then)]
    if set_then.name != recorded.rule_set.partition("+")[0]:
        limits.append(other_set(recorded.rule_set, then.rule_set))
    elif recorded.rule_set != then.rule_set:
        limits.append(other_code(recorded.rule_set, then.rule_set))
    return tuple(limits)
