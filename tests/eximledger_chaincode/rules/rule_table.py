"""The table of docs/rules.md, as the register of rules and their examples make it.

`python -m tests.eximledger_chaincode.rules.rule_table` writes it into the page, between its two markers.
"""

from __future__ import annotations

from pathlib import Path

from tests.eximledger_chaincode.rules.examples.every import EXAMPLES

from eximledger_chaincode.rules import RULES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rules.md"
BEGIN, END = "<!-- rules: begin -->\n", "<!-- rules: end -->\n"


def message(rule_id: str) -> str:
    """What the rule says in its first example that fires, in both languages."""
    example = next(example for example in EXAMPLES if example.rule == rule_id and example.found)
    text = RULES[rule_id].findings(example.case)[0].message
    return f"{text.en}<br>{text.zh}"


def table() -> str:
    """One row for each rule, by id."""
    rows = ["| rule | severity | what it finds | source | a message |", "|---|---|---|---|---|"]
    for rule_id, rule in sorted(RULES.items()):
        severities = " or ".join(severity.value for severity in rule.severities)
        cells = (rule_id, severities, rule.summary, rule.source, message(rule_id))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def parts() -> tuple[str, str, str]:
    """The page before, between and after the markers."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    between, after = rest.split(END)
    return before, between, after


if __name__ == "__main__":
    head, _, tail = parts()
    PAGE.write_text(head + BEGIN + table() + END + tail, encoding="utf-8")
