"""What each member may see, as docs/security-model.md promises it: one row for each kind of fact.

The test finds out who sees what, and fails where that is not what stands here; the page is written from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["FACTS", "INFERRED", "SHOWN", "Fact", "FactRow", "Seer"]


class Seer(StrEnum):
    """Who a member is to a fact."""

    BANK = "its bank"
    """Whose paper or loan it is; of what customs and SAFE file, a bank that the exporter has authorised."""
    OTHER = "another bank"
    """At work on the ledger, with clients of its own, and not authorised for this exporter."""
    GUEST = "a bank authorised for nothing"
    SAFE = "SAFE"
    CUSTOMS = "customs"


class Fact(StrEnum):
    """The kinds of facts that the story plants."""

    EXPORTER = "exporter"
    DECLARATION = "declaration"
    RECEIPT = "receipt"
    CLASS = "class"
    PAPER = "paper"
    ATTACHMENT = "attachment"
    FINGERPRINT = "fingerprint"
    LOAN = "loan"
    HELD = "held"
    REASON = "reason"
    PAYMENT = "payment"
    FINDING = "finding"
    POLICY = "policy"
    AUTHORISATION = "authorisation"
    WATCHED = "watched"


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row of the table: the fact in words, who sees it, and what holds it back from the others."""

    fact: Fact
    words: str
    seen_by: frozenset[Seer]
    held_back: str


_WITH_SAFE: Final = frozenset({Seer.BANK, Seer.SAFE})
_WITH_CUSTOMS: Final = frozenset({Seer.BANK, Seer.SAFE, Seer.CUSTOMS})

FACTS: Final[Mapping[Fact, FactRow]] = {
    each.fact: each
    for each in (
        FactRow(
            Fact.EXPORTER, "who the exporter is: USCC and names", _WITH_CUSTOMS,
            "never in an argument, a key, an event or an error's text; keys of private collections are HMACs under a "
            "secret of the collection",
        ),
        FactRow(
            Fact.DECLARATION,
            "a declaration: number, buyer, amounts, goods, the bill's and the contract's number, remarks, amendments, "
            "cancellation", _WITH_CUSTOMS,
            "collection `declarations` (customs, SAFE); copies in `shared-{MSP}` of banks that the exporter authorised",
        ),
        FactRow(
            Fact.RECEIPT, "a receipt: reference, account, payer, amount, what it names; its amendments", _WITH_SAFE,
            "collection `receipts` (SAFE); copies in `shared-{MSP}` of banks that the exporter authorised",
        ),
        FactRow(
            Fact.CLASS, "SAFE's class of the exporter: grade, notice, name", _WITH_SAFE,
            "as receipts",
        ),
        FactRow(
            Fact.PAPER,
            "a bank's papers: invoice, letter of credit and packing list, their numbers, amounts and notes",
            _WITH_SAFE,
            "collection `papers-{MSP}` (the bank, SAFE), sent as transient data",
        ),
        FactRow(
            Fact.ATTACHMENT, "what a bank attached to a paper: the file's hash and name", _WITH_SAFE,
            "collection `papers-{MSP}`, sent as transient data; the bytes are on no peer",
        ),
        FactRow(
            Fact.FINGERPRINT, "a plain hash of a paper, a loan or one of their parts, by which a guess is tried",
            _WITH_SAFE,
            "every private value holds 128 random bits or more; papers are matched by tokens under a secret of SAFE's "
            "peers",
        ),
        FactRow(
            Fact.LOAN, "a loan: id, purpose, amount, what it occupies of each declaration", _WITH_SAFE,
            "collection `papers-{MSP}`; lists page over public rows of opaque ids",
        ),
        FactRow(
            Fact.HELD, "how much of a declaration is held in all, and so by others", _WITH_SAFE,
            "the public position is sealed with a secret that stands in the declaration and is copied with it",
        ),
        FactRow(
            Fact.REASON,
            "why: reasons of referrals, rejections, withdrawals, extensions, overrides, write-offs, clearings of a "
            "list's hits", _WITH_SAFE, "in the loan; a clearing in the bank's collection",
        ),
        FactRow(
            Fact.PAYMENT,
            "a payment: amount, reference, interest, what was taken of which receipt and at which rate, numbers of "
            "conditions, the insurer; proposed or confirmed", _WITH_SAFE,
            "in the loan; what was taken of a receipt in the bank's collection",
        ),
        FactRow(
            Fact.FINDING, "what the rules found: verdict, quotations of papers, ids of findings, evidence hash",
            _WITH_SAFE, "in the loan",
        ),
        FactRow(Fact.POLICY, "a bank's policy: its numbers", _WITH_SAFE, "collection `papers-{MSP}`"),
        FactRow(
            Fact.AUTHORISATION, "an exporter's authorisation: bank, purpose, from, until", _WITH_CUSTOMS,
            "as the declarations, copied to the bank that is authorised",
        ),
        FactRow(
            Fact.WATCHED,
            "a bank's own watch list: its name and edition, whom it names and hits, its entries' ids and hashes",
            _WITH_SAFE, "collection `papers-{MSP}`, index and all, sent as transient data",
        ),
    )
}  # fmt: skip

SHOWN: Final = (
    "who signed a transaction (certificate, member), who endorsed it, when, in which block, and whether it counts",
    "the function called, whether it was answered, and how long the sealed answer and the private writes are, to a "
    "padding",
    "which opaque rows a transaction read and wrote, and in whose collections it wrote",
    "SAFE's business day, reference rates and watch lists, customs' price bands, the members and the floors",
)
"""What every block shows to every member of its channel."""

INFERRED: Final = (
    "how many steps of which kind a bank takes, and how busy its officers are",
    "that two transactions concern one loan, one declaration or one exporter, from the opaque keys that they share; "
    "not which, but for an exporter that has ever authorised a bank: this bank knows its keys again, and so can tell, "
    "also when the authorisation has ended, that customs or SAFE filed something more of it, and when",
    "of an exporter that has authorised a bank: which other banks it has authorised, and which of the declarations "
    "that it shows to both these have copies of, for one transaction brings up all copies, and collections bear their "
    "banks' names",
    "of a declaration for which a bank is authorised: that its balance was looked at or moved, and when; with the "
    "blocks' signatures, by which bank; of two banks that hold, each learns the other's part from the total",
    "that a paper of a bank's own is or was financed at another bank: the matching is there to say so; and, since a "
    "check reads the rows of its papers' tokens, that another bank has checked a loan on this paper or one like it, "
    "when, and with the blocks' signatures which bank",
    "of a row of financed papers: how many loans rest on one paper, and whether they stand, were paid out or never "
    "drawn; of which paper, only who has it can tell",
    "how many documents customs, SAFE or a bank files, and when",
    "that a bank files a watch list of its own, and of its size the order of magnitude",
)
"""What may be concluded from that and is not held back."""
