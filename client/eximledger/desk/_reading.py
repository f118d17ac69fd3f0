"""Reading the three channels: a loan's case, and documents by the numbers that people know them by."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TypeVar

from eximledger.desk._calls import Calls
from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.contracts.casefile.reading import Question, read_case
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.documents import KINDS, Entry, document_type
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.rules import Case
from hlf_client.errors import InvalidDocument, NotFound

__all__ = ["open_case", "resolve"]

AnswerT = TypeVar("AnswerT")
FirstT = TypeVar("FirstT")
SecondT = TypeVar("SecondT")


class _Desk:
    """Asks as a client does: each channel by a call of the ledger, two at the same time where neither needs the
    other."""

    def __init__(self, calls: Calls, loan_id: str) -> None:
        self._calls = calls
        self._loan_id = loan_id

    async def loan_facts(self) -> LoanFacts:
        return await self._calls.ask(LoanFacts, BANK, "loans:facts", self._loan_id)

    async def ask(self, question: Question[AnswerT]) -> AnswerT:
        return await self._calls.ask(question.answer, question.channel, question.function, *question.arguments)

    async def ask_both(self, first: Question[FirstT], second: Question[SecondT]) -> tuple[FirstT, SecondT]:
        """When one fails, the other is given up and the failure is raised as it is."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = group.create_task(self.ask(first)), group.create_task(self.ask(second))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return tasks[0].result(), tasks[1].result()


async def open_case(calls: Calls, loan_id: str, now: datetime, approving: Person | None) -> Case:
    """The loan's case at `now`: the bank's facts, then customs' and SAFE's at the same time, then the quotations."""
    return (await read_case(_Desk(calls, loan_id), now, approving)).case


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
