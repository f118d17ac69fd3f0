"""Who may do what at which step, and who reads private papers: design.md 3 and docs/contracts.md, as data.

Stated by hand. The tests compare it with what ledgers answer, for every transaction and query that the contracts
describe on every channel; whoever adds one must say here whose it is. Who is not named for a step is refused as not
authorized (403).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from tests.trust.forgery.persons import EXPIRED, LENDER, PERSONS, STRANGER, member_of

__all__ = [
    "CHANNELS",
    "CHECKERS",
    "GROUPS",
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
    """Who is let do it (`yes`), who is told that it cannot be done now (`late`, 422), and who that what they say is
    wrong (`wrong`, 400); the rest are refused."""

    yes: People
    late: People = NOBODY
    wrong: People = NOBODY

    def expected(self, person: str) -> str:
        if person in self.yes:
            return "yes"
        return "422" if person in self.late else "400" if person in self.wrong else "403"


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
    "propose": (NAMED, NAMED, frozenset({"approved", "disbursed"})),
    "confirm": (NOBODY, CHECKERS, frozenset()),
}
"""Each step of a loan of the maker's: who is let take it in the states in which it can be taken, who is told in the
others that it cannot, and which states these are. What may be confirmed depends on who proposed it: rows of its own."""
STATES: Final = (
    "applied", "referred", "checked", "approved", "disbursed", "closed", "rejected", "withdrawn", "written-off",
)  # fmt: skip
PENDING: Final = frozenset({"approved", "disbursed"})
"""States in which the story has something to confirm."""


def _walk() -> Mapping[Row, Right]:
    """Every step of a loan at every state."""
    return {
        ("bank", f"loans:{step}", state): Right(people) if state in states else Right(NOBODY, late)
        for state in STATES
        for step, (people, late, states) in LOAN_STEPS.items()
        if step != "confirm" or state not in PENDING
    }


WALK: Final = _walk()
"""By function and state."""

WRITES: Final[Mapping[Row, Right]] = {
    ("customs", "consortium:configure", "the members"): Right(CUSTOMS | SAFE | BANKS),
    ("fx", "consortium:configure", "the members"): Right(SAFE | BANKS),
    ("bank", "consortium:configure", "the members"): Right(BANKS | SAFE),
    ("customs", "documents:put", "a declaration"): Right(CUSTOMS),
    ("customs", "documents:put_many", "declarations"): Right(CUSTOMS),
    ("customs", "documents:put", "a declaration, amended"): Right(CUSTOMS),
    ("fx", "documents:put", "an exporter's class"): Right(SAFE),
    ("fx", "documents:put_many", "rates"): Right(SAFE),
    ("fx", "documents:put", "a receipt"): Right(SAFE),
    ("bank", "calendar:open", "the business day"): Right(SAFE),
    ("bank", "calendar:open", "the same day anew"): Right(SAFE),
    ("bank", "documents:put", "a contract"): Right(BANKS),
    ("bank", "documents:put_many", "invoices"): Right(BANKS),
    ("bank", "documents:put", "a bill of lading"): Right(BANKS),
    ("bank", "documents:put", "a packing list"): Right(BANKS),
    ("bank", "policies:propose", "the lender's policy"): Right(NAMED, wrong=OTHER_BANK),
    ("bank", "policies:confirm", "the policy that head proposed"): Right(POLICY - {"head"}),
    ("bank", "policies:confirm", "the policy that risk confirmed, again"): Right(frozenset({"risk"}), POLICY),
    ("bank", "loans:apply", "a new loan"): Right(BANKS),
    **WALK,
    ("bank", "loans:approve", "the maker's loan, the maker's papers, head's and risk's policy"): Right(APPROVERS),
    ("bank", "loans:approve", "the same, approved by the checker already"): Right(THE_CHECKER, DECIDERS),
    ("bank", "loans:approve", "a loan whose version 1 both applied for, version 2 the maker"): Right(APPROVERS - BOTH),
    ("bank", "loans:reject", "a loan whose version 1 both applied for, version 2 the maker"): Right(DECIDERS - BOTH),
    ("bank", "loans:approve", "the maker's loan on a packing list that both filed"): Right(APPROVERS - BOTH),
    ("bank", "loans:approve", "the maker's loan on a packing list that both filed and the maker amended"): Right(
        APPROVERS - BOTH
    ),
    ("bank", "loans:confirm", "the maker's disbursement"): Right(CHECKERS - THE_MAKER),
    ("bank", "loans:confirm", "the same, confirmed by both already"): Right(BOTH, CHECKERS),
    ("bank", "loans:confirm", "the checker's repayment"): Right(CHECKERS - THE_CHECKER),
    ("bank", "loans:confirm", "both's withdrawal of an approved loan"): Right(CHECKERS - BOTH),
    ("bank", "loans:confirm", "the maker's write-off"): Right(CHECKERS - THE_MAKER),
}  # fmt: skip
"""Every way to write, and who may."""

READERS: Final[People] = LENDERS | SAFE
"""Who reads the lender's papers."""
ON_BANK: Final[People] = OTHER_BANK | LENDERS | SAFE


@dataclass(frozen=True, slots=True)
class Reading:
    """Who is answered with what is in the lender's papers, who with something else, and who asks on the wrong
    channel."""

    papers: People = NOBODY
    other: People = NOBODY
    misplaced: People = NOBODY

    def expected(self, person: str) -> str:
        if person in self.papers:
            return "papers"
        return "other" if person in self.other else "422" if person in self.misplaced else "403"


READS: Final[Mapping[tuple[str, str], Reading]] = {
    ("bank", "documents:get"): Reading(READERS),
    ("bank", "documents:get_many"): Reading(READERS),
    ("bank", "documents:history"): Reading(READERS, OTHER_BANK),
    ("bank", "loans:facts"): Reading(READERS),
    ("bank", "loans:preview"): Reading(other=READERS),
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
    "documents:entry": frozenset(CHANNELS),
    "documents:find": frozenset(CHANNELS),
    "documents:list": frozenset(CHANNELS),
    "documents:history": frozenset(CHANNELS),
    "documents:customs_facts": frozenset({"customs"}),
    "documents:fx_facts": frozenset({"fx"}),
    "documents:rates": frozenset({"fx"}),
    "financing:balance": frozenset({"bank"}),
    "loans:get": frozenset({"bank"}),
    "loans:version": frozenset({"bank"}),
    "loans:list": frozenset({"bank"}),
    "loans:history": frozenset({"bank"}),
    "loans:written": frozenset({"bank"}),
    "loans:facts": frozenset({"bank"}),
    "loans:preview": frozenset({"bank"}),
    "policies:book": frozenset({"bank"}),
}
"""Every query, and the channels that answer it."""


def reading_of(channel: str, function: str) -> Reading:
    """What a query answers on a channel: to all its people the same, unless it is in `READS`."""
    if channel not in QUERIES_OF[function]:
        return Reading(misplaced=CHANNELS[channel])
    return READS.get((channel, function)) or Reading(other=CHANNELS[channel])
