"""Reports for a person at a terminal. Whether there is colour is the console's business, not ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from eximledger.reports._report import Roles, member_with_role, moment
from eximledger.words import Language, word
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.rules import Decision, Severity, Verdict

__all__ = ["balance_table", "loan_table", "verdict_view"]

_STYLES: Final = {"approve": "bold green", "refer": "bold yellow", "reject": "bold red", "inform": "cyan"}


def _plain_table(*columns: str, language: Language) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(word(column, language), overflow="fold")
    return table


def _decided(decision: Decision, language: Language) -> Text:
    return Text(word(decision.value, language), style=_STYLES[decision.value])


def verdict_view(
    verdict: Verdict,
    language: Language,
    set_aside: Mapping[str, tuple[str, Person]] | None = None,
    roles: Roles | None = None,
) -> RenderableType:
    """What the rules say, the amount, then each finding with its documents, and why somebody has set it aside."""
    head = Text.assemble(
        (f"{word('Verdict', language)}: ", "bold"),
        _decided(verdict.verdict, language),
        f"    {word('Can be financed', language)}: {verdict.eligible}",
    )
    if not verdict.findings:
        return Group(head, Text(word("No findings.", language)))
    table = _plain_table("Severity", "Finding", "Document", "", language=language)
    for finding in verdict.findings:
        table.add_row(
            Text(word(finding.severity.value, language), style=_STYLES[Severity(finding.severity).value]),
            Text(finding.id),
            Text("\n".join(f"{word(item.kind, language)} {item.number}" for item in finding.documents)),
            Text(finding.message.zh if language == "zh" else finding.message.en),
        )
        if finding.id in (set_aside or {}):
            table.add_row("", "", "", _aside(*(set_aside or {})[finding.id], language, roles or {}))
    return Group(head, Text(), table)


def _aside(reason: str, by: Person, language: Language, roles: Roles) -> Text:
    who = member_with_role(by, language, roles, checker=True)
    return Text.assemble((f"{word('Set aside', language)}: ", "bold"), f"{reason} — {who}")


def loan_table(loans: Sequence[Loan], language: Language) -> Table:
    """One line for each loan, and the sum asked for in each currency."""
    table = _plain_table("Loan", "State", "Bank", "Applicant", "Amount asked", "Matures on", "Time", language=language)
    for loan in loans:
        application = loan.application.document
        table.add_row(
            loan.loan_id,
            word(loan.state.value, language),
            loan.bank,
            Text(application.applicant.name),
            str(application.amount),
            str(loan.matures_on),
            moment(loan.updated_at),
        )
    sums: dict[str, Money] = {}
    for loan in loans:
        asked = loan.application.document.amount
        sums[asked.currency] = sums[asked.currency] + asked if asked.currency in sums else asked
    for place, currency in enumerate(sorted(sums)):
        table.add_row(
            "" if place else f"{word('All', language)} ({len(loans)})", "", "", "", str(sums[currency]), "", ""
        )
    return table


def balance_table(balance: Balance, language: Language) -> Table:
    """What a declaration is worth, what is taken of it, and what is free."""
    table = _plain_table("Balance", "", language=language)
    rows = (
        ("Value", balance.value),
        ("Collected", balance.collected),
        ("Open claim", balance.open),
        ("Held", balance.held),
    )
    for name, money in rows:
        table.add_row(word(name, language), str(money))
    table.add_row(Text(word("Free", language), style="bold"), Text(str(balance.free), style="bold"))
    return table
