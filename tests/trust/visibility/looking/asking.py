"""Every function with every argument that somebody may try: true ones, guesses from outside, and decoys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from tests.trust.visibility.expectation import Fact
from tests.trust.visibility.planted.planting import MSP, Planted, Subject

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.documents import BANK, KINDS
from eximledger_chaincode.lending.consent import SCOPES
from eximledger_chaincode.lending.loan import LoanState
from hlf_chaincode.canonical import sha256_hex
from hlf_client import Argument

__all__ = ["NOT_ASKED", "Call", "Function", "calls_of", "functions", "guessed", "unasked"]

NOT_ASKED: Final = frozenset({
    "authorisations:authorise", "authorisations:consent", "authorisations:open", "authorisations:revoke",
    "register:rekey", "documents:put", "documents:put_many", "consortium:configure", "calendar:open", "loans:apply",
    "policies:propose",
    "watch:begin", "watch:entries", "watch:index",
})  # fmt: skip
"""Functions that write what their caller brings, and answer with that; consent is tried in contracts/seen."""

_LISTING: Final[Mapping[str, object]] = {
    "page_size": 1000, "bookmark": "", "state": "", "bank": "", "foreign": [], "least": 88, "first": 0, "hit": "0" * 64,
}  # fmt: skip
"""What every list takes that is to say most."""


@dataclass(frozen=True, slots=True)
class Function:
    """A contract's function and the names of its parameters; a private one's arguments travel by transient.
    One that `writes` is endorsed besides, for what its reads and writes show."""

    name: str
    parameters: tuple[str, ...]
    private: bool = False
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked, about whom, and the arguments that ask the same of what there is not."""

    function: Function
    arguments: tuple[Argument, ...]
    subject: Subject | None = None
    decoy: tuple[Argument, ...] | None = None

    def is_at_home(self, channel: str) -> bool:
        """Whether what is asked for lives on this channel, as far as the arguments tell; elsewhere all is refused."""
        named = dict(zip(self.function.parameters, self.arguments, strict=True))
        if "loan_id" in named:
            return channel == BANK
        kind = named.get("kind")
        return kind not in KINDS or KINDS[str(kind)].channel == channel


@cache
def functions() -> Sequence[Function]:
    """All functions that the contracts describe."""
    chaincode = exim()
    described: Mapping[str, Mapping[str, Sequence[Mapping[str, object]]]] = json.loads(chaincode.metadata)["contracts"]
    return [
        Function(
            f"{contract}:{each['name']}",
            tuple(_names(each)),
            private=bool(getattr(getattr(chaincode.contracts[contract], str(each["name"])), "__hlf_private__", False)),
            writes="SUBMIT" in str(each["tag"]),
        )
        for contract, content in described.items()
        for each in content["transactions"]
    ]


def _names(function: Mapping[str, object]) -> Iterator[str]:
    parameters = function.get("parameters", [])
    assert isinstance(parameters, list)
    for each in parameters:
        yield str(each["name"])


def guessed(planted: Planted) -> Iterator[Mapping[str, object]]:
    """Arguments that need no knowledge: every kind, state and bank, every number there is by chance."""
    day = next(each.dated for each, _ in planted.documents if each.dated is not None)
    common: dict[str, object] = {
        "page_size": 1000, "bookmark": "", "requests": [["USD", day.isoformat()]], "exporter": "", "number": "1",
        "id": "1", "ids": ["1"], "loan_id": "1", "version": 1, "sha256": "0" * 64, "filing": "0" * 32, "first": 0,
        "list_id": "UN-SC", "entry_id": "1", "subjects": [], "foreign": [], "least": 88, "hit": "0" * 64,
        "subject": "0" * 64, "reason": "as agreed",
    }  # fmt: skip
    for bank in ("", MSP["eximbank"], MSP["tradebank"]):
        for kind in KINDS:
            yield common | {"kind": kind, "bank": bank, "state": ""}
        for state in ("", *LoanState):
            yield common | {"state": state, "bank": bank}


def calls_of(function: Function, planted: Planted) -> Iterator[Call]:
    """The calls of a function, each once. A parameter that a subject does not name is the emptiest that fits."""
    if function.name in NOT_ASKED:
        return
    seen: set[tuple[Argument, ...]] = set()
    for arguments in guessed(planted):
        if (found := _filled(function, _enriched(arguments))) is not None and _is_new(found, seen):
            yield Call(function, found)
    for subject in planted.subjects:
        found = _filled(function, _enriched({**_LISTING, **subject.arguments}))
        named = set(function.parameters) & _naming(subject)
        if found is None or not named or not _is_new(found, seen):
            continue
        decoy = _filled(function, _enriched({**_LISTING, **subject.decoy})) if subject.decoy else None
        yield Call(function, found, subject, decoy if decoy != found else None)


def _naming(subject: Subject) -> set[str]:
    """The arguments that tell this subject from its decoy; of a policy, its bank and hash."""
    arguments, decoy = _enriched(subject.arguments), _enriched(subject.decoy)
    if not subject.decoy:
        return set(arguments)
    return {name for name, value in arguments.items() if decoy.get(name) != value} | (
        {"exporter"} if subject.fact is not Fact.LOAN else set()
    )


def _enriched(arguments: Mapping[str, object]) -> Mapping[str, object]:
    """With the lists that functions take of what is named one by one, and the boldest claim of what was allowed."""
    named = {"currencies": ["USD"], "days": [], "subjects": [], "foreign": [], "least": 88}
    claimed = {"scopes": list(SCOPES), "allowed": ["classification", "receipts"]}
    more: dict[str, object] = {"day": "", "days": [], "named": named, **claimed, **arguments}
    if "exporter" in arguments:
        bank = arguments.get("bank") or MSP["eximbank"]
        more |= {"readers": [[arguments["exporter"], bank, "declarations"]], "keepers": [[arguments["exporter"], bank]]}
    if "loan_id" in arguments:
        more["loan_ids"] = [arguments["loan_id"]]
        more["name"] = sha256_hex(str(arguments["loan_id"]).encode())
    return more


def _filled(function: Function, arguments: Mapping[str, object]) -> tuple[Argument, ...] | None:
    """Arguments in order; None where one is unknown."""
    if any(name not in arguments for name in function.parameters):
        return None
    return tuple(arguments[name] for name in function.parameters)


def _is_new(arguments: tuple[Argument, ...], seen: set[tuple[Argument, ...]]) -> bool:
    key: tuple[Argument, ...] = (repr(arguments),)
    if key in seen:
        return False
    seen.add(key)
    return True


def unasked(planted: Planted) -> Iterable[str]:
    """Functions for which nothing here has arguments: a new parameter needs candidates (`guessed`, or a subject's)."""
    return [each.name for each in functions() if each.name not in NOT_ASKED and not list(calls_of(each, planted))]
