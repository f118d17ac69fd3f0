"""Policies as text: `AND(...)`, `OR(...)`, `OutOf(n, ...)` over `'MspId.role'`, as Fabric's own tools read them."""

from __future__ import annotations

import re
from typing import Final

from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.policies.tree import MAX_BYTES, MAX_DEPTH, OutOf, Principal, Role, Rule

__all__ = ["parsed", "written"]


def parsed(text: str) -> Rule:
    """The tree. Raises `InvalidDocument` saying where the text is wrong."""
    return _Parser(text).policy()


def written(rule: Rule) -> str:
    """The text, as Fabric's tools write it: one role alone stands within AND, for there is no policy without."""
    return str(rule) if isinstance(rule, OutOf) else f"AND({rule})"


_TOKEN: Final = re.compile(r"\s*(?:(?P<word>[A-Za-z]+)|(?P<number>[0-9]{1,9})|'(?P<name>[^']*)'|(?P<mark>[(),]))")
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
        rest = self._text[self._at :].strip()
        stands = f"not {rest[:20]!r}" if rest else "but the text breaks off"
        reason = f"expected {expected} at position {self._at}, {stands}"
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
        if depth > MAX_DEPTH or len(self._text) > MAX_BYTES:
            raise self._wrong("a smaller policy")
        if self._text[self._at :].lstrip().startswith("'"):
            return self._principal()
        word = self._next("word", "AND, OR, OutOf or 'Msp.role'").lower()
        if word not in {"and", "or", "outof"}:
            raise self._wrong("AND, OR or OutOf")
        self._next("mark", "(", "(")
        n = 0
        if word == "outof":
            n = int(self._next("number", "a number"))
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
