"""Who satisfies a policy, and who must sign for it to be satisfied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final, TypeGuard

from hlf_chaincode.policies.tree import OutOf, Principal, Rule

__all__ = ["MAX_ENDORSER_SETS", "is_satisfied", "minimal_sets"]

MAX_ENDORSER_SETS: Final = 256
"""Sets that `minimal_sets` lists at most."""


def is_satisfied(rule: Rule, signers: Iterable[tuple[str, str]]) -> bool:
    """Whether these signers, each an (MSP id, role), satisfy the rule; each fills one place of the tree."""
    return _satisfies(rule, tuple(signers), frozenset()) is not None


def minimal_sets(
    rule: Rule, *, among: Collection[str] | None = None, first: str = ""
) -> tuple[tuple[Principal, ...], ...]:
    """Choices of signers that satisfy the rule and of which none can be left out, fewest first; bounded.

    Only of the organisations `among`, where they are given; of equally many signers those with `first` come first.
    """
    ways = _Ways(among, first)
    if _is_flat(rule):
        return tuple(ways.choices(rule))  # all of one size, and each fills its places
    minimal: list[Counter[Principal]] = []
    for choice in ways.choices(rule):
        candidate = Counter(choice)
        shorter = (one for one in minimal if one.total() < len(choice))
        if not any(smaller <= candidate for smaller in shorter) and _suffices(rule, choice):
            minimal.append(candidate)
    return tuple(tuple(sorted(choice.elements())) for choice in minimal)


def _suffices(rule: Rule, choice: Sequence[Principal]) -> bool:
    """Fabric fills places greedily, so `AND(OR(A, B), A)` is satisfied by two of A but not by A and B."""
    return is_satisfied(rule, ((signer.msp_id, signer.role.name.lower()) for signer in choice))


def _satisfies(rule: Rule, identities: Sequence[tuple[str, str]], used: frozenset[int]) -> frozenset[int] | None:
    """The identities used up when the rule is satisfied, else None: cauthdsl's evaluation, left to right."""
    if isinstance(rule, Principal):
        for index, (msp_id, role) in enumerate(identities):
            if index not in used and rule.matches(msp_id, role):
                return used | {index}
        return None
    verified = 0
    for each in rule.rules:
        after = _satisfies(each, identities, used)
        if after is not None:
            verified, used = verified + 1, after
    return used if verified >= rule.n else None


def _is_flat(rule: Rule) -> TypeGuard[OutOf]:
    """Whether it is n of so many different organisations: the policy of a large consortium, a majority for one."""
    if isinstance(rule, Principal):
        return False
    principals = [each for each in rule.rules if isinstance(each, Principal)]
    return len({each.msp_id for each in principals}) == len(rule.rules)


@dataclass(frozen=True, slots=True)
class _Ways:
    """Sorted choices of signers that satisfy a rule, at most `MAX_ENDORSER_SETS` at every step."""

    among: Collection[str] | None
    first: str

    def choices(self, rule: Rule) -> list[tuple[Principal, ...]]:
        """Fewest signers first, then those with `first`."""
        if isinstance(rule, Principal):
            return [(rule,)] if self._may(rule) else []
        if _is_flat(rule):  # what the steps below come to, without 300 times 151 of them
            places = sorted(
                (each for each in rule.rules if isinstance(each, Principal) and self._may(each)),
                key=lambda each: (each.msp_id != self.first, each),
            )
            found = islice(combinations(places, rule.n), MAX_ENDORSER_SETS)
            return [tuple(sorted(choice)) for choice in found]
        partial: list[list[tuple[Principal, ...]]] = [[()], *([] for _ in range(rule.n))]
        for each in rule.rules:
            more = self.choices(each)
            for chosen in range(rule.n, 0, -1):
                grown = [tuple(sorted(old + new)) for old in partial[chosen - 1] for new in more]
                distinct = dict.fromkeys(partial[chosen] + grown)
                partial[chosen] = sorted(distinct, key=self._order)[:MAX_ENDORSER_SETS]
        return partial[rule.n]

    def _may(self, principal: Principal) -> bool:
        return self.among is None or principal.msp_id in self.among

    def _order(self, choice: tuple[Principal, ...]) -> tuple[int, bool, tuple[Principal, ...]]:
        return len(choice), all(signer.msp_id != self.first for signer in choice), choice
