"""A paper is known again by its fingerprint, and an altered one by all but one of its traits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import Document, Money, Party, SalesContract
from eximledger_chaincode.lending.likeness.fingerprints import (
    ContainerHashes,
    Fingerprint,
    Similarity,
    all_but_number,
    fingerprint,
)
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
    ("mine", "theirs", "one"),
    [
        ("Müller Söhne B.V.", "MULLER SOHNE BV", True),
        ("Müller GmbH", "Mueller GmbH", True),
        ("A.B.C. Traders Ltd", "ABC Traders Limited", True),
        ("北海貿易有限公司", "北海贸易 有限公司", True),
        ("AB Trading", "Trading", False),
        ("SA Casa", "Casa SA", False),
        ("Company of Ships Ltd", "Ships Ltd", False),
        ("Hanse Kontor", "Hanse Kantor", False),
        ("北海贸易有限公司", "Beihai Maoyi Youxian Gongsi", False),
        ("北海贸易有限公司", "北洋贸易有限公司", False),
    ],
)
def test_a_spelling_hides_no_paper_and_two_firms_are_never_one(mine: str, theirs: str, one: bool) -> None:
    """But for firms that differ in their form alone, whose papers agree in all else."""
    papers = [fingerprint(contract(buyer=Party(name=name))) for name in (mine, theirs)]
    assert similarity(*papers) is (Similarity.EXACT if one else Similarity.ALL_BUT_PARTIES)


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


# -- as they stand in registers ----------------------------------------------------------------------------------------

_SELLER, _BUYER = "91520690MA6DMR0B5K", "nordlicht handels"
REGISTERED = {
    "invoice": (
        cases.invoice(invoice_number="DY-2026/11-1", totals={"payable": cases.usd("80.50")}),
        {"amount": '["80.50","USD"]', "date": '"2026-03-15"', "number": '"dy 2026 11 1"',
         "parties": f'["{_SELLER}","{_BUYER}"]'},
    ),
    "contract": (
        cases.contract(seller=Party(name="Zhong Lamp Co., Ltd."), buyer=Party(name="Aurora GmbH")),
        {"amount": '["100000.00","USD"]', "date": '"2026-01-05"', "number": '"dy 007"',
         "parties": '["aurora","zhong lamp"]'},
    ),
    "transport": (
        cases.bill(gross_weight_kg="5012.250", consignee=None, notify=(), vessel="Pearl Lotus", voyage="2614 s"),
        {"amount": '["5012.25",100]', "date": '"2026-03-21"', "number": '"cosu 6301"', "parties": f'["","{_SELLER}"]'},
    ),
}  # fmt: skip
"""Papers, and the text that is hashed of each, by hand: what an earlier release registered must be found."""
_CONTAINER = (
    '["sailing","CSQU3054383","pearl lotus","2614S"]',
    '["week","CSQU3054383",105670]',
    '["week","CSQU3054383",105671]',
)
"""Of the bill's container."""


@pytest.mark.parametrize("kind", REGISTERED)
def test_a_fingerprint_is_of_the_same_text_in_every_release(kind: str) -> None:
    paper, traits = REGISTERED[kind]
    assert isinstance(paper, Document)

    def digest(without: str) -> str:
        kept = ",".join(f'"{name}":{said}' for name, said in traits.items() if name != without)
        return sha256(f'["{kind}","{without}",{{{kept}}}]'.encode()).hexdigest()

    sailing, *weeks = (sha256(text.encode()).hexdigest() for text in _CONTAINER)
    containers = (ContainerHashes(number="CSQU3054383", sailing=sailing, weeks=tuple(weeks)),)
    assert fingerprint(paper) == Fingerprint(
        containers=containers if kind == "transport" else (), kind=kind,
        exact=digest(""), all_but_number=digest("number"), all_but_amount=digest("amount"),
        all_but_date=digest("date"), all_but_parties=digest("parties"),
    )  # fmt: skip
    assert all_but_number(paper) == digest("number")


@pytest.mark.parametrize(
    ("mine", "theirs", "one"),
    [
        ("MAEU 250177", "MAEU250177", True), ("RW-19/A-2", "RW19A2", True), ("rw-19", "ＲＷ１９", True),
        ("RW-19/2", "RW-192", False), ("RW-019", "RW-19", False), ("RW19A", "RW19", False),
        ("发票19号", "发票 19 号", True),
    ],
)  # fmt: skip
def test_letters_and_digits_part_by_themselves(mine: str, theirs: str, one: bool) -> None:
    """One bank types a bill's number with a space, another without: it is financed twice all the same."""
    papers = [fingerprint(cases.bill(bill_number=number)) for number in (mine, theirs)]
    assert similarity(*papers) is (Similarity.EXACT if one else Similarity.ALL_BUT_NUMBER)


def test_a_number_that_is_parted_elsewhere_is_another_number() -> None:
    papers = [fingerprint(contract(contract_number=number)) for number in ("2026/11-1", "2026/1-11")]
    assert similarity(*papers) is Similarity.ALL_BUT_NUMBER


def test_a_company_is_its_credit_code_whatever_it_calls_itself_and_else_its_name() -> None:
    named = Party(name="Guizhou Dongyu Electric Co., Ltd.", uscc=cases.SELLER.uscc)
    renamed = Party(name="Dongyu Group", uscc=cases.SELLER.uscc)
    other = Party(name="Guizhou Dongyu Electric Co., Ltd.", uscc=cases.STRANGER.uscc)
    first = fingerprint(contract(seller=named))
    assert similarity(first, fingerprint(contract(seller=renamed))) is Similarity.EXACT
    assert similarity(first, fingerprint(contract(seller=other))) is Similarity.ALL_BUT_PARTIES


def test_buyer_and_seller_in_each_others_place_are_the_same_two() -> None:
    sound = contract()
    assert similarity(fingerprint(sound), fingerprint(contract(seller=sound.buyer, buyer=sound.seller))) is (
        Similarity.EXACT
    )
