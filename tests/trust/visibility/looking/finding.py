"""Looking for very many shapes in very many bytes: once over each, by windows of a fixed width."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.trust.visibility.looking.forms import WINDOW, needles_of
from tests.trust.visibility.planted.planting import Secret

__all__ = ["Finder"]


class Finder:
    """Knows every shape of every secret. What it has looked through already it does not look through again."""

    def __init__(self, secrets: Iterable[Secret], guesses: Mapping[bytes, Secret] | None = None) -> None:
        self._shapes: dict[bytes, list[tuple[bytes, Secret]]] = {}
        for secret in secrets:
            for shape in needles_of(secret.value):
                self._add(shape, secret)
        for shape, secret in (guesses or {}).items():
            self._add(shape, secret)
        self._seen: dict[bytes, frozenset[Secret]] = {}

    def _add(self, shape: bytes, secret: Secret) -> None:
        self._shapes.setdefault(shape[:WINDOW], []).append((shape, secret))

    def find(self, data: bytes) -> frozenset[Secret]:
        """Whose shapes are in the bytes."""
        known = self._seen.get(data)
        if known is None:
            known = self._seen[data] = frozenset(self._look(data))
        return known

    def _look(self, data: bytes) -> Iterable[Secret]:
        shapes = self._shapes
        for at in range(len(data) - WINDOW + 1):
            window = data[at : at + WINDOW]
            if window in shapes:
                for shape, secret in shapes[window]:
                    if data.startswith(shape, at):
                        yield secret
