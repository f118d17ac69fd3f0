"""Watch lists filed step by step, for the tests of contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tests.eximledger_chaincode.contracts import trade
from tests.hlf_chaincode.memory_peer import Identity, MemoryLedger

from eximledger.desk import heading_of
from eximledger_chaincode.contracts.watchlists.filing import filing_of
from eximledger_chaincode.documents import LegalForce, WatchEntry, WatchList
from eximledger_chaincode.lending.screening.hits import Directory, Screened
from eximledger_chaincode.lending.screening.parts import BUCKETS_OF_A_PART, MAX_PART, count_index_parts, index_of
from eximledger_chaincode.lending.screening.subjects import Subject

__all__ = ["Edition", "entry", "party"]


def entry(entry_id: str, name: str = "Blue Lagoon Trading FZE", **said: object) -> WatchEntry:
    return WatchEntry.model_validate({"entry_id": entry_id, "kind": "entity", "name": name} | said)


def party(name: str, **said: object) -> Subject:
    return Subject.model_validate({"kind": "party", "names": [name]} | said)


@dataclass(slots=True)
class Edition:
    """One edition, and the calls that file it."""

    heading: WatchList
    entries: Sequence[WatchEntry]

    @classmethod
    def of(
        cls,
        *entries: WatchEntry,
        list_id: str = "UN-SC",
        force: LegalForce = LegalForce.BINDING,
        own: bool = False,
        edition: str = "1",
        valid_from: date = trade.APPLIED,
    ) -> Edition:
        heading, ordered = heading_of(
            entries, own=own, list_id=list_id, title=f"List {list_id}", source="its publisher", force=force,
            edition=edition, published_on=valid_from, valid_from=valid_from,
        )  # fmt: skip
        return cls(heading, ordered)

    @property
    def channel(self) -> str:
        return "bank" if self.heading.KIND == "own-watch-list" else "fx"

    @property
    def filing(self) -> str:
        return filing_of(self.heading)

    def part(self, number: int) -> Sequence[WatchEntry]:
        return self.entries[number * MAX_PART : (number + 1) * MAX_PART]

    def buckets(self, number: int) -> dict[int, str]:
        first = number * BUCKETS_OF_A_PART
        index = index_of(self.entries)
        return {each: index[each] for each in range(first, first + BUCKETS_OF_A_PART) if each in index}

    async def begin(self, ledger: MemoryLedger, who: Identity = trade.SAFE) -> object:
        return await ledger.submit(who, self.channel, "watch:begin", self.heading)

    async def store(self, ledger: MemoryLedger, who: Identity = trade.SAFE) -> None:
        """All parts, the index first: in which order they come matters to nobody."""
        for number in range(count_index_parts(len(self.entries))):
            await ledger.submit(who, self.channel, "watch:index", self.filing, number, self.buckets(number))
        for number in range(-(-len(self.entries) // MAX_PART)):
            await ledger.submit(who, self.channel, "watch:entries", self.filing, number, self.part(number))

    async def activate(self, ledger: MemoryLedger, who: Identity = trade.SAFE) -> object:
        return await ledger.submit(who, self.channel, "watch:activate", self.filing)

    async def file(self, ledger: MemoryLedger, who: Identity = trade.SAFE) -> None:
        await self.begin(ledger, who)
        await self.store(ledger, who)
        await self.activate(ledger, who)


async def screened(
    ledger: MemoryLedger, *subjects: Subject, foreign: Sequence[str] = (), who: Identity = trade.EXIMBANK
) -> Screened:
    """What SAFE's lists say of subjects."""
    answer = await ledger.endorse(who, "fx", "watch:listed", list(subjects), list(foreign), 88)
    return Screened.model_validate_json(answer.result)


async def lists(ledger: MemoryLedger, channel: str = "fx", who: Identity = trade.EXIMBANK, bank: str = "") -> Directory:
    return Directory.model_validate_json((await ledger.endorse(who, channel, "watch:lists", bank)).result)
