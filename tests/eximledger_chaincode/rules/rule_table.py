"""The tables of docs/rules.md, as the register of rules and their examples make them: rules, and what to bring.

`python -m tests.eximledger_chaincode.rules.rule_table` writes each into the page, between its two markers.
"""

from __future__ import annotations

from pathlib import Path

from tests.eximledger_chaincode.rules.examples.every import EXAMPLES

from eximledger_chaincode.documents import KINDS
from eximledger_chaincode.rules import RULES, Rule

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rules.md"


def message(rule_id: str) -> str:
    """What the rule says in its first example that fires, in both languages."""
    example = next(example for example in EXAMPLES if example.rule == rule_id and example.found)
    text = RULES[rule_id].findings(example.case)[0].message
    return f"{text.en}<br>{text.zh}"


def papers(rule_id: str) -> str:
    """The kinds of paper that its findings are about, over all its examples: what it needs to find anything."""
    findings = [finding for each in EXAMPLES if each.rule == rule_id for finding in RULES[rule_id].findings(each.case)]
    about = {name.kind for each in findings for name in (*each.documents, *(said.document for said in each.statements))}
    return ", ".join(kind for kind in KINDS if kind in about)


def table() -> str:
    """One row for each rule, by id."""
    rows = ["| rule | severity | what it finds | papers | source | a message |", "|---|---|---|---|---|---|"]
    for rule_id, rule in sorted(RULES.items()):
        severities = " or ".join(severity.value for severity in rule.severities)
        cells = (rule_id, severities, rule.summary, papers(rule_id), rule.source, message(rule_id))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def remedies() -> str:
    """One row for each rule, by id: what a letter to the exporter says of it, and asks for."""
    rows = ["| rule | in a letter | what to bring |", "|---|---|---|"]
    for rule_id, rule in sorted(RULES.items()):
        cells = (rule_id, _told(rule), "<br>".join(rule.remedy.bring))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _told(rule: Rule) -> str:
    if rule.remedy.withheld:
        return "never"
    if rule.remedy.instead is None:
        return "the message"
    return "<br>".join(
        words.format(paper=paper) for words, paper in zip(rule.remedy.instead, ("PAPER", "某单据"), strict=True)
    )


TABLES = {"rules": table, "remedies": remedies}


def parts(name: str) -> tuple[str, str, str]:
    """The page before, between and after a table's markers; they stay with what is before and after."""
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(f"<!-- {name}: begin -->\n")
    between, end, after = rest.partition(f"<!-- {name}: end -->\n")
    assert begin, f"{PAGE.name} has no place for the table of {name}"
    return before + begin, between, end + after


if __name__ == "__main__":
    for name, made in TABLES.items():
        head, _, tail = parts(name)
        PAGE.write_text(head + made() + tail, encoding="utf-8")
