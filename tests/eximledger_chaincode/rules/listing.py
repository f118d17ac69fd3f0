"""Cases held against lists of a test's own, as a ledger's search would find the hits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.eximledger_chaincode.rules.cases import CHECKER, MAKER, record

from eximledger_chaincode.documents import LegalForce, OwnWatchList, Record, WatchEntry, WatchList
from eximledger_chaincode.lending.screening.hits import Clearing, Hit, hit_of
from eximledger_chaincode.lending.screening.subjects import subjects_of
from eximledger_chaincode.rules import Case
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = ["against", "clearing", "entry", "heading", "hits_of"]


def entry(entry_id: str = "Q-1", **said: object) -> WatchEntry:
    """An entry; of an enterprise unless it says otherwise."""
    return WatchEntry.model_validate({"entry_id": entry_id, "kind": "entity", "name": "Blue Lagoon Trading FZE"} | said)


def heading(list_id: str = "UN-SC", force: LegalForce = LegalForce.BINDING, **said: object) -> WatchList:
    """The heading of a list; an internal one is the bank's own."""
    sound: dict[str, object] = {
        "list_id": list_id, "title": f"The list {list_id}", "source": "its publisher", "force": force, "edition": "7",
        "published_on": date(2026, 3, 1), "valid_from": date(2026, 3, 2), "entries": 1, "entries_sha256": "0" * 64,
    }  # fmt: skip
    return (OwnWatchList if force is LegalForce.INTERNAL else WatchList).parse(sound | said)


def hits_of(case: Case, listed: WatchList, *entries: WatchEntry, least: int = 88) -> tuple[Hit, ...]:
    """What the case's papers hit in a list of these entries."""
    papers = [each.document for each in case.entries if isinstance(each, Record)]
    return tuple(
        hit
        for subject in subjects_of(papers)
        for each in entries
        if (hit := hit_of(subject, each, sha256_hex(canonical_json(each)), listed, least)) is not None
    )


def against(case: Case, *entries: WatchEntry, listed: WatchList | None = None, cleared: str = "") -> Case:
    """The case held against one list more; `cleared` is the reason for which two persons cleared every hit."""
    on = listed or heading()
    hits = hits_of(case, on, *entries)
    lists = {"own_watch_lists": (*case.own_watch_lists, record(on))} if isinstance(on, OwnWatchList) else {
        "watch_lists": (*case.watch_lists, record(on))
    }  # fmt: skip
    clearings = tuple(clearing(hit, cleared) for hit in hits) if cleared else ()
    return replace(case, hits=(*case.hits, *hits), clearings=(*case.clearings, *clearings), **lists)


def clearing(hit: Hit, reason: str, *, confirmed: bool = True) -> Clearing:
    """What two persons said of a hit, or one proposed."""
    at = datetime(2026, 4, 2, tzinfo=UTC)
    second = {"confirmed_by": CHECKER, "confirmed_at": at} if confirmed else {}
    return Clearing.model_validate(
        {"hit": hit, "loan_id": "L-0", "reason": reason, "proposed_by": MAKER, "proposed_at": at, **second}
    )
