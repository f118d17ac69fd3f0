"""Endorsement policies: who must have endorsed a transaction, as a value.

    EndorsementPolicy.parse("AND('SafeMSP.peer', OR('EximbankMSP.peer','TradebankMSP.peer'))")

A key's own endorsement policy is the one Fabric message that contracts write (a SignaturePolicyEnvelope of
common/policies.proto), and endorsers compare writes byte for byte. The core install has no protobuf, and protobuf does
not promise one encoding for one value across versions; so the message is encoded here by hand: fields in order,
defaults left out, as every protobuf library writes it today (tested byte for byte against Fabric's own definitions).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final, TypeAlias

from hlf_chaincode.errors import InvalidDocument

__all__ = ["MAX_ENDORSER_SETS", "EndorsementPolicy", "OutOf", "Principal", "Role", "Rule", "all_of", "any_of", "out_of"]

MAX_ENDORSER_SETS: Final = 256
"""Sets that `minimal_sets` lists at most."""
_MAX_DEPTH: Final = 32
_MAX_BYTES: Final = 64 * 1024


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


@dataclass(frozen=True, slots=True)
class EndorsementPolicy:
    """A tree of n-out-of over principals; equal policies have equal text and bytes."""

    rule: Rule

    def __str__(self) -> str:
        """The policy as Fabric's tools write it."""
        return str(self.rule) if isinstance(self.rule, OutOf) else f"AND({self.rule})"

    @classmethod
    def parse(cls, text: str) -> EndorsementPolicy:
        """From `AND(...)`, `OR(...)`, `OutOf(n, ...)`. Raises `InvalidDocument` saying where the text is wrong."""
        return cls(_Parser(text).policy())

    @property
    def principals(self) -> tuple[Principal, ...]:
        """Every principal once, in the order of its first mention."""
        return tuple(dict.fromkeys(_leaves(self.rule)))

    def satisfied_by(self, endorsers: Iterable[tuple[str, str]]) -> bool:
        """Whether these signers, each an (MSP id, role), satisfy the policy.

        As on Fabric each signer fills one place of the tree, so name every signer once.
        """
        return _satisfies(self.rule, tuple(endorsers), frozenset()) is not None

    def minimal_sets(self) -> tuple[tuple[Principal, ...], ...]:
        """Choices of signers that satisfy the policy and of which none can be left out, fewest first; bounded.

        A principal that stands twice in one choice needs two different signers.
        """
        minimal: list[Counter[Principal]] = []
        for choice in _choices(self.rule):
            candidate = Counter(choice)
            if not any(smaller <= candidate for smaller in minimal) and self._suffices(choice):
                minimal.append(candidate)
        return tuple(tuple(sorted(choice.elements())) for choice in minimal)

    def _suffices(self, choice: Sequence[Principal]) -> bool:
        """Fabric fills places greedily, so `AND(OR(A, B), A)` is satisfied by two of A but not by A and B."""
        return self.satisfied_by((signer.msp_id, signer.role.name.lower()) for signer in choice)

    def to_bytes(self) -> bytes:
        """SignaturePolicyEnvelope(version 0, rule, identities in the order of their first mention)."""
        return _encoded(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> EndorsementPolicy:
        """From SignaturePolicyEnvelope bytes. Raises `InvalidDocument` for anything else than a tree over roles."""
        return _decoded(data)


def all_of(*rules: Rule) -> OutOf:
    """AND."""
    return OutOf(len(rules), rules)


def any_of(*rules: Rule) -> OutOf:
    """OR."""
    return OutOf(1, rules)


def out_of(n: int, *rules: Rule) -> OutOf:
    """At least `n` of them."""
    return OutOf(n, rules)


# -- the tree --------------------------------------------------------------------------------------------------------


def _leaves(rule: Rule) -> Iterator[Principal]:
    if isinstance(rule, Principal):
        yield rule
    else:
        for each in rule.rules:
            yield from _leaves(each)


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


# -- text ------------------------------------------------------------------------------------------------------------

_TOKEN: Final = re.compile(r"\s*(?:(?P<word>[A-Za-z]+)|(?P<number>[0-9]+)|'(?P<name>[^']*)'|(?P<mark>[(),]))")
_PRINCIPAL: Final = re.compile(r"([A-Za-z0-9.-]+)\.(member|admin|client|peer|orderer)")


class _Parser:
    """Recursive descent over the policy text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def policy(self) -> Rule:
        rule = self._rule(0)
        if self._text[self._at :].strip():
            raise self._wrong("the end")
        return rule

    def _wrong(self, expected: str) -> InvalidDocument:
        reason = f"expected {expected} at position {self._at}"
        return InvalidDocument(f"endorsement policy: {reason}", field="policy", reason=reason)

    def _next(self, group: str, expected: str, value: str = "") -> str:
        match = _TOKEN.match(self._text, self._at)
        if match is None or match.lastgroup != group or (value and match[group] != value):
            raise self._wrong(expected)
        self._at = match.end()
        return match[group]

    def _sees(self, mark: str) -> bool:
        match = _TOKEN.match(self._text, self._at)
        return match is not None and match["mark"] == mark

    def _rule(self, depth: int) -> Rule:
        if depth > _MAX_DEPTH or len(self._text) > _MAX_BYTES:
            raise self._wrong("a smaller policy")
        if self._text[self._at :].lstrip().startswith("'"):
            return self._principal()
        word = self._next("word", "AND, OR, OutOf or 'Msp.role'").lower()
        if word not in {"and", "or", "outof"}:
            raise self._wrong("AND, OR or OutOf")
        self._next("mark", "(", "(")
        n = 0
        if word == "outof":
            n = int(self._next("number", "a number")[:6])
            self._next("mark", ",", ",")
        rules = [self._rule(depth + 1)]
        while self._sees(","):
            self._next("mark", ",")
            rules.append(self._rule(depth + 1))
        self._next("mark", ")", ")")
        n = {"and": len(rules), "or": 1}.get(word, n)
        if not 1 <= n <= len(rules):
            raise self._wrong(f"a number from 1 to {len(rules)}")
        return OutOf(n, tuple(rules))

    def _principal(self) -> Principal:
        match = _PRINCIPAL.fullmatch(self._next("name", "'Msp.role'"))
        if match is None:
            raise self._wrong("'Msp.role' with role member, admin, client, peer or orderer")
        return Principal(match[1], Role[match[2].upper()])


# -- protobuf --------------------------------------------------------------------------------------------------------
# SignaturePolicyEnvelope: version 1 int32, rule 2 SignaturePolicy, identities 3 repeated MSPPrincipal.
# SignaturePolicy: oneof signed_by 1 int32, n_out_of 2 NOutOf. NOutOf: n 1 int32, rules 2 repeated SignaturePolicy.
# MSPPrincipal: principal_classification 1 enum (0 ROLE), principal 2 bytes of MSPRole: msp_identifier 1, role 2.


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _message(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


@lru_cache(maxsize=1024)
def _encoded(policy: EndorsementPolicy) -> bytes:
    places = {principal: place for place, principal in enumerate(policy.principals)}

    def encode(rule: Rule) -> bytes:
        if isinstance(rule, Principal):
            return _number(1, places[rule])  # a member of a oneof is written even when it is zero
        return _message(2, _number(1, rule.n) + b"".join(_message(2, encode(each)) for each in rule.rules))

    identities = b"".join(_message(3, _message(2, _role(principal))) for principal in places)
    return _message(2, encode(policy.rule)) + identities


def _role(principal: Principal) -> bytes:
    role = _number(2, principal.role) if principal.role else b""
    return _message(1, principal.msp_id.encode()) + role


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field numbers and values of a message of varints and length-delimited fields."""
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        if tag & 7 == 0:
            value, at = _read_varint(data, at)
            yield tag >> 3, value
        elif tag & 7 == 2:
            size, at = _read_varint(data, at)
            if at + size > len(data):
                raise _not_a_policy("truncated")
            yield tag >> 3, data[at : at + size]
            at += size
        else:
            raise _not_a_policy("unexpected wire type")


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise _not_a_policy("truncated")


def _not_a_policy(reason: str) -> InvalidDocument:
    return InvalidDocument(f"not a signature policy: {reason}", field="policy", reason=reason)


@lru_cache(maxsize=1024)
def _decoded(data: bytes) -> EndorsementPolicy:
    if len(data) > _MAX_BYTES:
        raise _not_a_policy("too large")
    identities: list[Principal] = []
    rule = b""
    for number, value in _fields(data):
        if number == 2 and isinstance(value, bytes):
            rule = value
        elif number == 3 and isinstance(value, bytes):
            identities.append(_read_principal(value))
        elif (number, value) != (1, 0):
            raise _not_a_policy("unknown version or field")
    return EndorsementPolicy(_read_rule(rule, identities, 0))


def _read_principal(data: bytes) -> Principal:
    body = dict(_fields(data))
    role = body.get(2, b"")
    if body.get(1, 0) != 0 or not isinstance(role, bytes):
        raise _not_a_policy("only principals by role are understood")
    fields = dict(_fields(role))
    msp_id, number = fields.get(1, b""), fields.get(2, 0)
    if not isinstance(msp_id, bytes) or number not in set(Role):
        raise _not_a_policy("unknown role")
    try:
        return Principal(msp_id.decode(), Role(number))
    except UnicodeDecodeError:
        raise _not_a_policy("an MSP id is text") from None


def _read_rule(data: bytes, identities: Sequence[Principal], depth: int) -> Rule:
    if depth > _MAX_DEPTH:
        raise _not_a_policy("too deep")
    fields = list(_fields(data))
    if len(fields) != 1:
        raise _not_a_policy("a rule is one of signed_by and n_out_of")
    number, value = fields[0]
    if number == 1 and isinstance(value, int) and value < len(identities):
        return identities[value]
    if number != 2 or not isinstance(value, bytes):
        raise _not_a_policy("signed_by names no identity")
    n, rules = 0, []
    for inner, part in _fields(value):
        if inner == 1 and isinstance(part, int):
            n = part
        elif inner == 2 and isinstance(part, bytes):
            rules.append(_read_rule(part, identities, depth + 1))
        else:
            raise _not_a_policy("unknown field")
    if not 1 <= n <= len(rules):
        raise _not_a_policy("n is from 1 to the number of rules")
    return OutOf(n, tuple(rules))
