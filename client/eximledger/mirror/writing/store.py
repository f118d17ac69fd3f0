"""Writing a batch: rows and checkpoint in one transaction of the database.

The checkpoint is moved first. It moves only from where the batch begins, and PostgreSQL and SQLite let one transaction
at a time move it: so of two processes that mirror into one database one goes on and the other is told.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine, Table, delete, exists, select, tuple_, update

from eximledger.mirror.schema.database import WRITING, database_errors
from eximledger.mirror.schema.tables import (
    ACT,
    AWAITED,
    CHECKPOINT,
    FINDING,
    FINDING_OVERRIDE,
    LOAN,
    LOAN_BODY,
    LOAN_HOLD,
    LOAN_PAPER,
    LOAN_PAYMENT,
    LOAN_STEP,
    METADATA,
    MIRRORED,
    PAPER,
    PAPER_PARTY,
    PAPER_REFERENCE,
    PAPER_VERSION,
    PARTY,
)
from eximledger.mirror.writing.batch import Awaited, Batch
from eximledger.mirror.writing.copying import insert_or_ignore, insert_rows, plain_row, replace_rows
from eximledger.mirror.writing.counting import counted, loans_of
from hlf_client.errors import Conflict, Refused

__all__ = ["Store"]

ItemT = TypeVar("ItemT")
_AT_ONCE: Final = 300
"""Values of one condition; SQLite takes a thousand."""
_OF_PAPERS: Final = (PAPER_PARTY, PAPER_REFERENCE)
_OF_LOANS: Final = (LOAN_BODY, LOAN_PAYMENT, LOAN_HOLD, LOAN_PAPER, FINDING, FINDING_OVERRIDE)
_OWNER: Final = "msp_id"


class Store:
    """The writing side of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(**WRITING)

    def claim(self, msp_id: str) -> None:
        """Say whose mirror it is. Raises `Refused` where it is another member's: rows of two would stand together."""
        with database_errors(self._engine), self._engine.begin() as connection:
            claimed = insert_or_ignore(connection, MIRRORED).values(name=_OWNER, value=msp_id).on_conflict_do_nothing()
            connection.execute(claimed)  # of two who claim a new one together, the second waits for the first
            found = connection.execute(select(MIRRORED.c.value).where(MIRRORED.c.name == _OWNER)).scalar_one()
            if found != msp_id:
                raise Refused(f"this database is the mirror of {found}: give {msp_id} one of its own", msp_id=found)

    def next_block(self, channel: str) -> int:
        """The block to go on at."""
        with database_errors(self._engine), self._engine.connect() as connection:
            query = select(CHECKPOINT.c.next_block).where(CHECKPOINT.c.channel == channel)
            return int(connection.execute(query).scalar_one_or_none() or 0)

    def awaited(self, channel: str, most: int) -> tuple[Awaited, ...]:
        """Private values that were not shown, of the oldest blocks first."""
        with database_errors(self._engine), self._engine.connect() as connection:
            query = select(AWAITED).where(AWAITED.c.channel == channel).order_by(AWAITED.c.block).limit(most)
            return tuple(
                Awaited(row.origin, row.channel, row.block, row.transaction_id, row.collection)
                for row in connection.execute(query)
            )

    def clear(self) -> None:
        """Take out every row, so that the mirror is built anew; whose it is stays."""
        with database_errors(self._engine), self._engine.begin() as connection:
            for table in METADATA.sorted_tables:
                if table is not MIRRORED:
                    connection.execute(delete(table))

    def write(self, batch: Batch) -> int:
        """Write what some blocks change, and that they have been read; how many rows were written.

        Raises `Conflict` where the mirror stands at another block, or holds another ledger's.
        """
        with database_errors(self._engine), self._engine.begin() as connection:
            self._advance(connection, batch)
            with counted(connection, loans_of(connection, batch)):
                forgotten = self._forget(connection, batch.gone)
                count = self._apply(connection, batch)
        if forgotten:
            self._overwrite()
        return count

    def write_late(self, batch: Batch, awaited: Awaited) -> None:
        """Write what a block that was read before shows now, where it is awaited still."""
        with database_errors(self._engine), self._engine.begin() as connection:
            self._hold(connection, batch.channel)
            same = (AWAITED.c.origin == awaited.origin) & (AWAITED.c.transaction_id == awaited.transaction_id)
            if connection.execute(select(AWAITED.c.origin).where(same)).first() is not None:
                with counted(connection, loans_of(connection, batch)):
                    self._apply(connection, batch)

    def _overwrite(self) -> None:
        """Have SQLite's log not keep what was deleted: it is moved into the file, whose pages are overwritten."""
        if self._engine.dialect.name != "sqlite":
            return
        with database_errors(self._engine), contextlib.closing(self._engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")  # in no transaction, which the engine would begin

    # -- the checkpoint --------------------------------------------------------------------------------------------

    def _advance(self, connection: Connection, batch: Batch) -> None:
        moved = {
            "next_block": batch.next_block,
            "block_hash": batch.block_hash,
            "block_at": batch.block_at,
            "written_at": datetime.now(UTC),
        }
        if batch.first == 0:
            new = (
                insert_or_ignore(connection, CHECKPOINT).values(channel=batch.channel, **moved).on_conflict_do_nothing()
            )
            done = len(connection.execute(new.returning(CHECKPOINT.c.channel)).all())
        else:
            stands = (CHECKPOINT.c.channel == batch.channel) & (CHECKPOINT.c.next_block == batch.first)
            follows = CHECKPOINT.c.block_hash == batch.previous_hash
            done = connection.execute(update(CHECKPOINT).where(stands, follows).values(moved)).rowcount
        if done != 1:
            raise self._misplaced(connection, batch)

    def _misplaced(self, connection: Connection, batch: Batch) -> Conflict:
        query = select(CHECKPOINT.c.next_block).where(CHECKPOINT.c.channel == batch.channel)
        stands = connection.execute(query).scalar_one_or_none()
        if stands == batch.first:
            return Conflict(
                f"block {batch.first} of {batch.channel} does not follow on the one that the mirror has: it is another "
                "ledger's. Use another database, or build this one anew (mirror rebuild)",
                channel=batch.channel,
            )
        return Conflict(
            f"another process mirrors {batch.channel} into this database: it is at block {stands}",
            channel=batch.channel,
        )

    def _hold(self, connection: Connection, channel: str) -> None:
        """Keep others from writing, as moving the checkpoint does."""
        same = CHECKPOINT.c.channel == channel
        connection.execute(update(CHECKPOINT).where(same).values(next_block=CHECKPOINT.c.next_block))

    # -- rows ------------------------------------------------------------------------------------------------------

    def _apply(self, connection: Connection, batch: Batch) -> int:
        count = insert_rows(connection, ACT, batch.acts)
        count += self._put_papers(connection, batch)
        count += self._put_loans(connection, batch)
        self._put_awaited(connection, batch)
        return count

    def _forget(self, connection: Connection, origins: Collection[str]) -> int:
        """What the ledger deleted goes, and with it what was taken out of it; how many papers and loans these were."""
        count = 0
        for some in _chunks(sorted(origins)):
            for table, parts in ((PAPER, _OF_PAPERS), (LOAN, _OF_LOANS)):
                key = list(table.primary_key.columns)
                found = connection.execute(select(*key).where(table.c.origin.in_(some))).all()
                self._remove(connection, table, parts, [tuple(row) for row in found])
                count += len(found)
            for table in (PAPER_VERSION, LOAN_STEP):
                count += connection.execute(delete(table).where(table.c.origin.in_(some))).rowcount
        return count

    def _remove(
        self, connection: Connection, table: Table, parts: Sequence[Table], places: Collection[tuple[object, ...]]
    ) -> None:
        """Rows by their keys, and the rows of other tables that belong to them."""
        names = [column.name for column in table.primary_key.columns]
        for some in _chunks(sorted(places, key=repr), _AT_ONCE // len(names)):
            left: set[str] = set()
            for each in (*parts, table):
                of_these = tuple_(*(each.c[name] for name in names)).in_(some)
                if each is PAPER_PARTY:
                    left |= set(connection.execute(select(each.c.party).where(of_these)).scalars())
                connection.execute(delete(each).where(of_these))
            self._remove_strangers(connection, left)

    def _remove_strangers(self, connection: Connection, parties: Collection[str]) -> None:
        """Parties that no paper names any more."""
        for some in _chunks(sorted(parties)):
            named = exists().where(PAPER_PARTY.c.party == PARTY.c.party)
            connection.execute(delete(PARTY).where(PARTY.c.party.in_(some), ~named))

    def _put_papers(self, connection: Connection, batch: Batch) -> int:
        standing = self._standing(connection, PAPER, "version", batch.papers)
        papers = [rows for place, rows in batch.papers.items() if standing.get(place, 0) <= rows.version]
        self._remove(connection, PAPER, _OF_PAPERS, [rows.place for rows in papers if rows.place in standing])
        names = {name: written for rows in reversed(papers) for name, written in rows.names.items()}
        if names:
            standing_names = self._known(connection, names)
            new = insert_or_ignore(connection, PARTY).on_conflict_do_nothing()
            rows = [{"party": party, "name": names[party]} for party in sorted(names.keys() - standing_names)]
            if rows:
                connection.execute(new, [*map(plain_row, rows)])
        replace_rows(connection, PAPER_VERSION, list(batch.versions.values()))
        count = insert_rows(connection, PAPER, [rows.paper for rows in papers])
        count += insert_rows(connection, PAPER_PARTY, [each for rows in papers for each in rows.parties])
        return count + insert_rows(connection, PAPER_REFERENCE, [each for rows in papers for each in rows.references])

    def _known(self, connection: Connection, parties: Collection[str]) -> set[str]:
        found: set[str] = set()
        for some in _chunks(sorted(parties)):
            found |= set(connection.execute(select(PARTY.c.party).where(PARTY.c.party.in_(some))).scalars())
        return found

    def _put_loans(self, connection: Connection, batch: Batch) -> int:
        standing = self._standing(connection, LOAN, "step", batch.loans)
        loans = [rows for place, rows in batch.loans.items() if standing.get(place, 0) <= rows.step]
        self._remove(connection, LOAN, _OF_LOANS, [rows.place for rows in loans if rows.place in standing])
        count = insert_rows(connection, LOAN, [rows.loan for rows in loans])
        for table in _OF_LOANS:
            count += insert_rows(connection, table, [each for rows in loans for each in rows.parts[table.name]])
        return count + replace_rows(connection, LOAN_STEP, list(batch.steps.values()))

    def _standing(
        self, connection: Connection, table: Table, counter: str, places: Iterable[tuple[str, ...]]
    ) -> dict[tuple[str, ...], int]:
        """How far the rows of these keys have come; keys without a row are left out."""
        key = list(table.primary_key.columns)
        by_group: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for place in places:
            by_group[place[:-1]].append(place[-1])
        found: dict[tuple[str, ...], int] = {}
        for group, ids in by_group.items():
            for some in _chunks(ids):
                same = [column == value for column, value in zip(key[:-1], group, strict=True)]
                query = select(key[-1], table.c[counter]).where(*same, key[-1].in_(some))
                found |= {(*group, id_): count for id_, count in connection.execute(query)}
        return found

    def _put_awaited(self, connection: Connection, batch: Batch) -> None:
        for some in _chunks(sorted(batch.arrived | batch.awaited.keys())):
            connection.execute(delete(AWAITED).where(AWAITED.c.origin.in_(some)))
        rows = [
            {
                "origin": each.origin,
                "channel": each.channel,
                "block": each.block,
                "transaction_id": each.transaction_id,
                "collection": each.collection,
            }
            for each in batch.awaited.values()
        ]
        insert_rows(connection, AWAITED, rows)


def _chunks(items: Iterable[ItemT], most: int = _AT_ONCE) -> Iterator[list[ItemT]]:
    left = iter(items)
    while some := list(islice(left, most)):
        yield some
