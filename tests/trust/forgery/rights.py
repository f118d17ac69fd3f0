"""Who may write what, and who reads private papers: design.md's table and docs/contracts.md, as data.

Stated once, by hand. The tests compare it with what ledgers answer, for every transaction and query that the contracts
describe; whoever adds one must say here whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

__all__ = ["CHANNELS", "LENDER", "PAPERS", "PEOPLE", "WRITES", "People", "Row", "member_of"]

People: TypeAlias = frozenset[str]
Row: TypeAlias = tuple[str, str, str]
"""Channel, function, and whose or which thing it is about."""

OFFICERS: Final = ("maker", "checker", "admin")
LENDER: Final = "tradebank"
"""The bank whose papers and loans these are."""
LENDERS: Final[People] = frozenset(f"{LENDER}/{user}" for user in OFFICERS)
OTHER_BANK: Final[People] = frozenset(f"eximbank/{user}" for user in OFFICERS)
BANKS: Final[People] = LENDERS | OTHER_BANK
SAFE: Final[People] = frozenset({"safe/officer", "safe/admin"})
CUSTOMS: Final[People] = frozenset({"customs/officer", "customs/admin"})
PEOPLE: Final = (*sorted(LENDERS), *sorted(OTHER_BANK), *sorted(SAFE), *sorted(CUSTOMS))
NOBODY: Final[People] = frozenset()

CHANNELS: Final[Mapping[str, People]] = {
    "customs": CUSTOMS | SAFE | BANKS,
    "fx": SAFE | BANKS,
    "bank": BANKS | SAFE,
}
"""Whose people a channel knows."""


def member_of(person: str) -> str:
    return person.partition("/")[0]


WRITES: Final[Mapping[Row, People]] = {
    ("customs", "consortium:configure", "the members"): CUSTOMS | SAFE | BANKS,
    ("fx", "consortium:configure", "the members"): SAFE | BANKS,
    ("bank", "consortium:configure", "the members"): BANKS | SAFE,
    ("customs", "documents:put", "declaration"): CUSTOMS,
    ("customs", "documents:put_many", "declaration"): CUSTOMS,
    ("customs", "documents:put", "declaration, amended"): CUSTOMS,
    ("fx", "documents:put", "classification"): SAFE,
    ("fx", "documents:put_many", "rate"): SAFE,
    ("fx", "documents:put", "receipt"): SAFE,
    ("bank", "documents:put", "contract"): BANKS,
    ("bank", "documents:put_many", "invoice"): BANKS,
    ("bank", "documents:put", "transport"): BANKS,
    ("bank", "documents:put", "packing-list"): BANKS,
    ("bank", "documents:put", "policy of the lender"): LENDERS,
    ("bank", "loans:apply", "a new loan"): BANKS,
    ("bank", "loans:apply", "the lender's loan, amended"): LENDERS,
    ("bank", "loans:refer", "the lender's loan"): LENDERS,
    ("bank", "loans:check", "the lender's loan"): LENDERS,
    ("fx", "financing:reserve", "the lender's loan"): LENDERS,
    ("bank", "loans:approve", "the maker's loan, findings overridden"): frozenset({f"{LENDER}/checker"}),
    ("bank", "loans:disburse", "the lender's loan"): LENDERS,
    ("bank", "loans:repay", "the lender's loan"): LENDERS,
    ("fx", "financing:release", "the lender's repaid loan"): BANKS | SAFE,
    ("bank", "loans:release", "the lender's loan"): LENDERS,
    ("bank", "loans:reject", "another loan of the lender's"): LENDERS,
    ("bank", "loans:withdraw", "another loan of the lender's"): LENDERS,
    ("bank", "loans:expire", "another loan of the lender's"): BANKS | SAFE,
}
"""Every way to write, and who may."""

READERS: Final[People] = LENDERS | SAFE
"""Who reads the lender's papers."""

PAPERS: Final[Mapping[Row, tuple[People, People]]] = {
    ("bank", "documents:get", "the lender's invoice"): (READERS, NOBODY),
    ("bank", "documents:get_many", "the lender's invoice"): (READERS, NOBODY),
    ("bank", "documents:history", "the lender's invoice"): (READERS, OTHER_BANK),
    ("bank", "documents:entry", "the lender's invoice"): (NOBODY, BANKS | SAFE),
    ("bank", "documents:find", "the lender's invoice"): (NOBODY, BANKS | SAFE),
    ("bank", "documents:list", "invoices"): (NOBODY, BANKS | SAFE),
    ("bank", "loans:facts", "the lender's loan"): (READERS, NOBODY),
    ("bank", "loans:preview", "the lender's loan"): (NOBODY, READERS),
    ("bank", "loans:reservation_facts", "the lender's loan"): (NOBODY, READERS),
    ("bank", "loans:get", "the lender's loan"): (NOBODY, BANKS | SAFE),
    ("bank", "loans:standing", "the lender's loan"): (NOBODY, BANKS | SAFE),
    ("bank", "loans:history", "the lender's loan"): (NOBODY, BANKS | SAFE),
    ("bank", "loans:list", "loans"): (NOBODY, BANKS | SAFE),
    ("bank", "consortium:members", "the members"): (NOBODY, BANKS | SAFE),
    ("bank", "consortium:ballots", "the votes"): (NOBODY, BANKS | SAFE),
    ("customs", "documents:customs_facts", "the exporter"): (NOBODY, CUSTOMS | SAFE | BANKS),
    ("fx", "documents:rates", "rates"): (NOBODY, SAFE | BANKS),
    ("fx", "financing:balance", "the declaration"): (NOBODY, SAFE | BANKS),
    ("fx", "financing:reservation", "the lender's loan"): (NOBODY, SAFE | BANKS),
    ("fx", "financing:reservations", "all"): (NOBODY, SAFE | BANKS),
    ("fx", "financing:held", "all"): (NOBODY, SAFE | BANKS),
    ("fx", "financing:facts", "the lender's case"): (NOBODY, SAFE | BANKS),
}
"""Every query: who is answered with what is in the lender's papers, and who with something else."""
