"""Fact by member by place: what was found, against what is promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.trust.visibility.expectation import Fact, Seer
from tests.trust.visibility.looking.gathering import Gathered, Sight
from tests.trust.visibility.planted.planting import MSP, Planted, is_due, relation

__all__ = ["Matrix", "leaks", "unseen"]

_SHOWN = 3
"""Examples of each leak that a failure prints."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Which kinds of facts each member sees, where, and what is in them."""

    cells: Mapping[tuple[Fact, Seer], Mapping[str, Mapping[str, int]]]
    """By place, then by what was seen there: how often."""

    @classmethod
    def of(cls, gathered: Gathered) -> Matrix:
        cells: dict[tuple[Fact, Seer], dict[str, dict[str, int]]] = {}
        for sight, often in sorted(gathered.sights.items(), key=lambda item: (item[0].where, str(item[0].of))):
            seer = relation(sight.member, sight.of.banks)
            places = cells.setdefault((sight.of.fact, seer), {}).setdefault(sight.where, {})
            what = f"{sight.member}: {sight.of.what}"
            places[what] = places.get(what, 0) + often
        return cls(cells)

    @property
    def seen(self) -> frozenset[tuple[Fact, Seer]]:
        return frozenset(self.cells)

    def listed(self, fact: Fact, seer: Seer) -> Iterator[str]:
        """Where, and some of what."""
        for where, whats in self.cells.get((fact, seer), {}).items():
            some = ", ".join(list(whats)[:_SHOWN]) + (f" and {len(whats) - _SHOWN} more" if len(whats) > _SHOWN else "")
            yield f"{where}: {some}"


def leaks(gathered: Gathered) -> Matrix:
    """What nobody should have seen who did."""
    return Matrix.of(_only(gathered, {sight for sight in gathered.sights if not is_due(sight.member, sight.of)}))


def _only(gathered: Gathered, sights: set[Sight]) -> Gathered:
    kept = Gathered(gathered.finder)
    kept.sights.update({sight: gathered.sights[sight] for sight in sights})
    return kept


def unseen(gathered: Gathered, planted: Planted) -> Iterator[tuple[Fact, str]]:
    """Planted facts that a member does not see who is meant to: then the search would find nothing anyway."""
    found = {(sight.of.fact, sight.member) for sight in gathered.sights if is_due(sight.member, sight.of)}
    for fact in dict.fromkeys(secret.fact for secret in planted.secrets):
        if fact is Fact.FINGERPRINT:
            continue
        for member in MSP:
            due = any(is_due(member, each) for each in planted.secrets if each.fact is fact)
            if due and (fact, member) not in found:
                yield fact, member
