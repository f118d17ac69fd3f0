"""What was read of uploaded files, between the page that shows it and the act that files it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from eximledger_chaincode.documents import Document
from hlf_client.errors import NotFound

__all__ = ["StagedPapers"]

_SECONDS: Final = 1800.0
_PLACES: Final = 64
_EACH: Final = 4
"""Of one officer: who uploads a fifth time loses the first preview."""


@dataclass(frozen=True, slots=True)
class _Staged:
    account: str
    documents: tuple[Document, ...]
    until: float


class StagedPapers:
    """Papers by an id that only their officer's page knows. In memory, bounded, and gone after half an hour."""

    def __init__(self) -> None:
        self._staged: dict[str, _Staged] = {}

    def keep(self, account: str, documents: Sequence[Document]) -> str:
        """The id under which an officer finds the papers again."""
        now = monotonic()
        for name in [name for name, each in self._staged.items() if each.until <= now]:
            del self._staged[name]
        own = [name for name, each in self._staged.items() if each.account == account]
        for name in own[: max(len(own) - _EACH + 1, 0)]:
            del self._staged[name]
        while len(self._staged) >= _PLACES:
            del self._staged[next(iter(self._staged))]
        name = secrets.token_urlsafe(16)
        self._staged[name] = _Staged(account, tuple(documents), now + _SECONDS)
        return name

    def take(self, account: str, name: str) -> tuple[Document, ...]:
        """The papers, once. Raises `NotFound` where they are filed, too old or another officer's."""
        found = self._staged.get(name)
        if found is None or found.account != account or found.until <= monotonic():
            raise NotFound("what was read is not kept any more: choose the files again")
        return self._staged.pop(name).documents
