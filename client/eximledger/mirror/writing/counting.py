"""Tallies kept with the rows: what loans added to the sums before they were written, and what they add after.

The difference is applied in the transaction that writes the rows, so that who reads sees the sums of the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select, tuple_, union, update

from eximledger.mirror.schema.tables import LOAN, LOAN_HOLD, LOAN_STEP, PAPER
from eximledger.mirror.schema.tallies import TALLIES, Tally
from eximledger.mirror.writing.batch import Batch
from eximledger.mirror.writing.copying import insert_or_ignore
from eximledger_chaincode.documents import compared_number

__all__ = ["counted", "loans_of"]

Loan = tuple[str, str]
Sums = dict[tuple[Any, ...], dict[str, Any]]
_AT_ONCE: Final = 150
"""Loans of one question; SQLite takes a thousand values."""


@contextmanager
def counted(connection: Connection, loans: Collection[Loan]) -> Iterator[None]:
    """Have the tallies follow what is written about these loans, and about nothing else."""
    if not loans:
        yield
        return
    before = [_sums(connection, tally, loans) for tally in TALLIES]
    yield
    for tally, earlier in zip(TALLIES, before, strict=True):
        _apply(connection, tally, earlier, _sums(connection, tally, loans))


def loans_of(connection: Connection, batch: Batch) -> set[Loan]:
    """The loans whose sums a batch may change: those it writes or deletes, and those that hold of papers it does."""
    found = {(place[0], place[1]) for place in batch.loans}
    found |= {(str(place[0]), str(place[1])) for place in batch.steps}
    papers = {(place[1], str(each.paper["number"])) for place, each in batch.papers.items()}
    for some in _chunks(sorted(batch.gone)):
        loans = (select(each.c.bank, each.c.loan_id).where(each.c.origin.in_(some)) for each in (LOAN, LOAN_STEP))
        found |= {(row.bank, row.loan_id) for row in connection.execute(union(*loans))}
        gone = select(PAPER.c.kind, PAPER.c.number).where(PAPER.c.origin.in_(some))
        papers |= {(row.kind, row.number) for row in connection.execute(gone)}
    return found | _holding(connection, papers)


def _holding(connection: Connection, papers: Collection[tuple[str, str]]) -> set[Loan]:
    """Loans that hold of papers, whose country is that of what is held."""
    if not papers or connection.execute(select(LOAN_HOLD.c.bank).limit(1)).first() is None:
        return set()
    found: set[Loan] = set()
    for some in _chunks(sorted((compared_number(number), kind) for kind, number in papers)):
        asked = tuple_(LOAN_HOLD.c.compared_number, LOAN_HOLD.c.kind).in_(some)
        found |= {(row.bank, row.loan_id) for row in connection.execute(select(LOAN_HOLD).where(asked))}
    return found


def _sums(connection: Connection, tally: Tally, loans: Collection[Loan]) -> Sums:
    """What some loans add to a tally, by its keys."""
    found: Sums = {}
    for some in _chunks(sorted(loans)):
        for row in connection.execute(tally.query.where(tuple_(*tally.loan).in_(some))).mappings():
            key = tuple(row[name] for name in tally.keys)
            sums = {str(name): value for name, value in row.items()}
            found[key] = _together(tally, found[key], sums) if key in found else sums
    return found


def _together(tally: Tally, one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    added = {**one, **{name: one[name] + other[name] for name in tally.sums}}
    if tally.greatest is not None:
        added[tally.greatest] = max(one[tally.greatest], other[tally.greatest])
    return added


def _apply(connection: Connection, tally: Tally, before: Sums, after: Sums) -> None:
    rows = []
    for key in sorted(before.keys() | after.keys()):
        now, then = after.get(key), before.get(key)
        if now != then:
            row = dict(now or then or {})
            row |= {name: (now[name] if now else 0) - (then[name] if then else 0) for name in tally.sums}
            rows.append(row)
    if not rows:
        return
    _add(connection, tally, rows)
    for row in rows:
        key = tuple(row[name] for name in tally.keys)
        if tally.greatest is not None and key in before:
            _look_for_greatest(connection, tally, key, before[key], after.get(key))
    connection.execute(delete(tally.table).where(tally.table.c[tally.counted] == 0))


def _add(connection: Connection, tally: Tally, rows: list[dict[str, Any]]) -> None:
    new = insert_or_ignore(connection, tally.table)
    changed: dict[str, Any] = {name: tally.table.c[name] + new.excluded[name] for name in tally.sums}
    if tally.greatest is not None:
        stands, comes = tally.table.c[tally.greatest], new.excluded[tally.greatest]
        greatest = func.greatest if connection.dialect.name == "postgresql" else func.max
        changed[tally.greatest] = greatest(stands, comes)
    connection.execute(new.on_conflict_do_update(index_elements=[*tally.keys], set_=changed), rows)


def _look_for_greatest(
    connection: Connection,
    tally: Tally,
    key: tuple[Any, ...],
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None,
) -> None:
    """Where the greatest may have gone, the greatest that is left: the one thing that no difference says."""
    name = tally.greatest
    assert name is not None  # noqa: S101 - asked only where there is one
    if after is not None and after[name] >= before[name]:
        return
    here = [tally.table.c[each] == value for each, value in zip(tally.keys, key, strict=True)]
    if connection.execute(select(tally.table.c[name]).where(*here)).scalar_one() != before[name]:
        return
    same = [column == value for column, value in zip(tally.keys.values(), key, strict=True)]
    left = connection.execute(tally.query.where(*same)).mappings().first()
    if left is not None:
        connection.execute(update(tally.table).where(*here).values({name: left[name]}))


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(items)
    while some := list(islice(left, _AT_ONCE)):
        yield some
