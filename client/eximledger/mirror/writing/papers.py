"""A record of a paper as rows: what lists show of it, the parties and numbers that it carries, its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias, get_args

from pydantic import BaseModel

from eximledger_chaincode.documents import KINDS, compared_name, compared_number
from eximledger_chaincode.documents.parts.party import Party
from hlf_chaincode.canonical import plain_json

__all__ = ["PaperRows", "Values", "paper_rows"]

Values: TypeAlias = dict[str, Any]
"""One row, by its columns."""

_COUNTERPARTY: Final = ("buyer", "consignee", "applicant", "ultimate_payer", "payer")
"""As what a paper names who buys."""
_AMOUNTS: Final = (("total",), ("totals", "payable"), ("amount",), ("insured_amount",), ("fob_value",))
"""Where a paper has the amount that it is about; the first that is there."""
_COUNTRIES: Final = ("destination_country", "trade_country")
_NUMBERS: Final = ("_number", "_numbers")
_MAX_COMPARED: Final = 200
"""Characters by which a number or name is looked up; an index takes no more than some kilobytes."""


@dataclass(frozen=True, slots=True)
class PaperRows:
    """What one version of a paper is in the tables."""

    place: tuple[str, str, str]
    version: int
    paper: Values
    text: Values
    parties: tuple[Values, ...]
    names: Mapping[str, str]
    """Each party's name as it is written, by the name as it is compared."""
    references: tuple[Values, ...]


def paper_rows(record: Mapping[str, Any], bank: str, origin: str) -> PaperRows:
    """The rows of a record as the ledger has it: an entry with its document."""
    document: Mapping[str, Any] = record["document"]
    kind, id_ = str(record["kind"]), str(record["id"])
    key = {"bank": bank, "kind": kind, "id": id_}
    parties = list(_parties(kind, document))
    written = {
        "version": record["version"],
        "written_by": record["written_by"],
        "written_at": datetime.fromisoformat(record["written_at"]),
        "transaction_id": record["transaction_id"],
        "sha256": record["sha256"],
        "origin": origin,
    }
    exporter = record.get("exporter")
    currency, amount = _amount(document)
    counterparty = _counterparty(parties, exporter)
    paper = {
        **key,
        **written,
        "number": record["number"],
        "exporter": exporter,
        "exporter_name": next(
            (each["name"] for _, _, each in parties if exporter and each.get("uscc") == exporter), None
        ),
        "counterparty": None if counterparty is None else counterparty["name"],
        "country": _country(document, counterparty),
        "dated": date.fromisoformat(record["dated"]) if record.get("dated") else None,
        "status": document.get("status"),
        "currency": currency,
        "amount": amount,
        "issuer": record["issuer"],
        "filed_at": datetime.fromisoformat(record["filed_at"]),
        "note": record.get("note"),
    }
    named = [(role, position, party, _compared(party["name"])) for role, position, party in parties]
    return PaperRows(
        place=(bank, kind, id_),
        version=record["version"],
        paper=paper,
        text={**key, **written, "body": plain_json(document).decode()},  # type: ignore[arg-type]  # JSON, as it was read
        parties=tuple(
            {**key, "role": role, "position": position, "party": name, "uscc": party.get("uscc")}
            for role, position, party, name in named
        ),
        names={name: party["name"] for _, _, party, name in reversed(named)},
        references=tuple(
            {**key, "what": what, "value": value} for what, value in sorted(_references(record["number"], document))
        ),
    )


def _compared(name: str) -> str:
    return (compared_name(name) or name)[:_MAX_COMPARED]


def _amount(document: Mapping[str, Any]) -> tuple[str | None, Decimal | None]:
    for path in _AMOUNTS:
        found: Any = document
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        if isinstance(found, Mapping) and "amount" in found and "currency" in found:
            return found["currency"], Decimal(found["amount"])
    return None, None


def _counterparty(parties: list[tuple[str, int, Mapping[str, Any]]], exporter: str | None) -> Mapping[str, Any] | None:
    by_role = {role: party for role, _, party in reversed(parties) if not exporter or party.get("uscc") != exporter}
    return next((by_role[role] for role in _COUNTERPARTY if role in by_role), None)


def _country(document: Mapping[str, Any], counterparty: Mapping[str, Any] | None) -> str | None:
    said: str | None = next((document[name] for name in _COUNTRIES if document.get(name)), None)
    if said is None and counterparty is not None:
        said = (counterparty.get("address") or {}).get("country")
    return said


# -- numbers -----------------------------------------------------------------------------------------------------------


def _references(own: str, document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The paper's own number, every field that is named a number of something, and its containers."""
    found = {("number", compared_number(own)[:_MAX_COMPARED])}
    for field, value in document.items():
        ending = next((each for each in _NUMBERS if field.endswith(each)), None)
        what = field.removesuffix(ending) if ending else "container" if field == "containers" else ""
        for each in value if isinstance(value, list) else [value]:
            number = each.get("number") if isinstance(each, Mapping) else each
            if what and isinstance(number, str) and number != own:
                found.add((what, compared_number(number)[:_MAX_COMPARED]))
    return found


# -- parties -----------------------------------------------------------------------------------------------------------


def _parties(kind: str, document: Mapping[str, Any]) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Role, place among those of the role, and the party; a party within a leg of carriage by the leg's own role."""
    seen: dict[str, int] = {}
    for path in _paths(kind):
        for party in _at(document, path):
            position = seen.get(path[-1], 0)
            seen[path[-1]] = position + 1
            yield path[-1], position, party


def _at(value: Any, path: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif isinstance(value, Mapping):
        if not path:
            yield value
        elif path[0] in value:
            yield from _at(value[path[0]], path[1:])


@lru_cache(maxsize=64)
def _paths(kind: str) -> tuple[tuple[str, ...], ...]:
    """Where papers of a kind name parties, by their model: so that a new kind's are found, too."""
    return tuple(_paths_in(KINDS[kind].model, 3)) if kind in KINDS else ()


def _paths_in(model: type[BaseModel], depth: int) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        for inner in _models_in(field.annotation):
            if issubclass(inner, Party):
                yield (name,)
            elif depth:
                yield from ((name, *path) for path in _paths_in(inner, depth - 1))


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
