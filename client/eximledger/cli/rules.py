"""`eximledger rules`: the rule sets, the rules of one, and what another set or policy would say of past cases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, OutputCommand, Session
from eximledger.formats import read
from eximledger.rulebook import Replay, Replayed, ReplayReport, read_draft, rule_lines, set_lines
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Text
from eximledger_chaincode.rules import Finding, RuleSet, rule_set_named, rule_set_on
from hlf_client import require_ledger, utc_now
from hlf_client.errors import InvalidDocument

__all__ = ["rules"]

_IN_FORCE = "in-force"


@click.group(cls=Group)
def rules() -> None:
    """What loans are judged by: rule sets from a day until a day, side by side."""


@rules.command("list", cls=OutputCommand)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="On which day; today unless given.")
@click.pass_obj
def list_sets(output: Output, day: datetime | None) -> None:
    """The rule sets of this release: which is in force, which is announced, which has ended."""
    found = set_lines(day_in_china(utc_now()) if day is None else day.date())
    rows = [
        (each.name, output.word(each.state), str(each.valid_from), str(each.valid_until or ""),
         str(each.announced_on or ""), str(each.rules), each.id)
        for each in found
    ]  # fmt: skip
    columns = ("Rule set", "State", "From", "Until", "Announced on", "Rules", "Id")
    output.answer(found, output.table(columns, rows))


@rules.command(cls=OutputCommand)
@click.argument("name", required=False)
@click.pass_obj
def show(output: Output, name: str | None) -> None:
    """The rules of the set NAME (a set's name, its id, or the file of a draft); of the one in force unless given."""
    found = rule_lines(_rule_set(name) or rule_set_on(day_in_china(utc_now())))
    rows = [
        (each.id, ", ".join(output.word(severity.value) for severity in each.severities),
         each.finds.zh if output.language == "zh" else each.finds.en, each.source, each.since)
        for each in found
    ]  # fmt: skip
    values = [
        {"id": each.id, "severities": each.severities, "finds": each.finds._asdict(), "source": each.source,
         "since": each.since}
        for each in found
    ]  # fmt: skip
    output.answer(values, output.table(("Rule", "Severity", "Finds", "Basis", "Since set"), rows))


@rules.command()
@click.argument("loan_id", metavar="[LOAN]", default="")
@click.option("--rules", "name", metavar="SET|FILE", help="Another rule set: its name, or the file of a draft.")
@click.option("--policy", metavar="FILE|in-force", help="Another policy: a file, or the one in force now.")
@click.option("--bank", metavar="MSP", default="", help="Whose loans, for SAFE; of all banks unless given.")
@click.pass_obj
def replay(session: Session, loan_id: str, name: str | None, policy: str | None, bank: str) -> None:
    """Judge past cases again, each as it was when it was decided, by another rule set or policy: which decisions would
    change and why. With neither, by what each was judged by. Writes nothing."""
    require_ledger(session.ledger)
    wanted, given = _rule_set(name), None
    if policy is not None and policy != _IN_FORCE:
        given = _policy(Path(policy))
    report = session.on_ledger(
        lambda ledger: Replay(ledger).run(
            bank=bank, rule_set=wanted, policy=given, in_force=policy == _IN_FORCE, loan_id=loan_id
        )
    )
    session.output.answer(_json(report), *_view(session.output, report))


def _rule_set(name: str | None) -> RuleSet | None:
    """A set of the release by its name or id, or a draft by its file."""
    if name is None:
        return None
    found = rule_set_named(name)
    if found is not None:
        return found
    if not Path(name).is_file():
        raise InvalidDocument(
            f"there is neither a rule set nor a file {name}: `eximledger rules list` shows the sets", field="rules",
            reason="no rule set",
        )  # fmt: skip
    return read_draft(Path(name))


def _policy(file: Path) -> TolerancePolicy:
    if not file.is_file():
        raise InvalidDocument(f"there is no file {file}", field="policy", reason="no file")
    documents = read(file).documents
    if len(documents) != 1 or not isinstance(documents[0], TolerancePolicy):
        raise InvalidDocument(f"{file.name} holds not one policy", field="policy", reason="no policy")
    return documents[0]


def _finding(found: Finding) -> dict[str, object]:
    return {"id": found.id, "rule": found.rule, "severity": found.severity, "message": found.message}


def _loan(each: Replayed) -> dict[str, object]:
    difference = each.difference
    return {
        "bank": each.bank, "loan_id": each.loan_id, "state": each.state, "judged_on": each.judged_on,
        "rule_set": each.rule_set, "before": difference.before, "after": difference.after,
        "changes": difference.is_other_decision, "reproduced": each.reproduced,
        "gained": [_finding(found) for found in difference.gained],
        "lost": [_finding(found) for found in difference.lost], "limits": each.limits,
    }  # fmt: skip


def _json(report: ReplayReport) -> dict[str, object]:
    return {
        "rule_set": report.rule_set, "policy": report.policy, "judged": len(report.loans),
        "changed": len(report.changed), "loans": [_loan(each) for each in report.loans],
        "untold": [
            {"bank": each.bank, "loan_id": each.loan_id, "state": each.state, "reasons": each.reasons}
            for each in report.untold
        ],
    }  # fmt: skip


def _view(output: Output, report: ReplayReport) -> list[RenderableType]:
    zh = output.language == "zh"

    def said(text: Text) -> str:
        return text.zh if zh else text.en

    rows = [
        (each.bank, each.loan_id, output.word(each.state.value), str(each.judged_on),
         output.word(each.difference.before.value), output.word(each.difference.after.value))
        for each in report.changed
    ]  # fmt: skip
    parts: list[RenderableType] = []
    if rows:
        columns = ("Bank", "Loan", "State", "Judged on", "Verdict then", "Verdict now")
        parts += [output.table(columns, rows), ""]
    why = [
        (each.loan_id, output.word(sign), found.id, output.word(found.severity.value), said(found.message))
        for each in report.loans
        for sign, findings in (("gained", each.difference.gained), ("lost", each.difference.lost))
        for found in findings
    ]
    if why:
        parts += [output.table(("Loan", "Change", "Finding", "Severity", "Says"), why), ""]
    limits = [(each.loan_id, said(text)) for each in report.loans for text in each.limits]
    limits += [(each.loan_id, said(text)) for each in report.untold for text in each.reasons]
    if limits:
        parts += [output.table(("Loan", "What cannot be as it was"), limits), ""]
    facts = [
        ("Judged again", str(len(report.loans))),
        ("Other verdicts", str(len(report.changed))),
        ("Nothing can be said", str(len(report.untold))),
    ]
    return [*parts, output.facts(facts)]
