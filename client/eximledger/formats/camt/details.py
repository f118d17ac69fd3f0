"""What a camt entry or transaction says beside its amount: remittance, exchange, charges, codes and numbers."""

from __future__ import annotations

from collections.abc import Iterator

from eximledger.formats.text.terms import reference_kind
from eximledger.formats.text.values import currency_of, declaration_numbers_in, export_declaration_of, unique
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import (
    Allocation,
    AllowanceCharge,
    CurrencyExchange,
    Identifier,
    Money,
    Reference,
)

__all__ = [
    "Remittance",
    "allocations_of",
    "charges",
    "exchanges",
    "identifiers",
    "notes",
    "together",
    "transaction_code",
]

_AMOUNTS = ("InstdAmt", "TxAmt", "CntrValAmt", "AnncdPstngAmt", "PrtryAmt")
_STATED = ("RmtdAmt", "CdtNoteAmt", "DuePyblAmt")
_BEYOND = "amounts of declarations are more than zero and together no more than the receipt: it is not split by them"
_NOTE = "what a credit note takes off a paper is no payment of it"
_NOT_A_RATE = "an exchange has a rate above zero and currencies of ISO 4217"


class Remittance:
    """What the payer wrote, as text and as references; customs declarations named anywhere in it are references too.

    `allocations` is what of the receipt collects which declaration, as far as that is said and holds together.
    """

    def __init__(self, details: list[Node], amount: Money, instructed: Money | None) -> None:
        written: list[str] = []
        references: list[Reference] = []
        for node in details:
            for information in node.all("RmtInf"):
                written += information.lines("Ustrd")
                for structured in information.all("Strd"):
                    references += _structured(structured)
                    written += structured.lines("AddtlRmtInf")
        self.written = tuple(written)
        named = [number for text in written for number in declaration_numbers_in(text)]
        named += [number for reference in references for number in declaration_numbers_in(reference.number)]
        known = {reference.number for reference in references if reference.kind == "declaration"}
        references += [Reference(kind="declaration", number=number) for number in unique(named) if number not in known]
        self.references = unique(references)
        self.allocations = allocations_of(self.references, amount, instructed)
        if self.allocations is None:
            self.allocations = ()
            for node in details:
                for stated in [each for kind in _STATED for each in node.all("RmtInf", "Strd", "RfrdDocAmt", kind)]:
                    stated.unusable(_BEYOND)


def _structured(node: Node) -> Iterator[Reference]:
    """One `Strd`: the documents it pays, and the creditor's reference with the amount if there is no document."""
    documents = node.all("RfrdDocInf")
    amount = _remitted(node)
    is_note = node.find("RfrdDocAmt", "CdtNoteAmt") is not None and node.find("RfrdDocAmt", "RmtdAmt") is None
    own = amount if len(documents) == 1 else None
    found = [entry.spared(lambda each: _document(each, own, is_note=is_note)) for entry in documents]
    for entry in node.all("CdtrRefInf"):
        found.append(entry.spared(lambda each: _creditors(each, None if documents else amount, is_note=is_note)))
    yield from (reference for reference in found if reference is not None)


def _document(node: Node, amount: Money | None, *, is_note: bool) -> Reference | None:
    """A document that is paid; what a credit note takes off it is no payment."""
    number = node.text("Nb")
    code = node.text("Tp", "CdOrPrtry", "Cd") or node.text("Tp", "CdOrPrtry", "Prtry")
    if number is None:
        return None
    kind = reference_kind(number, code, code) or code or "document"
    if is_note and amount is not None and kind != "credit-note" and node.parent is not None:
        node.parent.need("RfrdDocAmt", "CdtNoteAmt").unusable(_NOTE)
        amount = None
    day = node.find("RltdDt", "Dt") or node.find("RltdDt")
    dated = day.spared(Node.day) if day is not None else None
    with node.located():
        return Reference(kind=kind, number=number, dated=dated, amount=amount)


def _creditors(node: Node, amount: Money | None, *, is_note: bool) -> Reference | None:
    """The creditor's own reference."""
    number = node.text("Ref")
    if number is None:
        return None
    codes = node.texts("Tp", "CdOrPrtry", "Cd") + node.texts("Tp", "CdOrPrtry", "Prtry")
    issuer = node.texts("Tp", "Issr")
    kind = "declaration" if export_declaration_of(number) else "creditor-reference"
    with node.located():
        return Reference(
            kind="credit-note" if is_note else kind,
            number=number,
            amount=amount,
            description=" ".join(codes + issuer) or None,
        )


def _remitted(node: Node) -> Money | None:
    """The amount of the reference: remitted, else of the credit note, else due."""
    if len(node.all("RfrdDocInf")) > 1 or not (node.all("RfrdDocInf") or node.all("CdtrRefInf")):
        return None
    for name in _STATED:
        if (amount := node.said_money("RfrdDocAmt", name)) is not None:
            return amount
    return None


def allocations_of(
    references: tuple[Reference, ...], amount: Money, instructed: Money | None
) -> tuple[Allocation, ...] | None:
    """What of the receipt collects which declaration; None where the amounts that are stated cannot be.

    One declaration takes the whole receipt; several take the amounts stated with them, where all have one in the
    receipt's currency. A receipt converted into CNY counts in its foreign currency. What of it counts, the ledger says.
    """
    whole = _whole(amount, instructed)
    found = [reference for reference in references if reference.kind == "declaration"]
    numbers = unique([reference.number for reference in found])
    stated = [reference.amount for reference in found if reference.amount is not None]
    if any(money.amount <= 0 for money in stated) or _is_beyond(stated, whole):
        return None
    if len(numbers) == 1:
        return (Allocation(declaration_number=numbers[0], amount=whole),)
    same = all(money.currency == whole.currency for money in stated)
    if not numbers or not same or len(stated) != len(found) or len(numbers) != len(found):
        return ()
    return tuple(Allocation(declaration_number=r.number, amount=r.amount) for r in found if r.amount is not None)


def _whole(amount: Money, instructed: Money | None) -> Money:
    if instructed is None or instructed.amount <= 0:
        return amount
    if instructed.currency == amount.currency:
        return max(amount, instructed)
    return instructed if amount.currency == "CNY" else amount


def _is_beyond(stated: list[Money], whole: Money) -> bool:
    own = [money for money in stated if money.currency == whole.currency]
    return sum(own, Money.zero(whole.currency)) > whole


def together(ordered: list[Money | None]) -> Money | None:
    """The sum, where all are said in one currency and it is no more than money can say."""
    said = [money for money in ordered if money is not None]
    if not said or len(said) < len(ordered) or len({money.currency for money in said}) > 1:
        return None
    try:
        return sum(said[1:], said[0])
    except ValueError:
        return None


def exchanges(details: list[Node]) -> tuple[CurrencyExchange, ...]:
    """Every exchange that the bank reports, each once; it stands beside any of the amounts."""
    places = [(name, "CcyXchg") for name in _AMOUNTS]
    nodes = [found for node in details for path in places for found in node.all("AmtDtls", *path)]
    nodes += [found for node in details for found in node.all("CcyXchg")]
    return unique([found for node in nodes if (found := node.spared(_exchange)) is not None])


def _exchange(node: Node) -> CurrencyExchange | None:
    source = currency_of(node.text("SrcCcy") or "")
    rate = node.decimal("XchgRate")
    if source is None or rate is None or rate <= 0:
        node.unusable(_NOT_A_RATE)
        return None
    with node.located():
        return CurrencyExchange(
            source=source,
            target=node.text("TrgtCcy"),
            unit=node.text("UnitCcy"),
            rate=rate,
            contract=node.text("CtrctId"),
            quoted_on=node.day("QtnDt"),
        )


def charges(details: list[Node]) -> tuple[AllowanceCharge, ...]:
    """Charges that the banks took: before version 04 each `Chrgs`, since then its records."""
    found: list[AllowanceCharge] = []
    for holder in [entry for node in details for entry in node.all("Chrgs")]:
        records = holder.all("Rcrd") or [holder]
        found += [charge for record in records if (charge := record.spared(_charge)) is not None]
    return tuple(found)


def _charge(record: Node) -> AllowanceCharge | None:
    amount = record.money("Amt")
    if amount is None:
        return None
    code = record.text("Tp", "Cd") or record.text("Tp", "Prtry", "Id") or record.text("Tp", "Prtry")
    with record.located():
        return AllowanceCharge(charge=record.text("CdtDbtInd") != "CRDT", amount=amount, reason_code=code)


def transaction_code(entry: Node, transaction: Node | None) -> str | None:
    """`PMNT/RCDT/ESCT` and the bank's own code behind it; the entry's in brackets where the transaction has another."""
    own = _code(transaction) if transaction is not None else None
    outer = _code(entry)
    if own is None or own == outer or outer is None:
        return own or outer
    return f"{own} ({outer})"


def _code(node: Node) -> str | None:
    paths = (("Domn", "Cd"), ("Domn", "Fmly", "Cd"), ("Domn", "Fmly", "SubFmlyCd"))
    domain = [text for path in paths for text in node.texts("BkTxCd", *path)]
    own = node.texts("BkTxCd", "Prtry", "Cd") + node.texts("BkTxCd", "Prtry", "Issr")
    return " ".join([*(["/".join(domain)] if domain else []), *own]) or None


def identifiers(details: list[Node]) -> list[Identifier]:
    """Numbers that the payer and the banks gave to the transaction. `NOTPROVIDED` is none."""
    found = []
    for reference in [entry for node in details for entry in node.all("Refs")]:
        for entry in reference.children:
            if entry.name == "Prtry":
                scheme, value = entry.text("Tp"), entry.text("Ref")
            else:
                scheme, value = entry.name, entry.value()
            if value is not None and value != "NOTPROVIDED":
                found.append(Identifier(scheme=scheme, value=value))
    return found


def notes(entry: Node, details: list[Node]) -> tuple[str, ...]:
    """The bank's words on the entry and its transactions, their purpose, and the reason of a return."""
    found = []
    for node in details:
        codes = node.texts("Purp", "Cd") + node.texts("Purp", "Prtry")
        found += [f"purpose: {code}" for code in codes]
        for returned in node.all("RtrInf"):
            reason = returned.texts("Rsn", "Cd") + returned.texts("Rsn", "Prtry") + returned.texts("AddtlInf")
            found.append(f"returned: {' '.join(reason)}")
        found += node.lines("AddtlTxInf")
    return unique(found + entry.lines("AddtlNtryInf"))
