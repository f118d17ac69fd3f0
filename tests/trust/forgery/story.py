"""An export, its papers and loans from application to release: every write once, with arguments that are good.

Each step is refused to whom it is not due and then taken by its rightful person with the very same arguments, so a
refusal was for the person and for nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.eximledger_chaincode.contracts import trade
from tests.trust.forgery.rights import LENDER, Row

from eximledger_chaincode.documents import Document, LoanApplication, TolerancePolicy
from eximledger_chaincode.rules import Severity, Verdict
from hlf_chaincode.canonical import canonical_json

__all__ = ["LENDER_MSP", "QUERIES", "SECRET", "STEPS", "Call", "Step", "Story", "described"]

SECRET: Final = "What nobody but the lender and SAFE may know: the price was 88.15 below the list."
"""Stands in the lender's private papers and nowhere else."""
LENDER_MSP: Final = "TradebankMSP"


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of a ledger; the channel and the function are the row's."""

    arguments: tuple[object, ...] = ()
    transient: Mapping[str, bytes] | None = None


@dataclass(slots=True)
class Story:
    """One export with its own serial number, and what the ledger has answered so far."""

    serial: int
    members: Sequence[Mapping[str, str]]
    answers: dict[Row, bytes] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The declaration's."""
        return trade.number_of(self.serial)

    def loan(self, which: str) -> str:
        return f"F-{self.serial}-{which}"

    def application(self, which: str, purpose: str | None = None) -> LoanApplication:
        """Papers for the first loan only, and no packing list, so that an officer must override that it is missing."""
        small = trade.application(self.loan(which), (self.serial,), "10000.00", "50000.00", purpose=purpose)
        none: tuple[str, ...] = ()
        papers = {"packing_lists": none}
        if which != "first":
            papers |= {"contracts": none, "invoices": none, "transport_documents": none}
        return small.model_copy(update=papers)

    def invoice(self) -> Document:
        return trade.invoice(self.serial, note=SECRET)

    def invoice_id(self) -> str:
        return self.invoice().id

    @property
    def verdict(self) -> Verdict:
        return Verdict.model_validate_json(self.answers["bank", "loans:check", "the lender's loan"])

    def votes(self) -> Call:
        """For the members under other names; one vote of four decides nothing."""
        return Call(([{**member, "name": f"{member['name']} ({self.serial})"} for member in self.members],))

    def approval(self) -> Call:
        referring = [each.id for each in self.verdict.findings if each.severity is Severity.REFER]
        overrides = [{"finding": each, "reason": "seen"} for each in referring]
        return Call((self.loan("first"), self.verdict.evidence_hash, overrides))


@dataclass(frozen=True, slots=True)
class Step:
    """A write: whose row it is in the table, who takes it in the end, and the call. Without a `thing` it prepares."""

    channel: str
    function: str
    thing: str
    rightful: str
    call: Callable[[Story], Call]
    hours: int = 0
    """How long the clock goes on before."""

    @property
    def row(self) -> Row:
        return self.channel, self.function, self.thing


def _public(make: Callable[[Story], Document]) -> Callable[[Story], Call]:
    return lambda story: Call((make(story).KIND, make(story)))


def _private(make: Callable[[Story], Document]) -> Callable[[Story], Call]:
    return lambda story: Call((make(story).KIND, None), {"document": canonical_json(make(story))})


def _loan(which: str, *more: object) -> Callable[[Story], Call]:
    return lambda story: Call((story.loan(which), *more))


MAKER, CHECKER = f"{LENDER}/maker", f"{LENDER}/checker"

STEPS: Final[Sequence[Step]] = (
    Step("customs", "consortium:configure", "the members", "customs/officer", Story.votes),
    Step("fx", "consortium:configure", "the members", "safe/officer", Story.votes),
    Step("bank", "consortium:configure", "the members", MAKER, Story.votes),
    Step("customs", "documents:put", "declaration", "customs/officer",
         _public(lambda story: trade.declaration(story.serial))),
    Step("customs", "documents:put_many", "declaration", "customs/officer",
         lambda story: Call(("declaration", [trade.declaration(story.serial + 1)]))),
    Step("customs", "documents:put", "declaration, amended", "customs/officer",
         _public(lambda story: trade.declaration(story.serial, remarks="amended"))),
    Step("fx", "documents:put", "classification", "safe/officer", _public(lambda _: trade.classification())),
    Step("fx", "documents:put_many", "rate", "safe/officer",
         lambda _: Call(("rate", [trade.rate(), trade.rate(trade.APPLIED)]))),
    Step("fx", "documents:put", "receipt", "safe/officer",
         _public(lambda story: trade.receipt(f"R-{story.serial}", serial=story.serial))),
    Step("bank", "documents:put", "contract", MAKER, _private(lambda story: trade.contract(story.serial))),
    Step("bank", "documents:put_many", "invoice", MAKER,
         lambda story: Call(("invoice", None), {"documents": canonical_json([story.invoice()])})),
    Step("bank", "documents:put", "transport", MAKER, _private(lambda story: trade.transport(story.serial))),
    Step("bank", "documents:put", "packing-list", MAKER, _private(lambda story: trade.packing_list(story.serial))),
    Step("bank", "documents:put", "policy of the lender", MAKER, _public(lambda _: TolerancePolicy(bank=LENDER_MSP))),
    Step("bank", "loans:apply", "a new loan", MAKER, lambda story: Call((story.application("first"),))),
    Step("bank", "loans:apply", "the lender's loan, amended", MAKER,
         lambda story: Call((story.application("first", "amended"),))),
    Step("bank", "loans:refer", "the lender's loan", MAKER, _loan("first", "to be looked at")),
    Step("bank", "loans:check", "the lender's loan", MAKER, _loan("first")),
    Step("fx", "financing:reserve", "the lender's loan", MAKER, _loan("first")),
    Step("bank", "loans:approve", "the maker's loan, findings overridden", CHECKER, Story.approval),
    Step("bank", "loans:disburse", "the lender's loan", MAKER, _loan("first", "PAY-1")),
    Step("bank", "loans:repay", "the lender's loan", MAKER, _loan("first", "BACK-1")),
    Step("fx", "financing:release", "the lender's repaid loan", MAKER, _loan("first")),
    Step("bank", "loans:release", "the lender's loan", MAKER, _loan("first")),
    Step("bank", "loans:apply", "", MAKER, lambda story: Call((story.application("second"),))),
    Step("bank", "loans:reject", "another loan of the lender's", MAKER, _loan("second", "no")),
    Step("bank", "loans:apply", "", MAKER, lambda story: Call((story.application("third"),))),
    Step("bank", "loans:withdraw", "another loan of the lender's", MAKER, _loan("third", "no more")),
    Step("bank", "loans:apply", "", MAKER, lambda story: Call((story.application("fourth"),))),
    Step("fx", "financing:reserve", "", MAKER, _loan("fourth")),
    Step("bank", "loans:expire", "another loan of the lender's", MAKER, _loan("fourth"), hours=73),
)  # fmt: skip
"""In the order in which they can be taken."""


def _named_invoice(story: Story) -> Call:
    return Call(("invoice", story.invoice_id(), LENDER_MSP))


QUERIES: Final[Mapping[tuple[str, str], Callable[[Story], Call]]] = {
    ("bank", "documents:get"): _named_invoice,
    ("bank", "documents:get_many"): lambda story: Call(("invoice", [story.invoice_id()], LENDER_MSP)),
    ("bank", "documents:history"): _named_invoice,
    ("bank", "documents:entry"): _named_invoice,
    ("bank", "documents:find"): lambda story: Call(("invoice", story.invoice().number)),
    ("bank", "documents:list"): lambda _: Call(("invoice",)),
    ("bank", "loans:facts"): _loan("first"),
    ("bank", "loans:preview"): _loan("first"),
    ("bank", "loans:reservation_facts"): _loan("first"),
    ("bank", "loans:get"): _loan("first"),
    ("bank", "loans:standing"): _loan("first"),
    ("bank", "loans:history"): _loan("first"),
    ("bank", "loans:list"): lambda _: Call(),
    ("bank", "consortium:members"): lambda _: Call(),
    ("bank", "consortium:ballots"): lambda _: Call(),
    ("customs", "documents:customs_facts"): lambda story: Call(
        ([story.number], trade.DONGYU.uscc, trade.EXPORTED, trade.APPLIED)
    ),
    ("fx", "documents:rates"): lambda _: Call(([["USD", trade.APPLIED]],)),
    ("fx", "financing:balance"): lambda story: Call((story.number,)),
    ("fx", "financing:reservation"): _loan("first"),
    ("fx", "financing:reservations"): lambda _: Call(),
    ("fx", "financing:held"): lambda _: Call(),
    ("fx", "financing:facts"): lambda story: Call(
        (story.loan("first"), trade.DONGYU.uscc, [story.number], [], [], trade.EXPORTED, trade.APPLIED, [])
    ),
}
"""Every query by channel and function, with arguments that find what is looked for."""


def described(metadata: bytes, tag: str) -> set[str]:
    """The functions that the contracts describe with a tag: SUBMIT or EVALUATE."""
    contracts = json.loads(metadata)["contracts"]
    return {
        f"{name}:{function['name']}"
        for name, contract in contracts.items()
        for function in contract["transactions"]
        if function["tag"] == [tag]
    }
