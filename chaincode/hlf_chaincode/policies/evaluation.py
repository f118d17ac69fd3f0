"""Who satisfies a policy, and who must sign for it to be satisfied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from hlf_chaincode.policies.tree import Principal, Rule

__all__ = ["MAX_ENDORSER_SETS", "is_satisfied", "minimal_sets"]

MAX_ENDORSER_SETS: Final = 256
"""Sets that `minimal_sets` lists at most."""


def is_satisfied(rule: Rule, signers: Iterable[tuple[str, str]]) -> bool:
    """Whether these signers, each an (MSP id, role), satisfy the rule; each fills one place of the tree."""
    return _satisfies(rule, tuple(signers), frozenset()) is not None


def minimal_sets(rule: Rule) -> tuple[tuple[Principal, ...], ...]:
    """Choices of signers that satisfy the rule and of which none can be left out, fewest first; bounded."""
    minimal: list[Counter[Principal]] = []
    for choice in _choices(rule):
        candidate = Counter(choice)
        if not any(smaller <= candidate for smaller in minimal) and _suffices(rule, choice):
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


def _choices(rule: Rule) -> list[tuple[Principal, ...]]:
    """Sorted choices of signers that satisfy the rule, fewest first, at most `MAX_ENDORSER_SETS` at every step."""
    if isinstance(rule, Principal):
        return [(rule,)]
    partial: list[list[tuple[Principal, ...]]] = [[()], *([] for _ in range(rule.n))]
    for each in rule.rules:
        more = _choices(each)
        for chosen in range(rule.n, 0, -1):
            grown = [tuple(sorted(old + new)) for old in partial[chosen - 1] for new in more]
            distinct = dict.fromkeys(partial[chosen] + grown)
            partial[chosen] = sorted(distinct, key=lambda choice: (len(choice), choice))[:MAX_ENDORSER_SETS]
    return partial[rule.n]
