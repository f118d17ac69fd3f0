"""The search that found an invoice's exact amount in the public state.

All traits are known but the amount, and every candidate is hashed until a hash is one that lies about.

What the code hashes is taken from the code itself: the fingerprints' own preimages, and the paper's canonical JSON,
with the candidate in the amount's place; each as it is, as the key of the register's row that bears it, and as Fabric
hashes keys and values of private collections.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from unittest.mock import patch

from tests.trust.visibility.places.venue import HASHES

from eximledger_chaincode.contracts.state.keys import financed_key
from eximledger_chaincode.documents import CommercialInvoice, Money
from eximledger_chaincode.lending.likeness import fingerprints
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = ["Found", "digests_in", "search_amount", "wide"]

_PLACEHOLDER: Final = Decimal("77777777.77")
"""Stands where the amount goes, and nowhere else in a paper."""
_HEX: Final = re.compile(rb"[0-9a-fA-F]{64}")
_SIZE: Final = 32


@dataclass(frozen=True, slots=True)
class Found:
    """The end of a search: the amount, where there is one, by what it was known, and how far the search came."""

    amount: Decimal | None
    by: str
    tried: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Preimage:
    """Bytes around the amount, wherever it stands in them, and what hangs on their hash."""

    name: str
    around: tuple[bytes, ...]
    keys: tuple[Callable[[str], str], ...] = ()

    def with_amount(self, text: bytes) -> bytes:
        return text.join(self.around)


def wide(amount: Decimal, number: int) -> Iterator[Decimal]:
    """So many amounts, cent by cent, somewhere among which is the right one."""
    least = amount - Decimal(number * 2 // 3) / 100
    return (least + Decimal(cents) / 100 for cents in range(number))


def digests_in(everything: Mapping[bytes, str]) -> frozenset[bytes]:
    """Every SHA-256 that lies about: raw ones in hashed read and write sets, and whatever 64 hexadecimal digits are."""
    found: set[bytes] = set()
    for data, where in everything.items():
        if where == HASHES:
            found |= {data[at : at + _SIZE] for at in range(0, len(data), _SIZE)}
        found |= {bytes.fromhex(each.decode()) for each in _HEX.findall(data)}
    return frozenset(found)


def search_amount(
    paper: CommercialInvoice, candidates: Iterable[Decimal], digests: frozenset[bytes], *, seconds: float
) -> Found:
    """The amount of `paper` by its other traits; its own amount is not looked at. Gives up after so many seconds."""
    started, tried = time.monotonic(), 0
    preimages = list(_preimages(paper))
    for tried, amount in enumerate(candidates, start=1):
        text = format(amount, "f").encode()
        for preimage in preimages:
            if by := _known(preimage, text, digests):
                return Found(amount, by, tried, time.monotonic() - started)
        if not tried % 1000 and time.monotonic() - started > seconds:
            break
    return Found(None, "", tried, time.monotonic() - started)


def _known(preimage: _Preimage, text: bytes, digests: frozenset[bytes]) -> str:
    """By what a candidate is known to be right; "" where nothing says so."""
    content = preimage.with_amount(text)
    digest = hashlib.sha256(content).digest()
    if digest in digests:
        return preimage.name
    for build in preimage.keys:
        if hashlib.sha256(build(digest.hex()).encode()).digest() in digests:
            return f"the key with {preimage.name}"
    return ""


def _preimages(paper: CommercialInvoice) -> Iterator[_Preimage]:
    """All that the code hashes of the paper, the amount left open. Bytes without the amount tell nothing."""
    opened = _opened(paper)
    for content, trait in _of_fingerprints(opened):
        yield from _around(f"the fingerprint {trait}", content, (financed_key,))
    yield from _around("the paper's hash", canonical_json(opened))


def _around(name: str, content: bytes, keys: Sequence[Callable[[str], str]] = ()) -> Iterator[_Preimage]:
    parts = tuple(content.split(format(_PLACEHOLDER, "f").encode()))
    if len(parts) > 1:
        yield _Preimage(name, parts, tuple(keys))


def _opened(paper: CommercialInvoice) -> CommercialInvoice:
    """The paper with the placeholder wherever its amount stands."""
    money = Money.of(_PLACEHOLDER, paper.currency)
    lines = tuple(
        line.model_copy(update={"amount": money}) if line.amount == paper.totals.payable else line
        for line in paper.lines
    )
    return paper.model_copy(update={"lines": lines, "totals": paper.totals.model_copy(update={"payable": money})})


def _of_fingerprints(paper: CommercialInvoice) -> list[tuple[bytes, Similarity]]:
    """What `fingerprint` hashes, with the trait that each is of; as the code does it, whatever that is."""
    hashed: list[bytes] = []

    def noting(content: bytes) -> str:
        hashed.append(content)
        return sha256_hex(content)

    with patch.object(fingerprints, "sha256_hex", noting):
        made = fingerprints.fingerprint(paper)
    by_digest = {
        made.exact: Similarity.EXACT, made.all_but_number: Similarity.ALL_BUT_NUMBER,
        made.all_but_amount: Similarity.ALL_BUT_AMOUNT, made.all_but_date: Similarity.ALL_BUT_DATE,
        made.all_but_parties: Similarity.ALL_BUT_PARTIES,
    }  # fmt: skip
    return [(content, by_digest[sha256_hex(content)]) for content in hashed]
