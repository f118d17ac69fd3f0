"""That the search would find what lies about: every shape of a secret, every guess, and the amount of an invoice."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.trust.visibility.expectation import FACTS, Fact, Seer
from tests.trust.visibility.looking.finding import Finder
from tests.trust.visibility.looking.gathering import Gathered
from tests.trust.visibility.looking.guessing import guesses, shapes_of
from tests.trust.visibility.looking.search import digests_in, search_amount, wide
from tests.trust.visibility.matrix import leaks
from tests.trust.visibility.places.venue import HASHES, Part
from tests.trust.visibility.planted.papers import Export, exporter
from tests.trust.visibility.planted.planting import MSP, Chance, Planted, Secret, relation

from eximledger_chaincode.contracts.state.keys import financed_key
from eximledger_chaincode.documents import CommercialInvoice, compared_number
from eximledger_chaincode.lending.likeness.fingerprints import fingerprint
from hlf_chaincode.canonical import canonical_json

NUMBER = "INV-8184442869/东"
AMOUNT = Decimal("34227489.62")
TEXT = Secret(Fact.PAPER, NUMBER, "number", frozenset({"eximbank"}))
MONEY = Secret(Fact.PAPER, AMOUNT, "amount", frozenset({"eximbank"}))


@pytest.mark.parametrize(
    "encode",
    [
        str.encode,
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: json.dumps(text).encode(),
        lambda text: json.dumps(json.dumps({"a": text})).encode(),
        lambda text: text.encode().hex().encode(),
        lambda text: text.encode().hex().upper().encode(),
        lambda text: quote(text, safe="").encode(),
        lambda text: b64encode(text.encode()),
        lambda text: b64encode(b"x" + text.encode() + b"y"),
        lambda text: urlsafe_b64encode(b"xy" + text.encode()),
        lambda text: text.lower().encode(),
        lambda text: compared_number(text).encode(),
        lambda text: hashlib.sha256(text.encode()).digest(),
        lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
        lambda text: hashlib.sha256(text.encode()).hexdigest()[:20].encode(),
        lambda text: hashlib.sha256(json.dumps(text, ensure_ascii=False).encode()).digest(),
        lambda text: b64encode(hashlib.sha256(text.encode()).digest()),
    ],
)
def test_a_text_is_found_in_every_shape(encode: Callable[[str], bytes]) -> None:
    finder = Finder([TEXT, MONEY])
    assert finder.find(b"before " + encode(NUMBER) + b" after") == {TEXT}
    assert finder.find(b"before " + encode(NUMBER.replace("8", "7")) + b" after") == set()


@pytest.mark.parametrize(
    "shape",
    [
        b"34227489.62", b"34,227,489.62", b"34.227.489,62", b"34227489,62", b"3422748962", b"000003422748962",
        b"34227489.6200", b"3.422748962E+7", b'{"amount":"34227489.62"}', "34 227 489,62".encode("utf-16-le"),
        (3422748962).to_bytes(8, "big"), hashlib.sha256(b"34227489.62").digest(),
        hashlib.sha256(b'"34227489.62"').digest(), b64encode(b"USD 34,227,489.62"),
    ],
)  # fmt: skip
def test_an_amount_is_found_in_every_shape(shape: bytes) -> None:
    assert Finder([TEXT, MONEY]).find(b"before " + shape + b" after") == {MONEY}


def test_what_is_compressed_or_another_amount_is_not_taken_for_it() -> None:
    finder = Finder([TEXT, MONEY])
    assert finder.find(gzip.compress(b"x" * 9000) + b"34227489.61 3422748961") == set()


def test_each_member_is_something_to_a_fact() -> None:
    owned = frozenset({"eximbank"})
    assert [relation(member, owned) for member in MSP] == list(Seer)
    assert set(FACTS) == set(Fact)
    assert all(Seer.GUEST not in row.seen_by and Seer.OTHER not in row.seen_by for row in FACTS.values())


@pytest.fixture
def planted() -> Planted:
    found, chance = Planted(), Chance()
    seller = exporter(found, chance, "Ahorn", "枫树", {"eximbank"})
    export = Export.planted(found, chance, seller, date(2026, 9, 1), 1)
    for paper in (export.declaration(), *export.papers):
        found.document(paper, {"eximbank"})
    return found


def test_a_guessed_private_key_and_value_are_found_by_their_hashes(planted: Planted) -> None:
    invoice = planted.invoice_of("eximbank")
    finder = Finder([], shapes_of(guesses(planted)))
    for data in (canonical_json(invoice), financed_key(fingerprint(invoice).exact).encode()):
        found = finder.find(bytes(32) + hashlib.sha256(data).digest())
        assert {secret.fact for secret in found} == {Fact.FINGERPRINT}
        assert finder.find(hashlib.sha256(b"salt" + data).digest()) == set()


def test_only_what_is_not_due_is_a_leak_and_nothing_that_was_asked_with(planted: Planted) -> None:
    invoice = planted.invoice_of("eximbank")
    gathered = Gathered(Finder(planted.secrets))
    number = invoice.contract_number or ""
    for member in MSP:
        gathered.add(member, Part("answer", canonical_json(invoice)), told=number.encode())
    seen = leaks(gathered).seen
    assert (Fact.EXPORTER, Seer.OTHER) in seen
    assert (Fact.DECLARATION, Seer.GUEST) in seen
    assert not {seer for _, seer in seen} & {Seer.BANK, Seer.SAFE}
    assert not [sight for sight in gathered.sights if getattr(sight.of, "value", "") == number]


# -- the amount of an invoice ------------------------------------------------------------------------------------------

RIGHT = Decimal("34227489.62")


def _invoice() -> CommercialInvoice:
    return trade.invoice(1, str(RIGHT))


@pytest.mark.parametrize(
    "lying",
    [
        {b"\x00paper-exact\x00" + fingerprint(_invoice()).exact.encode() + b"\x00": "keys of the public state"},
        {fingerprint(_invoice()).all_but_parties.encode(): "public state"},
        {hashlib.sha256(canonical_json(_invoice())).hexdigest().encode(): "block: answer"},
        {bytes(32) + hashlib.sha256(canonical_json(_invoice())).digest(): HASHES},
        {hashlib.sha256(financed_key(fingerprint(_invoice()).exact).encode()).digest(): HASHES},
        {hashlib.sha256(financed_key(fingerprint(_invoice()).all_but_date).encode()).digest(): HASHES},
    ],
)  # fmt: skip
def test_a_plain_hash_gives_the_amount_away(lying: dict[bytes, str]) -> None:
    found = search_amount(_invoice(), wide(RIGHT, 3000), digests_in(lying), seconds=60)
    assert found.amount == RIGHT, found
    assert found.tried == 2001


def test_a_hash_without_the_amount_or_with_salt_does_not() -> None:
    lying = {
        fingerprint(_invoice()).all_but_amount.encode(): "public state",
        hashlib.sha256(bytes(16) + canonical_json(_invoice())).digest(): HASHES,
    }
    found = search_amount(_invoice(), wide(RIGHT, 3000), digests_in(lying), seconds=60)
    assert (found.amount, found.tried) == (None, 3000)


def test_the_search_ends_in_time() -> None:
    found = search_amount(_invoice(), wide(RIGHT, 10**9), frozenset(), seconds=0.05)
    assert found.amount is None
    assert found.tried < 10**6
