"""The table of kinds, and the structures beside it that must agree with it."""

from __future__ import annotations

from dataclasses import fields

import pytest
from pydantic import ValidationError
from tests.eximledger_chaincode.documents.kind_table import parts, table

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents import (
    CASE_KINDS,
    KINDS,
    LOAN_KINDS,
    LoanApplication,
    Need,
    TolerancePolicy,
    document_type,
)
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.rules import Case
from hlf_chaincode.errors import InvalidDocument


def test_the_page_is_up_to_date() -> None:
    _, written, _ = parts()
    assert written == table(), "run: python -m tests.eximledger_chaincode.documents.kind_table"


def test_what_a_case_needs_has_its_field_in_every_structure() -> None:
    assert {kind.field for kind in CASE_KINDS} <= {each.name for each in fields(Case)}
    assert {kind.field for kind in CASE_KINDS if kind.named} <= LoanApplication.model_fields.keys()
    assert {kind.field for kind in LOAN_KINDS} <= LoanFacts.model_fields.keys()
    assert {kind.field for kind in CASE_KINDS if kind.named} <= ExportBill.model_fields.keys()
    assert len({kind.field for kind in CASE_KINDS}) == len(CASE_KINDS)
    assert all(bool(kind.field) == (kind.need is not None) for kind in KINDS.values())


def test_a_policy_asks_for_the_kinds_that_the_table_lets_it_ask_for() -> None:
    for kind in KINDS.values():
        for field, allowed in (("required_papers", kind.need is Need.BY_POLICY), ("fingerprinted", kind.fingerprinted)):
            values = {"bank": "EximbankMSP", field: [kind.name]}
            if allowed:
                assert getattr(TolerancePolicy.parse(values), field) == (kind.name,)
            else:
                with pytest.raises(InvalidDocument, match=field):
                    TolerancePolicy.parse(values)
    with pytest.raises(ValidationError):
        TolerancePolicy(bank="EximbankMSP", required_papers=("love-letter",))


def test_an_unknown_kind_is_told_which_there_are() -> None:
    with pytest.raises(InvalidDocument, match="'love-letter'; there are declaration, declaration-copy") as told:
        document_type("love-letter")
    assert told.value.field == "kind"
