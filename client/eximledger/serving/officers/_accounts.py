"""Accounts: a person as the server knows it, by which proofs it signs in, and where its key is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from hlf_client import Ledger
from hlf_client.errors import InvalidDocument

__all__ = ["Account", "Officers", "Roll"]


@dataclass(frozen=True, slots=True)
class Account:
    """One person. `connect` opens a connection in the person's own name; nobody else's key ever signs for it."""

    name: str
    connect: Callable[[], Ledger] = field(repr=False, compare=False)
    title: str = ""
    """How people call the person."""
    subjects: frozenset[str] = frozenset()
    """By which of the identity provider's names it signs in."""
    groups: frozenset[str] = frozenset()
    """Of which of the provider's groups it must be in one; none is asked for where none is named."""
    certificates: frozenset[str] = frozenset()
    """SHA-256 (hex) of the client certificates by which it signs in."""

    @property
    def called(self) -> str:
        """What to call the person."""
        return self.title or self.name


class Officers(Protocol):
    """Who may sign in. Each answers None for somebody unknown."""

    def named(self, name: str) -> Account | None: ...

    def with_subject(self, subject: str, groups: Collection[str]) -> Account | None: ...

    def with_certificate(self, sha256: str) -> Account | None: ...


class Roll:
    """`Officers` as a fixed list. Raises `InvalidDocument` where two accounts have a name or a proof in common."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        listed = list(accounts)
        self.accounts = tuple(listed)
        self._named = _by((each, [each.name]) for each in listed)
        self._subjects = _by((each, each.subjects) for each in listed)
        self._certificates = _by((each, each.certificates) for each in listed)

    def named(self, name: str) -> Account | None:
        return self._named.get(name)

    def with_subject(self, subject: str, groups: Collection[str]) -> Account | None:
        found = self._subjects.get(subject)
        if found is None or (found.groups and found.groups.isdisjoint(groups)):
            return None
        return found

    def with_certificate(self, sha256: str) -> Account | None:
        return self._certificates.get(sha256)


def _by(pairs: Iterable[tuple[Account, Iterable[str]]]) -> Mapping[str, Account]:
    found: dict[str, Account] = {}
    for account, names in pairs:
        for name in names:
            if found.setdefault(name, account) is not account or not name:
                raise InvalidDocument(
                    f"two officers are known by {name!r}", field="officer", reason="is not one person's"
                )
    return found
