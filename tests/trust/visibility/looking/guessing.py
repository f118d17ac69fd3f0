"""What somebody hashes who guesses: every key that the code builds over the planted papers, and every value it writes.

Fabric puts the plain SHA-256 of private keys and values into blocks. Keys are built by the functions of
`contracts.state.keys` themselves, whatever these are: each parameter takes all the planted values that fit its name.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, product
from types import SimpleNamespace
from typing import Final, NamedTuple

from tests.trust.visibility.expectation import Fact, Seer
from tests.trust.visibility.looking.forms import digest_forms
from tests.trust.visibility.planted.planting import FINGERPRINTED, MSP, Planted, Secret

from eximledger_chaincode.contracts.state import keys
from eximledger_chaincode.contracts.watchlists.filing import filing_of
from eximledger_chaincode.documents import (
    KINDS,
    Document,
    FxReceipt,
    LetterOfCredit,
    SalesContract,
    WatchList,
    compared_number,
)
from eximledger_chaincode.lending.collecting.credits import lookups
from eximledger_chaincode.lending.likeness.fingerprints import fingerprint
from eximledger_chaincode.lending.matching import likenesses
from eximledger_chaincode.lending.packing.frames import accounts_of
from eximledger_chaincode.lending.screening.subjects import subjects_of
from hlf_chaincode.canonical import canonical_json

__all__ = ["Guess", "guessed_keys", "guesses", "shapes_of"]

ANYBODY: Final = frozenset(MSP)
_MOST: Final = 40_000
"""Keys that one builder may give; more would be no guess any more."""


class Guess(NamedTuple):
    """Bytes of which somebody computes the hash, what they are, whose business they are."""

    data: bytes
    what: str
    banks: frozenset[str]


class Candidate(NamedTuple):
    """A value for a parameter, and whose business it is."""

    value: object
    banks: frozenset[str] = ANYBODY


def guesses(planted: Planted) -> Iterator[Guess]:
    """Keys, whole values, and every planted text alone."""
    yield from guessed_keys(planted)
    yield from (Guess(data, what, banks) for data, what, banks in planted.values)
    for document, banks in planted.documents:
        yield Guess(canonical_json([document]), f"a list of {document.KIND} {document.number}", banks)


def shapes_of(found: Iterable[Guess]) -> Mapping[bytes, Secret]:
    """The shapes of the hashes, each with the secret that it gives away."""
    return {
        shape: Secret(Fact.FINGERPRINT, each.what, f"the hash of {each.what}", each.banks, _others(each.what))
        for each in found
        for shape in list(digest_forms(hashlib.sha256(each.data).digest()))[:3]
    }


def _others(what: str) -> frozenset[Seer]:
    """Who has the paper itself, beside its banks and SAFE."""
    return frozenset({Seer.CUSTOMS}) if what.startswith("declaration") else frozenset()


def guessed_keys(planted: Planted) -> Iterator[Guess]:
    """Of every builder, what it makes of every fitting combination. A parameter without candidates is an error: whoever
    adds a builder says here what may be guessed for it."""
    pools = _pools(planted)
    for name, build in _builders():
        names = list(inspect.signature(build).parameters)
        missing = [each for each in names if each not in pools]
        assert not missing, f"{name} takes {', '.join(missing)}: say in {__name__} what somebody would guess"
        for chosen in islice(product(*(pools[each] for each in names)), _MOST):
            if not _go_together(dict(zip(names, chosen, strict=True)), planted):
                continue
            banks = frozenset.intersection(ANYBODY, *(each.banks for each in chosen))
            if not banks or banks == ANYBODY:
                continue
            for key in _built(build, [each.value for each in chosen]):
                yield Guess(key.encode(), f"key {name}{tuple(str(each.value)[:40] for each in chosen)}", banks)


def _go_together(chosen: Mapping[str, Candidate], planted: Planted) -> bool:
    """Whether a kind and an id are one paper's: nobody tries an invoice's number on a bill."""
    if not {"kind", "id"} <= chosen.keys():
        return True
    named = (chosen["kind"].value, chosen["id"].value)
    return any((each.KIND, each.id) == named for each, _ in planted.documents)


def _builders() -> Iterator[tuple[str, Callable[..., object]]]:
    for name in keys.__all__:
        found = getattr(keys, name)
        if inspect.isfunction(found):
            yield name, found


def _built(build: Callable[..., object], arguments: list[object]) -> Iterable[str]:
    """A builder's key or keys; none for arguments that do not go together."""
    try:
        made = build(*arguments)
    except (ValueError, TypeError, AttributeError):
        return []
    return [made] if isinstance(made, str) else [str(each) for each in made] if isinstance(made, list) else []


def _pools(planted: Planted) -> Mapping[str, list[Candidate]]:
    """By a parameter's name, what somebody would try for it."""
    papers = [(each, banks) for each, banks in planted.documents if each.KIND != "application"]
    loans = [(each.number, banks) for each, banks in planted.documents if each.KIND == "application"]
    ids = _unique((each.id, banks) for each, banks in papers)
    numbers = _unique((compared_number(each.number), banks) for each, banks in papers)
    banks = [Candidate(""), *(Candidate(msp, frozenset({name})) for name, msp in MSP.items())]
    declarations = _unique((each.id, whose) for each, whose in papers if each.KIND == "declaration")
    exporters = _unique((each.exporter, whose) for each, whose in papers if each.exporter)
    loan_ids = _unique(loans)
    hashes = _unique((each, whose) for paper, whose in papers for each in _hashes(paper))
    return {
        "kind": [Candidate(each) for each in KINDS],
        "id": ids,
        "id_": ids,
        "invoice_id": ids,
        "contract_id": ids,
        "account": _unique((each, whose) for paper, whose in papers for each in _accounts(paper)),
        "receipt_id": _unique((each.id, whose) for each, whose in papers if each.KIND == "receipt"),
        "number": [*numbers, *(Candidate(each) for each in range(4))],
        "bank": banks,
        "version": [Candidate(each) for each in (1, 2, 3)],
        "entry": [Candidate(_entry(each), whose) for each, whose in papers],
        "exporter": exporters,
        "day": _unique(
            (day, ANYBODY) for each, _ in papers if each.dated is not None for day in (each.dated, str(each.dated))
        ),
        "lookup": _unique((each, whose) for paper, whose in papers for each in _lookups(paper)),
        "declaration_number": declarations,
        "loan_id": loan_ids,
        "token": hashes,
        "mark": hashes,
        "sealed_name": declarations,
        "generation": [Candidate(each) for each in (1, 2, 3)],
        "slot": [Candidate(each) for each in range(4)],
        "what": [Candidate(each) for each in ("declaration", "invoice", "sums", "entries", "index")],
        "filing": _unique((filing_of(each), whose) for each, whose in papers if isinstance(each, WatchList)),
        "subject": _unique((each.digest, whose) for paper, whose in papers for each in subjects_of([paper])),
    }


def _unique(found: Iterable[tuple[object, frozenset[str]]]) -> list[Candidate]:
    return [Candidate(value, banks) for value, banks in dict(found).items()]


def _entry(document: Document) -> object:
    """As much of a filing's entry as keys are built from."""
    named = ("kind", "id", "number", "exporter", "dated")
    return SimpleNamespace(**{name: getattr(document, name) for name in named})


def _lookups(document: Document) -> Iterable[str]:
    return lookups(document) if isinstance(document, FxReceipt) else []


def _accounts(document: Document) -> Iterable[str]:
    return accounts_of(document) if isinstance(document, SalesContract | LetterOfCredit) else []


def _hashes(document: Document) -> Iterable[str]:
    if document.KIND not in FINGERPRINTED:
        return []
    made = fingerprint(document)
    return [value for _, value in likenesses(made)]
