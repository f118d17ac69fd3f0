"""Putting papers before the register: counted, before anybody may look them up.

Whoever may look up any paper can search the register by guessing. So a paper is presented with an application, in a
transaction that is committed and that both the bank's and SAFE's peer endorse, and each is counted by bank and business
day, in slots (`allowance`). Only what was presented is looked up (`keying`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eximledger_chaincode.contracts.papers.reading import read_named
from eximledger_chaincode.contracts.state.calendar import business_day_of
from eximledger_chaincode.contracts.state.keys import (
    BUSINESS_DAY_KEY,
    presented_count_key,
    presented_count_keys,
    presented_key,
)
from eximledger_chaincode.contracts.state.members import Consortium
from eximledger_chaincode.contracts.state.records import decode, encode, record_of
from eximledger_chaincode.contracts.state.vault import KeyReader, Vault
from eximledger_chaincode.documents import LoanApplication, TolerancePolicy
from eximledger_chaincode.lending.allowance import share_of, slots_in_turn
from eximledger_chaincode.lending.likeness.fingerprints import fingerprint, registered_numbers
from eximledger_chaincode.lending.matching import MatchingUsage, Presented
from eximledger_chaincode.lending.register import PaperFingerprint
from hlf_chaincode.contract import Context

__all__ = ["application_papers", "matching_usage", "present", "presented_of"]

_BEFORE_THE_FIRST: Final = "none"
"""In place of the business day while SAFE has opened none."""


async def application_papers(
    papers: KeyReader, application: LoanApplication, policy: TolerancePolicy
) -> tuple[PaperFingerprint, ...]:
    """The fingerprints of the papers that an application names, as they are filed now, as far as the register is to
    know them."""
    named = registered_numbers(application, policy)
    filed = await read_named(papers, named, application.exporter)
    records = [record_of(kind, data) for kind in named for data in filed[kind]]
    return tuple(
        PaperFingerprint(kind=each.kind, id=each.id, fingerprint=fingerprint(each.document)) for each in records
    )


async def presented_of(vault: KeyReader, loan_id: str) -> Presented:
    """What a loan has put before the register, in its bank's vault."""
    (stored,) = await vault.get_many([presented_key(loan_id)])
    return Presented() if stored is None else decode(Presented, stored)


async def present(
    context: Context, consortium: Consortium, vault: Vault, loan_id: str, papers: Sequence[PaperFingerprint]
) -> None:
    """Put before the register what the loan has not yet. Raises `Refused` where the bank has put as many as the
    consortium allows for a business day. A container counts as a paper: whoever guesses at one asks no less."""
    before = await presented_of(vault, loan_id)
    missing = before.missing(papers)
    if not missing:
        return
    counted = await _counted(context, consortium, vault, sum(paper.fingerprint.lookups for paper in missing))
    await vault.put_many({presented_key(loan_id): encode(before.with_papers(missing)), **counted})


async def _counted(context: Context, consortium: Consortium, vault: Vault, wanted: int) -> dict[str, bytes]:
    """The slots of the day out of which this transaction takes what it wants, as they are after it; `Refused` where all
    of them have less left.

    A slot that is full is written no more, so reading it on the way meets nobody.
    """
    day, limit = await _business_day(context), consortium.floors.matches_per_day
    taken: dict[str, bytes] = {}
    for slots in slots_in_turn(context.transaction_id, limit, wanted):
        keys = [presented_count_key(day, slot) for slot in slots]
        for slot, key, stored in zip(slots, keys, await vault.get_many(keys), strict=True):
            before = int(stored or b"0")
            took = min(wanted, max(0, share_of(slot, limit) - before))
            if took:
                taken[key] = str(before + took).encode()
                wanted -= took
        if not wanted:
            return taken
    raise consortium.floors.refused_matches()


async def matching_usage(context: Context, consortium: Consortium, vault: Vault, bank: str, day: str) -> MatchingUsage:
    """What a bank has used of its limit on a business day; by "" on the one that is open."""
    of_day = day or await _business_day(context)
    slots = await vault.get_many(presented_count_keys(of_day))
    papers = sum(int(slot or b"0") for slot in slots)
    return MatchingUsage(bank=bank, day=of_day, papers=papers, limit=consortium.floors.matches_per_day)


async def _business_day(context: Context) -> str:
    """SAFE's, not the transaction's: a proposal's time is its signer's own word, and counts could be spread over days
    that nobody has seen."""
    found = business_day_of(await context.stub.get_state(BUSINESS_DAY_KEY))
    return _BEFORE_THE_FIRST if found is None else found.day.isoformat()
