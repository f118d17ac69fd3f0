"""The names of the ledger's keys: every key that a contract reads or writes is built here.

Few stand in the public state under their own name: the members, the business day, open documents, rows of lists,
positions and financed papers. All others are names in a vault, which no block shows (`vault`).

Documents and their indexes, where the kind is kept (`shelves`):
    document         kind, id                  the latest version, with its entry
    version          kind, id, version         a version that was replaced
    attached         kind, id                  the files that are attached to a bank's paper
    numbered         kind, number              the documents of a bare number in its compared form
    classes          USCC                      the classes that an exporter ever had
    differences      USCC                      SAFE's papers on the difference of its goods and money
    seal             USCC, declaration         the secret under which its position stands on the bank channel
    referred         USCC, number              an exporter's receipts of a reference in its compared form
    credit           hash                      the receipts of an account and amount with one reference
Sums, each kept up as documents are filed (`sums`):
    receipts-of-declaration USCC, declaration  what receipts that stand name of it, by receipt
    receipts-of-invoice     USCC, number       receipts that name an invoice (compared number) or may, by receipt
    unallocated      USCC, month               receipts that name nothing, by receipt
    received         USCC, month, part         what came in, by currency, in sixteen parts by document
    declared         USCC, month, part         what was exported, likewise, and how many declarations of which HS
                                               chapter, country and size
    contract-invoices   contract, part         what was invoiced under it, by invoice
    received-parts, declared-parts, contract-invoices-parts
                     the same but the part     which parts stand (`parts`)
Consent, on the customs channel:
    consents         USCC, bank                what an exporter lets a bank read; also in the bank's copies
    consent-number   USCC, number              the bank of an authorisation of that number
    revoked          USCC, number              the revocation of one
Copies (`papers.copying`), in the writer's vault and, what it says of the bank itself, in the bank's:
    following        kind, id                  the banks that have a copy of a document
    audience         USCC                      the banks that have an exporter's sums
    latest           USCC                      when something of the exporter was filed last
    copied           USCC, what, number        that the bank has all that SAFE knows of a declaration or invoice, or has
                                               the exporter's sums; of a declaration on customs' channel the seal tells
    kept             USCC                      the declarations that the bank's loans hold
Watch lists (`watchlists`): SAFE's in the open on fx, a bank's own in its vault
    watch-lists                                the editions that hold or will hold
    watch-filing     filing                    the heading of an edition that is being filed
    watch-part       filing, what, number      what one transaction stored of it, summed up
    watch-block      filing, number            entries
    watch-bucket     filing, number            a part of its index
in the bank's vault:
    cleared          subject                   what two persons cleared for a party, by list and entry
    screening        loan                      what the loan was found to hit last
The financing register, on the bank channel; public, under the chaincode's own policy:
    position         HMAC of the seal          what all loans hold of a declaration, sealed with the declaration's seal
    financed         token                     the marks of the loans that have such a paper
in the bank's vault:
    holding          loan                      all that the loan has in the register
    financings       USCC                      what the bank's standing loans finance an exporter with, by loan
    frame            contract or credit        what packing loans hold of it, by loan
    presented        loan                      the papers that it has put before the register
    presented-count  business day, slot        how many were, in slots that transactions pick (`lending.allowance`)
in what SAFE shares with the bank:
    tokens           loan                      the tokens of its papers
    mark             mark                      the loan whose mark it is
in SAFE's own vault:
    matching-secret  generation                the secret that tokens are keyed with
    matching-generations                       which generations are looked up
Loans, in the bank's vault:
    loan             loan                      the loan
    loan-step        loan, number              the loan as it stood after each transaction on it
    loan-version     loan, version             one version of its application
    policy-book                                the bank's policies
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from eximledger_chaincode.documents import compared_number
from eximledger_chaincode.documents.parts.party import compared_id
from eximledger_chaincode.lending.allowance import SLOTS
from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.stub import composite_key

__all__ = [
    "BUSINESS_DAY_KEY",
    "MATCHING_GENERATIONS_KEY",
    "MEMBERS_KEY",
    "NOBODY",
    "POLICY_BOOK_KEY",
    "ROW",
    "WATCH_LISTS_KEY",
    "attached_key",
    "audience_key",
    "classes_key",
    "cleared_key",
    "consent_number_key",
    "consents_key",
    "contract_invoices_key",
    "contract_invoices_parts_key",
    "copied_key",
    "credit_key",
    "declared_key",
    "declared_parts_key",
    "differences_key",
    "document_key",
    "financed_key",
    "financings_key",
    "following_key",
    "frame_key",
    "holding_key",
    "kept_key",
    "latest_key",
    "loan_key",
    "loan_step_key",
    "loan_version_key",
    "mark_key",
    "matching_secret_key",
    "numbered_key",
    "position_key",
    "presented_count_key",
    "presented_count_keys",
    "presented_key",
    "receipt_taken_key",
    "receipts_of_declaration_key",
    "receipts_of_invoice_key",
    "received_key",
    "received_parts_key",
    "referred_key",
    "revoked_key",
    "screening_key",
    "seal_key",
    "tokens_key",
    "unallocated_key",
    "version_key",
    "watch_block_key",
    "watch_bucket_key",
    "watch_filing_key",
    "watch_part_key",
]

MEMBERS_KEY: Final = "consortium:members"
BUSINESS_DAY_KEY: Final = "business-day"

POLICY_BOOK_KEY: Final = "policy-book"
ROW: Final = "row"

_KEPT: Final = 8192
"""Keys that each step of a loan makes again: of quotations' days and an exporter's months."""


@lru_cache(maxsize=_KEPT)
def document_key(kind: str, id: str) -> str:
    return composite_key("document", (kind, id))


def version_key(kind: str, id: str, version: int) -> str:
    return composite_key("version", (kind, id, str(version)))


def attached_key(kind: str, id: str) -> str:
    return composite_key("attached", (kind, id))


def numbered_key(kind: str, number: str) -> str:
    return composite_key("numbered", (kind, compared_number(number)))


def classes_key(exporter: str) -> str:
    return composite_key("classes", (exporter,))


def differences_key(exporter: str) -> str:
    return composite_key("differences", (exporter,))


def seal_key(exporter: str, declaration_number: str) -> str:
    """Of a declaration as this exporter's: a bank that is shown this exporter's asks for no other's key."""
    return composite_key("seal", (exporter, declaration_number))


def following_key(kind: str, id: str) -> str:
    return composite_key("following", (kind, id))


def audience_key(exporter: str) -> str:
    return composite_key("audience", (exporter,))


def consents_key(exporter: str, bank: str) -> str:
    return composite_key("consents", (exporter, bank))


def consent_number_key(exporter: str, number: str) -> str:
    return composite_key("consent-number", (exporter, compared_number(number)))


def revoked_key(exporter: str, number: str) -> str:
    return composite_key("revoked", (exporter, compared_number(number)))


def copied_key(exporter: str, what: str, number: str = "") -> str:
    return composite_key("copied", (exporter, what, number))


def kept_key(exporter: str) -> str:
    return composite_key("kept", (exporter,))


def latest_key(exporter: str) -> str:
    return composite_key("latest", (exporter,))


def credit_key(lookup: str) -> str:
    return composite_key("credit", (lookup,))


NOBODY: Final = ""
"""In place of the exporter of a receipt that does not say whose it is."""


def receipts_of_declaration_key(exporter: str, declaration_number: str) -> str:
    """Receipts of one exporter, or of `NOBODY` known: who is shown the one must not be shown another's."""
    return composite_key("receipts-of-declaration", (exporter, declaration_number))


def receipts_of_invoice_key(exporter: str, number: str) -> str:
    """`number` as `compared_number` has it; `exporter` is `NOBODY` where the receipt does not say."""
    return composite_key("receipts-of-invoice", (exporter, number))


def referred_key(exporter: str, number: str) -> str:
    """Receipts with a reference, of one exporter or of `NOBODY` known."""
    return composite_key("referred", (exporter, compared_number(number)))


@lru_cache(maxsize=_KEPT)
def unallocated_key(exporter: str, day: date) -> str:
    return composite_key("unallocated", (exporter, _month(day)))


def received_key(exporter: str, day: date, id_: str) -> str:
    return composite_key("received", (exporter, _month(day), _shard(id_)))


@lru_cache(maxsize=_KEPT)
def received_parts_key(exporter: str, day: date) -> str:
    """Which parts stand of the month's sum."""
    return composite_key("received-parts", (exporter, _month(day)))


def declared_key(exporter: str, day: date, id_: str) -> str:
    return composite_key("declared", (exporter, _month(day), _shard(id_)))


@lru_cache(maxsize=_KEPT)
def declared_parts_key(exporter: str, day: date) -> str:
    """Which parts stand of the month's sum."""
    return composite_key("declared-parts", (exporter, _month(day)))


def _shard(id_: str) -> str:
    """In which of a sum's sixteen parts a document counts, by a hash of its id: filings at one time seldom move one."""
    return sha256_hex(id_.encode())[0]


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def contract_invoices_key(contract_id: str, invoice_id: str) -> str:
    return composite_key("contract-invoices", (compared_id(contract_id), _shard(invoice_id)))


def contract_invoices_parts_key(contract_id: str) -> str:
    """Which parts stand of what was invoiced under the contract."""
    return composite_key("contract-invoices-parts", (compared_id(contract_id),))


def loan_key(loan_id: str) -> str:
    return composite_key("loan", (loan_id,))


def loan_step_key(loan_id: str, number: int) -> str:
    return composite_key("loan-step", (loan_id, str(number)))


def loan_version_key(loan_id: str, version: int) -> str:
    return composite_key("loan-version", (loan_id, str(version)))


def receipt_taken_key(receipt_id: str) -> str:
    return composite_key("receipt-taken", (receipt_id,))


# -- watch lists -------------------------------------------------------------------------------------------------------

WATCH_LISTS_KEY: Final = "watch-lists"


def watch_filing_key(filing: str) -> str:
    return composite_key("watch-filing", (filing,))


def watch_part_key(filing: str, what: str, number: int) -> str:
    return composite_key("watch-part", (filing, what, str(number)))


def watch_block_key(filing: str, number: int) -> str:
    return composite_key("watch-block", (filing, str(number)))


def watch_bucket_key(filing: str, number: int) -> str:
    return composite_key("watch-bucket", (filing, str(number)))


def cleared_key(subject: str) -> str:
    return composite_key("cleared", (subject,))


def screening_key(loan_id: str) -> str:
    return composite_key("screening", (loan_id,))


# -- the financing register --------------------------------------------------------------------------------------------

MATCHING_GENERATIONS_KEY: Final = "matching-generations"


def position_key(sealed_name: str) -> str:
    return composite_key("position", (sealed_name,))


def financed_key(token: str) -> str:
    return composite_key("financed", (token,))


def financings_key(exporter: str) -> str:
    return composite_key("financings", (exporter,))


def holding_key(loan_id: str) -> str:
    return composite_key("holding", (loan_id,))


def frame_key(account: str) -> str:
    return composite_key("frame", (account,))


def presented_key(loan_id: str) -> str:
    return composite_key("presented", (loan_id,))


def presented_count_key(day: str, slot: int) -> str:
    return composite_key("presented-count", (day, f"{slot:04}"))


def presented_count_keys(day: str) -> list[str]:
    """All slots of the day's count."""
    return [presented_count_key(day, slot) for slot in range(SLOTS)]


def tokens_key(loan_id: str) -> str:
    return composite_key("tokens", (loan_id,))


def mark_key(mark: str) -> str:
    return composite_key("mark", (mark,))


def matching_secret_key(generation: int) -> str:
    return composite_key("matching-secret", (str(generation),))
