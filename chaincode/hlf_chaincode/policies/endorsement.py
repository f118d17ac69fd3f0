"""Who must have endorsed a transaction, as a value."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from hlf_chaincode.policies import evaluation, text, wire
from hlf_chaincode.policies.tree import Principal, Rule, principals_of

__all__ = ["EndorsementPolicy"]


@dataclass(frozen=True, slots=True)
class EndorsementPolicy:
    """A tree of n-out-of over principals; equal policies have equal text and bytes."""

    rule: Rule

    def __str__(self) -> str:
        """The policy as Fabric's tools write it."""
        return text.written(self.rule)

    @classmethod
    def parse(cls, written: str) -> Self:
        """From `AND(...)`, `OR(...)`, `OutOf(n, ...)`. Raises `InvalidDocument` saying where the text is wrong."""
        return cls(text.parsed(written))

    @property
    def principals(self) -> tuple[Principal, ...]:
        """Every principal once, in the order of its first mention."""
        return tuple(dict.fromkeys(principals_of(self.rule)))

    @property
    def msp_ids(self) -> frozenset[str]:
        """Every organisation that the policy names."""
        return frozenset(principal.msp_id for principal in self.principals)

    def satisfied_by(self, endorsers: Iterable[tuple[str, str]]) -> bool:
        """Whether these signers, each an (MSP id, role), satisfy the policy.

        As on Fabric each signer fills one place of the tree, so name every signer once.
        """
        return evaluation.is_satisfied(self.rule, endorsers)

    def minimal_sets(
        self, *, among: Collection[str] | None = None, first: str = ""
    ) -> tuple[tuple[Principal, ...], ...]:
        """Choices of signers that satisfy the policy and of which none can be left out, fewest first; bounded.

        Only of the organisations `among`, where they are given; of equally many signers those with `first` come first:
        a bound that leaves most of 300 members out shall not leave out the one who asks. A principal that stands twice
        in one choice needs two different signers.
        """
        return evaluation.minimal_sets(self.rule, among=among, first=first)

    def to_bytes(self) -> bytes:
        """SignaturePolicyEnvelope(version 0, rule, identities in the order of their first mention)."""
        return wire.encoded(self.rule)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """From SignaturePolicyEnvelope bytes. Raises `InvalidDocument` for anything else than a tree over roles."""
        return cls(wire.decoded(data))
