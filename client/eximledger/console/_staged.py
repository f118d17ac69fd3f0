"""What one page leaves for an officer's next one: what was read of uploaded files, and what became of them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final, Generic, TypeVar

from eximledger.console.views.filing import Done
from eximledger_chaincode.documents import Document
from hlf_client.errors import NotFound

__all__ = ["Outcome", "Outcomes", "StagedPapers"]

LeftT = TypeVar("LeftT")

_SECONDS: Final = 1800.0
_PLACES: Final = 64
_EACH: Final = 4
"""Of one officer: who uploads a fifth time loses the first preview."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of papers that were filed, and under which id those that were not are staged."""

    done: Done
    staged: str


@dataclass(frozen=True, slots=True)
class _Left(Generic[LeftT]):
    account: str
    what: LeftT
    until: float


class _ForOfficers(Generic[LeftT]):
    """Things by an id that only their officer's page knows. In memory, bounded, and gone after half an hour."""

    def __init__(self, gone: str) -> None:
        self._gone = gone
        self._left: dict[str, _Left[LeftT]] = {}

    def keep(self, account: str, what: LeftT) -> str:
        """The id under which an officer finds it again."""
        now = monotonic()
        for name in [name for name, each in self._left.items() if each.until <= now]:
            del self._left[name]
        own = [name for name, each in self._left.items() if each.account == account]
        for name in own[: max(len(own) - _EACH + 1, 0)]:
            del self._left[name]
        while len(self._left) >= _PLACES:
            del self._left[next(iter(self._left))]
        name = secrets.token_urlsafe(16)
        self._left[name] = _Left(account, what, now + _SECONDS)
        return name

    def look(self, account: str, name: str) -> LeftT:
        """What was kept. Raises `NotFound` where it was taken, is too old or another officer's."""
        found = self._left.get(name)
        if found is None or found.account != account or found.until <= monotonic():
            raise NotFound(self._gone)
        return found.what

    def take(self, account: str, name: str) -> LeftT:
        """What was kept, once. Raises `NotFound` as `look` does."""
        found = self.look(account, name)
        del self._left[name]
        return found


class StagedPapers(_ForOfficers[Sequence[Document]]):
    """The papers that were read and are not filed yet."""

    def __init__(self) -> None:
        super().__init__("what was read is not kept any more: choose the files again")


class Outcomes(_ForOfficers[Outcome]):
    """What became of papers, for a page that may be loaded again."""

    def __init__(self) -> None:
        super().__init__("what became of these papers is not kept any more")
