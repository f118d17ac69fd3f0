"""The keys of the ledger: every key that a contract reads or writes is built here.

Documents and their indexes:
    document         kind, id, bank            the record; where private, the public entry (bank "" for public kinds)
    paper            kind, id, version         in the bank's collection: one version of a private document
    number           kind, number, id, bank    by the paper's bare number in its compared form
    exporter         kind, USCC, date, id, bank   by exporter and date
    credit           hash                      the receipts of an account and amount with one reference
Sums, each kept up as documents are filed (`sums`):
    receipts-of-declaration declaration        what receipts that stand name of it, by receipt
    receipts-of-invoice     USCC, number       receipts that name an invoice (compared number) or may, by receipt
    unallocated      USCC, month               receipts that name nothing, by receipt
    received         USCC, month, part         what came in, by currency, in sixteen parts by document
    declared         USCC, month, part         what was exported, likewise
    contract-invoices   contract (hashed)      in the bank's collection: what was invoiced under it, by invoice
The financing register:
    position         declaration               all holds of a declaration, in one key
    reservation      loan                      what a loan holds
    bank-reservation bank, loan                by bank
    held-reservation bank, loan                by bank, for as long as it holds
    paper-exact      hash                      the loan that has a paper with this fingerprint
    paper-near       trait, hash               loans with a paper alike in all but one trait
Loans:
    loan             loan                      the loan, guarded by its own endorsement policy
    loan-expiry      loan                      the marker that a loan's reservation has expired
    loan-state       state, loan               by state
"""

from __future__ import annotations

from datetime import date
from typing import Final

from eximledger_chaincode.documents import Entry, compared_number
from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.stub import composite_key

__all__ = [
    "DOCUMENT",
    "EXPORTER",
    "LOAN",
    "LOAN_STATE",
    "MEMBERS_KEY",
    "NUMBER",
    "RESERVATION",
    "RESERVATION_BANK",
    "RESERVATION_HELD",
    "contract_invoices_key",
    "credit_key",
    "declared_key",
    "declared_keys",
    "document_key",
    "expiry_key",
    "exporter_key",
    "loan_key",
    "loan_state_key",
    "number_key",
    "paper_exact_key",
    "paper_key",
    "paper_near_key",
    "position_key",
    "receipts_of_declaration_key",
    "receipts_of_invoice_key",
    "received_key",
    "received_keys",
    "reservation_bank_key",
    "reservation_held_key",
    "reservation_key",
    "unallocated_key",
]

MEMBERS_KEY: Final = "consortium:members"

DOCUMENT: Final = "document"
NUMBER: Final = "number"
EXPORTER: Final = "exporter"
RESERVATION: Final = "reservation"
RESERVATION_BANK: Final = "bank-reservation"
RESERVATION_HELD: Final = "held-reservation"
LOAN: Final = "loan"
LOAN_STATE: Final = "loan-state"


def document_key(kind: str, id: str, bank: str = "") -> str:
    """A document's key. Two banks may hold the same private paper, so a private kind's key names the bank."""
    return composite_key(DOCUMENT, (kind, id, bank))


def paper_key(kind: str, id: str, version: int) -> str:
    return composite_key("paper", (kind, id, str(version)))


def number_key(entry: Entry, bank: str) -> str:
    return composite_key(NUMBER, (entry.kind, compared_number(entry.number), entry.id, bank))


def exporter_key(entry: Entry, bank: str) -> str | None:
    """None for a document that belongs to no exporter."""
    if entry.exporter is None:
        return None
    day = entry.dated or date.min
    return composite_key(EXPORTER, (entry.kind, entry.exporter, day.isoformat(), entry.id, bank))


def credit_key(lookup: str) -> str:
    return composite_key("credit", (lookup,))


def receipts_of_declaration_key(declaration_number: str) -> str:
    return composite_key("receipts-of-declaration", (declaration_number,))


def receipts_of_invoice_key(exporter: str, number: str) -> str:
    """`number` as `compared_number` has it."""
    return composite_key("receipts-of-invoice", (exporter, number))


def unallocated_key(exporter: str, day: date) -> str:
    return composite_key("unallocated", (exporter, _month(day)))


def received_key(exporter: str, day: date, id_: str) -> str:
    return composite_key("received", (exporter, _month(day), _shard(id_)))


def received_keys(exporter: str, day: date) -> list[str]:
    """All parts of the month's sum."""
    return [composite_key("received", (exporter, _month(day), shard)) for shard in _SHARDS]


def declared_key(exporter: str, day: date, id_: str) -> str:
    return composite_key("declared", (exporter, _month(day), _shard(id_)))


def declared_keys(exporter: str, day: date) -> list[str]:
    """All parts of the month's sum."""
    return [composite_key("declared", (exporter, _month(day), shard)) for shard in _SHARDS]


_SHARDS: Final = "0123456789abcdef"
"""A month's sum stands in so many parts, by a hash of the document's id: filings at one time seldom move one part."""


def _shard(id_: str) -> str:
    return sha256_hex(id_.encode())[0]


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _hashed_contract(contract_id: str) -> str:
    """An invoice may spell the contract's number otherwise, so it is the compared form that is hashed."""
    owner, _, number = contract_id.partition(":")
    return sha256_hex(f"{owner}:{compared_number(number)}".encode())


def contract_invoices_key(contract_id: str) -> str:
    return composite_key("contract-invoices", (_hashed_contract(contract_id),))


def position_key(declaration_number: str) -> str:
    return composite_key("position", (declaration_number,))


def reservation_key(loan_id: str) -> str:
    return composite_key(RESERVATION, (loan_id,))


def reservation_bank_key(bank: str, loan_id: str) -> str:
    return composite_key(RESERVATION_BANK, (bank, loan_id))


def reservation_held_key(bank: str, loan_id: str) -> str:
    return composite_key(RESERVATION_HELD, (bank, loan_id))


def paper_exact_key(fingerprint: str) -> str:
    return composite_key("paper-exact", (fingerprint,))


def paper_near_key(trait: str, fingerprint: str) -> str:
    return composite_key("paper-near", (trait, fingerprint))


def loan_key(loan_id: str) -> str:
    return composite_key(LOAN, (loan_id,))


def expiry_key(loan_id: str) -> str:
    return composite_key("loan-expiry", (loan_id,))


def loan_state_key(state: str, loan_id: str) -> str:
    return composite_key(LOAN_STATE, (state, loan_id))
