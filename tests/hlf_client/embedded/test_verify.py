"""`verify` finds whatever was touched in the file, and names the block where it shows."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.stages import endorsed, ordered
from tests.hlf_client.embedded.probing import Opener, as_member

from eximledger.testing import LedgerNetwork
from hlf_client import info, verify
from hlf_client.embedded import Verification, verify_file
from hlf_client.errors import LedgerUnavailable


async def write_a_varied_ledger(network: LedgerNetwork) -> None:
    """Values, deletions, invalid transactions, policies, private values and purges, events, several channels."""
    exim, safe = as_member(network), as_member(network, "safe")
    await asyncio.gather(*(exim.submit("bank", "state:put", f"k{n}", "value") for n in range(8)))
    await exim.submit("bank", "state:put", "k1", "again")
    await exim.submit("bank", "state:delete", "k2")
    late = await endorsed(exim, "bank", "state:add", "n", 1)
    await exim.submit("bank", "state:add", "n", 1)
    assert await ordered(exim, late) == "MVCC_READ_CONFLICT"
    await exim.submit("bank", "probe:guard", "k3", "AND('SafeMSP.peer')")
    await exim.submit("bank", "state:count_into", "k", "l", "counted")
    for key in ("pa", "pb", "pc"):
        await exim.submit("bank", "private:put", "exim-safe", key, transient={"value": key.encode()})
    await safe.submit("bank", "private:purge", "exim-safe", "pb")
    await exim.submit("bank", "private:guard", "exim-safe", "pa", "AND('SafeMSP.peer')")
    await exim.submit("fx", "probe:put_with_event", "f", "1", "put")
    await safe.submit("customs", "state:put", "c", "1")


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good ledger's file, closed; copied by whoever wants to spoil it."""
    from tests.hlf_client.embedded.probing import open_network

    path = tmp_path_factory.mktemp("pristine") / "exim.db"
    network = open_network(path)

    async def write() -> None:
        await write_a_varied_ledger(network)
        await network.connect("eximbank").network.close()

    asyncio.run(write())
    network.close()
    return path


@pytest.fixture
def copy(pristine: Path, tmp_path: Path) -> Path:
    shutil.copytree(pristine.parent, tmp_path / "copy")
    return tmp_path / "copy" / "exim.db"


def spoil(path: Path, statement: str, *parameters: object) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        assert connection.execute(statement, parameters).rowcount > 0


def test_a_good_ledger_is_good_and_stays_as_it_is(copy: Path) -> None:
    before = copy.read_bytes()
    report = verify_file(copy)
    assert report.is_good, report.problems
    assert {channel.name for channel in report.channels} == {"bank", "customs", "fx"}
    assert copy.read_bytes() == before


def test_neither_keys_nor_write_access_are_needed(copy: Path) -> None:
    shutil.rmtree(copy.with_name("exim.db.msp"))
    copy.chmod(0o400)
    copy.parent.chmod(0o500)
    try:
        assert verify_file(copy).is_good
    finally:
        copy.parent.chmod(0o700)


def test_progress_tells_every_block(copy: Path) -> None:
    seen: list[tuple[str, int]] = []
    report = verify(f"embedded:{copy}", lambda channel, block: seen.append((channel, block)))
    assert sorted(seen) == sorted((each.name, number) for each in report.channels for number in range(each.height))


CELLS = [
    ("block", "number"), ("block", "previous_hash"), ("block", "data_hash"), ("block", "hash"), ("block", "signer"),
    ("block", "signature"), ("block", "channel"),
    ("tx", "place"), ("tx", "channel"), ("tx", "id"), ("tx", "code"), ("tx", "signature"), ("tx", "content"),
    ("state", "key"), ("state", "version"), ("state", "value"), ("state", "policy"), ("state", "namespace"),
    ("history", "key"), ("history", "version"), ("history", "namespace"),
    ("channel", "height"), ("channel", "last_hash"), ("channel", "name"),
    ("namespace", "chaincode"), ("namespace", "collection"), ("namespace", "hashed"), ("namespace", "channel"),
    ("certificate", "hash"), ("certificate", "pem"), ("certificate", "msp_id"),
]  # fmt: skip


def flipped(value: Any) -> object:
    """The value with one bit of its middle changed."""
    if value is None:
        return b"\x12\x00"
    if isinstance(value, int):
        return value ^ 1
    if not value:
        return "x" if isinstance(value, str) else b"x"
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1)
    middle = len(value) // 2
    return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]


@pytest.mark.parametrize(("table", "column"), CELLS, ids=[f"{table}.{column}" for table, column in CELLS])
def test_every_changed_cell_is_found(copy: Path, table: str, column: str) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        keys = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
        columns = ", ".join([column, *keys])
        rows = connection.execute(f"SELECT {columns} FROM {table} ORDER BY {', '.join(keys)}").fetchall()
    found = 0
    for value, *key in (rows[0], rows[len(rows) // 2], rows[-1]):
        spoilt = copy.with_name(f"spoilt-{found}.db")
        shutil.copy(copy, spoilt)
        where = " AND ".join(f"{name} = ?" for name in keys)
        with closing(sqlite3.connect(spoilt, isolation_level=None)) as connection:
            try:
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (flipped(value), *key))
            except sqlite3.IntegrityError:  # such a row is there already: let it be a third one
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (flipped(flipped(value)), *key))
                connection.execute(f"DELETE FROM {table} WHERE {where}", key)
        report = verify_file(spoilt)
        assert not report.is_good, (table, column, value, key)
        if table in {"block", "tx", "state", "history"}:
            assert any(problem.block is not None for problem in report.problems), report.problems
        found += 1
    assert found == 3


def block_named(report: Verification) -> tuple[str, int | None]:
    return report.problems[0].channel, report.problems[0].block


@pytest.mark.parametrize("number", [1, 3, 5])
def test_the_block_that_was_touched_is_named(copy: Path, number: int) -> None:
    spoil(
        copy,
        "UPDATE tx SET content = replace(content, CAST('value' AS BLOB), CAST('VALUE' AS BLOB)) || x'00' "
        "WHERE channel = (SELECT id FROM channel WHERE name = 'bank') AND (place >> 20 & 4294967295) = ?",
        number,
    )
    assert block_named(verify_file(copy)) == ("bank", number)


def test_a_changed_value_of_the_state_names_the_block_that_wrote_it(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        (version,) = connection.execute("SELECT version FROM state WHERE key = ?", (b"k1",)).fetchone()
    spoil(copy, "UPDATE state SET value = ? WHERE key = ?", b"forged", b"k1")
    report = verify_file(copy)
    assert block_named(report) == ("bank", version >> 20)
    assert "k1" in report.problems[0].what


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM state WHERE key = CAST('k1' AS BLOB)",
        "DELETE FROM state WHERE key = CAST('pa' AS BLOB)",
        "DELETE FROM state WHERE id = (SELECT max(id) FROM state)",
        "DELETE FROM history WHERE key = CAST('k1' AS BLOB)",
        "INSERT INTO state (namespace, key, version, value) SELECT namespace, x'7A', version, value FROM state LIMIT 1",
        "INSERT INTO state (namespace, key, version, value) SELECT 999, key, version, value FROM state LIMIT 1",
        "DELETE FROM block WHERE number = 2",
        "DELETE FROM tx WHERE place = (SELECT max(place) FROM tx)",
        "DELETE FROM block WHERE number = (SELECT max(number) FROM block)",
        "DELETE FROM certificate",
        "DELETE FROM namespace WHERE collection = ''",
    ],
)
def test_a_row_that_was_added_or_removed_is_found(copy: Path, statement: str) -> None:
    spoil(copy, statement)
    assert not verify_file(copy).is_good


def test_the_same_rows_in_another_order_are_the_same(copy: Path) -> None:
    spoil(copy, "UPDATE state SET id = 1000 - id")
    report = verify_file(copy)
    assert report.is_good, report.problems
    spoil(copy, "UPDATE state SET value = ? WHERE key = ?", b"forged", b"k1")
    assert "k1" in verify_file(copy).problems[0].what


def test_swapped_private_values_are_found(copy: Path) -> None:
    for value, key in ((b"pc", b"pa"), (b"pa", b"pc")):
        spoil(copy, "UPDATE state SET value = ? WHERE key = ?", value, key)
    report = verify_file(copy)
    assert block_named(report)[0] == "bank"
    assert "exim-safe" in report.problems[0].what


def test_another_consortiums_blocks_are_not_taken_for_this_ones(copy: Path, opener: Opener, tmp_path: Path) -> None:
    other = opener(tmp_path / "other.db")
    shutil.rmtree(copy.with_name("exim.db.msp"))
    shutil.copytree(other.path.with_name("other.db.msp"), copy.with_name("exim.db.msp"))
    assert "authority" in verify_file(copy).problems[0].what


@pytest.mark.parametrize("seed", range(12))
def test_a_byte_changed_on_the_disk_is_found_or_harmless(copy: Path, seed: int) -> None:
    """Anywhere in the file: either it is reported, or (free space, a counter) the ledger still is what it was."""
    data = bytearray(copy.read_bytes())
    at = 100 + (seed * 7919 * 97) % (len(data) - 100)
    data[at] ^= 0xFF
    copy.write_bytes(bytes(data))
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as connection:
        try:
            report = verify_file(copy)
        except LedgerUnavailable:
            return
        if report.is_good:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_is_no_ledger_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable, match="there is no ledger"):
        verify(tmp_path / "nothing.db")
    (tmp_path / "text.db").write_text("not a database, but long enough to look at" * 100)
    with pytest.raises(LedgerUnavailable, match="not a ledger"):
        verify(tmp_path / "text.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE t (a)")
    with pytest.raises(LedgerUnavailable, match="another program"):
        verify(tmp_path / "other.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(LedgerUnavailable, match="is empty"):
        info(tmp_path / "empty.db")


def test_info_counts_what_is_there(copy: Path) -> None:
    found = info(f"embedded:{copy}")
    bank = next(channel for channel in found.channels if channel.info.name == "bank")
    report = verify_file(copy)
    assert {each.name: each.height for each in report.channels}["bank"] == bank.info.height
    assert (bank.keys, bank.private_keys) == (9, 2)
    assert [member.name for member in found.members] == ["customs", "eximbank", "safe", "tradebank"]
    assert found.size >= copy.stat().st_size


def test_a_certificate_written_otherwise_is_found(copy: Path) -> None:
    """Also where it still reads as the same certificate."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        (pem,) = connection.execute("SELECT pem FROM certificate LIMIT 1").fetchone()
    spoil(copy, "UPDATE certificate SET pem = ? WHERE pem = ?", pem.replace(b"\n", b"\r\n"), pem)
    assert not verify_file(copy).is_good


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON state BEGIN DELETE FROM history; END", "trigger 't' is in the file"),
        ("CREATE VIEW v AS SELECT * FROM state", "view 'v' is in the file"),
        ("CREATE TABLE t (a)", "table 't' is in the file"),
        ("CREATE INDEX i ON state (version)", "index 'i' is in the file"),
        ("ALTER TABLE transient ADD COLUMN more", "table 'transient' is defined otherwise"),
        ("DROP TABLE transient", "table 'transient' is missing"),
    ],
)
def test_what_the_code_never_makes_is_found(copy: Path, statement: str, words: str) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute(statement)
    report = verify_file(copy)
    assert not report.is_good
    assert words in report.problems[0].what


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger",
        "UPDATE ledger SET value = '2020-01-01T00:00:00+00:00' WHERE name = 'founded'",
        "UPDATE ledger SET name = 'found'",
        "INSERT INTO ledger VALUES ('more', '1')",
        "UPDATE namespace SET hashed = 2 WHERE hashed = 1",
        "INSERT INTO transient VALUES (99, x'00', 0, x'00')",
    ],
)
def test_changed_founding_rows_are_found(copy: Path, statement: str) -> None:
    spoil(copy, statement)
    assert not verify_file(copy).is_good


def test_another_orderers_authority_in_the_folder_is_found(copy: Path, opener: Opener, tmp_path: Path) -> None:
    other = opener(tmp_path / "other.db").path.with_name("other.db.msp")
    authority = Path("organizations/orderer/ca/cert.pem")
    shutil.copy(other / authority, copy.with_name("exim.db.msp") / authority)
    assert "OrdererMSP" in verify_file(copy).problems[0].what


@pytest.mark.parametrize(("table", "column"), CELLS, ids=[f"{table}.{column}" for table, column in CELLS])
def test_a_value_of_another_type_is_a_problem_and_no_failure(copy: Path, table: str, column: str) -> None:
    spoilt, found = copy.with_name("spoilt.db"), 0
    for value in ("text", b"bytes", 1.5, None):
        shutil.copy(copy, spoilt)
        with closing(sqlite3.connect(spoilt, isolation_level=None)) as connection:
            last = connection.execute(f"SELECT {column} FROM {table} ORDER BY {column} DESC LIMIT 1").fetchone()[0]
            try:
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (value, last))
            except sqlite3.IntegrityError:  # the column takes no such value, or has it already
                continue
        found += 1
        assert not verify_file(spoilt).is_good, value
        with contextlib.suppress(LedgerUnavailable):
            info(spoilt)
    assert found or table == "tx"  # place is the row's own number
