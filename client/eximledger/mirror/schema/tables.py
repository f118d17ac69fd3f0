"""The mirror's tables. A column's comment is its meaning, in PostgreSQL's catalogue and on docs/mirror.md alike.

`origin` is where a row came from: SHA-256 over channel, collection and the hash of the ledger's key. When the ledger
deletes or purges that key, the rows of that origin go.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Date, Index, Integer, MetaData, Numeric, String, Table, text
from sqlalchemy.schema import SchemaItem

from eximledger.mirror.schema.types import Amount, Moment, name_type, text_type

__all__ = [
    "ACT",
    "AWAITED",
    "CHECKPOINT",
    "FINDING",
    "FINDING_OVERRIDE",
    "LOAN",
    "LOAN_BODY",
    "LOAN_HOLD",
    "LOAN_PAPER",
    "LOAN_PAYMENT",
    "LOAN_STEP",
    "METADATA",
    "MIRRORED",
    "ORIGINATED",
    "PAPER",
    "PAPER_PARTY",
    "PAPER_REFERENCE",
    "PAPER_VERSION",
    "PARTY",
    "RUNNING",
]

RUNNING: Final = ("disbursed", "overdue", "indemnity-sought")
"""States of loans on which something is owed."""

METADATA: Final = MetaData(naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"})


def _name(name: str, comment: str, *, key: bool = False, null: bool = False) -> Column[str]:
    return Column(name, name_type(), primary_key=key, nullable=null and not key, comment=comment)


def _text(name: str, comment: str, *, null: bool = False) -> Column[str]:
    return Column(name, text_type(), nullable=null, comment=comment)


def _whole(name: str, comment: str, *, key: bool = False, null: bool = False) -> Column[int]:
    # a key of whole numbers alone would be SQLite's own row number
    return Column(name, BigInteger, primary_key=key, autoincrement=False, nullable=null and not key, comment=comment)


def _moment(name: str, comment: str, *, null: bool = False) -> SchemaItem:
    return Column(name, Moment, nullable=null, comment=comment)


def _day(name: str, comment: str, *, null: bool = False) -> SchemaItem:
    return Column(name, Date, nullable=null, comment=comment)


def _amount(name: str, comment: str) -> SchemaItem:
    return Column(name, Amount, nullable=True, comment=comment)


def _bank(comment: str = "MSP id of the bank whose it is; empty for what is no bank's own") -> Column[str]:
    return _name("bank", comment, key=True)


def _origin() -> Column[str]:
    return Column("origin", String(64), nullable=False, index=True, comment="the ledger's key that it stands under")


# -- the mirror itself -------------------------------------------------------------------------------------------------

MIRRORED: Final = Table(
    "mirrored", METADATA,
    _name("name", "what is said", key=True),
    _text("value", "whose copy this is (msp_id), and of which ledger (genesis of each channel)"),
    comment="what the mirror is a copy of",
)  # fmt: skip

CHECKPOINT: Final = Table(
    "checkpoint", METADATA,
    _name("channel", "the channel", key=True),
    _whole("next_block", "the next block to be read; all before it are in the tables"),
    Column("block_hash", String(64), nullable=False, comment="hash of the last block read, by which the next names it"),
    _moment("block_at", "time of the last transaction read", null=True),
    _moment("written_at", "when the mirror wrote it"),
    comment="how far each channel has been read; written in one transaction with what was read",
)  # fmt: skip

AWAITED: Final = Table(
    "awaited", METADATA,
    Column("origin", String(64), primary_key=True, comment="the key that was written"),
    _name("channel", "the channel"),
    _whole("block", "the block that wrote it"),
    _name("transaction_id", "the transaction that wrote it"),
    _name("collection", "the private collection"),
    comment="private values whose hash is in a block that was read, and which this member's peer did not show",
)  # fmt: skip

ACT: Final = Table(
    "act", METADATA,
    _name("channel", "the channel", key=True),
    _whole("block", "number of its block", key=True),
    _whole("position", "its place in the block", key=True),
    _name("transaction_id", "its id"),
    _name("code", "VALID, or why it does not count (Fabric's TxValidationCode)"),
    _moment("at", "its time, as its proposer said"),
    _name("msp_id", "the member whose certificate signed it"),
    _name("person", "the person, by hf.EnrollmentID or else CN of the certificate; empty where it names nobody"),
    _name("roles", "the certificate's exim.role, with commas"),
    _name("certificate_hash", "SHA-256 of the certificate (DER); empty where the block does not show it"),
    _name("function", "what was called, contract:function"),
    Index(None, "transaction_id"),
    Index(None, "at"),
    Index(None, "person", "at"),
    comment="every transaction of every channel of this member, valid or not, and who signed it",
)  # fmt: skip

# -- papers ------------------------------------------------------------------------------------------------------------

PAPER: Final = Table(
    "paper", METADATA,
    _bank(),
    _name("kind", "kind of paper (docs/kinds.md)", key=True),
    _name("id", "the ledger's id of it", key=True),
    _name("number", "number on the paper"),
    _name("exporter", "USCC of the exporter whose it is", null=True),
    _text("exporter_name", "the exporter's name on the paper", null=True),
    _text("counterparty", "the other party's name: buyer, consignee, payer", null=True),
    _name("country", "ISO 3166 code of where the goods go, else of the other party", null=True),
    _day("dated", "the date that it carries", null=True),
    _name("status", "its own status, where the kind has one (a declaration's, a receipt's)", null=True),
    Column("currency", String(3), nullable=True, comment="currency of the amount"),
    _amount("amount", "its total"),
    _whole("version", "its latest version"),
    _name("issuer", "MSP id of who filed it"),
    _name("written_by", "the person who filed the latest version"),
    _moment("written_at", "when the latest version was filed"),
    _moment("filed_at", "when the first version was filed"),
    _name("transaction_id", "the transaction that filed the latest version"),
    Column("sha256", String(64), nullable=False, comment="SHA-256 of the paper's canonical JSON"),
    _text("note", "what the ledger said of the filing", null=True),
    _origin(),
    Index(None, "kind", "filed_at", "bank", "id"),
    Index(None, "kind", "dated", "bank", "id"),
    Index(None, "filed_at", "bank", "kind", "id"),
    Index(None, "exporter", "kind", "filed_at"),
    Index(None, "kind", "number"),
    comment="papers in their latest version; a bank's copies of customs' and SAFE's papers among them",
)  # fmt: skip

PAPER_VERSION: Final = Table(
    "paper_version", METADATA,
    _bank(),
    _name("kind", "kind of paper", key=True),
    _name("id", "the ledger's id of it", key=True),
    _whole("version", "the version", key=True),
    _name("written_by", "the person who filed it"),
    _moment("written_at", "when it was filed"),
    _name("transaction_id", "the transaction that filed it"),
    Column("sha256", String(64), nullable=False, comment="SHA-256 of its canonical JSON"),
    _text("body", "the paper as JSON, as it was filed"),
    _origin(),
    comment="every version of every paper, with all that it says",
)  # fmt: skip

PARTY: Final = Table(
    "party", METADATA,
    _name("party", "the name as names are compared: without case, punctuation and look-alikes", key=True),
    _text("name", "the name as a paper first had it"),
    comment="every party that a paper names",
)  # fmt: skip

PAPER_PARTY: Final = Table(
    "paper_party", METADATA,
    _bank(),
    _name("kind", "kind of paper", key=True),
    _name("id", "the ledger's id of it", key=True),
    _name("role", "as what the paper names it: seller, buyer, consignee", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False, comment="its place among several of one role"),
    _name("party", "the party, as names are compared"),
    _name("uscc", "its USCC, where the paper gives it", null=True),
    Index(None, "party", "kind"),
    Index(None, "uscc"),
    comment="the parties that the latest version of a paper names",
)  # fmt: skip

PAPER_REFERENCE: Final = Table(
    "paper_reference", METADATA,
    _bank(),
    _name("kind", "kind of paper", key=True),
    _name("id", "the ledger's id of it", key=True),
    _name("what", "what the number is of: number (its own), bill, container, contract, declaration, invoice", key=True),
    _name("value", "the number as numbers are compared: capitals and digits", key=True),
    Index(None, "value", "what"),
    comment="the numbers that the latest version of a paper carries: its own, and those it refers to",
)  # fmt: skip

_RUNS: Final = text(f"state IN ({', '.join(repr(each) for each in RUNNING)})")
"""As the view of what is overdue asks for it, so that its index answers."""

# -- loans -------------------------------------------------------------------------------------------------------------

LOAN: Final = Table(
    "loan", METADATA,
    _bank("MSP id of the bank"),
    _name("loan_id", "the bank's number of the loan", key=True),
    _name("state", "state of its life (docs/loan-life.md)"),
    _whole("step", "transactions on it so far, less one"),
    _whole("version", "version of its application"),
    _name("financing", "pre-shipment or post-shipment, as it was applied for"),
    _name("applicant", "the exporter's USCC"),
    _text("applicant_name", "the exporter's name on the application"),
    _name("applicant_compared", "the name as names are compared"),
    Column("currency", String(3), nullable=False, comment="the currency in which is lent"),
    _amount("amount", "what is asked for, or approved"),
    _amount("drawn", "principal disbursed so far"),
    _amount("repaid", "principal repaid so far"),
    _amount("outstanding", "principal drawn and not repaid; of what was written off, too"),
    _amount("undrawn", "approved and still to be drawn; 0 when nothing can be"),
    _amount("eligible", "what could be financed by the last check"),
    Column("rate_percent", Numeric(12, 6), nullable=True, comment="interest, per cent a year, as it is now"),
    _day("applied_on", "date of the application"),
    _day("matures_on", "maturity, as the last extension has it"),
    _day("draws_until", "the last day on which it is paid out", null=True),
    _day("due_on", "when something is due: maturity of what runs, the last drawing day of what is approved", null=True),
    _name("verdict", "what the rules said at the last check: approve, refer, reject", null=True),
    _name("decision", "the last decision: approved, rejected, referred, withdrawn", null=True),
    _name("decided_by", "the person who took it", null=True),
    _moment("decided_at", "when", null=True),
    _text("reason", "its reason, where it has one", null=True),
    _name("proposed", "the step that waits for a second person", null=True),
    _text("proposed_words", "what is proposed, in words", null=True),
    _name("proposed_id", "SHA-256 by which the second person names it", null=True),
    _name("proposed_by", "who proposed it", null=True),
    _moment("proposed_at", "when", null=True),
    _name("applied_by", "who applied for this version"),
    _moment("opened_at", "when it was applied for first"),
    _moment("checked_at", "when it was checked last", null=True),
    _moment("updated_at", "when it changed last"),
    _name("rule_set", "id of the rule set of the last check", null=True),
    _name("evidence_hash", "of the last check", null=True),
    _origin(),
    Index(None, "loan_id", "bank"),
    Index(None, "opened_at", "bank", "loan_id"),
    Index(None, "updated_at", "bank", "loan_id"),
    Index(None, "state", "opened_at"),
    Index(None, "matures_on", "bank", "loan_id"),
    Index(None, "due_on", "bank", "loan_id"),
    Index(None, "currency", "amount"),
    Index(None, "amount", "bank", "loan_id"),
    Index(None, "applicant", "opened_at"),
    Index(None, "applicant_compared"),
    Index(None, "proposed", "opened_at"),
    Index("ix_loan_running", "matures_on", "bank", "loan_id", postgresql_where=_RUNS, sqlite_where=_RUNS),
    comment="loans as they stand: a bank's own; of all banks at SAFE",
)  # fmt: skip

LOAN_BODY: Final = Table(
    "loan_body", METADATA,
    _bank("MSP id of the bank"),
    _name("loan_id", "the loan", key=True),
    _text("body", "the loan as JSON, as the ledger has it"),
    comment="all that the ledger says of each loan",
)  # fmt: skip

LOAN_STEP: Final = Table(
    "loan_step", METADATA,
    _bank("MSP id of the bank"),
    _name("loan_id", "the loan", key=True),
    _whole("step", "0 for the first application, then on by one", key=True),
    _name("act", "what was done, as the contract calls it: apply, check, approve, refer, reject, propose, confirm"),
    _name("taken", "of propose and confirm: which step (disbursement, repayment, extension)", null=True),
    _name("state", "the loan's state after it"),
    _moment("at", "when"),
    _name("msp_id", "the member who did it"),
    _name("person", "the person who did it"),
    _name("roles", "that one's roles at the time (exim.role)"),
    Column("currency", String(3), nullable=True, comment="currency of the amount"),
    _amount("amount", "what was asked for, disbursed or repaid"),
    _text("words", "what was proposed or confirmed, in words", null=True),
    _text("reason", "the reason given", null=True),
    _name("transaction_id", "its transaction"),
    _origin(),
    Index(None, "person", "loan_id"),
    Index(None, "at"),
    comment="what was done to each loan, when, and by whom",
)  # fmt: skip

LOAN_PAYMENT: Final = Table(
    "loan_payment", METADATA,
    _bank("MSP id of the bank"),
    _name("loan_id", "the loan", key=True),
    _whole("position", "its place among the loan's, from 0", key=True),
    _name("taken", "disbursement, repayment, extension, conversion, indemnity, withdrawal, write-off"),
    _day("day", "value date; of a step without money the day of its confirmation"),
    Column("currency", String(3), nullable=True, comment="currency of the amounts"),
    _amount("amount", "what was paid"),
    _amount("principal", "of it what is principal"),
    _amount("interest", "of it what is interest"),
    _name("reference", "the bank's own reference", null=True),
    _name("receipt", "the receipt out of which was repaid", null=True),
    _name("proposed_by", "who proposed it"),
    _name("confirmed_by", "who confirmed it"),
    _moment("at", "when it was confirmed"),
    Index(None, "day"),
    comment="the steps that two persons took",
)  # fmt: skip

LOAN_HOLD: Final = Table(
    "loan_hold", METADATA,
    _bank("MSP id of the bank"),
    _name("loan_id", "the loan", key=True),
    _name("kind", "declaration; contract or letter-of-credit of a packing loan", key=True),
    _name("number", "its number, as the application has it", key=True),
    _name("compared_number", "as numbers are compared"),
    Column("currency", String(3), nullable=False, comment="currency of the amounts"),
    _amount("asked", "what the application asks to hold; nothing where only the export bill holds it"),
    _amount("held", "what is held now"),
    Index(None, "compared_number", "kind"),
    comment="what each loan asks to hold, and holds, of declarations, contracts and letters of credit",
)  # fmt: skip

LOAN_PAPER: Final = Table(
    "loan_paper", METADATA,
    _bank("MSP id of the bank"),
    _name("loan_id", "the loan", key=True),
    _name("kind", "kind of paper", key=True),
    _name("number", "number, as the application has it", key=True),
    _name("compared_number", "as numbers are compared"),
    Index(None, "compared_number", "kind"),
    comment="the papers that each loan's application names",
)  # fmt: skip

FINDING: Final = Table(
    "finding", METADATA,
    _bank("MSP id of the bank"),
    _name("loan_id", "the loan", key=True),
    _whole("position", "its place in the verdict", key=True),
    _name("finding_id", "by which an officer's override names it"),
    _name("rule", "the rule that found it (docs/rules.md)"),
    _name("severity", "reject, refer, inform"),
    _text("message_en", "what was found, in English"),
    _text("message_zh", "what was found, in Chinese"),
    _text("papers", "the papers that disagree, kind and number"),
    Index(None, "rule", "severity"),
    comment="what was found at the last check of each loan",
)  # fmt: skip

FINDING_OVERRIDE: Final = Table(
    "finding_override", METADATA,
    _bank("MSP id of the bank"),
    _name("loan_id", "the loan", key=True),
    _name("at_step", "approval, or the step of two persons by its place: payment 0", key=True),
    _name("finding_id", "the finding", key=True),
    _name("rule", "its rule"),
    _text("reason", "the officer's reason"),
    _name("officer", "who set it aside"),
    _moment("at", "when"),
    Index(None, "officer"),
    comment="findings that an officer set aside, and why",
)  # fmt: skip

ORIGINATED: Final = (PAPER, PAPER_VERSION, LOAN, LOAN_STEP)
"""Tables whose rows go with the ledger's key that they came from; others go with these."""
