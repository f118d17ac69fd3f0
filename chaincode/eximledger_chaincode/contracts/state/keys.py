"""The keys of the ledger: every key that a contract reads or writes is built here.

Documents and their indexes:
    document         kind, id, bank            the record; where private, the public entry (bank "" for public kinds)
    paper            kind, id, version         in the bank's collection: one version of a private document
    number           kind, number, id, bank    by the paper's bare number in its compared form
    exporter         kind, USCC, date, id, bank   by exporter and date; value = amount, currency, status
    collected        declaration, receipt id   what a receipt collects of a declaration
    contract-invoice bank, contract, invoice id   which invoices name a contract (the contract's id hashed)
    invoice-total    invoice id                in the bank's collection: the invoice's value
The financing register, on the bank channel:
    position         declaration               what all loans hold of it, in one key under the chaincode's own policy
    hold             declaration, loan         what one loan holds of it, guarded by the bank's peer and SAFE's
    holding          loan                      all that the loan has in the register, guarded alike
    paper-exact      hash                      the loans that have a paper with this fingerprint
    paper-near       trait, hash               loans with a paper alike in all but one trait
Loans:
    loan             loan                      the loan, guarded by the bank's peer and SAFE's
    loan-version     loan, version             one version of its application, guarded alike
    loan-state       state, bank, loan         by state
    policy-book      bank                      the bank's policies, guarded alike
    business-day                               the day that SAFE opened, guarded by SAFE's peer
"""

from __future__ import annotations

from datetime import date
from typing import Final

from eximledger_chaincode.documents import Entry, compared_number
from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.stub import composite_key

__all__ = [
    "BUSINESS_DAY_KEY",
    "COLLECTED",
    "CONTRACT_INVOICE",
    "DOCUMENT",
    "EXPORTER",
    "LOAN",
    "LOAN_STATE",
    "MEMBERS_KEY",
    "NUMBER",
    "collected_key",
    "contract_invoice_key",
    "document_key",
    "exporter_key",
    "hashed_contract",
    "hold_key",
    "holding_key",
    "invoice_total_key",
    "loan_key",
    "loan_state_key",
    "loan_version_key",
    "number_key",
    "paper_exact_key",
    "paper_key",
    "paper_near_key",
    "policy_book_key",
    "position_key",
]

MEMBERS_KEY: Final = "consortium:members"
BUSINESS_DAY_KEY: Final = "business-day"

DOCUMENT: Final = "document"
NUMBER: Final = "number"
EXPORTER: Final = "exporter"
COLLECTED: Final = "collected"
CONTRACT_INVOICE: Final = "contract-invoice"
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


def hold_key(declaration_number: str, loan_id: str) -> str:
    return composite_key("hold", (declaration_number, loan_id))


def holding_key(loan_id: str) -> str:
    return composite_key("holding", (loan_id,))


def paper_exact_key(fingerprint: str) -> str:
    return composite_key("paper-exact", (fingerprint,))


def paper_near_key(trait: str, fingerprint: str) -> str:
    return composite_key("paper-near", (trait, fingerprint))


def loan_key(loan_id: str) -> str:
    return composite_key(LOAN, (loan_id,))


def loan_version_key(loan_id: str, version: int) -> str:
    return composite_key("loan-version", (loan_id, str(version)))


def loan_state_key(state: str, bank: str, loan_id: str) -> str:
    return composite_key(LOAN_STATE, (state, bank, loan_id))


def policy_book_key(bank: str) -> str:
    return composite_key("policy-book", (bank,))
