"""The insurance document: whose it is, from when it covers, and what is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests.eximledger_chaincode.rules.cases import SELLER, insurance

from eximledger_chaincode.documents import KINDS, InsuranceDocument, Kept, Party, parse_document
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.errors import InvalidDocument


def test_it_is_the_insureds_by_its_number() -> None:
    paper = insurance()
    assert (paper.number, paper.exporter, paper.dated) == ("PI-1", SELLER.uscc, paper.issued_on)
    assert paper.id == f"{SELLER.uscc}:PI-1"
    assert parse_document(canonical_json(paper)) == paper


def test_one_whose_insured_has_no_code_becomes_the_exporters() -> None:
    paper = insurance(insured=Party(name="Dongyu Electric Co., Ltd."))
    assert paper.exporter is None
    assert paper.of_exporter(str(SELLER.uscc)).id == insurance().id


def test_it_covers_from_its_issue_unless_it_says_otherwise() -> None:
    assert insurance(issued_on=date(2026, 3, 25)).covers_from == date(2026, 3, 25)
    assert insurance(issued_on=date(2026, 3, 25), effective_on=date(2026, 3, 20)).covers_from == date(2026, 3, 20)


def test_it_is_the_banks_own_and_no_duplicate_of_another() -> None:
    """An open policy covers many exports."""
    kind = KINDS[InsuranceDocument.KIND]
    assert kind.kept is Kept.OWN
    assert kind.named
    assert not kind.fingerprinted


@pytest.mark.parametrize("field", ["policy_number", "issued_on", "insurer", "insured", "insured_amount"])
def test_what_it_must_have(field: str) -> None:
    data = json.loads(canonical_json(insurance()))
    del data[field]
    with pytest.raises(InvalidDocument) as caught:
        parse_document(data)
    assert caught.value.field == field
