"""An export, its papers and loans from application to their ends: every write, with arguments that are good.

Each step is refused to whom it is not due and then taken by its rightful person with the very same arguments, so a
refusal was for the person and for nothing else. In between, at every state of a loan, every step of a loan is tried.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from tests.eximledger_chaincode.contracts import trade
from tests.pledge import met
from tests.trust.forgery.persons import LENDER_MSP
from tests.trust.forgery.rights import LOAN_STEPS, PENDING, Row

from eximledger.testing import signed_authorisation, signed_revocation
from eximledger_chaincode.documents import (
    Document,
    ExportDeclaration,
    LoanApplication,
    Money,
    PriceBand,
    TolerancePolicy,
    compared_number,
)
from eximledger_chaincode.lending.consent import OfficerConsent, SignedAuthorisation, SignedRevocation
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.matching import Rekeying
from eximledger_chaincode.lending.steps import Proposal
from eximledger_chaincode.lending.steps import Step as Taken
from eximledger_chaincode.rules import Severity, Verdict
from hlf_chaincode.canonical import canonical_json

__all__ = [
    "ENDING", "SECRET", "STEPS", "Call", "Step", "Story", "applied", "approved", "authorised", "checked", "confirmed",
    "declared", "described", "filed", "matched", "opened_day", "policy_made", "proposed", "pulled", "queries",
]  # fmt: skip

DocumentT = TypeVar("DocumentT", bound=Document)

SECRET: Final = "What nobody but the lender and SAFE may know: the price was 88.15 below the list."
"""Stands in the lender's private papers and nowhere else."""
_DAY: Final = re.compile(rb'"(\d{4}-\d{2}-\d{2})"')
QUOTED: Final = trade.APPLIED - timedelta(days=9)
"""Holds on the day of the story, and is none of the days on which other tests of a shared network have rates."""
NOTHING: Final = "0" * 64
"""A hash of nothing that there is."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of a ledger; the channel and the function are the row's."""

    arguments: tuple[object, ...] = ()


@dataclass(slots=True)
class Story:
    """One export with its own serial number on its own day, and what the ledger has answered so far."""

    serial: int
    members: Sequence[Mapping[str, object]]
    today: date = trade.APPLIED
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    signed: list[SignedAuthorisation] = field(default_factory=list)
    """What the exporter has signed, once for all."""

    def dated(self, document: DocumentT) -> DocumentT:
        """The paper as far from today as it was from the day of `trade`."""
        shift = self.today - trade.APPLIED

        def moved(found: re.Match[bytes]) -> bytes:
            return f'"{date.fromisoformat(found[1].decode()) + shift}"'.encode()

        return type(document).parse(_DAY.sub(moved, canonical_json(document)))

    def price_band(self) -> PriceBand:
        """Of a quarter that is over, for goods of which there is no other."""
        return PriceBand(
            hs_code=f"{84000000 + self.serial % 10**6}", unit="C62", quarter="2025-Q4", median=Decimal(712),
            mad=Decimal("0.1"), declarations=40, exporters=8,
        )  # fmt: skip

    @property
    def number(self) -> str:
        """The declaration's."""
        return trade.number_of(self.serial)

    def loan(self, which: str) -> str:
        return f"F-{self.serial}-{which}"

    def application(self, which: str, purpose: str | None = None) -> LoanApplication:
        """Papers for the first loan only, and no packing list, so that an officer must override that it is missing;
        for the third and the fourth a packing list alone."""
        small = trade.application(self.loan(which), (self.serial,), "10000.00", "40000.00", purpose=purpose)
        none: tuple[str, ...] = ()
        papers = {} if which in {"third", "fourth"} else {"packing_lists": none}
        if which != "first":
            papers |= {"contracts": none, "invoices": none, "transport_documents": none}
        return self.dated(small.model_copy(update=papers))

    def declaration(self, serial: int = 0, remarks: str | None = None) -> ExportDeclaration:
        return self.dated(trade.declaration(serial or self.serial, remarks=remarks))

    def invoice(self) -> Document:
        return self.dated(trade.invoice(self.serial, note=SECRET))

    def contract(self, *, remarks: bool = False) -> Document:
        """As the lender has it, or amended."""
        made = self.dated(trade.contract(self.serial))
        return made.model_copy(update={"incoterm_place": "Shanghai"}) if remarks else made

    def packing_list(self, *, amended: bool = False) -> Document:
        made = self.dated(trade.packing_list(self.serial))
        return made.model_copy(update={"packages": 11}) if amended else made

    def policy(self) -> TolerancePolicy:
        """As built in: made, it changes no verdict."""
        return TolerancePolicy(bank=LENDER_MSP)

    @property
    def authorisation(self) -> SignedAuthorisation:
        """The exporter's, for the lender."""
        if not self.signed:
            number = f"F-{self.serial}"
            self.signed.append(signed_authorisation(str(trade.DONGYU.uscc), LENDER_MSP, self.today, number=number))
        return self.signed[0]

    @property
    def revocation(self) -> SignedRevocation:
        return signed_revocation(self.authorisation, self.today)

    def consent(self) -> OfficerConsent:
        paper = self.authorisation.paper.model_copy(update={"number": f"F-{self.serial}-form"})
        return OfficerConsent(authorisation=paper, form_sha256=NOTHING)

    @property
    def compared_invoice(self) -> str:
        return compared_number(self.invoice().number)

    def votes(self) -> Call:
        """For the members under other names; one vote of four decides nothing."""
        return Call(([{**member, "name": f"{member['name']} ({self.serial})"} for member in self.members],))

    def approval(self, which: str, version: int = 1) -> Call:
        verdict = self.verdicts[which]
        referring = [each.id for each in verdict.findings if each.severity is Severity.REFER]
        overrides = [{"finding": each, "reason": "seen"} for each in referring]
        return Call((self.loan(which), version, verdict.evidence_hash, overrides))

    def proposal(self, step: Taken) -> Proposal:
        if step in {Taken.WITHDRAWAL, Taken.WRITE_OFF}:
            return Proposal(step=step, reason="as agreed")
        amount = Money.of("40000.00", "CNY")
        return Proposal(
            step=step, amount=amount, day=self.today, reference=f"{step}-{self.serial}", conditions=met(step)
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A write: whose row it is in the table, who takes it in the end, and the call.

    Without a `thing` it prepares; without a `rightful` it is tried and nobody takes it.
    """

    channel: str
    function: str
    thing: str
    rightful: str
    call: Callable[[Story], Call]
    of_loan: str = ""
    """The loan whose verdict it answers with."""

    @property
    def row(self) -> Row:
        return self.channel, self.function, self.thing


def _paper(make: Callable[[Story], Document]) -> Callable[[Story], Call]:
    return lambda story: Call((make(story).KIND, make(story)))


def applied(which: str, *, by: str = "maker", thing: str = "", purpose: str | None = None) -> Step:
    return Step("bank", "loans:apply", thing, by, lambda story: Call((story.application(which, purpose),)))


def checked(which: str) -> Step:
    return Step("bank", "loans:check", "", "maker", lambda story: Call((story.loan(which),)), of_loan=which)


def approved(which: str, thing: str = "", version: int = 1) -> Step:
    return Step("bank", "loans:approve", thing, "checker", lambda story: story.approval(which, version))


def proposed(which: str, step: Taken, *, by: str) -> Step:
    return Step("bank", "loans:propose", "", by, lambda story: Call((story.loan(which), story.proposal(step))))


def confirmed(which: str, step: Taken, *, by: str, thing: str = "") -> Step:
    return Step("bank", "loans:confirm", thing, by, lambda story: Call((story.loan(which), story.proposal(step).id)))


def _moved(which: str, function: str, by: str, thing: str = "") -> Step:
    return Step("bank", f"loans:{function}", thing, by, lambda story: Call((story.loan(which), f"to {function}")))


def opened_day(thing: str = "") -> Step:
    return Step("bank", "calendar:open", thing, "safe/officer", lambda story: Call((story.today,)))


def _at(state: str, which: str) -> Iterable[Step]:
    """Every step of a loan, tried at one state of it and not taken."""
    calls: Mapping[str, Callable[[Story], Call]] = {
        "apply": lambda story: Call((story.application(which, f"amended when {state}"),)),
        "approve": lambda story: (
            story.approval(which) if state in {"checked", "referred"} else Call((story.loan(which), 1, NOTHING, []))
        ),
        "propose": lambda story: Call((
            story.loan(which), story.proposal(Taken.REPAYMENT if state == "disbursed" else Taken.DISBURSEMENT),
        )),
        "confirm": lambda story: Call((story.loan(which), NOTHING)),
        "check": lambda story: Call((story.loan(which),)),
    }  # fmt: skip
    for function in LOAN_STEPS:
        if function != "confirm" or state not in PENDING:
            usual: Callable[[Story], Call] = lambda story: Call((story.loan(which), f"when {state}"))  # noqa: E731
            yield Step("bank", f"loans:{function}", state, "", calls.get(function, usual))


def declared() -> Iterable[Step]:
    """What customs and SAFE know."""
    return (
        Step("customs", "documents:put", "a declaration", "customs/officer",
             _paper(lambda story: story.declaration())),
        Step("customs", "documents:put_many", "declarations", "customs/officer",
             lambda story: Call(("declaration", [story.declaration(story.serial + 1)]))),
        Step("customs", "documents:put", "a declaration, amended", "customs/officer",
             _paper(lambda story: story.declaration(remarks="amended"))),
        Step("customs", "documents:put", "a price band", "customs/officer", _paper(lambda story: story.price_band())),
        Step("fx", "documents:put", "an exporter's class", "safe/officer",
             _paper(lambda story: story.dated(trade.classification()))),
        Step("fx", "documents:put_many", "rates", "safe/officer",
             lambda story: Call(("rate", [story.dated(trade.rate(day)) for day in (trade.EXPORTED, QUOTED)]))),
        Step("fx", "documents:put", "a receipt", "safe/officer",
             _paper(lambda story: story.dated(trade.receipt(f"R-{story.serial}", serial=story.serial)))),
    )  # fmt: skip


def filed() -> Iterable[Step]:
    """The lender's papers."""
    return (
        Step("bank", "documents:put", "a contract", "maker",
             _paper(lambda story: story.contract())),
        Step("bank", "documents:put_many", "invoices", "maker",
             lambda story: Call(("invoice", [story.invoice()]))),
        Step("bank", "documents:put", "a bill of lading", "maker",
             _paper(lambda story: story.dated(trade.transport(story.serial)))),
        Step("bank", "documents:put", "a packing list", "both",
             _paper(lambda story: story.packing_list())),
    )  # fmt: skip


def authorised() -> Iterable[Step]:
    """What the exporter lets the lender read."""
    return (
        Step("customs", "authorisations:authorise", "what an exporter has signed for the lender", "maker",
             lambda story: Call((story.authorisation,))),
    )  # fmt: skip


def pulled() -> Iterable[Step]:
    """What the case needs of it, copied."""
    return (
        Step("customs", "copies:declarations", "an exporter's declarations", "maker",
             lambda story: Call((trade.DONGYU.uscc, [story.number]))),
        Step("fx", "copies:exchange", "an exporter's classes and receipts", "maker",
             lambda story: Call((
                 trade.DONGYU.uscc, [story.number], [story.compared_invoice], [f"R-{story.serial}"],
             ))),
    )  # fmt: skip


def _consenting() -> Iterable[Step]:
    """What else there is to consent; it ends with its end."""
    exporter, taken = trade.DONGYU.uscc, "the lender's copies"
    keep: Callable[[Story], Call] = lambda story: Call((exporter, [story.number]))  # noqa: E731
    purge: Callable[[Story], Call] = lambda story: Call((exporter, LENDER_MSP))  # noqa: E731
    return (
        Step("customs", "authorisations:consent", "an officer's word for an exporter's, which no floor allows", "",
             lambda story: Call((story.consent(),))),
        *(Step(channel, "copies:keep", "declarations that the lender's loans hold", "maker", keep)
          for channel in ("customs", "fx")),
        *(Step(channel, "copies:purge", f"{taken}, which the exporter allows", "", purge)
          for channel in ("customs", "fx")),
        Step("customs", "authorisations:revoke", "what an exporter has revoked", "customs/officer",
             lambda story: Call((story.revocation,))),
        *(Step(channel, "copies:purge", f"{taken}, which nobody allows", by, purge)
          for channel, by in (("customs", "customs/officer"), ("fx", "maker"))),
    )  # fmt: skip


def _matching() -> Iterable[Step]:
    """SAFE's secret for matching; nobody takes these: what was matched before would not count after."""
    return (
        Step("bank", "register:rotate", "the secret for matching", "", lambda _: Call()),
        Step("bank", "register:rekey", "marks", "", lambda _: Call((Rekeying(generation=1),))),
        Step("bank", "register:retire", "a secret that nothing has followed", "", lambda _: Call()),
    )


def matched(which: str, thing: str = "") -> Step:
    return Step("bank", "register:match", thing, "maker", lambda story: Call((story.loan(which),)))


def policy_made() -> Iterable[Step]:
    """The lender's policy, by two persons, and once more by the second."""
    named: Callable[[Story], Call] = lambda story: Call((policy_hash(story.policy()),))  # noqa: E731
    return (
        Step("bank", "policies:propose", "the lender's policy", "head", lambda story: Call((story.policy(),))),
        Step("bank", "policies:confirm", "the policy that head proposed", "risk", named),
        Step("bank", "policies:confirm", "the policy that risk confirmed, again", "risk", named),
    )


STEPS: Final[Sequence[Step]] = (
    Step("customs", "consortium:configure", "the members", "customs/officer", Story.votes),
    Step("fx", "consortium:configure", "the members", "safe/officer", Story.votes),
    Step("bank", "consortium:configure", "the members", "maker", Story.votes),
    *declared(),
    opened_day("the business day"),
    opened_day("the same day anew"),
    *filed(),
    *policy_made(),
    *authorised(),
    *pulled(),
    *_matching(),
    # the first loan, from application to repayment
    applied("first", thing="a new loan"),
    matched("first", "a loan's papers"),
    *_at("applied", "first"),
    checked("first"),
    _moved("first", "refer", "maker"),
    *_at("referred", "first"),
    checked("first"),
    *_at("checked", "first"),
    approved("first", "the maker's loan, the maker's papers, head's and risk's policy"),
    approved("first", "the same, approved by the checker already"),
    proposed("first", Taken.DISBURSEMENT, by="maker"),
    *_at("approved", "first"),
    confirmed("first", Taken.DISBURSEMENT, by="both", thing="the maker's disbursement"),
    confirmed("first", Taken.DISBURSEMENT, by="both", thing="the same, confirmed by both already"),
    proposed("first", Taken.REPAYMENT, by="checker"),
    *_at("disbursed", "first"),
    confirmed("first", Taken.REPAYMENT, by="head", thing="the checker's repayment"),
    *_at("closed", "first"),
    # others, each to another end
    applied("second", by="both"),
    applied("second", by="maker", purpose="amended"),
    checked("second"),
    approved("second", "a loan whose version 1 both applied for, version 2 the maker", version=2),
    applied("sixth", by="both"),
    applied("sixth", by="maker", purpose="amended"),
    _moved("sixth", "reject", "head", "a loan whose version 1 both applied for, version 2 the maker"),
    applied("seventh"),
    _moved("seventh", "reject", "checker"),
    *_at("rejected", "seventh"),
    applied("third"),
    matched("third"),
    checked("third"),
    approved("third", "the maker's loan on a packing list that both filed"),
    proposed("third", Taken.WITHDRAWAL, by="both"),
    confirmed("third", Taken.WITHDRAWAL, by="checker", thing="both's withdrawal of an approved loan"),
    *_at("withdrawn", "third"),
    Step("bank", "documents:put", "", "maker", _paper(lambda story: story.packing_list(amended=True))),
    applied("fourth"),
    matched("fourth"),
    checked("fourth"),
    approved("fourth", "the maker's loan on a packing list that both filed and the maker amended"),
    applied("fifth"),
    checked("fifth"),
    approved("fifth"),
    proposed("fifth", Taken.DISBURSEMENT, by="maker"),
    confirmed("fifth", Taken.DISBURSEMENT, by="checker"),
    proposed("fifth", Taken.WRITE_OFF, by="maker"),
    confirmed("fifth", Taken.WRITE_OFF, by="checker", thing="the maker's write-off"),
    *_at("written-off", "fifth"),
)
"""In the order in which they can be taken."""

ENDING: Final[Sequence[Step]] = tuple(_consenting())
"""Taken last: the lender reads nothing of the exporter's after them."""


def _document(story: Story, channel: str) -> tuple[Document, str]:
    """A document of each channel, and whose it is."""
    if channel == "bank":
        return story.invoice(), LENDER_MSP
    if channel == "fx":
        return story.dated(trade.receipt(f"R-{story.serial}", serial=story.serial)), ""
    return story.declaration(), ""


def queries(story: Story, channel: str) -> Mapping[str, Call]:
    """Every query by its function, with arguments that find what is looked for."""
    document, bank = _document(story, channel)
    named = Call((document.KIND, document.id, bank))
    first = Call((story.loan("first"), LENDER_MSP))
    period = (story.dated(trade.declaration()).exported_on, story.today)
    uscc = trade.DONGYU.uscc
    return {
        "calendar:day": Call(),
        "consortium:members": Call(),
        "consortium:floors": Call(),
        "consortium:voters": Call(),
        "consortium:ballots": Call(),
        "documents:get": named,
        "documents:get_many": Call((document.KIND, [document.id], bank)),
        "documents:find": Call((document.KIND, document.number, "", bank)),
        "documents:list": Call((document.KIND, "", 100, "", bank)),
        "documents:history": named,
        "documents:seals": Call(([story.number],)),
        "documents:customs_facts": Call(([story.number], uscc, *period)),
        "documents:fx_facts": Call((uscc, [story.number], [], [], *period)),
        "documents:rates": Call(([["USD", story.today]],)),
        "financing:balance": Call((story.number,)),
        "loans:get": first,
        "loans:version": Call((story.loan("first"), 1, LENDER_MSP)),
        "loans:list": Call(("", 100, "", LENDER_MSP)),
        "loans:history": first,
        "loans:written": Call((story.loan("first"), 0, LENDER_MSP)),
        "loans:facts": first,
        "loans:preview": first,
        "loans:named": Call((NOTHING, LENDER_MSP)),
        "authorisations:standing": Call(([[uscc, LENDER_MSP, "declarations"]],)),
        "authorisations:book": Call((uscc, LENDER_MSP)),
        "authorisations:list": Call(),
        "copies:owned": Call((uscc, [story.number])),
        "copies:recipients": Call(([story.number],)),
        "register:generations": Call(),
        "register:pairs": Call((LENDER_MSP, [story.loan("first")])),
        "register:usage": Call((LENDER_MSP,)),
        "supervision:papers": Call((LENDER_MSP,)),
        "supervision:balances": Call(([story.number],)),
        "supervision:usage": Call((LENDER_MSP, [])),
        "supervision:kept": Call(([[uscc, LENDER_MSP]],)),
        "policies:book": Call((LENDER_MSP,)),
    }


def described(metadata: bytes, tag: str) -> set[str]:
    """The functions that the contracts describe with a tag: SUBMIT or EVALUATE."""
    contracts = json.loads(metadata)["contracts"]
    return {
        f"{name}:{function['name']}"
        for name, contract in contracts.items()
        for function in contract["transactions"]
        if function["tag"] == [tag]
    }
