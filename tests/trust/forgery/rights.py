"""Who may do what at which step, and who reads private papers: design.md 3 and docs/contracts.md, as data.

Stated by hand. The tests compare it with what ledgers answer, for every transaction and query that the contracts
describe on every channel; whoever adds one must say here whose it is. Who is not named for a step is refused as not
authorized (403).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tests.trust.forgery.persons import EXPIRED, LENDER, PERSONS, STRANGER, member_of

__all__ = [
    "CHANNELS",
    "CHECKERS",
    "GROUPS",
    "LATER",
    "LATE_STATES",
    "LOAN_STEPS",
    "ONE_AND_THE_SAME",
    "PENDING",
    "PEOPLE",
    "QUERIES_OF",
    "READS",
    "STATES",
    "WALK",
    "WRITES",
    "People",
    "Right",
    "Row",
    "reading_of",
]  # fmt: skip

People: TypeAlias = frozenset[str]
Row: TypeAlias = tuple[str, str, str]
"""Channel, function, and whose or which thing it is about."""

PEOPLE: Final = tuple(PERSONS)
NOBODY: Final[People] = frozenset()
LENDERS: Final[People] = frozenset(
    person for person in PEOPLE if member_of(person) == LENDER and person not in {EXPIRED, STRANGER}
)
"""All of the lender's with a certificate that holds."""
NAMED: Final[People] = LENDERS - {"nameless"}
"""Those of them who are somebody: acts are theirs alone."""
THE_MAKER: Final[People] = frozenset({"maker", "MAKER anew", "maker by enrolment"})
THE_CHECKER: Final[People] = frozenset({"checker", "Checker anew"})
BOTH: Final[People] = frozenset({"both", "BOTH anew"})
CHECKERS: Final[People] = frozenset({
    "checker", "Checker anew", "both", "BOTH anew", "head", "MAKER anew", "maker by enrolment", "maker by name only",
})  # fmt: skip
"""The lender's whose certificates have the duty, whoever they are."""
POLICY: Final[People] = frozenset({"risk", "head"})
OTHER_BANK: Final[People] = frozenset({"eximbank/maker", "eximbank/checker", "eximbank/admin"})
SAFE: Final[People] = frozenset({"safe/officer", "safe/checker", "safe/admin"})
CUSTOMS: Final[People] = frozenset({"customs/officer", "customs/admin"})
BANKS: Final[People] = NAMED | OTHER_BANK
POLICY_MAKERS: Final[People] = frozenset({"head", "risk"})
"""Who made the lender's policy in the story: head proposed it, risk confirmed it."""

GROUPS: Final[Mapping[str, People]] = {
    "the lender's": NAMED,
    "nameless": frozenset({"nameless"}),
    "the other bank's": OTHER_BANK,
    "SAFE's": SAFE,
    "customs'": CUSTOMS,
}
"""Names for many at once."""
ONE_AND_THE_SAME: Final[Mapping[str, People]] = {
    "the maker": THE_MAKER,
    "the checker": THE_CHECKER,
    "both": BOTH,
    "head": frozenset({"head"}),
}
"""Names for one person with several certificates."""

CHANNELS: Final[Mapping[str, People]] = {
    "customs": CUSTOMS | SAFE | OTHER_BANK | LENDERS,
    "fx": SAFE | OTHER_BANK | LENDERS,
    "bank": OTHER_BANK | LENDERS | SAFE,
}
"""Whose people a channel knows."""


@dataclass(frozen=True, slots=True)
class Right:
    """Who is let do it (`yes`), who is told that it cannot be done now (`late`, 422), who that what they say is wrong
    (`wrong`, 400), and who that there is no such thing (`absent`, 404); the rest are refused."""

    yes: People
    late: People = NOBODY
    wrong: People = NOBODY
    absent: People = NOBODY

    def expected(self, person: str) -> str:
        if person in self.yes:
            return "yes"
        refusals = {"422": self.late, "400": self.wrong, "404": self.absent}
        return next((number for number, people in refusals.items() if person in people), "403")


DECIDERS: Final[People] = CHECKERS - THE_MAKER
"""Who may decide what the maker applied for."""
APPROVERS: Final[People] = DECIDERS - POLICY_MAKERS
"""And whose policy it is not judged by."""

LOAN_STEPS: Final[Mapping[str, tuple[People, People, frozenset[str]]]] = {
    "apply": (NAMED, NAMED, frozenset({"applied", "checked", "referred"})),
    "check": (NAMED, NAMED, frozenset({"applied", "checked", "referred"})),
    "refer": (NAMED, NAMED, frozenset({"applied", "checked", "referred"})),
    "reject": (DECIDERS, DECIDERS, frozenset({"applied", "checked", "referred"})),
    "withdraw": (NAMED, NAMED, frozenset({"applied", "checked", "referred"})),
    "approve": (APPROVERS, DECIDERS, frozenset({"checked", "referred"})),
    "propose": (NAMED, NAMED, frozenset({"approved", "disbursed", "overdue", "indemnity-sought", "written-off"})),
    "confirm": (NOBODY, CHECKERS, frozenset()),
    "lapse": (NAMED, NAMED, frozenset({"lapsed"})),
    "mark_overdue": (NAMED, NAMED, frozenset({"overdue"})),
}
"""Each step of a loan of the maker's: who is let take it in the states in which it can be taken, who is told in the
others that it cannot, and which states these are. What may be confirmed depends on who proposed it, and a loan lapses
and is overdue by the day: rows of their own."""
STATES: Final = (
    "applied", "referred", "checked", "approved", "disbursed", "indemnity-sought", "closed", "rejected", "withdrawn",
    "written-off",
)  # fmt: skip
LATE_STATES: Final = ("lapsed", "overdue")
"""Those that a loan comes to by the day alone: seen where a clock can be moved."""
PENDING: Final = frozenset({"approved", "disbursed"})
"""States in which the story has something to confirm."""


def _step(step: str, people: People, late: People) -> Right:
    """The other bank has no such loan; where it applies, it is for one of its own."""
    late = NOBODY if people else late
    return Right(people | OTHER_BANK, late) if step == "apply" else Right(people, late, absent=OTHER_BANK)


def _walk(walked: Sequence[str]) -> Mapping[Row, Right]:
    """Every step of a loan at these states."""
    return {
        ("bank", f"loans:{step}", state): _step(step, people if state in states else NOBODY, late)
        for state in walked
        for step, (people, late, states) in LOAN_STEPS.items()
        if step != "confirm" or state not in PENDING
    }


WALK: Final = _walk((*STATES, *LATE_STATES))
"""By function and state."""


def _loan(people: People, late: People = NOBODY) -> Right:
    """A step of the lender's loan; the other bank has none."""
    return Right(people, late, absent=OTHER_BANK)


WRITES: Final[Mapping[Row, Right]] = {
    ("customs", "consortium:configure", "the members"): Right(CUSTOMS | SAFE | BANKS),
    ("fx", "consortium:configure", "the members"): Right(SAFE | BANKS),
    ("bank", "consortium:configure", "the members"): Right(BANKS | SAFE),
    ("customs", "documents:put", "a declaration"): Right(CUSTOMS),
    ("customs", "documents:put_many", "declarations"): Right(CUSTOMS),
    ("customs", "documents:put", "a declaration, amended"): Right(CUSTOMS),
    ("customs", "documents:put", "a price band"): Right(CUSTOMS),
    ("fx", "documents:put", "an exporter's class"): Right(SAFE),
    ("fx", "documents:put_many", "rates"): Right(SAFE),
    ("fx", "documents:put", "a receipt"): Right(SAFE),
    ("fx", "documents:put", "a total-difference paper"): Right(SAFE),
    ("bank", "calendar:open", "the business day"): Right(SAFE),
    ("bank", "calendar:open", "the same day anew"): Right(SAFE),
    ("bank", "documents:put", "a contract"): Right(BANKS),
    ("bank", "documents:put_many", "invoices"): Right(BANKS),
    ("bank", "documents:put", "a bill of lading"): Right(BANKS),
    ("bank", "documents:put", "a packing list"): Right(BANKS),
    ("bank", "documents:put", "an insurance document"): Right(BANKS),
    ("bank", "documents:put", "an exporter's copy of a declaration"): Right(BANKS),
    ("bank", "documents:put", "a letter of credit"): Right(BANKS),
    ("bank", "documents:attach", "a scan of the invoice"): Right(NAMED, absent=OTHER_BANK),
    ("bank", "policies:propose", "the lender's policy"): Right(NAMED, wrong=OTHER_BANK),
    ("bank", "policies:confirm", "the policy that head proposed"): Right(POLICY - {"head"}),
    ("bank", "policies:confirm", "the policy that risk confirmed, again"): Right(frozenset({"risk"}), POLICY),
    ("customs", "authorisations:authorise", "what an exporter has signed for the lender"): Right(NAMED),
    ("customs", "authorisations:consent", "an officer's word for an exporter's, which no floor allows"): Right(
        NOBODY, late=NAMED
    ),
    ("customs", "authorisations:revoke", "what an exporter has revoked"): Right(NAMED | SAFE | CUSTOMS),
    ("customs", "authorisations:open", "the business day of consent"): Right(SAFE),
    ("customs", "copies:begin", "what customs keeps"): Right(SAFE | CUSTOMS),
    ("fx", "copies:begin", "what SAFE keeps"): Right(SAFE),
    ("customs", "copies:declarations", "an exporter's declarations"): Right(NAMED),
    ("fx", "copies:exchange", "an exporter's classes and receipts"): Right(NAMED),
    ("customs", "copies:keep", "declarations that the lender's loans hold"): Right(NAMED, late=OTHER_BANK),
    ("fx", "copies:keep", "declarations that the lender's loans hold"): Right(NAMED, late=OTHER_BANK),
    ("customs", "copies:purge", "the lender's copies, which the exporter allows"): Right(
        NOBODY, late=NAMED | SAFE | CUSTOMS
    ),
    ("fx", "copies:purge", "the lender's copies, which the exporter allows"): Right(NOBODY, late=NAMED | SAFE),
    ("customs", "copies:purge", "the lender's copies, which nobody allows"): Right(NAMED | SAFE | CUSTOMS),
    ("fx", "copies:purge", "the lender's copies, which nobody allows"): Right(NAMED | SAFE),
    ("bank", "register:rotate", "the secret for matching"): Right(SAFE),
    ("bank", "register:rekey", "marks"): Right(SAFE),
    ("bank", "register:retire", "a secret that nothing has followed"): Right(SAFE),
    ("bank", "register:match", "a loan's papers"): Right(NAMED, wrong=SAFE, absent=OTHER_BANK),
    ("fx", "watch:begin", "a watch list"): Right(SAFE),
    ("fx", "watch:entries", "its entries"): Right(SAFE),
    ("fx", "watch:index", "its index"): Right(SAFE),
    ("fx", "watch:activate", "the whole of it"): Right(SAFE),
    ("fx", "watch:discard", "the edition that holds"): Right(NOBODY, late=SAFE),
    ("bank", "watch:begin", "the lender's own list"): Right(BANKS),
    ("bank", "watch:entries", "its entries"): Right(NAMED, absent=OTHER_BANK),
    ("bank", "watch:index", "its index"): Right(NAMED, absent=OTHER_BANK),
    ("bank", "watch:activate", "the whole of it"): Right(NAMED, absent=OTHER_BANK),
    ("bank", "watch:discard", "the edition that holds"): Right(NOBODY, late=NAMED, absent=OTHER_BANK),
    ("bank", "loans:apply", "a new loan"): Right(BANKS),
    ("bank", "screening:record", "the maker's loan"): _loan(NAMED),
    ("bank", "screening:propose", "a hit that the loan has not"): _loan(NOBODY, NAMED),
    ("bank", "screening:confirm", "a clearing that nobody proposed"): Right(
        NOBODY, absent=CHECKERS | {"eximbank/checker"}
    ),
    **_walk(STATES),
    ("bank", "loans:approve", "the maker's loan, the maker's papers, head's and risk's policy"): _loan(APPROVERS),
    ("bank", "loans:approve", "the same, approved by the checker already"): _loan(THE_CHECKER, DECIDERS),
    ("bank", "loans:approve", "a loan whose version 1 both applied for, version 2 the maker"): _loan(APPROVERS - BOTH),
    ("bank", "loans:reject", "a loan whose version 1 both applied for, version 2 the maker"): _loan(DECIDERS - BOTH),
    ("bank", "loans:approve", "the maker's loan on a packing list that both filed"): _loan(APPROVERS - BOTH),
    ("bank", "loans:approve", "the maker's loan on a packing list that both filed and the maker amended"): _loan(
        APPROVERS - BOTH
    ),
    ("bank", "loans:confirm", "the maker's disbursement"): _loan(CHECKERS - THE_MAKER),
    ("bank", "loans:confirm", "the same, confirmed by both already"): _loan(BOTH, CHECKERS),
    ("bank", "loans:confirm", "the checker's repayment in part, out of a receipt"): _loan(CHECKERS - THE_CHECKER),
    ("bank", "loans:confirm", "both's extension"): _loan(APPROVERS - BOTH),
    ("bank", "loans:confirm", "the maker's request of an insurer"): _loan(CHECKERS - THE_MAKER),
    ("bank", "loans:confirm", "head's repayment of the rest, by the insurer"): _loan(CHECKERS - {"head"}),
    ("bank", "loans:confirm", "both's withdrawal of an approved loan"): _loan(CHECKERS - BOTH),
    ("bank", "loans:confirm", "the maker's write-off"): _loan(CHECKERS - THE_MAKER),
    ("bank", "loans:confirm", "the checker's repayment of what was written off"): _loan(CHECKERS - THE_CHECKER),
    ("bank", "loans:propose", "a packing loan's conversion into an export bill"): _loan(NAMED),
    ("bank", "loans:confirm", "the maker's conversion of a packing loan"): _loan(APPROVERS),
    ("bank", "loans:confirm", "the same, confirmed by the checker already"): _loan(THE_CHECKER, CHECKERS),
}  # fmt: skip
"""Every way to write, and who may."""

LATER: Final[Mapping[Row, Right]] = {
    ("bank", "loans:propose", "a disbursement of an approved loan, when drawing has ended"): _loan(NOBODY, NAMED),
    ("bank", "loans:lapse", "an approved loan, when drawing has ended"): _loan(NAMED),
    ("bank", "loans:mark_overdue", "a loan on the day on which it matures"): _loan(NOBODY, NAMED),
    ("bank", "loans:mark_overdue", "a loan on the day after"): _loan(NAMED),
    **_walk(LATE_STATES),
    ("bank", "loans:confirm", "the maker's repayment of a loan that is overdue"): _loan(CHECKERS - THE_MAKER),
}
"""And when days have passed."""

READERS: Final[People] = LENDERS | SAFE
"""Who reads the lender's papers."""
ON_BANK: Final[People] = OTHER_BANK | LENDERS | SAFE


@dataclass(frozen=True, slots=True)
class Reading:
    """Who is answered with what is in the lender's papers, who with something else, who is told that there is no such
    thing (404), and who asks on the wrong channel (422); the rest are refused."""

    papers: People = NOBODY
    other: People = NOBODY
    absent: People = NOBODY
    misplaced: People = NOBODY

    def expected(self, person: str) -> str:
        answers = {"papers": self.papers, "other": self.other, "404": self.absent, "422": self.misplaced}
        return next((answer for answer, people in answers.items() if person in people), "403")


LENT: Final = Reading(other=READERS)
"""What the lender and SAFE see."""
COPIED: Final = Reading(other=CUSTOMS | READERS, absent=OTHER_BANK)
"""What the exporter lets the lender see."""
RECEIVED: Final = Reading(other=READERS, absent=OTHER_BANK)
BUREAU: Final = Reading(other=SAFE)

READS: Final[Mapping[tuple[str, str], Reading]] = {
    **{("bank", f"documents:{name}"): Reading(READERS) for name in ("get", "get_many", "history")},
    **{("bank", f"documents:{name}"): LENT for name in ("find", "list", "attachments")},
    **{
        ("bank", f"loans:{name}"): LENT
        for name in ("get", "version", "list", "history", "step", "written", "preview", "preview_bill", "offered")
    },
    ("bank", "loans:facts"): Reading(READERS),
    ("bank", "loans:named"): Reading(absent=READERS),
    ("bank", "financing:balance"): RECEIVED,
    ("bank", "policies:book"): LENT,
    ("bank", "register:usage"): LENT,
    ("bank", "register:generations"): BUREAU,
    ("bank", "register:pairs"): BUREAU,
    **{("bank", f"supervision:{name}"): BUREAU for name in ("papers", "balances", "usage")},
    ("customs", "supervision:kept"): BUREAU,
    ("fx", "supervision:kept"): BUREAU,
    ("bank", "watch:lists"): LENT,
    ("bank", "watch:entry"): LENT,
    ("bank", "watch:own"): LENT,
    ("bank", "screening:recorded"): LENT,
    **{("customs", f"documents:{name}"): COPIED for name in ("get", "history")},
    ("customs", "documents:customs_facts"): Reading(other=CUSTOMS | READERS),
    ("customs", "authorisations:standing"): Reading(other=CUSTOMS | READERS),
    ("customs", "authorisations:book"): Reading(other=CUSTOMS | READERS),
    ("customs", "authorisations:list"): Reading(other=CUSTOMS | SAFE),
    ("customs", "copies:owned"): Reading(other=BANKS | LENDERS, absent=CUSTOMS | SAFE),
    ("customs", "copies:recipients"): Reading(other=CUSTOMS | SAFE),
    **{("fx", f"documents:{name}"): RECEIVED for name in ("get", "history")},
    ("fx", "documents:fx_facts"): LENT,
    ("fx", "documents:fx_case"): LENT,
}
"""Queries whose answer depends on who asks."""

QUERIES_OF: Final[Mapping[str, frozenset[str]]] = {
    "calendar:day": frozenset({"bank"}),
    "consortium:members": frozenset(CHANNELS),
    "consortium:floors": frozenset(CHANNELS),
    "consortium:voters": frozenset(CHANNELS),
    "consortium:ballots": frozenset(CHANNELS),
    "documents:get": frozenset(CHANNELS),
    "documents:get_many": frozenset(CHANNELS),
    "documents:find": frozenset(CHANNELS),
    "documents:list": frozenset(CHANNELS),
    "documents:history": frozenset(CHANNELS),
    "documents:attachments": frozenset({"bank"}),
    "documents:customs_facts": frozenset({"customs"}),
    "documents:fx_facts": frozenset({"fx"}),
    "documents:fx_case": frozenset({"fx"}),
    "documents:rates": frozenset({"fx"}),
    "documents:receipts_for": frozenset({"fx"}),
    "documents:seals": frozenset({"customs"}),
    "financing:balance": frozenset({"bank"}),
    "loans:get": frozenset({"bank"}),
    "loans:version": frozenset({"bank"}),
    "loans:list": frozenset({"bank"}),
    "loans:history": frozenset({"bank"}),
    "loans:step": frozenset({"bank"}),
    "loans:written": frozenset({"bank"}),
    "loans:facts": frozenset({"bank"}),
    "loans:preview": frozenset({"bank"}),
    "loans:preview_bill": frozenset({"bank"}),
    "loans:named": frozenset({"bank"}),
    "loans:offered": frozenset({"bank"}),
    "authorisations:standing": frozenset({"customs"}),
    "authorisations:book": frozenset({"customs"}),
    "authorisations:list": frozenset({"customs"}),
    "copies:owned": frozenset({"customs"}),
    "copies:recipients": frozenset({"customs"}),
    "register:generations": frozenset({"bank"}),
    "register:pairs": frozenset({"bank"}),
    "register:usage": frozenset({"bank"}),
    "supervision:papers": frozenset({"bank"}),
    "supervision:balances": frozenset({"bank"}),
    "supervision:usage": frozenset({"bank"}),
    "supervision:kept": frozenset({"customs", "fx"}),
    "policies:book": frozenset({"bank"}),
    "watch:lists": frozenset({"fx", "bank"}),
    "watch:entry": frozenset({"fx", "bank"}),
    "watch:listed": frozenset({"fx"}),
    "watch:own": frozenset({"bank"}),
    "screening:recorded": frozenset({"bank"}),
}
"""Every query, and the channels that answer it."""


def reading_of(channel: str, function: str) -> Reading:
    """What a query answers on a channel: to all its people the same, unless it is in `READS`."""
    if channel not in QUERIES_OF[function]:
        return Reading(misplaced=CHANNELS[channel])
    return READS.get((channel, function)) or Reading(other=CHANNELS[channel])
