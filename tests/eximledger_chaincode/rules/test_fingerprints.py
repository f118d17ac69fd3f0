"""A paper is known again by its fingerprint, and an altered one by all but one of its traits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from eximledger_chaincode.documents import Money, Party, SalesContract
from eximledger_chaincode.lending.fingerprints import Fingerprint, Similarity, fingerprint
from eximledger_chaincode.lending.matching import fingerprint_hashes
from hlf_chaincode.errors import InvalidDocument


def similarity(left: Fingerprint, right: Fingerprint) -> Similarity | None:
    """How a paper is found by another's keys in the register, the closest likeness first."""
    pairs = zip(fingerprint_hashes(left).items(), fingerprint_hashes(right).values(), strict=True)
    return next((trait for (trait, mine), other in pairs if mine == other), None)


def contract(**changes: object) -> SalesContract:
    paper = SalesContract(
        contract_number="DY-2026/007",
        signed_on=date(2026, 1, 5),
        seller=Party(name="Guizhou Dongyu Electric Co., Ltd."),
        buyer=Party(name="Rheinwerk GmbH"),
        currency="USD",
        total=Money(amount=Decimal("1200.50"), currency="USD"),
    )
    return paper.model_copy(update=changes)


def test_spelling_does_not_hide_a_paper() -> None:
    respelled = contract(
        contract_number="dy 2026-007", buyer=Party(name="RHEINWERK"), seller=Party(name="Guizhou Dongyu Electric")
    )
    assert similarity(fingerprint(contract()), fingerprint(respelled)) is Similarity.EXACT


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"contract_number": "DY-2026/008"}, Similarity.ALL_BUT_NUMBER),
        ({"total": Money(amount=Decimal("1200.51"), currency="USD")}, Similarity.ALL_BUT_AMOUNT),
        ({"signed_on": date(2026, 1, 6)}, Similarity.ALL_BUT_DATE),
        ({"buyer": Party(name="Another Buyer")}, Similarity.ALL_BUT_PARTIES),
    ],
)
def test_one_altered_trait_is_found(changes: dict[str, object], found: Similarity) -> None:
    assert similarity(fingerprint(contract()), fingerprint(contract(**changes))) is found


def test_two_altered_traits_are_another_paper() -> None:
    other = contract(contract_number="X-1", signed_on=date(2026, 2, 1))
    assert similarity(fingerprint(contract()), fingerprint(other)) is None


def test_only_contracts_invoices_and_bills_have_one() -> None:
    from eximledger_chaincode.documents import TolerancePolicy

    with pytest.raises(InvalidDocument, match="no fingerprint"):
        fingerprint(TolerancePolicy(bank="EximbankMSP"))
