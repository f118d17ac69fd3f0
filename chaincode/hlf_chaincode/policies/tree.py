"""The tree of a policy: n of several rules, over roles in organisations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "OutOf",
    "Principal",
    "Role",
    "Rule",
    "all_of",
    "any_of",
    "out_of",
    "principals_of",
]

MAX_DEPTH: Final = 32
MAX_BYTES: Final = 64 * 1024
"""What is deeper or longer, as text or as bytes, is no policy."""


class Role(IntEnum):
    """MSPRole of Fabric's msp/msp_principal.proto. Every other role is also a member."""

    MEMBER = 0
    ADMIN = 1
    CLIENT = 2
    PEER = 3
    ORDERER = 4


@dataclass(frozen=True, slots=True, order=True)
class Principal:
    """A role in an organisation: `SafeMSP.peer`."""

    msp_id: str
    role: Role = Role.PEER

    def __str__(self) -> str:
        return f"'{self.msp_id}.{self.role.name.lower()}'"

    def matches(self, msp_id: str, role: str) -> bool:
        """Whether an identity of that organisation and role is one of these."""
        return msp_id == self.msp_id and (self.role is Role.MEMBER or role == self.role.name.lower())


@dataclass(frozen=True, slots=True)
class OutOf:
    """At least `n` of `rules`."""

    n: int
    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        inner = ", ".join(str(rule) for rule in self.rules)
        if self.n == len(self.rules):
            return f"AND({inner})"
        return f"OR({inner})" if self.n == 1 else f"OutOf({self.n}, {inner})"


Rule: TypeAlias = Principal | OutOf


def all_of(*rules: Rule) -> OutOf:
    """AND."""
    return OutOf(len(rules), rules)


def any_of(*rules: Rule) -> OutOf:
    """OR."""
    return OutOf(1, rules)


def out_of(n: int, *rules: Rule) -> OutOf:
    """At least `n` of them."""
    return OutOf(n, rules)


def principals_of(rule: Rule) -> Iterator[Principal]:
    if isinstance(rule, Principal):
        yield rule
    else:
        for each in rule.rules:
            yield from principals_of(each)
