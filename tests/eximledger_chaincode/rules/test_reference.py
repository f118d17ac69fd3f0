"""docs/rules.md says of every rule what the register says."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.rules.rule_table import PAGE, TABLES, parts

from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.rules import RULE_SET


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_rules_are_the_register(name: str) -> None:
    _, written, _ = parts(name)
    made = TABLES[name]()
    assert written.splitlines() == made.splitlines(), "run: python -m tests.eximledger_chaincode.rules.rule_table"


def test_the_page_names_the_rule_set_and_every_tolerance() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"rule set {RULE_SET.name}" in page
    no_tolerances = {"kind", "schema_version", "bank", "effective_from"}
    for field in TolerancePolicy.model_fields.keys() - no_tolerances:
        assert f"`{field}`" in page, field
