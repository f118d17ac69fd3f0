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
    contract-invoices   contract (hashed), part   in the bank's collection: what was invoiced under it, by invoice
The financing register, on the bank channel; public, under the chaincode's own policy:
    position         HMAC of the seal          what all loans hold of a declaration, sealed with the declaration's seal
    financed         token                     the marks of the loans that have such a paper
in the bank's collection:
    holding          loan                      all that the loan has in the register
    presented        loan                      the papers that it has put before the register
    presented-count  business day, part        how many were, in sixteen parts by loan
in what SAFE's peer shares with the bank:
    tokens           loan                      the tokens of its papers
    mark             mark                      the loan whose mark it is
in SAFE's own collection:
    matching-secret  generation                the secret that tokens are keyed with
    matching-generations                       which generations are looked up
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
    "DOCUMENT",
    "EXPORTER",
    "LOAN",
    "LOAN_STATE",
    "MATCHING_GENERATIONS_KEY",
    "MEMBERS_KEY",
    "NOBODY",
    "NUMBER",
    "contract_invoices_key",
    "contract_invoices_keys",
    "credit_key",
    "declared_key",
    "declared_keys",
    "document_key",
    "exporter_key",
    "financed_key",
    "holding_key",
    "loan_key",
    "loan_state_key",
    "loan_version_key",
    "mark_key",
    "matching_secret_key",
    "number_key",
    "paper_key",
    "policy_book_key",
    "position_key",
    "presented_count_key",
    "presented_count_keys",
    "presented_key",
    "receipts_of_declaration_key",
    "receipts_of_invoice_key",
    "received_key",
    "received_keys",
    "tokens_key",
    "unallocated_key",
]

MEMBERS_KEY: Final = "consortium:members"
BUSINESS_DAY_KEY: Final = "business-day"

DOCUMENT: Final = "document"
NUMBER: Final = "number"
EXPORTER: Final = "exporter"
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


NOBODY: Final = ""
"""In place of the exporter of a receipt that does not say whose it is."""


def receipts_of_invoice_key(exporter: str, number: str) -> str:
    """`number` as `compared_number` has it; `exporter` is `NOBODY` where the receipt does not say."""
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
"""A sum that many filings move stands in so many parts, by a hash of the document's id, so that filings at one
time seldom move the same."""


def _shard(id_: str) -> str:
    return sha256_hex(id_.encode())[0]


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _hashed_contract(contract_id: str) -> str:
    """An invoice may spell the contract's number otherwise, so it is the compared form that is hashed."""
    owner, _, number = contract_id.partition(":")
    return sha256_hex(f"{owner}:{compared_number(number)}".encode())


def contract_invoices_key(contract_id: str, invoice_id: str) -> str:
    return composite_key("contract-invoices", (_hashed_contract(contract_id), _shard(invoice_id)))


def contract_invoices_keys(contract_id: str) -> list[str]:
    """All parts of what was invoiced under the contract."""
    return [composite_key("contract-invoices", (_hashed_contract(contract_id), shard)) for shard in _SHARDS]


def loan_key(loan_id: str) -> str:
    return composite_key(LOAN, (loan_id,))


def loan_version_key(loan_id: str, version: int) -> str:
    return composite_key("loan-version", (loan_id, str(version)))


def loan_state_key(state: str, bank: str, loan_id: str) -> str:
    return composite_key(LOAN_STATE, (state, bank, loan_id))


def policy_book_key(bank: str) -> str:
    return composite_key("policy-book", (bank,))


# -- the financing register --------------------------------------------------------------------------------------------

MATCHING_GENERATIONS_KEY: Final = "matching-generations"


def position_key(sealed_name: str) -> str:
    return composite_key("position", (sealed_name,))


def financed_key(token: str) -> str:
    return composite_key("financed", (token,))


def holding_key(loan_id: str) -> str:
    return composite_key("holding", (loan_id,))


def presented_key(loan_id: str) -> str:
    return composite_key("presented", (loan_id,))


def presented_count_key(day: str, loan_id: str) -> str:
    return composite_key("presented-count", (day, _shard(loan_id)))


def presented_count_keys(day: str) -> list[str]:
    """All parts of the day's count."""
    return [composite_key("presented-count", (day, shard)) for shard in _SHARDS]


def tokens_key(loan_id: str) -> str:
    return composite_key("tokens", (loan_id,))


def mark_key(mark: str) -> str:
    return composite_key("mark", (mark,))


def matching_secret_key(generation: int) -> str:
    return composite_key("matching-secret", (str(generation),))
