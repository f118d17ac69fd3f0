"""Papers looked up among all banks, by SAFE's peer alone, and the secret under which they are, from one to the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from eximledger.desk.calling import Calls
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.contracts.supervision import LoanPapersPage
from eximledger_chaincode.lending.matching import Generations, Rekeying, RekeyPair
from eximledger_chaincode.lending.roles import Role
from hlf_client.errors import Refused
from hlf_client.private import Answered

__all__ = ["Rekeyed", "look_up", "present", "read_generations", "rekey", "retire"]

_LOANS: Final = 50
"""Of one page."""
_MARKS: Final = 500
"""Moved by one transaction: each is two public rows that it reads and writes."""
_AT_ONCE: Final = 8
"""Loans that are looked up at one time."""


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What was gone through, and what was moved to the newest generation: marks of loans under their papers' tokens."""

    generation: int
    loans: int
    marks: int


async def look_up(calls: Calls, loan_id: str) -> bool:
    """Have SAFE's peer look up what a loan has put before the register; False while SAFE has made no secret for it. A
    verdict says of papers that were not looked up that they were not (DUP-UNMATCHED)."""
    try:
        await calls.submit(BANK, "register:match", loan_id, answered=Answered.NOT)
    except Refused:
        return False
    return True


async def present(calls: Calls, loan_id: str, rule_set: str) -> bool:
    """Put papers before the register that came after the application, and have them looked up. Whether they were."""
    await calls.submit(BANK, "loans:check", loan_id, rule_set, answered=Answered.NOT)
    return await look_up(calls, loan_id)


async def read_generations(calls: Calls) -> Generations | None:
    """The generations of the matching secret; None while there is none."""
    try:
        return await calls.ask(Generations, BANK, "register:generations")
    except Refused:
        return None


async def rekey(calls: Calls, tell: Callable[[str], None]) -> Rekeyed:
    """Move all that stands in the register under the generation before to the newest one. Interrupted, it is called
    again: what was moved is found moved."""
    generations = await calls.ask(Generations, BANK, "register:generations")
    loans = marks = 0
    if generations.previous is None:
        return Rekeyed(generation=generations.current, loans=0, marks=0)
    async for bank, found in _standing(calls):
        pairs = await _pairs(calls, bank, found)
        for start in range(0, len(pairs), _MARKS):
            part = tuple(pairs[start : start + _MARKS])
            moving = Rekeying(generation=generations.current, pairs=part)
            marks += await calls.take(int, BANK, "register:rekey", moving)
        loans += len(found)
        tell(f"{loans} loans, {marks} marks")
    return Rekeyed(generation=generations.current, loans=loans, marks=marks)


async def retire(calls: Calls) -> Generations:
    """Purge the older generation's secret. Raises `Refused` where anything still stands under it: that would be found
    no more, and the next bank could lend on the same papers."""
    generations = await calls.ask(Generations, BANK, "register:generations")
    if generations.previous is None:
        return generations
    async for bank, loans in _standing(calls):
        if await _pairs(calls, bank, loans):
            raise Refused(
                f"loans of {bank} still stand under generation {generations.previous}: move them first (eximledger "
                "matching rekey)",
                bank=bank,
            )
    return await calls.take(Generations, BANK, "register:retire")


async def _standing(calls: Calls) -> AsyncIterator[tuple[str, Sequence[str]]]:
    """Every bank's loans that have papers in the register, some at a time."""
    for bank in [member.msp_id for member in await calls.members() if member.role is Role.BANK]:
        bookmark, more = "", True
        while more:
            page = await calls.ask(LoanPapersPage, BANK, "supervision:papers", bank, _LOANS, bookmark)
            if found := [each.loan_id for each in page.loans if each.standing is not None]:
                yield bank, found
            bookmark, more = page.bookmark, bool(page.bookmark)


async def _pairs(calls: Calls, bank: str, loans: Sequence[str]) -> list[RekeyPair]:
    """What of these loans still stands under the older generation; those that have no tokens of the newest yet are
    looked up first."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(loan_id: str) -> Rekeying:
        async with gate:
            try:
                return await calls.ask(Rekeying, BANK, "register:pairs", bank, [loan_id])
            except Refused:
                await calls.submit(BANK, "register:match", loan_id, bank, answered=Answered.NOT)
                return await calls.ask(Rekeying, BANK, "register:pairs", bank, [loan_id])

    return [pair for found in await asyncio.gather(*map(one, loans)) for pair in found.pairs]
