"""`eximledger screen`: loans held against today's watch lists, as a nightly job does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Session, SessionCommand
from eximledger.desk import Rescreened
from eximledger_chaincode.rules import Finding, Severity
from eximledger_chaincode.rules.sanctions import CLEARING

__all__ = ["screen"]

_FAILED: Final = 1
_EXIT_CODES: Final = {Severity.REFER: 3, Severity.REJECT: 4}


@click.command(cls=SessionCommand)
@click.option("--bank", metavar="MSP", default="", help="Whose loans; SAFE says it, and records nothing.")
@click.option("--no-record", is_flag=True, help="Only look: what is new stays new.")
@click.option("--all", "everything", is_flag=True, help="Say also what was known.")
@click.pass_obj
def screen(session: Session, bank: str, no_record: bool, everything: bool) -> None:
    """Hold every loan that money may still move for against today's watch lists, and say what is new.

    Exit code 0 nothing new, 3 something to look at, 4 something that stops money, 1 a loan could not be screened.
    """
    found = session.look(lambda desk: desk.screen(bank=bank, record=not no_record))
    output = session.output
    output.answer([_json(each) for each in found], *_view(output, found, everything))
    click.get_current_context().exit(_exit_code(found))


def _exit_code(found: Sequence[Rescreened]) -> int:
    if any(each.trouble for each in found):
        return _FAILED
    return max((_EXIT_CODES[finding.severity] for each in found for finding in each.new), default=0)


def _json(each: Rescreened) -> dict[str, object]:
    return {
        "loan_id": each.loan_id, "bank": each.bank, "findings": each.findings, "new": [one.id for one in each.new],
        "hits": [{"key": hit.key, **hit.model_dump(mode="json")} for hit in each.hits], "recorded": each.recorded,
        "trouble": each.trouble or None,
    }  # fmt: skip


def _view(output: Output, found: Sequence[Rescreened], everything: bool) -> list[RenderableType]:
    rows = []
    for each in found:
        if each.trouble:
            rows.append((each.loan_id, "", each.trouble))
        told = each.findings if everything else each.new
        rows += [(each.loan_id, output.word(one.severity.value), _said(output, one)) for one in told]
    if not rows:
        return [f"{len(found)} {output.word('loans screened, nothing new.')}"]
    parts: list[RenderableType] = [output.table(("Loan", "Severity", "Finding"), rows)]
    hits = {(each.loan_id, key) for each in found for one in each.new if (key := _clearing(one))}
    parts += ["", *(f"eximledger watch clear {loan_id} {key} --reason ..." for loan_id, key in sorted(hits))]
    return parts


def _said(output: Output, finding: Finding) -> str:
    return finding.message.zh if output.language == "zh" else finding.message.en


def _clearing(finding: Finding) -> str:
    """The hit that two persons may clear, where the finding is of one."""
    return next((each.value for each in finding.statements if each.field == CLEARING), "")
