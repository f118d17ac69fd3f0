"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from eximledger.mirror.schema.types import Amount, Moment, name_type, text_type

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Papers, loans, acts, and how far each channel has been read."""
    op.create_table(
        "act",
        sa.Column("channel", name_type(), nullable=False, comment="the channel"),
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False, comment="number of its block"),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False, comment="its place in the block"),
        sa.Column("transaction_id", name_type(), nullable=False, comment="its id"),
        sa.Column(
            "code", name_type(), nullable=False, comment="VALID, or why it does not count (Fabric's TxValidationCode)"
        ),
        sa.Column("at", Moment(), nullable=False, comment="its time, as its proposer said"),
        sa.Column("msp_id", name_type(), nullable=False, comment="the member whose certificate signed it"),
        sa.Column(
            "person",
            name_type(),
            nullable=False,
            comment="the person, by hf.EnrollmentID or else CN of the certificate; empty where it names nobody",
        ),
        sa.Column("roles", name_type(), nullable=False, comment="the certificate's exim.role, with commas"),
        sa.Column(
            "certificate_hash",
            name_type(),
            nullable=False,
            comment="SHA-256 of the certificate (DER); empty where the block does not show it",
        ),
        sa.Column("function", name_type(), nullable=False, comment="what was called, contract:function"),
        sa.PrimaryKeyConstraint("channel", "block", "position", name=op.f("pk_act")),
        comment="every transaction of every channel of this member, valid or not, and who signed it",
    )
    op.create_index(op.f("ix_act_at"), "act", ["at"], unique=False)
    op.create_index(op.f("ix_act_person_at"), "act", ["person", "at"], unique=False)
    op.create_index(op.f("ix_act_transaction_id"), "act", ["transaction_id"], unique=False)
    op.create_table(
        "awaited",
        sa.Column("origin", sa.String(length=64), nullable=False, comment="the key that was written"),
        sa.Column("channel", name_type(), nullable=False, comment="the channel"),
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False, comment="the block that wrote it"),
        sa.Column("transaction_id", name_type(), nullable=False, comment="the transaction that wrote it"),
        sa.Column("collection", name_type(), nullable=False, comment="the private collection"),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_awaited")),
        comment="private values whose hash is in a block that was read, and which this member's peer did not show",
    )
    op.create_table(
        "checkpoint",
        sa.Column("channel", name_type(), nullable=False, comment="the channel"),
        sa.Column(
            "next_block",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="the next block to be read; all before it are in the tables",
        ),
        sa.Column(
            "block_hash",
            sa.String(length=64),
            nullable=False,
            comment="hash of the last block read, by which the next names it",
        ),
        sa.Column("block_at", Moment(), nullable=True, comment="time of the last transaction read"),
        sa.Column("written_at", Moment(), nullable=False, comment="when the mirror wrote it"),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_checkpoint")),
        comment="how far each channel has been read; written in one transaction with what was read",
    )
    op.create_table(
        "finding",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("loan_id", name_type(), nullable=False, comment="the loan"),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False, comment="its place in the verdict"),
        sa.Column("finding_id", name_type(), nullable=False, comment="by which an officer's override names it"),
        sa.Column("rule", name_type(), nullable=False, comment="the rule that found it (docs/rules.md)"),
        sa.Column("severity", name_type(), nullable=False, comment="reject, refer, inform"),
        sa.Column("message_en", text_type(), nullable=False, comment="what was found, in English"),
        sa.Column("message_zh", text_type(), nullable=False, comment="what was found, in Chinese"),
        sa.Column("papers", text_type(), nullable=False, comment="the papers that disagree, kind and number"),
        sa.PrimaryKeyConstraint("bank", "loan_id", "position", name=op.f("pk_finding")),
        comment="what was found at the last check of each loan",
    )
    op.create_index(op.f("ix_finding_rule_severity"), "finding", ["rule", "severity"], unique=False)
    op.create_table(
        "finding_override",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("loan_id", name_type(), nullable=False, comment="the loan"),
        sa.Column(
            "at_step",
            name_type(),
            nullable=False,
            comment="approval, or the step of two persons by its place: payment 0",
        ),
        sa.Column("finding_id", name_type(), nullable=False, comment="the finding"),
        sa.Column("rule", name_type(), nullable=False, comment="its rule"),
        sa.Column("reason", text_type(), nullable=False, comment="the officer's reason"),
        sa.Column("officer", name_type(), nullable=False, comment="who set it aside"),
        sa.Column("at", Moment(), nullable=False, comment="when"),
        sa.PrimaryKeyConstraint("bank", "loan_id", "at_step", "finding_id", name=op.f("pk_finding_override")),
        comment="findings that an officer set aside, and why",
    )
    op.create_index(op.f("ix_finding_override_officer"), "finding_override", ["officer"], unique=False)
    op.create_table(
        "loan",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("loan_id", name_type(), nullable=False, comment="the bank's number of the loan"),
        sa.Column("state", name_type(), nullable=False, comment="state of its life (docs/loan-life.md)"),
        sa.Column(
            "step", sa.BigInteger(), autoincrement=False, nullable=False, comment="transactions on it so far, less one"
        ),
        sa.Column(
            "version", sa.BigInteger(), autoincrement=False, nullable=False, comment="version of its application"
        ),
        sa.Column(
            "financing", name_type(), nullable=False, comment="pre-shipment or post-shipment, as it was applied for"
        ),
        sa.Column("applicant", name_type(), nullable=False, comment="the exporter's USCC"),
        sa.Column("applicant_name", text_type(), nullable=False, comment="the exporter's name on the application"),
        sa.Column("applicant_compared", name_type(), nullable=False, comment="the name as names are compared"),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="the currency in which is lent"),
        sa.Column("amount", Amount(), nullable=True, comment="what is asked for, or approved"),
        sa.Column("drawn", Amount(), nullable=True, comment="principal disbursed so far"),
        sa.Column("repaid", Amount(), nullable=True, comment="principal repaid so far"),
        sa.Column(
            "outstanding",
            Amount(),
            nullable=True,
            comment="principal drawn and not repaid; of what was written off, too",
        ),
        sa.Column("undrawn", Amount(), nullable=True, comment="approved and still to be drawn; 0 when nothing can be"),
        sa.Column("eligible", Amount(), nullable=True, comment="what could be financed by the last check"),
        sa.Column(
            "rate_percent",
            sa.Numeric(precision=12, scale=6),
            nullable=True,
            comment="interest, per cent a year, as it is now",
        ),
        sa.Column("applied_on", sa.Date(), nullable=False, comment="date of the application"),
        sa.Column("matures_on", sa.Date(), nullable=False, comment="maturity, as the last extension has it"),
        sa.Column("draws_until", sa.Date(), nullable=True, comment="the last day on which it is paid out"),
        sa.Column(
            "due_on",
            sa.Date(),
            nullable=True,
            comment="when something is due: maturity of what runs, the last drawing day of what is approved",
        ),
        sa.Column(
            "verdict",
            name_type(),
            nullable=True,
            comment="what the rules said at the last check: approve, refer, reject",
        ),
        sa.Column(
            "decision", name_type(), nullable=True, comment="the last decision: approved, rejected, referred, withdrawn"
        ),
        sa.Column("decided_by", name_type(), nullable=True, comment="the person who took it"),
        sa.Column("decided_at", Moment(), nullable=True, comment="when"),
        sa.Column("reason", text_type(), nullable=True, comment="its reason, where it has one"),
        sa.Column("proposed", name_type(), nullable=True, comment="the step that waits for a second person"),
        sa.Column("proposed_words", text_type(), nullable=True, comment="what is proposed, in words"),
        sa.Column("proposed_id", name_type(), nullable=True, comment="SHA-256 by which the second person names it"),
        sa.Column("proposed_by", name_type(), nullable=True, comment="who proposed it"),
        sa.Column("proposed_at", Moment(), nullable=True, comment="when"),
        sa.Column("applied_by", name_type(), nullable=False, comment="who applied for this version"),
        sa.Column("opened_at", Moment(), nullable=False, comment="when it was applied for first"),
        sa.Column("checked_at", Moment(), nullable=True, comment="when it was checked last"),
        sa.Column("updated_at", Moment(), nullable=False, comment="when it changed last"),
        sa.Column("rule_set", name_type(), nullable=True, comment="id of the rule set of the last check"),
        sa.Column("evidence_hash", name_type(), nullable=True, comment="of the last check"),
        sa.Column("origin", sa.String(length=64), nullable=False, comment="the ledger's key that it stands under"),
        sa.PrimaryKeyConstraint("bank", "loan_id", name=op.f("pk_loan")),
        comment="loans as they stand: a bank's own; of all banks at SAFE",
    )
    op.create_index(op.f("ix_loan_amount_bank_loan_id"), "loan", ["amount", "bank", "loan_id"], unique=False)
    op.create_index(op.f("ix_loan_applicant_compared"), "loan", ["applicant_compared"], unique=False)
    op.create_index(op.f("ix_loan_applicant_opened_at"), "loan", ["applicant", "opened_at"], unique=False)
    op.create_index(op.f("ix_loan_currency_amount"), "loan", ["currency", "amount"], unique=False)
    op.create_index(op.f("ix_loan_due_on_bank_loan_id"), "loan", ["due_on", "bank", "loan_id"], unique=False)
    op.create_index(op.f("ix_loan_loan_id_bank"), "loan", ["loan_id", "bank"], unique=False)
    op.create_index(op.f("ix_loan_matures_on_bank_loan_id"), "loan", ["matures_on", "bank", "loan_id"], unique=False)
    op.create_index(op.f("ix_loan_opened_at_bank_loan_id"), "loan", ["opened_at", "bank", "loan_id"], unique=False)
    op.create_index(op.f("ix_loan_origin"), "loan", ["origin"], unique=False)
    op.create_index(op.f("ix_loan_proposed_opened_at"), "loan", ["proposed", "opened_at"], unique=False)
    op.create_index(op.f("ix_loan_state_opened_at"), "loan", ["state", "opened_at"], unique=False)
    op.create_index(op.f("ix_loan_updated_at_bank_loan_id"), "loan", ["updated_at", "bank", "loan_id"], unique=False)
    op.create_table(
        "loan_body",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("loan_id", name_type(), nullable=False, comment="the loan"),
        sa.Column("body", text_type(), nullable=False, comment="the loan as JSON, as the ledger has it"),
        sa.PrimaryKeyConstraint("bank", "loan_id", name=op.f("pk_loan_body")),
        comment="all that the ledger says of each loan",
    )
    op.create_table(
        "loan_hold",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("loan_id", name_type(), nullable=False, comment="the loan"),
        sa.Column(
            "kind", name_type(), nullable=False, comment="declaration; contract or letter-of-credit of a packing loan"
        ),
        sa.Column("number", name_type(), nullable=False, comment="its number, as the application has it"),
        sa.Column("compared_number", name_type(), nullable=False, comment="as numbers are compared"),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="currency of the amounts"),
        sa.Column(
            "asked",
            Amount(),
            nullable=True,
            comment="what the application asks to hold; nothing where only the export bill holds it",
        ),
        sa.Column("held", Amount(), nullable=True, comment="what is held now"),
        sa.PrimaryKeyConstraint("bank", "loan_id", "kind", "number", name=op.f("pk_loan_hold")),
        comment="what each loan asks to hold, and holds, of declarations, contracts and letters of credit",
    )
    op.create_index(op.f("ix_loan_hold_compared_number_kind"), "loan_hold", ["compared_number", "kind"], unique=False)
    op.create_table(
        "loan_paper",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("loan_id", name_type(), nullable=False, comment="the loan"),
        sa.Column("kind", name_type(), nullable=False, comment="kind of paper"),
        sa.Column("number", name_type(), nullable=False, comment="number, as the application has it"),
        sa.Column("compared_number", name_type(), nullable=False, comment="as numbers are compared"),
        sa.PrimaryKeyConstraint("bank", "loan_id", "kind", "number", name=op.f("pk_loan_paper")),
        comment="the papers that each loan's application names",
    )
    op.create_index(op.f("ix_loan_paper_compared_number_kind"), "loan_paper", ["compared_number", "kind"], unique=False)
    op.create_table(
        "loan_payment",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("loan_id", name_type(), nullable=False, comment="the loan"),
        sa.Column(
            "position",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="its place among the loan's, from 0",
        ),
        sa.Column(
            "taken",
            name_type(),
            nullable=False,
            comment="disbursement, repayment, extension, conversion, indemnity, withdrawal, write-off",
        ),
        sa.Column(
            "day", sa.Date(), nullable=False, comment="value date; of a step without money the day of its confirmation"
        ),
        sa.Column("currency", sa.String(length=3), nullable=True, comment="currency of the amounts"),
        sa.Column("amount", Amount(), nullable=True, comment="what was paid"),
        sa.Column("principal", Amount(), nullable=True, comment="of it what is principal"),
        sa.Column("interest", Amount(), nullable=True, comment="of it what is interest"),
        sa.Column("reference", name_type(), nullable=True, comment="the bank's own reference"),
        sa.Column("receipt", name_type(), nullable=True, comment="the receipt out of which was repaid"),
        sa.Column("proposed_by", name_type(), nullable=False, comment="who proposed it"),
        sa.Column("confirmed_by", name_type(), nullable=False, comment="who confirmed it"),
        sa.Column("at", Moment(), nullable=False, comment="when it was confirmed"),
        sa.PrimaryKeyConstraint("bank", "loan_id", "position", name=op.f("pk_loan_payment")),
        comment="the steps that two persons took",
    )
    op.create_index(op.f("ix_loan_payment_day"), "loan_payment", ["day"], unique=False)
    op.create_table(
        "loan_step",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("loan_id", name_type(), nullable=False, comment="the loan"),
        sa.Column(
            "step",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="0 for the first application, then on by one",
        ),
        sa.Column(
            "act",
            name_type(),
            nullable=False,
            comment="what was done, as the contract calls it: apply, check, approve, refer, reject, propose, confirm",
        ),
        sa.Column(
            "taken",
            name_type(),
            nullable=True,
            comment="of propose and confirm: which step (disbursement, repayment, extension)",
        ),
        sa.Column("state", name_type(), nullable=False, comment="the loan's state after it"),
        sa.Column("at", Moment(), nullable=False, comment="when"),
        sa.Column("msp_id", name_type(), nullable=False, comment="the member who did it"),
        sa.Column("person", name_type(), nullable=False, comment="the person who did it"),
        sa.Column("roles", name_type(), nullable=False, comment="that one's roles at the time (exim.role)"),
        sa.Column("currency", sa.String(length=3), nullable=True, comment="currency of the amount"),
        sa.Column("amount", Amount(), nullable=True, comment="what was asked for, disbursed or repaid"),
        sa.Column("words", text_type(), nullable=True, comment="what was proposed or confirmed, in words"),
        sa.Column("reason", text_type(), nullable=True, comment="the reason given"),
        sa.Column("transaction_id", name_type(), nullable=False, comment="its transaction"),
        sa.Column("origin", sa.String(length=64), nullable=False, comment="the ledger's key that it stands under"),
        sa.PrimaryKeyConstraint("bank", "loan_id", "step", name=op.f("pk_loan_step")),
        comment="what was done to each loan, when, and by whom",
    )
    op.create_index(op.f("ix_loan_step_at"), "loan_step", ["at"], unique=False)
    op.create_index(op.f("ix_loan_step_origin"), "loan_step", ["origin"], unique=False)
    op.create_index(op.f("ix_loan_step_person_loan_id"), "loan_step", ["person", "loan_id"], unique=False)
    op.create_table(
        "mirrored",
        sa.Column("name", name_type(), nullable=False, comment="what is said"),
        sa.Column(
            "value",
            text_type(),
            nullable=False,
            comment="whose copy this is (msp_id), and of which ledger (genesis of each channel)",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mirrored")),
        comment="what the mirror is a copy of",
    )
    op.create_table(
        "paper",
        sa.Column(
            "bank",
            name_type(),
            nullable=False,
            comment="MSP id of the bank whose it is; empty for what is no bank's own",
        ),
        sa.Column("kind", name_type(), nullable=False, comment="kind of paper (docs/kinds.md)"),
        sa.Column("id", name_type(), nullable=False, comment="the ledger's id of it"),
        sa.Column("number", name_type(), nullable=False, comment="number on the paper"),
        sa.Column("exporter", name_type(), nullable=True, comment="USCC of the exporter whose it is"),
        sa.Column("exporter_name", text_type(), nullable=True, comment="the exporter's name on the paper"),
        sa.Column(
            "counterparty", text_type(), nullable=True, comment="the other party's name: buyer, consignee, payer"
        ),
        sa.Column(
            "country",
            name_type(),
            nullable=True,
            comment="ISO 3166 code of where the goods go, else of the other party",
        ),
        sa.Column("dated", sa.Date(), nullable=True, comment="the date that it carries"),
        sa.Column(
            "status",
            name_type(),
            nullable=True,
            comment="its own status, where the kind has one (a declaration's, a receipt's)",
        ),
        sa.Column("currency", sa.String(length=3), nullable=True, comment="currency of the amount"),
        sa.Column("amount", Amount(), nullable=True, comment="its total"),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False, comment="its latest version"),
        sa.Column("issuer", name_type(), nullable=False, comment="MSP id of who filed it"),
        sa.Column("written_by", name_type(), nullable=False, comment="the person who filed the latest version"),
        sa.Column("written_at", Moment(), nullable=False, comment="when the latest version was filed"),
        sa.Column("filed_at", Moment(), nullable=False, comment="when the first version was filed"),
        sa.Column(
            "transaction_id", name_type(), nullable=False, comment="the transaction that filed the latest version"
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="SHA-256 of the paper's canonical JSON"),
        sa.Column("note", text_type(), nullable=True, comment="what the ledger said of the filing"),
        sa.Column("origin", sa.String(length=64), nullable=False, comment="the ledger's key that it stands under"),
        sa.PrimaryKeyConstraint("bank", "kind", "id", name=op.f("pk_paper")),
        comment="papers in their latest version; a bank's copies of customs' and SAFE's papers among them",
    )
    op.create_index(op.f("ix_paper_exporter_kind_filed_at"), "paper", ["exporter", "kind", "filed_at"], unique=False)
    op.create_index(op.f("ix_paper_filed_at_bank_kind_id"), "paper", ["filed_at", "bank", "kind", "id"], unique=False)
    op.create_index(op.f("ix_paper_kind_dated_bank_id"), "paper", ["kind", "dated", "bank", "id"], unique=False)
    op.create_index(op.f("ix_paper_kind_filed_at_bank_id"), "paper", ["kind", "filed_at", "bank", "id"], unique=False)
    op.create_index(op.f("ix_paper_kind_number"), "paper", ["kind", "number"], unique=False)
    op.create_index(op.f("ix_paper_origin"), "paper", ["origin"], unique=False)
    op.create_table(
        "paper_party",
        sa.Column(
            "bank",
            name_type(),
            nullable=False,
            comment="MSP id of the bank whose it is; empty for what is no bank's own",
        ),
        sa.Column("kind", name_type(), nullable=False, comment="kind of paper"),
        sa.Column("id", name_type(), nullable=False, comment="the ledger's id of it"),
        sa.Column("role", name_type(), nullable=False, comment="as what the paper names it: seller, buyer, consignee"),
        sa.Column(
            "position", sa.Integer(), autoincrement=False, nullable=False, comment="its place among several of one role"
        ),
        sa.Column("party", name_type(), nullable=False, comment="the party, as names are compared"),
        sa.Column("uscc", name_type(), nullable=True, comment="its USCC, where the paper gives it"),
        sa.PrimaryKeyConstraint("bank", "kind", "id", "role", "position", name=op.f("pk_paper_party")),
        comment="the parties that the latest version of a paper names",
    )
    op.create_index(op.f("ix_paper_party_party_kind"), "paper_party", ["party", "kind"], unique=False)
    op.create_index(op.f("ix_paper_party_uscc"), "paper_party", ["uscc"], unique=False)
    op.create_table(
        "paper_reference",
        sa.Column(
            "bank",
            name_type(),
            nullable=False,
            comment="MSP id of the bank whose it is; empty for what is no bank's own",
        ),
        sa.Column("kind", name_type(), nullable=False, comment="kind of paper"),
        sa.Column("id", name_type(), nullable=False, comment="the ledger's id of it"),
        sa.Column(
            "what",
            name_type(),
            nullable=False,
            comment="what the number is of: number (its own), bill, container, contract, declaration, invoice",
        ),
        sa.Column(
            "value", name_type(), nullable=False, comment="the number as numbers are compared: capitals and digits"
        ),
        sa.PrimaryKeyConstraint("bank", "kind", "id", "what", "value", name=op.f("pk_paper_reference")),
        comment="the numbers that the latest version of a paper carries: its own, and those it refers to",
    )
    op.create_index(op.f("ix_paper_reference_value_what"), "paper_reference", ["value", "what"], unique=False)
    op.create_table(
        "paper_version",
        sa.Column(
            "bank",
            name_type(),
            nullable=False,
            comment="MSP id of the bank whose it is; empty for what is no bank's own",
        ),
        sa.Column("kind", name_type(), nullable=False, comment="kind of paper"),
        sa.Column("id", name_type(), nullable=False, comment="the ledger's id of it"),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False, comment="the version"),
        sa.Column("written_by", name_type(), nullable=False, comment="the person who filed it"),
        sa.Column("written_at", Moment(), nullable=False, comment="when it was filed"),
        sa.Column("transaction_id", name_type(), nullable=False, comment="the transaction that filed it"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="SHA-256 of its canonical JSON"),
        sa.Column("body", text_type(), nullable=False, comment="the paper as JSON, as it was filed"),
        sa.Column("origin", sa.String(length=64), nullable=False, comment="the ledger's key that it stands under"),
        sa.PrimaryKeyConstraint("bank", "kind", "id", "version", name=op.f("pk_paper_version")),
        comment="every version of every paper, with all that it says",
    )
    op.create_index(op.f("ix_paper_version_origin"), "paper_version", ["origin"], unique=False)
    op.create_table(
        "party",
        sa.Column(
            "party",
            name_type(),
            nullable=False,
            comment="the name as names are compared: without case, punctuation and look-alikes",
        ),
        sa.Column("name", text_type(), nullable=False, comment="the name as a paper first had it"),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_party")),
        comment="every party that a paper names",
    )
