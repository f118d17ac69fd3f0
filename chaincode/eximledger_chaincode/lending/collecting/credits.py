"""Knowing credits again: which entries of a bank's reports are one credit, and which entry takes one back.

The book holds what stands of the credits concerned, and files one entry after another into it. A receipt is the same as
one that stands where account and amount agree, they share a reference, nothing in them differs that only one payment
has, and they are of one day (or one of them is only announced). What cannot be told apart stands twice and is marked.
A debit of less than a credit takes a part of it back where it names a reference that banks gave to that credit alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, TypeVar

from eximledger_chaincode.documents import (
    FxReceipt,
    Identifier,
    ReceiptStatus,
    ReferenceKind,
    capitals,
    compared_number,
    filed_number,
)
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.errors import Refused

__all__ = ["CreditBook", "Likeness", "Outcome", "likeness", "lookups", "return_lookups"]

_STRONG: Final = {ReferenceKind.SERVICER, ReferenceKind.TRANSACTION}
_TELLING: Final = ("UETR", "TxId", "EndToEndId")
_OF_THE_LEDGER: Final = {
    "filed_as": None,
    "reversed_by": None,
    "reversed_receipt": None,
    "returned": None,
    "alike": (),
}

ItemT = TypeVar("ItemT")


class Likeness(Enum):
    """Whether two entries are one credit. ALIKE: they may be, and nothing in them tells."""

    SAME = auto()
    ALIKE = auto()
    DIFFERENT = auto()


def lookups(receipt: FxReceipt) -> tuple[str, ...]:
    """Under what a receipt is looked for by those that may be the same credit or take it back: one hash for each
    reference, and for its day, with account and amount."""
    values = [reference.value for reference in receipt.credit_references]
    values += [capitals(filed_number(each)) for each in receipt.reverses]
    place = receipt.statement
    values.append(f"at {place.form} {place.report} {place.place}" if place is not None else f"as {receipt.reference}")
    values += [f"on {receipt.dated}"] if receipt.status.rank else []
    account, money = compared_number(receipt.account), receipt.amount
    return tuple(
        sha256_hex(canonical_json([account, money.currency, str(money.amount), value]))[:40]
        for value in dict.fromkeys(values)
    )


def return_lookups(receipt: FxReceipt) -> tuple[str, ...]:
    """Under what a credit and a debit that takes a part of it back are looked for, whatever their amounts: one hash for
    each reference that banks gave. What payers gave they may use again."""
    values = [reference.value for reference in receipt.credit_references if reference.kind in _STRONG]
    if receipt.reverses:
        values = [capitals(filed_number(each)) for each in receipt.reverses]
    account, currency = compared_number(receipt.account), receipt.amount.currency
    return tuple(
        sha256_hex(canonical_json(["in part", account, currency, value]))[:40] for value in dict.fromkeys(values)
    )


def likeness(known: FxReceipt, new: FxReceipt) -> Likeness:
    """Whether `new` reports the credit that `known` reported."""
    if _cleared(known) == _cleared(new):
        return Likeness.SAME
    shared = set(known.credit_references) & set(new.credit_references)
    here, there = known.statement, new.statement
    one_place = here is not None and here == there
    if _differ(known, new):
        return Likeness.DIFFERENT
    if here is not None and there is not None and here.model_copy(update={"place": there.place}) == there:
        return Likeness.SAME if one_place else Likeness.DIFFERENT
    if not shared and known.credit_references and new.credit_references:
        return Likeness.DIFFERENT
    if any(reference.kind in _STRONG for reference in shared):
        return Likeness.SAME
    if not (known.status.rank and new.status.rank):  # an announcement, and what it announces
        return Likeness.SAME if shared else Likeness.DIFFERENT
    if shared and here is not None and there is not None and here.form != there.form:
        return Likeness.SAME  # a statement and a notification of one entry
    return Likeness.ALIKE


def _differ(known: FxReceipt, new: FxReceipt) -> bool:
    """Whether something differs that only one credit has."""
    if (known.amount, compared_number(known.account)) != (new.amount, compared_number(new.account)):
        return True
    if (bool(known.reverses), known.reversal) != (bool(new.reverses), new.reversal):
        return True
    if known.servicer and new.servicer and known.servicer != new.servicer:
        return True
    if known.status.rank and new.status.rank and not _one_day(known, new):
        return True
    return _other_references(known, new)


def _one_day(known: FxReceipt, new: FxReceipt) -> bool:
    if known.booked_on is not None and new.booked_on is not None:
        return known.booked_on == new.booked_on
    if known.value_on is not None and new.value_on is not None:
        return known.value_on == new.value_on
    return True


def _other_references(known: FxReceipt, new: FxReceipt) -> bool:
    """Whether they are different parts of an entry, or have references of one scheme of which none agrees."""
    if known.part is not None and new.part is not None and known.part != new.part:
        return True
    ours, theirs = _by_scheme(known), _by_scheme(new)
    return any(not ours[scheme] & theirs[scheme] for scheme in ours.keys() & theirs.keys())


def _by_scheme(receipt: FxReceipt) -> Mapping[str, AbstractSet[str]]:
    real = {reference.value for reference in receipt.credit_references}
    found: dict[str, set[str]] = {}
    for each in receipt.identifiers:
        if each.scheme in _TELLING and (value := capitals(filed_number(each.value))) in real:
            found.setdefault(each.scheme, set()).add(value)
    for kind, value in receipt.credit_references:
        if kind is ReferenceKind.SERVICER:
            found.setdefault("AcctSvcrRef", set()).add(value)
    return found


def _cleared(receipt: FxReceipt) -> FxReceipt:
    """As its filer wrote it, without what the ledger added."""
    return receipt.model_copy(update=_OF_THE_LEDGER)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Under which id a receipt stands now, and what there is to say of it ("" for nothing)."""

    id: str
    note: str = ""


@dataclass(slots=True)
class CreditBook:
    """Receipts by id, with everything that a filing may touch: what shares a lookup with it, what it names by id, and
    what has the ids (`numbered_id`, from 1) that it would be given next."""

    receipts: dict[str, FxReceipt]
    _found: dict[str, set[str]] = field(default_factory=dict)
    """By lookup: ids."""

    def __post_init__(self) -> None:
        for id_, receipt in self.receipts.items():
            self._index(id_, receipt)

    def file(self, receipt: FxReceipt) -> Outcome:
        """File one entry: a new credit, more of one that stands, or one that takes another back."""
        new = _cleared(receipt)
        if receipt.filed_as is not None and receipt.filed_as not in self.receipts:
            raise Refused(f"there is no receipt {receipt.filed_as} to amend", id=receipt.filed_as)
        before = receipt.filed_as or self._same(new)
        if before is None:
            return self._add(new)
        return self._again(before, new, is_meant=receipt.filed_as is not None)

    def _index(self, id_: str, receipt: FxReceipt) -> None:
        for lookup in (*lookups(receipt), *return_lookups(receipt)):
            self._found.setdefault(lookup, set()).add(id_)

    def _sharing(self, receipt: FxReceipt) -> list[str]:
        return sorted({id_ for lookup in lookups(receipt) for id_ in self._found.get(lookup, ())})

    def _sharing_in_part(self, receipt: FxReceipt) -> list[str]:
        return sorted({id_ for lookup in return_lookups(receipt) for id_ in self._found.get(lookup, ())})

    def _alike(self, new: FxReceipt, wanted: Likeness) -> list[str]:
        return [id_ for id_ in self._sharing(new) if likeness(self.receipts[id_], new) is wanted]

    def _same(self, new: FxReceipt) -> str | None:
        """The credit that this reports, by its place first; of several the one that went furthest."""
        found = self._alike(new, Likeness.SAME)
        exact = [id_ for id_ in found if self.receipts[id_].statement == new.statement]
        return max(exact or found, key=lambda id_: (self.receipts[id_].status.rank, id_), default=None)

    def _add(self, new: FxReceipt) -> Outcome:
        alike = self._alike(new, Likeness.ALIKE) if new.counts else []
        alike = [id_ for id_ in alike if self.receipts[id_].counts]
        number, id_ = 1, new.numbered_id(1)
        while id_ in self.receipts:
            number += 1
            id_ = new.numbered_id(number)
        self._put(id_, new.model_copy(update={"alike": tuple(alike)}))
        for other in alike:
            known = self.receipts[other]
            self._put(other, known.model_copy(update={"alike": tuple(sorted({*known.alike, id_}))}))
        note = f"cannot be told apart from receipt {', '.join(alike)}: both collect" if alike else ""
        return Outcome(id_, self._settle(id_) or note)

    def _again(self, id_: str, new: FxReceipt, *, is_meant: bool) -> Outcome:
        """A report of a credit that stands. Its status goes forward; what it names is not forgotten for a report of
        another place, which says less or more; who names the id or reports from the same place amends."""
        known = self.receipts[id_]
        if new.status.rank < known.status.rank:
            return Outcome(id_, f"changes nothing: receipt {id_} is {known.status} already")
        kept = {name: getattr(known, name) for name in _OF_THE_LEDGER}
        if new.amount != known.amount:  # who amends the amount says what is left of it
            kept["returned"] = None
        if is_meant or known.statement == new.statement:
            uscc = new.exporter_uscc or known.exporter_uscc
            self._put(id_, new.model_copy(update=kept | {"exporter_uscc": uscc}))
        elif new.status.rank > known.status.rank:
            self._put(id_, new.model_copy(update=kept | _joined(new, known)))
        else:
            self._put(id_, known.model_copy(update=_joined(known, new)))
        return Outcome(id_, self._settle(id_) if self.receipts[id_] != known else "")

    def _put(self, id_: str, receipt: FxReceipt) -> None:
        if (before := self.receipts.get(id_)) is not None:
            for lookup in (*lookups(before), *return_lookups(before)):
                self._found[lookup].discard(id_)
        filed_as = None if receipt.numbered_id(1) == id_ else id_
        self.receipts[id_] = receipt.model_copy(update={"filed_as": filed_as})
        self._index(id_, receipt)

    # -- reversals -------------------------------------------------------------------------------------------------

    def _settle(self, id_: str) -> str:
        """After a booking: let a reversal find its credit, and a credit the reversals that wait for it."""
        receipt = self.receipts[id_]
        if receipt.status is not ReceiptStatus.BOOKED:
            return ""
        if receipt.reverses:
            return self._reverse(id_)
        if receipt.reversal:
            return self._restore(id_)
        for waiting in [each for each in self._sharing(receipt) if self._waits(each)]:
            if id_ in self._reversible(self.receipts[waiting]) and self._reverse(waiting):
                if self.receipts[id_].status is ReceiptStatus.REVERSED:
                    return f"reversed by {waiting}, which was filed before it"
                if self.receipts[waiting].reversed_receipt == id_:
                    return f"was reversed by {waiting}, which was taken back itself: it stands"
                return f"may be what {waiting} reverses, and so may others: say which by filing it as reversed"
        return self._return_waiting(id_)

    def _return_waiting(self, id_: str) -> str:
        """Let a credit have the debits that wait to take a part of it back."""
        waiting = [each for each in self._sharing_in_part(self.receipts[id_]) if self._waits(each)]
        taken = [each for each in waiting if self._returnable(self.receipts[each]) == [id_]]
        for each in taken:
            self._return(each, id_)
        return f"taken back in part by {', '.join(taken)}, filed before it" if taken else ""

    def _waits(self, id_: str) -> bool:
        receipt = self.receipts[id_]
        return bool(receipt.reverses) and receipt.reversed_receipt is None and receipt.status is ReceiptStatus.BOOKED

    def _reverse(self, id_: str) -> str:
        reversal = self.receipts[id_]
        found = self._reversible(reversal)
        if reversal.reversed_receipt is not None:
            return f"reverses receipt {reversal.reversed_receipt}"
        in_part = self._returnable(reversal) if not found else []
        if len(in_part) == 1:
            return self._return(id_, in_part[0])
        if len(found) != 1:
            met = f"{len(found)} credits ({', '.join(found)})" if found else "no credit"
            return f"meets {met} of this account, amount and reference: nothing is reversed"
        (credit,) = found
        update = {"status": ReceiptStatus.REVERSED, "reversed_by": id_}
        self._put(credit, self.receipts[credit].model_copy(update=update))
        self._put(id_, reversal.model_copy(update={"reversed_receipt": credit}))
        back = [note for each in self._sharing(reversal) if (note := self._restore(each))]
        return back[0] if back else f"reverses receipt {credit}"

    # -- a part that is taken back ---------------------------------------------------------------------------------

    def _return(self, id_: str, credit: str) -> str:
        """Take the debit's amount off the credit."""
        debit, known = self.receipts[id_], self.receipts[credit]
        returned = debit.amount if known.returned is None else known.returned + debit.amount
        self._put(credit, known.model_copy(update={"returned": returned}))
        self._put(id_, debit.model_copy(update={"reversed_receipt": credit}))
        return f"takes {debit.amount} of receipt {credit} back"

    def _returnable(self, debit: FxReceipt) -> list[str]:
        """The credits of which it may take a part back: found by a reference that banks gave, or the ledger's id; of
        its bank and account, not later than it, and of which so much is left."""
        candidates = [each for each in debit.reverses if each in self.receipts] + self._sharing_in_part(debit)
        return [id_ for id_ in dict.fromkeys(candidates) if _is_meant_in_part(self.receipts[id_], debit)]

    # -- a reversal that is taken back itself ----------------------------------------------------------------------

    def _restore(self, id_: str) -> str:
        """Of money that came back: where it takes back the one debit that had taken a credit back, that credit stands
        again."""
        receipt = self.receipts[id_]
        if not receipt.reversal or receipt.reversed_receipt is not None or receipt.status is not ReceiptStatus.BOOKED:
            return ""
        found = [each for each in self._sharing(receipt) if self._is_taken_back(self.receipts[each], receipt)]
        if len(found) != 1:
            return ""
        (debit,) = found
        credit = self.receipts[debit].reversed_receipt
        assert credit is not None  # noqa: S101 - found by it
        self._put(debit, self.receipts[debit].model_copy(update={"status": ReceiptStatus.REVERSED, "reversed_by": id_}))
        self._put(id_, receipt.model_copy(update={"reversed_receipt": debit}))
        self._put(credit, self.receipts[credit].model_copy(update=self._as_before(credit, debit)))
        return f"takes back {debit}: receipt {credit} stands again"

    def _as_before(self, credit: str, debit: str) -> dict[str, object]:
        """What a credit has without what a debit took back of it, all or a part."""
        known, amount = self.receipts[credit], self.receipts[debit].amount
        if known.reversed_by == debit:
            return {"status": ReceiptStatus.BOOKED, "reversed_by": None}
        if known.returned is None or known.returned <= amount:
            return {"returned": None}
        return {"returned": known.returned - amount}

    def _is_taken_back(self, debit: FxReceipt, receipt: FxReceipt) -> bool:
        """Whether a debit that took a credit back may be what this receipt takes back: not later, and of one bank,
        account, amount and reference."""
        if (
            not debit.reverses
            or debit.status is not ReceiptStatus.BOOKED
            or debit.reversed_receipt not in self.receipts
        ):
            return False
        if (debit.amount, compared_number(debit.account)) != (receipt.amount, compared_number(receipt.account)):
            return False
        if debit.servicer and receipt.servicer and debit.servicer != receipt.servicer:
            return False
        if debit.booked_on and receipt.booked_on and debit.booked_on > receipt.booked_on:
            return False
        named = {capitals(filed_number(each)) for each in debit.reverses}
        named |= {reference.value for reference in debit.credit_references}
        return not named.isdisjoint(reference.value for reference in receipt.credit_references)

    def _reversible(self, reversal: FxReceipt) -> list[str]:
        """The credits that it may mean: of its account and amount, not later than it, with one of its references."""
        named = {capitals(filed_number(each)) for each in reversal.reverses}
        return [id_ for id_ in self._candidates(reversal) if self._is_meant(id_, reversal, named)]

    def _candidates(self, reversal: FxReceipt) -> Iterator[str]:
        yield from _each_once(
            [*(each for each in reversal.reverses if each in self.receipts), *self._sharing(reversal)]
        )

    def _is_meant(self, id_: str, reversal: FxReceipt, named: AbstractSet[str]) -> bool:
        credit = self.receipts[id_]
        by_reference = {reference.value for reference in credit.credit_references} & named
        if credit.status is not ReceiptStatus.BOOKED or credit.reverses or credit.reversal:
            return False
        if credit.amount != reversal.amount or not _may_take_back(reversal, credit):
            return False
        return bool(by_reference) or id_ in reversal.reverses


def _is_meant_in_part(credit: FxReceipt, debit: FxReceipt) -> bool:
    return (
        credit.counts
        and credit.amount.currency == debit.amount.currency
        and debit.amount <= credit.kept
        and _may_take_back(debit, credit)
    )


def _may_take_back(debit: FxReceipt, credit: FxReceipt) -> bool:
    """Whether the debit is of the credit's account, as far as both say of its bank, and not before it."""
    if compared_number(credit.account) != compared_number(debit.account):
        return False
    if credit.servicer and debit.servicer and credit.servicer != debit.servicer:
        return False
    return not (credit.booked_on and debit.booked_on and credit.booked_on > debit.booked_on)


def _joined(base: FxReceipt, other: FxReceipt) -> dict[str, object]:
    """What two reports of one credit say together of what it names and by what it is known, for the base to have."""
    own = set(base.credit_references)
    numbers = [
        Identifier(scheme=_SCHEME_OF[kind], value=value)
        for kind, value in other.credit_references
        if (kind, value) not in own and "\n" not in value
    ]
    agree = base.instructed_amount in (None, other.instructed_amount)
    return {
        "exporter_uscc": base.exporter_uscc or other.exporter_uscc,
        "payer": base.payer or other.payer,
        "statement": base.statement or other.statement,
        "instructed_amount": base.instructed_amount or other.instructed_amount,
        "exchanges": base.exchanges or other.exchanges,
        "charges": base.charges or other.charges,
        "remittance": _each_once([*base.remittance, *other.remittance]),
        "references": _each_once([*base.references, *other.references]),
        "allocations": base.allocations or (other.allocations if agree else ()),
        "identifiers": _each_once([*base.identifiers, *numbers]),
        "reverses": _each_once([*base.reverses, *other.reverses]),
    }


_SCHEME_OF: Final = {
    ReferenceKind.SERVICER: "AcctSvcrRef",
    ReferenceKind.TRANSACTION: "TxId",
    ReferenceKind.PAYER: "EndToEndId",
}


def _each_once(items: Iterable[ItemT]) -> tuple[ItemT, ...]:
    return tuple(dict.fromkeys(items))
