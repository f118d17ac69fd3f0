"""Sums over documents that are kept up as documents are filed, each under one key that is read singly.

A key holds either one item for each document, by the document's id (what receipts name of a declaration), or one amount
for each currency (what an exporter declared in a month) and how many documents counted as what. A filing says what its
document adds and what the version before had added; everything that one transaction files is read in one batch, changed
in memory and written once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeVar

from pydantic import BaseModel

from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.valuation import most
from hlf_chaincode.canonical import Json, decimal_text, plain_json, to_json

__all__ = ["SumChanges", "Sums", "amounts_in", "counts_in", "items_in", "names_in"]

ModelT = TypeVar("ModelT", bound=BaseModel)

_CURRENCY: Final = 3
"""A sum of amounts is named by its currency's three letters; all other names are longer."""


@dataclass(slots=True)
class Sums:
    """What one version of one document adds: items by key, and amounts by key."""

    items: dict[str, Json] = field(default_factory=dict)
    amounts: dict[str, Money] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What it counts as, under keys of amounts."""

    def item(self, key: str, value: BaseModel) -> None:
        self.items[key] = to_json(value)


@dataclass(slots=True)
class SumChanges:
    """What a transaction changes in the sums of one collection, or of the public state."""

    _items: dict[str, dict[str, Json]] = field(default_factory=dict)
    """By key and document; None takes the document's item out."""
    _amounts: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    def replace(self, id_: str, before: Sums, after: Sums) -> None:
        """The document `id_` added `before` and now adds `after`."""
        for key in before.items.keys() | after.items.keys():
            if before.items.get(key) != after.items.get(key):
                self._items.setdefault(key, {})[id_] = after.items.get(key)
        for key, money in before.amounts.items():
            self._add(key, money.currency, money.amount.copy_negate())  # minus would round to 28 digits
        for key, money in after.amounts.items():
            self._add(key, money.currency, money.amount)
        for sums, one in ((before, Decimal(-1)), (after, Decimal(1))):
            for key, names in sums.names.items():
                for name in names:
                    self._add(key, name, one)

    def _add(self, key: str, name: str, amount: Decimal) -> None:
        """Add to what stands under a name: a currency, or what documents count as."""
        sums = self._amounts.setdefault(key, {})
        sums[name] = EXACT.add(sums.get(name, Decimal(0)), amount)

    @property
    def keys(self) -> list[str]:
        """Every key whose value changes, sorted."""
        moved = {key for key, sums in self._amounts.items() if any(sums.values())}
        return sorted(self._items.keys() | moved)

    def over(self, stored: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
        """The new value of every key, from the values that stand; None where nothing is left under a key."""
        found: dict[str, bytes | None] = {}
        for key in self.keys:
            values: dict[str, Json] = json.loads(stored.get(key) or b"{}")
            for id_, item in self._items.get(key, {}).items():
                _set(values, id_, item)
            for currency, amount in self._amounts.get(key, {}).items():
                total = EXACT.add(Decimal(str(values.get(currency, "0"))), amount)
                _set(values, currency, decimal_text(total) if total else None)
            found[key] = plain_json(values) if values else None
        return found


def _set(values: dict[str, Json], name: str, value: Json) -> None:
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value


def items_in(model: type[ModelT], stored: bytes | None) -> tuple[ModelT, ...]:
    """The items under a key, by their documents' ids."""
    if stored is None:
        return ()
    values: dict[str, Json] = json.loads(stored)
    return tuple(model.model_validate_json(plain_json(values[id_])) for id_ in sorted(values))


def names_in(stored: bytes | None) -> list[str]:
    """The documents that have an item under a key, by id."""
    values: dict[str, Json] = json.loads(stored or b"{}")
    return sorted(values)


def amounts_in(stored: Iterable[bytes | None]) -> tuple[Money, ...]:
    """The amounts under several keys together, one for each currency; never more than money can say."""
    return _together(tuple(filter(None, stored)))


@lru_cache(maxsize=512)  # a loan's steps read the same months
def _together(stored: tuple[bytes, ...]) -> tuple[Money, ...]:
    totals: dict[str, Decimal] = {}
    for value in stored:
        for currency, amount in json.loads(value).items():
            if len(currency) == _CURRENCY:
                totals[currency] = EXACT.add(totals.get(currency, Decimal(0)), Decimal(amount))
    return tuple(Money.of(_bounded(totals[currency], most(currency)), currency) for currency in sorted(totals))


def counts_in(stored: Iterable[bytes | None]) -> dict[str, int]:
    """What documents count as under several keys together."""
    counts: dict[str, int] = {}
    for value in filter(None, stored):
        for name, count in json.loads(value).items():
            if len(name) != _CURRENCY:
                counts[name] = counts.get(name, 0) + int(count)
    return counts


def _bounded(amount: Decimal, bound: Decimal) -> Decimal:
    return max(bound.copy_negate(), min(bound, amount))
