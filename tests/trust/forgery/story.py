"""An export, its papers and loans from application to their ends: every write, with arguments that are good.

Each step is refused to whom it is not due and then taken by its rightful person with the very same arguments, so a
refusal was for the person and for nothing else. In between, at every state of a loan, every step of a loan is tried.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.listing import Edition, entry, party
from tests.trust.forgery.case import NOTHING, PACKED, QUOTED, REST, Call, Story
from tests.trust.forgery.persons import LENDER_MSP
from tests.trust.forgery.rights import LOAN_STEPS, PENDING, Row

from eximledger_chaincode.documents import DeclarationCopy, Document, LegalForce, TolerancePolicy, compared_number
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.matching import Rekeying
from eximledger_chaincode.lending.steps import Proposal
from eximledger_chaincode.lending.steps import Step as Taken

__all__ = [
    "ENDING", "STEPS", "Said", "Step", "applied", "approved", "authorised", "checked",
    "confirmed", "declared", "described", "filed", "later", "matched", "opened_day", "policy_made", "proposed",
    "pulled", "queries",
]  # fmt: skip


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


Said: TypeAlias = Taken | Callable[[Story], Proposal]
"""A step as `Story.proposal` has it, or what is said."""


def _said(story: Story, which: str, said: Said) -> Proposal:
    return story.proposal(said, which) if isinstance(said, Taken) else said(story)


def proposed(which: str, said: Said, *, by: str, thing: str = "") -> Step:
    return Step("bank", "loans:propose", thing, by, lambda story: Call((story.loan(which), _said(story, which, said))))


def confirmed(which: str, said: Said, *, by: str, thing: str = "") -> Step:
    return Step(
        "bank", "loans:confirm", thing, by, lambda story: Call((story.loan(which), _said(story, which, said).id))
    )


def by_day(which: str, function: str, *, by: str = "", thing: str = "") -> Step:
    """What the day does to a loan, noted."""
    return Step("bank", f"loans:{function}", thing, by, lambda story: Call((story.loan(which),)))


def _moved(which: str, function: str, by: str, thing: str = "") -> Step:
    return Step("bank", f"loans:{function}", thing, by, lambda story: Call((story.loan(which), f"to {function}")))


def opened_day(thing: str = "") -> Step:
    return Step("bank", "calendar:open", thing, "safe/officer", lambda story: Call((story.today,)))


def _at(state: str, which: str) -> Iterable[Step]:
    """Every step of a loan, tried at one state of it and not taken."""
    calls: Mapping[str, Callable[[Story], Call]] = {
        "apply": lambda story: Call((story.amended(which, f"amended when {state}"),)),
        "approve": lambda story: (
            story.approval(which) if state in {"checked", "referred"} else Call((story.loan(which), 1, NOTHING, []))
        ),
        "propose": lambda story: Call((story.loan(which), _proposable(story, state))),
        "confirm": lambda story: Call((story.loan(which), NOTHING)),
        **dict.fromkeys(("check", "lapse", "mark_overdue"), lambda story: Call((story.loan(which),))),
    }  # fmt: skip
    for function in LOAN_STEPS:
        if function != "confirm" or state not in PENDING:
            usual: Callable[[Story], Call] = lambda story: Call((story.loan(which), f"when {state}"))  # noqa: E731
            yield Step("bank", f"loans:{function}", state, "", calls.get(function, usual))


def _proposable(story: Story, state: str) -> Proposal:
    """What may be proposed at a state, where anything may."""
    if state in {"disbursed", "overdue", "indemnity-sought", "written-off"}:
        return story.by_buyer() if state == "disbursed" else story.repaid({"amount": REST, "reference": state})
    return story.proposal(Taken.DISBURSEMENT)


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
        Step("bank", "documents:attach", "a scan of the invoice", "maker",
             lambda story: Call(("invoice", story.invoice().id, trade.SCAN))),
        Step("bank", "documents:put", "a bill of lading", "maker",
             _paper(lambda story: story.dated(trade.transport(story.serial)))),
        Step("bank", "documents:put", "a packing list", "both",
             _paper(lambda story: story.packing_list())),
    )  # fmt: skip


def authorised() -> Iterable[Step]:
    """What the exporter lets the lender read, once SAFE has opened the day on customs' channel."""
    return (
        Step("customs", "authorisations:open", "the business day of consent", "safe/officer",
             lambda story: Call((story.today,))),
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


def _of_next(make: Callable[[int], Document]) -> Step:
    """A paper of the next export, filed."""
    return Step("bank", "documents:put", "", "maker", _paper(lambda story: story.dated(make(story.serial + 1))))


def _pulled_next() -> Iterable[Step]:
    """The same of the next export."""
    exporter = trade.DONGYU.uscc
    return (
        Step("customs", "copies:declarations", "", "maker",
             lambda story: Call((exporter, [trade.number_of(story.serial + 1)]))),
        Step("fx", "copies:exchange", "", "maker",
             lambda story: Call((
                 exporter, [trade.number_of(story.serial + 1)], [compared_number(f"INV-{story.serial + 1}")], [],
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
        Step("customs", "copies:begin", "what customs keeps", "customs/officer", lambda _story: Call(())),
        Step("fx", "copies:begin", "what SAFE keeps", "safe/officer", lambda _story: Call(())),
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


def _listing(channel: str, by: str, thing: str) -> Iterable[Step]:
    """A watch list, from its heading to the day on which it holds."""
    own = channel == "bank"

    def edition(story: Story) -> Edition:
        force = LegalForce.INTERNAL if own else LegalForce.BINDING
        named = entry(f"Q-{story.serial}", f"Nobody of that name {story.serial}")
        return Edition.of(named, list_id=f"F-{story.serial}", own=own, force=force, valid_from=story.today)

    return (
        Step(channel, "watch:begin", thing, by, lambda story: Call((edition(story).heading,))),
        Step(channel, "watch:entries", "its entries", by,
             lambda story: Call((edition(story).filing, 0, edition(story).part(0)))),
        Step(channel, "watch:index", "its index", by,
             lambda story: Call((edition(story).filing, 0, edition(story).buckets(0)))),
        Step(channel, "watch:activate", "the whole of it", by, lambda story: Call((edition(story).filing,))),
        Step(channel, "watch:discard", "the edition that holds", "", lambda story: Call((edition(story).filing, 0))),
    )  # fmt: skip


def _screening(which: str) -> Iterable[Step]:
    """A loan held against the lists, which it does not hit."""
    return (
        Step("bank", "screening:record", "the maker's loan", "maker", lambda story: Call((story.loan(which),))),
        Step("bank", "screening:propose", "a hit that the loan has not", "",
             lambda story: Call((story.loan(which), NOTHING, "it is not they"))),
        Step("bank", "screening:confirm", "a clearing that nobody proposed", "", lambda _: Call((NOTHING, NOTHING))),
    )  # fmt: skip


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
    Step("fx", "documents:put", "a total-difference paper", "safe/officer",
         _paper(lambda story: story.total_difference())),
    opened_day("the business day"),
    opened_day("the same day anew"),
    *filed(),
    Step("bank", "documents:put", "an insurance document", "maker", _paper(lambda story: story.insurance())),
    Step("bank", "documents:put", "an exporter's copy of a declaration", "maker",
         _paper(lambda story: DeclarationCopy.of(story.declaration()))),
    *policy_made(),
    *authorised(),
    *pulled(),
    *_matching(),
    *_listing("fx", "safe/officer", "a watch list"),
    *_listing("bank", "maker", "the lender's own list"),
    # the first loan, from application to repayment
    applied("first", thing="a new loan"),
    matched("first", "a loan's papers"),
    *_screening("first"),
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
    proposed("first", Story.by_buyer, by="checker"),
    *_at("disbursed", "first"),
    confirmed("first", Story.by_buyer, by="head", thing="the checker's repayment in part, out of a receipt"),
    proposed("first", Taken.EXTENSION, by="both"),
    confirmed("first", Taken.EXTENSION, by="checker", thing="both's extension"),
    proposed("first", Taken.INDEMNITY, by="maker"),
    confirmed("first", Taken.INDEMNITY, by="checker", thing="the maker's request of an insurer"),
    *_at("indemnity-sought", "first"),
    proposed("first", Story.by_insurer, by="head"),
    confirmed("first", Story.by_insurer, by="checker", thing="head's repayment of the rest, by the insurer"),
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
    proposed("fifth", Taken.REPAYMENT, by="checker"),
    confirmed(
        "fifth", Taken.REPAYMENT, by="maker by name only", thing="the checker's repayment of what was written off"
    ),
    # one before shipment
    _of_next(trade.contract),
    Step("bank", "documents:put", "a letter of credit", "maker", _paper(lambda story: story.credit())),
    applied(PACKED),
    matched(PACKED),
    checked(PACKED),
    approved(PACKED),
    proposed(PACKED, Taken.DISBURSEMENT, by="maker"),
    confirmed(PACKED, Taken.DISBURSEMENT, by="checker"),
    *(_of_next(make) for make in (trade.invoice, trade.transport, trade.packing_list)),
    *_pulled_next(),
    # two that wait for the day
    *(step for which in ("eighth", "ninth") for step in (applied(which), checked(which), approved(which))),
    proposed("ninth", Taken.DISBURSEMENT, by="maker"),
    confirmed("ninth", Taken.DISBURSEMENT, by="checker"),
)  # fmt: skip
"""In the order in which they can be taken."""

DRAWN_BY: Final = TolerancePolicy(bank=LENDER_MSP).drawing_days


def later(story: Story) -> Sequence[tuple[int, Sequence[Step]]]:
    """What happens on later days: days since the story's, and the steps of that day."""
    matures = (story.matures_on - story.today).days
    return (
        (DRAWN_BY + 1, (
            proposed("eighth", Taken.DISBURSEMENT, by="",
                     thing="a disbursement of an approved loan, when drawing has ended"),
            by_day("eighth", "lapse", by="admin", thing="an approved loan, when drawing has ended"),
            *_at("lapsed", "eighth"),
        )),
        (matures, (by_day("ninth", "mark_overdue", thing="a loan on the day on which it matures"),)),
        (matures + 1, (
            by_day("ninth", "mark_overdue", by="clerk", thing="a loan on the day after"),
            *_at("overdue", "ninth"),
            proposed("ninth", Taken.REPAYMENT, by="maker"),
            confirmed("ninth", Taken.REPAYMENT, by="checker", thing="the maker's repayment of a loan that is overdue"),
        )),
    )  # fmt: skip


ENDING: Final[Sequence[Step]] = (
    proposed(PACKED, Taken.CONVERSION, by="maker", thing="a packing loan's conversion into an export bill"),
    matched(PACKED),
    Step("bank", "loans:preview_bill", "", "maker", lambda story: Call((story.loan(PACKED), story.bill())),
         of_loan=PACKED),
    proposed(PACKED, Taken.CONVERSION, by="maker"),
    confirmed(PACKED, Taken.CONVERSION, by="checker", thing="the maker's conversion of a packing loan"),
    confirmed(PACKED, Taken.CONVERSION, by="checker", thing="the same, confirmed by the checker already"),
    *_consenting(),
)  # fmt: skip
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
    named_elsewhere = {"currencies": ["USD"], "days": [story.today], "subjects": [], "foreign": [], "least": 88}
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
        "documents:attachments": named,
        "documents:seals": Call(([story.number],)),
        "documents:customs_facts": Call(([story.number], uscc, *period)),
        "documents:fx_facts": Call((uscc, [story.number], [], [], *period)),
        "documents:fx_case": Call((uscc, [story.number], [], [], *period, named_elsewhere)),
        "documents:rates": Call(([["USD", story.today]],)),
        "documents:receipts_for": Call((uscc, [story.number], [story.compared_invoice])),
        "financing:balance": Call((story.number,)),
        "loans:get": first,
        "loans:version": Call((story.loan("first"), 1, LENDER_MSP)),
        "loans:list": Call(("", 100, "", LENDER_MSP)),
        "loans:history": first,
        "loans:step": Call((story.loan("first"), 0, LENDER_MSP)),
        "loans:written": Call((story.loan("first"), 0, LENDER_MSP)),
        "loans:facts": first,
        "loans:preview": first,
        "loans:preview_bill": Call((story.loan(PACKED), story.bill(), None, LENDER_MSP)),
        "loans:named": Call((NOTHING, LENDER_MSP)),
        "loans:offered": first,
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
        "watch:lists": Call((LENDER_MSP,) if channel == "bank" else ()),
        "watch:entry": Call((f"F-{story.serial}", f"Q-{story.serial}", *([LENDER_MSP] if channel == "bank" else []))),
        "watch:listed": Call(([party("Nobody")], [], 88)),
        "watch:own": Call(([party("Nobody")], [], 88, LENDER_MSP)),
        "screening:recorded": Call(([story.loan("first")], LENDER_MSP)),
    }


def described(metadata: bytes, tag: str) -> set[str]:
    """The functions that the contracts describe with a tag: SUBMIT or EVALUATE."""
    contracts = json.loads(metadata)["contracts"]
    return {
        f"{name}:{function['name']}"
        for name, contract in contracts.items()
        for function in contract["transactions"]
        if tag in function["tag"]
    }
