"""Reading the three channels: a loan's case, and documents by the numbers that people know them by."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, TypeVar

from eximledger.desk._calls import Calls
from eximledger_chaincode.contracts.casefile.assembling import Questions, assemble, day_in_china, rate_requests
from eximledger_chaincode.contracts.casefile.facts import FinancingFacts, LoanFacts
from eximledger_chaincode.contracts.papers.answers import CustomsFacts
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX
from eximledger_chaincode.documents import KINDS, Entry, Record, ReferenceRate, document_type
from eximledger_chaincode.lending.register import Reservation
from eximledger_chaincode.rules import Case
from hlf_client.errors import InvalidDocument, NotFound

__all__ = ["held_by", "read_case", "resolve"]

FirstT = TypeVar("FirstT")
SecondT = TypeVar("SecondT")


async def read_case(calls: Calls, loan_id: str, now: datetime, approving: str | None) -> Case:
    """The loan's case: the bank's facts, then customs' and SAFE's at the same time, then the quotations."""
    facts = await calls.ask(LoanFacts, BANK, "loans:facts", loan_id)
    asked = Questions.of(facts)
    customs, financing = await _both(
        calls.ask(
            CustomsFacts, CUSTOMS, "documents:customs_facts", asked.numbers, asked.exporter, asked.since, asked.until
        ),
        calls.ask(
            FinancingFacts, FX, "financing:facts",
            asked.loan_id, asked.exporter, asked.numbers, asked.receipts, asked.fingerprints, asked.since, asked.until,
        ),
    )  # fmt: skip
    requests = rate_requests(facts, customs, financing)
    rates = await calls.ask(list[Record[ReferenceRate] | None], FX, "documents:rates", requests)
    return assemble(facts, customs, financing, rates, today=day_in_china(now), approving=approving)


async def _both(first: Coroutine[Any, Any, FirstT], second: Coroutine[Any, Any, SecondT]) -> tuple[FirstT, SecondT]:
    """Both at once. When one fails, the other is given up and the failure is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = group.create_task(first), group.create_task(second)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return tasks[0].result(), tasks[1].result()


async def held_by(calls: Calls, loan_id: str) -> Reservation | None:
    """What the register says of a loan; None when it never held anything."""
    try:
        return await calls.ask(Reservation, FX, "financing:reservation", loan_id)
    except NotFound:
        return None


async def resolve(calls: Calls, kind: str, name: str, exporter: str, bank: str) -> Entry:
    """The entry that a ledger id or a paper's bare number means. Raises `NotFound`, and `InvalidDocument` naming the
    ids when several papers carry the number."""
    document_type(kind)
    channel = KINDS[kind].channel
    try:
        return await calls.ask(Entry, channel, "documents:entry", kind, name, bank)
    except NotFound:
        found = await calls.ask(list[Entry], channel, "documents:find", kind, name, exporter)
    found = [entry for entry in found if not bank or entry.issuer == bank]
    if not found:
        raise NotFound(f"there is no {kind} {name}", kind=kind, id=name)
    if len(found) > 1:
        ids = ", ".join(entry.id for entry in found)
        raise InvalidDocument(
            f"{len(found)} documents of kind {kind} are numbered {name}: give the id of one: {ids}",
            field="id",
            reason="several documents carry this number",
        )
    return found[0]
