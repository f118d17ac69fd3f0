"""The keys of the ledger: every key that a contract reads or writes is built here.

Documents and their indexes:
    document         kind, id, bank            the record; where private, the public entry (bank "" for public kinds)
    paper            kind, id, version         in the bank's collection: one version of a private document
    number           kind, number, id, bank    by the paper's bare number in its compared form
    exporter         kind, USCC, date, id, bank   by exporter and date; value = amount, currency, status
    collected        declaration, receipt id   what a receipt collects of a declaration
    contract-invoice bank, contract, invoice id   which invoices name a contract (the contract's id hashed)
    invoice-total    invoice id                in the bank's collection: the invoice's value
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
    "COLLECTED",
    "CONTRACT_INVOICE",
    "DOCUMENT",
    "EXPORTER",
    "LOAN",
    "LOAN_STATE",
    "MEMBERS_KEY",
    "NUMBER",
    "RESERVATION",
    "RESERVATION_BANK",
    "RESERVATION_HELD",
    "collected_key",
    "contract_invoice_key",
    "document_key",
    "expiry_key",
    "exporter_key",
    "hashed_contract",
    "invoice_total_key",
    "loan_key",
    "loan_state_key",
    "number_key",
    "paper_exact_key",
    "paper_key",
    "paper_near_key",
    "position_key",
    "reservation_bank_key",
    "reservation_held_key",
    "reservation_key",
]

MEMBERS_KEY: Final = "consortium:members"

DOCUMENT: Final = "document"
NUMBER: Final = "number"
EXPORTER: Final = "exporter"
COLLECTED: Final = "collected"
CONTRACT_INVOICE: Final = "contract-invoice"
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


def collected_key(declaration_number: str, receipt_id: str) -> str:
    return composite_key(COLLECTED, (declaration_number, receipt_id))


def hashed_contract(contract_id: str) -> str:
    """Which contract an invoice names is the bank's own business; the hash alone stands in the open. An invoice may
    spell the contract's number otherwise, so it is the compared form that is hashed."""
    owner, _, number = contract_id.partition(":")
    return sha256_hex(f"{owner}:{compared_number(number)}".encode())


def contract_invoice_key(bank: str, contract_id: str, invoice_id: str) -> str:
    return composite_key(CONTRACT_INVOICE, (bank, hashed_contract(contract_id), invoice_id))


def invoice_total_key(invoice_id: str) -> str:
    return composite_key("invoice-total", (invoice_id,))


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
