"""Rows of loans and papers made by a rule, few or millions, for lists whose answers a test or a bench knows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Table

from eximledger.mirror.schema.tables import (
    ACT,
    FINDING,
    LOAN,
    LOAN_BODY,
    LOAN_HOLD,
    LOAN_PAPER,
    LOAN_STEP,
    PAPER,
    PAPER_PARTY,
    PAPER_REFERENCE,
    PARTY,
)
from eximledger.mirror.schema.tallies import count_anew
from eximledger.mirror.writing.copying import insert_rows
from eximledger_chaincode.documents import compared_name, compared_number

__all__ = ["BANK", "fill"]

BANK: Final = "EximbankMSP"
_STATES: Final = ("applied", "checked", "approved", "disbursed", "disbursed", "overdue", "closed", "closed", "rejected")
_KINDS: Final = ("declaration", "invoice", "transport", "packing-list", "contract", "receipt")
_CURRENCIES: Final = ("CNY", "USD", "EUR")
_START: Final = datetime(2025, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = 5000
Row = dict[str, Any]


def fill(connection: Connection, *, loans: int, papers: int) -> None:
    """Put that many loans and papers, with what belongs to them, into an empty mirror."""
    exporters = max(10, papers // 50)
    for table, rows in (
        (PARTY, _parties(exporters)),
        (PAPER, (_paper(number, exporters) for number in range(papers))),
        (PAPER_PARTY, (_party_of(number, exporters) for number in range(papers))),
        (PAPER_REFERENCE, (row for number in range(papers) for row in _references(number))),
        (LOAN, (_loan(number, exporters) for number in range(loans))),
        (LOAN_BODY, ({"bank": BANK, "loan_id": _id(number), "body": "{}"} for number in range(loans))),
        (LOAN_STEP, (row for number in range(loans) for row in _steps(number))),
        (LOAN_PAPER, (row for number in range(loans) for row in _named(number, papers))),
        (LOAN_HOLD, (_hold(number) for number in range(loans) if papers)),
        (FINDING, (_finding(number) for number in range(loans))),
        (ACT, (_act(number) for number in range(loans))),
    ):
        _put(connection, table, iter(rows))
    count_anew(connection)


def _put(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    while some := list(islice(rows, _AT_ONCE)):
        insert_rows(connection, table, some)


def _id(number: int) -> str:
    return f"L-{number:06}"


def _uscc(exporter: int) -> str:
    return f"9152{exporter:014}"


def _name(exporter: int) -> str:
    return f"Exporter {exporter} Co., Ltd."


def _parties(exporters: int) -> Iterator[Row]:
    for exporter in range(exporters):
        yield {"party": compared_name(_name(exporter)), "name": _name(exporter)}


def _place(number: int) -> Row:
    kind = _KINDS[number % len(_KINDS)]
    return {"bank": "" if kind in {"declaration", "receipt"} else BANK, "kind": kind, "id": f"{kind}:{number}"}


def _paper(number: int, exporters: int) -> Row:
    chance = random.Random(number)
    exporter = chance.randrange(exporters)
    at = _START + timedelta(seconds=37 * number)
    return {
        **_place(number),
        "number": f"No-{number}",
        "exporter": _uscc(exporter),
        "exporter_name": _name(exporter),
        "counterparty": f"Buyer {chance.randrange(1000)}",
        "country": chance.choice(["DE", "US", "VN", "CL"]),
        "dated": at.date() - timedelta(days=chance.randrange(30)),
        "status": None,
        "currency": "USD",
        "amount": Decimal(chance.randrange(1, 10**8)) / 100,
        "version": 1,
        "issuer": BANK,
        "written_by": "maker-1",
        "written_at": at,
        "filed_at": at,
        "transaction_id": f"{number:064x}",
        "sha256": f"{number:064x}",
        "note": None,
        "origin": f"{number:064x}",
    }


def _party_of(number: int, exporters: int) -> Row:
    exporter = random.Random(number).randrange(exporters)
    party = {"role": "seller", "position": 0, "party": compared_name(_name(exporter)), "uscc": _uscc(exporter)}
    return {**_place(number), **party}


def _references(number: int) -> Iterator[Row]:
    found = {("number", f"No-{number}"), ("bill", f"BILL-{number % 9973}-{number}"), ("container", f"MSKU{number:07}")}
    for what, value in sorted(found):
        yield {**_place(number), "what": what, "value": compared_number(value)}


def _loan(number: int, exporters: int) -> Row:
    chance = random.Random(-number)
    exporter, state = chance.randrange(exporters), _STATES[number % len(_STATES)]
    at = _START + timedelta(minutes=7 * number)
    matures = date(2026, 1, 1) + timedelta(days=chance.randrange(720))
    amount = Decimal(chance.randrange(10**5, 10**9)) / 100
    runs, waits = state in {"disbursed", "overdue"}, number % 10 == 3
    return {
        "bank": BANK,
        "loan_id": _id(number),
        "state": state,
        "step": 3,
        "version": 1,
        "financing": "post-shipment",
        "applicant": _uscc(exporter),
        "applicant_name": _name(exporter),
        "applicant_compared": compared_name(_name(exporter)),
        "currency": _CURRENCIES[number % 3],
        "amount": amount,
        "drawn": amount if runs else Decimal(0),
        "repaid": Decimal(0),
        "outstanding": amount if runs else Decimal(0),
        "undrawn": amount if state == "approved" else Decimal(0),
        "eligible": amount,
        "rate_percent": Decimal("3.45"),
        "applied_on": at.date(),
        "matures_on": matures,
        "draws_until": None,
        "due_on": matures if runs else None,
        "verdict": ("approve", "refer")[number % 2],
        "decision": None,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "proposed": "repayment" if waits else None,
        "proposed_words": "words" if waits else None,
        "proposed_id": f"{number:064x}" if waits else None,
        "proposed_by": f"maker-{number % 4}" if waits else None,
        "proposed_at": at if waits else None,
        "applied_by": f"maker-{number % 4}",
        "opened_at": at,
        "checked_at": at,
        "updated_at": at + timedelta(days=chance.randrange(90)),
        "rule_set": "2026.1",
        "evidence_hash": f"{number:064x}",
        "origin": f"loan-{number:059x}",
    }


def _steps(number: int) -> Iterator[Row]:
    at = _START + timedelta(minutes=7 * number)
    for step, act in enumerate(("apply", "check", "approve")):
        yield {
            "bank": BANK, "loan_id": _id(number), "step": step, "act": act, "taken": None, "state": "applied",
            "at": at + timedelta(hours=step), "msp_id": BANK, "person": f"maker-{(number + step) % 40}",
            "roles": "maker", "currency": None, "amount": None, "words": None, "reason": None,
            "transaction_id": f"{number:060x}{step:04}", "origin": f"step-{number:055x}{step:04}",
        }  # fmt: skip


def _named(number: int, papers: int) -> Iterator[Row]:
    """Its application names ten papers, of which the mirror has those that are the applicant's."""
    exporters = max(10, papers // 50)
    applicant = _loan(number, exporters)["applicant"]
    own = (each for each in range(number, papers) if _paper(each, exporters)["exporter"] == applicant)
    for each in islice(own, 3) if papers <= _AT_ONCE else range(number * 10, number * 10 + 10):
        place = _place(each)
        yield {
            "bank": BANK, "loan_id": _id(number), "kind": place["kind"], "number": f"No-{each}",
            "compared_number": compared_number(f"No-{each}"),
        }  # fmt: skip


def _hold(number: int) -> Row:
    name = f"No-{6 * number}"
    return {
        "bank": BANK, "loan_id": _id(number), "kind": "declaration", "number": name,
        "compared_number": compared_number(name), "currency": "USD", "asked": Decimal(1000), "held": Decimal(1000),
    }  # fmt: skip


def _finding(number: int) -> Row:
    return {
        "bank": BANK, "loan_id": _id(number), "position": 0, "finding_id": f"AMOUNT:{number:08x}", "rule": "AMOUNT",
        "severity": "refer", "message_en": "found", "message_zh": "发现", "papers": "invoice 1",
    }  # fmt: skip


def _act(number: int) -> Row:
    return {
        "channel": "bank", "block": number, "position": 0, "transaction_id": f"{number:064x}",
        "code": "MVCC_READ_CONFLICT" if number % 20 == 7 else "VALID", "at": _START + timedelta(minutes=7 * number),
        "msp_id": BANK, "person": f"maker-{number % 40}", "roles": "maker", "certificate_hash": "",
        "function": ("loans:apply", "loans:check")[number % 2],
    }  # fmt: skip
