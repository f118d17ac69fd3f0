"""Sums that are kept with the rows, for the views; and an index of loans that run, by their maturity."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from eximledger.mirror.schema.types import Amount, name_type

revision = "0002"
down_revision = "0001"
_RUNS = sa.text("state IN ('disbursed', 'overdue', 'indemnity-sought')")


def upgrade() -> None:
    """The tables; they are filled where the views are made."""
    op.create_table(
        "exporter_tally",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("exporter", name_type(), nullable=False, comment="USCC of the exporter"),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="currency of the amounts"),
        sa.Column("exporter_name", name_type(), nullable=False, comment="its name on an application"),
        sa.Column("loans", sa.BigInteger(), autoincrement=False, nullable=False, comment="loans"),
        sa.Column("outstanding", Amount(), nullable=False, comment="principal drawn and not repaid"),
        sa.Column("undrawn", Amount(), nullable=False, comment="approved and still to be drawn"),
        sa.PrimaryKeyConstraint("bank", "exporter", "currency", name=op.f("pk_exporter_tally")),
        comment="what each exporter owes and may still draw: sums over the loans that are approved or run",
    )
    op.create_table(
        "maturity_tally",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("matures_on", sa.Date(), nullable=False, comment="the day"),
        sa.Column("exporter", name_type(), nullable=False, comment="USCC of the exporter"),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="currency of the amounts"),
        sa.Column("loans", sa.BigInteger(), autoincrement=False, nullable=False, comment="loans"),
        sa.Column("outstanding", Amount(), nullable=False, comment="principal drawn and not repaid"),
        sa.PrimaryKeyConstraint("bank", "matures_on", "exporter", "currency", name=op.f("pk_maturity_tally")),
        comment="what falls due on each day, by exporter: sums over the loans that run",
    )
    op.create_table(
        "day_tally",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("matures_on", sa.Date(), nullable=False, comment="the day"),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="currency of the amounts"),
        sa.Column("loans", sa.BigInteger(), autoincrement=False, nullable=False, comment="loans"),
        sa.Column("outstanding", Amount(), nullable=False, comment="principal drawn and not repaid"),
        sa.PrimaryKeyConstraint("bank", "matures_on", "currency", name=op.f("pk_day_tally")),
        comment="what falls due on each day: sums over the loans that run",
    )
    op.create_table(
        "country_tally",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column(
            "country",
            name_type(),
            nullable=False,
            comment="ISO 3166 code of where the goods go; empty where the paper does not say",
        ),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="currency of the amounts"),
        sa.Column(
            "loans",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="loans that hold something",
        ),
        sa.Column("held", Amount(), nullable=False, comment="what they hold"),
        sa.PrimaryKeyConstraint("bank", "country", "currency", name=op.f("pk_country_tally")),
        comment="what is held of claims on buyers in each country",
    )
    op.create_table(
        "step_tally",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("month", name_type(), nullable=False, comment="year and month (UTC)"),
        sa.Column("act", name_type(), nullable=False, comment="what was done"),
        sa.Column("taken", name_type(), nullable=False, comment="of propose and confirm: which step"),
        sa.Column("steps", sa.BigInteger(), autoincrement=False, nullable=False, comment="how many"),
        sa.Column(
            "microseconds",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since the loan's step before, of all",
        ),
        sa.Column(
            "longest",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="the longest of them",
        ),
        sa.PrimaryKeyConstraint("bank", "month", "act", "taken", name=op.f("pk_step_tally")),
        comment="how long each step took since the one before it, by the month in which it was taken",
    )
    op.create_table(
        "finding_tally",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("rule", name_type(), nullable=False, comment="the rule"),
        sa.Column("severity", name_type(), nullable=False, comment="reject, refer, inform"),
        sa.Column("findings", sa.BigInteger(), autoincrement=False, nullable=False, comment="findings"),
        sa.Column("loans", sa.BigInteger(), autoincrement=False, nullable=False, comment="loans with one"),
        sa.Column(
            "overridden",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="findings set aside at approval",
        ),
        sa.PrimaryKeyConstraint("bank", "rule", "severity", name=op.f("pk_finding_tally")),
        comment="how often each rule found something at the last check of a loan, and how often that was set aside",
    )
    op.create_table(
        "override_tally",
        sa.Column("bank", name_type(), nullable=False, comment="MSP id of the bank"),
        sa.Column("officer", name_type(), nullable=False, comment="the person who approved"),
        sa.Column("rule", name_type(), nullable=False, comment="the rule whose finding was set aside"),
        sa.Column(
            "overrides",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="how many findings",
        ),
        sa.Column(
            "loans",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="of how many loans",
        ),
        sa.PrimaryKeyConstraint("bank", "officer", "rule", name=op.f("pk_override_tally")),
        comment="what each officer set aside",
    )
    op.create_index(
        "ix_loan_running",
        "loan",
        ["matures_on", "bank", "loan_id"],
        postgresql_where=_RUNS,
        sqlite_where=_RUNS,
    )
