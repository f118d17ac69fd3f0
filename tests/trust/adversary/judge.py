"""The judge: after every step, whether what was committed may have been. It believes no contract's word for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Final

from tests.trust.adversary.chain import Committed
from tests.trust.adversary.claims import CENTS, Claim, Knowledge, Unconvertible
from tests.trust.adversary.hidden import (
    SEAL,
    Consents,
    Json,
    Violation,
    canonical,
    json_of,
    name_of,
    require,
    require_place,
    unsealed,
)
from tests.trust.adversary.life import Life, amount_of
from tests.trust.adversary.people import BANKS, Actor

__all__ = ["Judge", "day_of", "items_of"]

_WRITERS: Final = {
    "declaration": ("customs",), "receipt": ("safe",), "rate": ("safe",), "classification": ("safe",),
}  # fmt: skip
_MARKING: Final = frozenset({"loans:approve", "loans:confirm", "loans:lapse"})
_OPENED: Final = frozenset({"disbursement", "extension"})
"""Steps that count on the business day on which they were endorsed."""
_DRAWING_DAYS: Final = 30
"""Where policy says nothing else."""
_CHINA: Final = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Reading:
    """What peers read of the other channels, and of the day, when they endorse an approval."""

    opening: int
    claims: Mapping[str, Claim]
    eligible: Fraction
    standing: object


@dataclass
class Seen:
    """What the judge remembers of a loan beside its record."""

    applicants: list[Actor] = field(default_factory=list)
    proposed: tuple[str, Actor] | None = None
    """The proposal as committed, and who made it."""


@dataclass
class Judge:
    """Keeps its own books of what was committed."""

    actors: Mapping[str, Actor]
    """By certificate."""
    contents: Mapping[str, Json]
    """Papers that players tried to file, by the SHA-256 that their public entry has."""
    knows: Knowledge = field(default_factory=Knowledge)
    loans: dict[str, Json] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    entries: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    """By kind, id and bank ("" for public kinds)."""
    writers: dict[tuple[str, str, str], list[Actor]] = field(default_factory=dict)
    """Of every version."""
    positions: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    books: dict[str, Json] = field(default_factory=dict)
    policy_proposers: dict[str, tuple[str, Actor]] = field(default_factory=dict)
    opening: int = 0
    day: date | None = None
    ever_approved: dict[str, set[str]] = field(default_factory=dict)
    """The loans that ever were approved on a paper, by the paper's number."""
    evidence: dict[str, object] = field(default_factory=dict)
    """What stood when a verdict was recorded, by its evidence hash."""
    approvals: int = 0
    authorities: int = 0
    """What customs and SAFE have written, counted."""
    authorities_at: dict[str, tuple[int, date]] = field(default_factory=dict)
    """How much that was, and on which day, when a verdict was recorded last, by its evidence hash."""
    consents: Consents = field(default_factory=Consents)
    lives: dict[str, Life] = field(default_factory=dict)
    """Of loans that were approved."""
    taken: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    """By bank and receipt what repaid its loans."""
    owners: dict[str, str] = field(default_factory=dict)
    """The bank that first used a loan's id."""
    seals: dict[str, str] = field(default_factory=dict)
    """By the public name of the position that each opens."""
    marks: dict[str, Json] = field(default_factory=dict)
    makers: dict[tuple[str, int], tuple[Actor, Actor]] = field(default_factory=dict)
    """Who proposed and confirmed a bank's policy, by its version."""
    _witnessed: dict[str, Reading] = field(default_factory=dict)
    _openings: dict[str, int] = field(default_factory=dict)

    # -- what a transaction changed --------------------------------------------------------------------------------

    def judge(self, committed: Committed) -> None:
        """Raises `Violation`."""
        if not committed.is_valid or not committed.wrote:
            return
        actor = self.actors.get(committed.creator)
        if actor is None:  # who founded the channels
            require(committed.function == "consortium:configure", "somebody unknown wrote", committed)
            return
        require(actor.member != "stranger", actor, "wrote", list(committed.writes))
        self.authorities += committed.channel != "bank" and committed.function.startswith("documents:")
        if committed.channel == "fx" and committed.function.startswith("documents:put"):
            self.knows.report(committed.arguments)
        for (collection, _), value in committed.private.items():
            require_place(committed, actor, collection)
            self._private(committed, actor, collection, value)
        ordered = sorted(committed.writes.items(), key=lambda item: "\x00position\x00" in item[0])
        for key, value in ordered:
            kind, *parts = key.split("\x00")[1:-1] if key.startswith("\x00") else [key]
            if kind == "business-day":
                require(actor.member == "safe", actor, "opened a business day")
                if committed.channel == "bank":
                    self._opened(json.loads(value or b""))
            elif kind == "document":
                self._document(committed, actor, "", json.loads(value or b""))
            elif kind == "position":
                self._position(actor, parts[0], value)
            elif kind == "financed":
                self._financed(committed, actor, parts[0], value)

    def _private(self, committed: Committed, actor: Actor, collection: str, value: bytes | None) -> None:
        """A private value, by what it says of itself."""
        shared, bank = collection.startswith("shared-"), collection.partition("-")[2]
        if collection == "declarations" and value and SEAL.fullmatch(value):
            self.seals[name_of(value.decode())] = value.decode()
        said = json_of(value)
        if said is None:
            return
        if shared:
            if committed.channel != "bank" and "document" in said:
                self._copied(committed, bank, said)
        elif "document" in said and said.get("transaction_id") == committed.transaction_id:
            self._document(committed, actor, bank, said)
        elif "loan" in said and said.get("transaction_id") == committed.transaction_id:
            self._loan(committed, actor, said["loan"])
        elif said.get("kind") == "policy-book":
            self._book(actor, said)
        elif "consents" in said:
            self.consents.file(said)

    def check_all(self) -> None:
        """What is held of each declaration is what its loans hold."""
        held: dict[str, dict[str, Fraction]] = {}
        for life in self.lives.values():
            for number, (currency, amount) in life.held.items():
                of = held.setdefault(number, {})
                of[currency] = of.get(currency, Fraction(0)) + amount
        stand = {number: amounts for number, amounts in self.positions.items() if amounts}
        require(stand == held, "positions", stand, "are not what loans hold", held)

    # -- papers ----------------------------------------------------------------------------------------------------

    def _document(self, committed: Committed, actor: Actor, bank: str, value: Json) -> None:
        kind, id_ = value["kind"], value["id"]
        require(actor.member in _WRITERS.get(kind, BANKS), actor, "wrote a", kind)
        require(bank in ("", actor.msp_id), actor, "wrote a paper of", bank)
        before = self.entries.get((kind, id_, bank))
        require(before is None or before["issuer"] == actor.msp_id, actor, "amended", kind, id_)
        self.entries[kind, id_, bank] = value
        self.writers.setdefault((kind, id_, bank), []).append(actor)
        document = value["document"]
        require(self.contents.get(value["sha256"]) in (None, document), "another", kind, "than was filed", id_)
        if kind == "declaration":
            self.knows.declarations[id_] = document
        elif kind == "rate":
            priced = Fraction(document["cny"]) / document["unit"]
            self.knows.rates[document["currency"], date.fromisoformat(document["quoted_on"])] = priced
        elif bank:
            self.knows.papers[bank, kind, value["number"]] = document

    # -- loans -----------------------------------------------------------------------------------------------------

    def _loan(self, committed: Committed, actor: Actor, after: Json) -> None:
        loan_id = self.named(after["bank"], after["loan_id"])
        before, seen = self.loans.get(loan_id), self.seen.setdefault(loan_id, Seen())
        require(after["bank"] == actor.msp_id, actor, "wrote loan", loan_id, "of", after["bank"])
        state = before["state"] if before else None
        if committed.function == "loans:apply":
            require(state in {None, "applied", "checked", "referred"}, "applied for loan", loan_id, "that is", state)
            seen.applicants.append(actor)
        if after["state"] == "approved" and state != "approved":
            require(state in {"checked", "referred"}, "approved loan", loan_id, "that was", state)
            self._approved(committed, actor, after)
        if after["state"] == "rejected" and state != "rejected":
            require("checker" in actor.roles, actor, "rejected loan", loan_id)
            require(not any(actor.is_same(each) for each in seen.applicants), actor, "rejected an own application")
        if loan_id in self.lives:
            self._lived(committed, actor, before or {}, after)
        proposed = after.get("proposed")
        if proposed and (before is None or before.get("proposed") != proposed):
            seen.proposed = (canonical(proposed["proposal"]), actor)
        if after["state"] == "checked" and committed.function == "loans:check":
            self._recorded(after, committed.at)
        self.loans[loan_id] = after

    def _approved(self, committed: Committed, actor: Actor, loan: Json) -> None:
        """Held by all + asked <= open claim, eligible >= amount, by another person with the role, on that evidence."""
        self.approvals += 1
        bank, application = loan["bank"], loan["application"]["document"]
        loan_id = self.named(bank, loan["loan_id"])
        seen = self.seen[loan_id]
        _function, said, version, evidence, *_ = (each.decode() for each in committed.arguments)
        require(said == loan["loan_id"], "approved loan", loan_id, "for", said)
        require("checker" in actor.roles, actor, "approved without the role")
        require(not any(actor.is_same(each) for each in seen.applicants), actor, "approved an own application")
        barred = self.barred(loan, day_of(committed.at))
        require(not any(actor.is_same(each) for each in barred), actor, "approved on own papers or an own policy")
        require(loan["approval"]["evidence_hash"] == evidence, "approved over other evidence than was said")
        require(int(version) == loan["version"], "approved version", loan["version"], "for", version)
        stood = self.evidence.get(evidence)
        require(stood is not None, "approved over evidence that no check recorded:", evidence)
        read = self._witnessed.pop(committed.transaction_id, None) or self.reading(loan, committed.at)
        require(read.opening == self.opening, "approved before opening", self.opening, "and ordered after it")
        require(stood == read.standing, "evidence", stood, "became", read.standing, "and its hash did not change")
        amount = Fraction(application["amount"]["amount"])
        require(
            amount <= read.eligible + CENTS,
            "loan",
            loan_id,
            "of",
            float(amount),
            "on",
            float(read.eligible),
            "eligible",
        )
        for number, (currency, asked) in items_of(loan).items():
            claim, held = read.claims[number], dict(self.held(number))
            held[currency] = held.get(currency, Fraction(0)) + asked
            taken = claim.taken(held)
            require(taken <= claim.amount + CENTS, "of", number, float(taken), "is held, open", float(claim.amount))
        for _bank, name in self._paper_names(loan):
            self.ever_approved.setdefault(name, set()).add(loan_id)
        owner = application["applicant"]["uscc"]
        require(self.consents.allow(bank, owner, day_of(committed.at)), bank, "lent on what it may not read of", owner)
        require(bank == actor.msp_id, actor, "approved a loan of", bank)
        day = day_of(committed.at)
        drawing = int(self.knows.policy(bank, day).get("drawing_days", _DRAWING_DAYS))
        self.lives[loan_id] = Life(
            loan_id, amount, items_of(loan), date.fromisoformat(application["matures_on"]), application["terms"],
            day + timedelta(days=drawing),
        )  # fmt: skip

    def _lived(self, committed: Committed, actor: Actor, before: Json, after: Json) -> None:
        """Whatever an approved loan comes to: a step of two persons, or what the day brings; and what it holds then."""
        loan_id = self.named(after["bank"], after["loan_id"])
        life, made, today = self.lives[loan_id], before.get("payments", []), day_of(committed.at)
        new = after.get("payments", [])[len(made) :]
        require(after.get("payments", [])[: len(made)] == made, "a step of loan", loan_id, "was changed")
        require(len(new) <= 1, "two steps of loan", loan_id, "at once")
        if new:
            self._stepped(committed, actor, after, new[0])
        elif after["state"] == "lapsed" != before["state"]:
            life.lapse(today)
        elif after["state"] == "overdue" != before["state"]:
            life.overdue(today)
        require(after["state"] == life.state, "loan", loan_id, "is", after["state"], "and should be", life.state)
        held = {
            item["declaration_number"]: (item["amount"]["currency"], Fraction(item["amount"]["amount"]))
            for item in after.get("held", ())
        }
        require(held == life.held, "loan", loan_id, "holds", held, "and should hold", life.held)

    def _stepped(self, committed: Committed, actor: Actor, after: Json, payment: Json) -> None:
        """A step of money, or the end of an approved loan: proposed by one person, confirmed by another."""
        loan_id = self.named(after["bank"], after["loan_id"])
        step, seen = payment["proposal"]["step"], self.seen[loan_id]
        require(seen.proposed is not None, "a step that nobody proposed")
        said, proposer = seen.proposed or ("", actor)
        require(canonical(payment["proposal"]) == said, "another step than was proposed:", payment)
        require(not proposer.is_same(actor), actor, "proposed and confirmed", step)
        require("checker" in actor.roles, actor, "confirmed without the role")
        require(proposer.msp_id == actor.msp_id == after["bank"], "a step of another bank's")
        require(after.get("proposed") is None, "a step that can be confirmed again")
        seen.proposed = None
        if step in _OPENED:
            opening = self._openings.pop(committed.transaction_id, self.opening)
            require(opening == self.opening, step, "before opening", self.opening, "and ordered after it")
        if payment["proposal"].get("receipt"):
            self._out_of_receipt(after, payment["proposal"])
        self.lives[loan_id].take(payment, day_of(committed.at))

    def _out_of_receipt(self, loan: Json, said: Json) -> None:
        """Booked, for the loan's exports, and by all loans of the bank never more than came."""
        receipt = self.entries["receipt", said["receipt"], ""]["document"]
        credit = self.knows.credits[receipt["account"], receipt["reference"]]
        paid = (said.get("exchange") or {}).get("money") or said["amount"]
        if said.get("exchange"):
            due = Fraction(paid["amount"]) * Fraction(said["exchange"]["rate"])
            require(abs(due - amount_of(said)) <= CENTS / 10, "a receipt sold for", said["amount"], "not", float(due))
        numbers, invoices = set(items_of(loan)), set(loan["application"]["document"]["invoices"])
        require(credit.booked and not credit.reversed, "repaid out of a receipt that is not booked:", receipt)
        named = credit.declarations.keys() & numbers or credit.invoices & invoices
        require(bool(named), "repaid out of", receipt, "for", loan)
        require(paid["currency"] == credit.currency, "repaid in", paid, "out of", credit.currency)
        key = loan["bank"], said["receipt"]
        self.taken[key] = self.taken.get(key, Fraction(0)) + Fraction(paid["amount"])
        require(self.taken[key] <= credit.amount, "more of receipt", said["receipt"], "than came:", self.taken[key])

    def _recorded(self, loan: Json, at: datetime) -> None:
        """The same hash never stands for other evidence."""
        evidence, now = loan["verdict"]["evidence_hash"], self.standing(loan, at)
        self.authorities_at[evidence] = self.authorities, day_of(at)
        known = self.evidence.setdefault(evidence, now)
        require(known == now, "one evidence hash for", known, "and", now)

    # -- what stands -----------------------------------------------------------------------------------------------

    def witness(self, transaction_id: str, loan_id: str, at: datetime) -> None:
        """An approval was endorsed now, and will be ordered some time: what its peers have read."""
        self._witnessed[transaction_id] = self.reading(self.loans[loan_id], at)

    def witness_opening(self, transaction_id: str) -> None:
        """A disbursement or an extension was endorsed now, and will be ordered some time."""
        self._openings[transaction_id] = self.opening

    def reading(self, loan: Json, at: datetime) -> Reading:
        """As peers read now. Raises `Violation` where what they read has no value."""
        invoices = list(loan["application"]["document"]["invoices"])
        items = items_of(loan)
        try:
            claims = {number: self.knows.claim(loan["bank"], number, invoices) for number in items}
            eligible = self.knows.eligible(loan["bank"], items, day_of(at))
        except (Unconvertible, KeyError) as missing:
            raise Violation(f"approved on what nobody can value: {missing}") from missing
        return Reading(self.opening, claims, eligible, self.standing(loan, at))

    def barred(self, loan: Json, day: date) -> list[Actor]:
        """Who may not decide: who applied, wrote a paper, or made the policy."""
        found = [*self.seen[self.named(loan["bank"], loan["loan_id"])].applicants]
        found += [writer for key in self._papers(loan) for writer in self.writers.get(key, ())]
        version = self.knows.policy_version(loan["bank"], day)
        return [*found, *self.makers.get((loan["bank"], version), ())]

    def held(self, number: str) -> dict[str, Fraction]:
        """By all loans that hold, of one declaration."""
        found: dict[str, Fraction] = {}
        for life in self.lives.values():
            if number in (items := life.held):
                currency, amount = items[number]
                found[currency] = found.get(currency, Fraction(0)) + amount
        return found

    def standing(self, loan: Json, at: datetime) -> object:
        """What an officer judges: versions of papers and lists, and the policy. Neither holds nor quotations."""
        application = loan["application"]["document"]
        uscc = application["applicant"]["uscc"]
        versions = [(key, self.entries[key]["version"]) for key in sorted(self._papers(loan)) if key in self.entries]
        classes = [
            (key, entry["version"]) for key, entry in self.entries.items()
            if key[0] == "classification" and entry.get("exporter") == uscc
        ]  # fmt: skip
        return canonical(
            [loan["loan_id"], loan["version"], versions, sorted(classes), self.knows.policy(loan["bank"], day_of(at))]
        )

    def _papers(self, loan: Json) -> list[tuple[str, str, str]]:
        """The keys of the papers that a loan names."""
        numbers = set(items_of(loan))
        names = {name for _kind, name in self._paper_names(loan)}
        uscc = loan["application"]["document"]["applicant"]["uscc"]
        return [
            key for key, entry in self.entries.items()
            if (key[0] == "declaration" and key[1] in numbers)
            or (key[2] == loan["bank"] and entry["number"] in names and entry["exporter"] == uscc)
        ]  # fmt: skip

    def _paper_names(self, loan: Json) -> list[tuple[str, str]]:
        application = loan["application"]["document"]
        fields = {"contract": "contracts", "letter-of-credit": "letters_of_credit",
                  "invoice": "invoices", "transport": "transport_documents",
                  "packing-list": "packing_lists"}  # fmt: skip
        return [(kind, name) for kind, named in fields.items() for name in application[named]]

    def is_known_paper(self, loan: Json) -> bool:
        """Whether another loan ever was approved on one of its papers."""
        own = self.named(loan["bank"], loan["loan_id"])
        return any(self.ever_approved.get(name, set()) - {own} for _kind, name in self._paper_names(loan))

    def named(self, bank: str, loan_id: str) -> str:
        """What the judge calls a loan: banks do not know one another's ids, so two may use one."""
        first = self.owners.setdefault(loan_id, bank)
        return loan_id if first == bank else f"{loan_id}@{bank}"

    # -- consent ---------------------------------------------------------------------------------------------------

    def _copied(self, committed: Committed, bank: str, record: Json) -> None:
        """A bank gets no document but of an exporter that lets it read it."""
        owner, day = record["exporter"], day_of(committed.at)
        if owner is None:  # a receipt that does not say whose it is goes to who shows an invoice that it names
            return
        require(self.consents.allow(bank, owner, day), bank, "got", record["kind"], record["id"], "of", owner)

    # -- positions, policies, days ---------------------------------------------------------------------------------

    def _position(self, actor: Actor, name: str, value: bytes | None) -> None:
        require(name in self.seals and bool(value), actor, "wrote a position that no declaration has:", name)
        said = json_of(unsealed(self.seals[name], value or b"")) or {}
        number = said["declaration_number"]
        total = {money["currency"]: Fraction(money["amount"]) for money in said["held"]}
        self.positions[number] = total
        require(total == self.held(number), actor, "left a position of", total, "where loans hold", self.held(number))

    def _financed(self, committed: Committed, actor: Actor, token: str, value: bytes | None) -> None:
        """Who has a paper, under an opaque token: marks are left by loans, and none is ever taken away."""
        require(committed.function in _MARKING, actor, "wrote who has a paper:", token)
        before, after = self.marks.get(token, {}), (json_of(value) or {}).get("marks", {})
        require(before.keys() <= after.keys(), actor, "took away that a paper is financed:", token)
        require(len(after.keys() - before.keys()) <= 1, actor, "left marks of more than one loan:", token)
        self.marks[token] = after

    def _book(self, actor: Actor, book: Json) -> None:
        bank = book["bank"]
        require(actor.msp_id == bank, actor, "wrote the policies of", bank)
        before = self.books.get(bank, {"policies": []})
        proposed = book.get("proposed")
        if proposed and proposed != before.get("proposed"):
            self.policy_proposers[bank] = (canonical(proposed["policy"]), actor)
        known = {each["record"]["version"] for each in before["policies"]}
        for each in book["policies"]:
            if each["record"]["version"] not in known:
                said, proposer = self.policy_proposers[bank]
                require(canonical(each["record"]["document"]) == said, "another policy than was proposed")
                require("policy" in actor.roles, actor, "confirmed a policy without the role")
                require(not proposer.is_same(actor), actor, "proposed and confirmed a policy")
                self.makers[bank, each["record"]["version"]] = proposer, actor
        self.books[bank] = book
        self.knows.policies[bank] = [dict(each["record"]) for each in book["policies"]]

    def _opened(self, value: Json) -> None:
        require(self.opening in {0, value["opening"] - 1}, "an opening was left out")
        opened = date.fromisoformat(value["day"])
        require(self.day is None or opened >= self.day, "a business day went back to", opened)
        self.opening, self.day = value["opening"], opened


def items_of(loan: Json) -> dict[str, tuple[str, Fraction]]:
    """What a loan asks of each declaration."""
    return {
        item["declaration_number"]: (item["amount"]["currency"], Fraction(item["amount"]["amount"]))
        for item in loan["application"]["document"]["declarations"]
    }


def day_of(at: datetime) -> date:
    return at.astimezone(_CHINA).date()
