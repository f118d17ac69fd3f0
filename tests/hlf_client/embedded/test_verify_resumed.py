"""A verification that was cut short goes on where it was, and believes of the first part only what still fits it."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.hlf_client.embedded.test_crash import environment
from tests.hlf_client.embedded.test_verify import copy, pristine, spoil

from eximledger.cli import main
from hlf_client.embedded import Verification, checkpoint_of, verify_file
from hlf_client.embedded.verifying import scratch

__all__ = ["copy", "pristine"]


@pytest.fixture(autouse=True)
def at_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "_EVERY", 0.0)
    monkeypatch.setattr(scratch, "_SHARE", 0)


def interrupted(path: Path, channel: str = "bank", block: int = 8) -> None:
    def stop(at: str, number: int) -> None:
        if (at, number) == (channel, block):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify_file(path, stop, resumable=True)
    assert checkpoint_of(path).stat().st_mode & 0o077 == 0


def resumed(path: Path, *, from_start: bool = False) -> tuple[Verification, list[tuple[str, int]]]:
    seen: list[tuple[str, int]] = []
    report = verify_file(
        path, lambda channel, number: seen.append((channel, number)), resumable=True, from_start=from_start
    )
    assert [each.name for each in path.parent.glob("*.verifying*")] == []
    return report, seen


def test_it_goes_on_where_it_was_and_says_what_it_did_not_look_at(copy: Path) -> None:
    interrupted(copy)
    report, seen = resumed(copy)
    assert report.is_good, report.problems
    assert seen[0] == ("bank", 9)
    assert {each.channel: each.height for each in report.earlier}["bank"] == 9
    whole = verify_file(copy)
    assert report.channels == whole.channels
    assert whole.earlier == ()


def test_it_goes_on_in_a_later_channel(copy: Path) -> None:
    first, second, _ = verify_file(copy).channels
    interrupted(copy, second.name, second.height - 2)
    report, seen = resumed(copy)
    assert report.is_good, report.problems
    earlier = {each.channel: each.height for each in report.earlier}
    assert earlier == {first.name: first.height, second.name: second.height - 1}
    assert seen[0] == (second.name, second.height - 1)


def test_from_start_looks_at_everything(copy: Path) -> None:
    interrupted(copy)
    report, seen = resumed(copy, from_start=True)
    assert report.is_good
    assert report.earlier == ()
    assert ("bank", 0) in seen


def test_what_was_written_since_is_verified(copy: Path) -> None:
    from tests.hlf_client.embedded.probing import as_member, open_network

    interrupted(copy)
    network = open_network(copy)

    async def write() -> None:
        await as_member(network).submit("bank", "state:put", "since", "1")
        await network.finish()

    asyncio.run(write())
    network.close()
    report, _ = resumed(copy)
    assert report.is_good, report.problems
    assert report.channels == verify_file(copy).channels


BEFORE = [
    "UPDATE tx SET content = content || x'00' WHERE channel = {bank} AND (place >> 20 & 4294967295) = 3",
    "UPDATE tx SET signature = x'3006020101020101' WHERE channel = {bank} AND (place >> 20 & 4294967295) = 2",
    "UPDATE tx SET code = 11 WHERE channel = {bank} AND (place >> 20 & 4294967295) = 2",
    "UPDATE block SET signature = x'3006020101020101' WHERE channel = {bank} AND number = 3",
    "UPDATE block SET hash = zeroblob(32) WHERE channel = {bank} AND number = 3",
    "DELETE FROM block WHERE channel = {bank} AND number = 2",
]


@pytest.mark.parametrize("statement", BEFORE)
def test_a_block_touched_before_the_checkpoint_is_found_and_named(copy: Path, statement: str) -> None:
    interrupted(copy)
    spoil(copy, statement.format(bank="(SELECT id FROM channel WHERE name = 'bank')"))
    report, seen = resumed(copy)
    assert not report.is_good
    assert report.earlier == ()
    assert report.problems == verify_file(copy).problems
    assert ("bank", 0) in seen  # from the start


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE state SET value = x'00' WHERE key = CAST('k1' AS BLOB)",
        "DELETE FROM history WHERE key = CAST('k1' AS BLOB)",
        "UPDATE state SET value = x'00' WHERE key = CAST('pa' AS BLOB)",
        "UPDATE ledger SET name = 'found'",
        "DELETE FROM certificate",
    ],
)
def test_what_the_blocks_lead_to_is_compared_as_a_whole(copy: Path, statement: str) -> None:
    interrupted(copy)
    spoil(copy, statement)
    report, _ = resumed(copy)
    assert not report.is_good


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE state SET value = x'00' WHERE id = (SELECT min(id) FROM state)",
        "DELETE FROM history WHERE version = (SELECT min(version) FROM history)",
        "UPDATE reached SET height = height - 1",
        "UPDATE reached SET verdicts = zeroblob(32)",
        "UPDATE seal SET release = '0.0'",
        "CREATE TRIGGER planted AFTER INSERT ON state BEGIN DELETE FROM history; END",
    ],
)
def test_a_checkpoint_that_was_touched_is_not_believed(copy: Path, statement: str) -> None:
    interrupted(copy)
    with closing(sqlite3.connect(checkpoint_of(copy), isolation_level=None)) as connection:
        connection.execute(statement)
    report, seen = resumed(copy)
    assert report.is_good, report.problems
    assert report.earlier == ()
    assert ("bank", 0) in seen


@pytest.mark.parametrize("content", [b"", b"no database at all " * 1000])
def test_what_is_no_checkpoint_is_replaced(copy: Path, content: bytes) -> None:
    checkpoint_of(copy).write_bytes(content)
    report, _ = resumed(copy)
    assert report.is_good


def test_a_checkpoint_of_another_ledger_is_not_believed(copy: Path, tmp_path: Path) -> None:
    from tests.hlf_client.embedded.probing import open_network

    interrupted(copy)
    other = tmp_path / "other.db"
    open_network(other).close()
    checkpoint_of(copy).rename(checkpoint_of(other))
    report, _ = resumed(other)
    assert report.is_good, report.problems
    assert report.earlier == ()


def test_where_nothing_may_be_written_it_verifies_without_a_checkpoint(copy: Path) -> None:
    checkpoint_of(copy).symlink_to(copy.with_name("elsewhere"))
    assert verify_file(copy, resumable=True).is_good
    assert not copy.with_name("elsewhere").exists()


def test_two_at_one_time_do_not_share_a_checkpoint(copy: Path) -> None:
    reports: list[Verification] = []

    def meanwhile(channel: str, number: int) -> None:
        if (channel, number) == ("bank", 5):
            reports.append(verify_file(copy, resumable=True))

    assert verify_file(copy, meanwhile, resumable=True).is_good
    assert [each.is_good for each in reports] == [True]


def test_the_command_line_says_so_in_one_line(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = import_module("eximledger.cli.ledger")
    with monkeypatch.context() as patch:
        real: Callable[..., Verification] = ledger.ledger_verify

        def stopped(url: str, progress: object, **how: bool) -> Verification:
            def stop(channel: str, number: int) -> None:
                if (channel, number) == ("bank", 8):
                    raise KeyboardInterrupt

            return real(url, stop, **how)

        patch.setattr(ledger, "ledger_verify", stopped)
        result = CliRunner().invoke(main, ["ledger", "verify", "--ledger", f"embedded:{copy}"])
    assert result.exit_code == 130
    assert result.output.count("\n") == 1
    assert "goes on" in result.output
    result = CliRunner().invoke(main, ["ledger", "verify", "--ledger", f"embedded:{copy}"])
    assert result.exit_code == 0, result.output
    assert "Verified before, and only its hashes again: bank 0-8" in " ".join(result.output.split())


VERIFIER = """
import sys
from pathlib import Path
from hlf_client.embedded import verify_file
from hlf_client.embedded.verifying import scratch
scratch._EVERY, scratch._SHARE = 0.0, 0
report = verify_file(Path(sys.argv[1]), lambda *at: print(*at, flush=True), resumable=True)
print("good" if report.is_good else report.problems, len(report.earlier))
"""


@pytest.mark.slow
async def test_killed_at_any_moment_it_can_be_taken_up(copy: Path) -> None:
    chance = random.Random(20261128)
    for _ in range(6):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", VERIFIER, str(copy), stdout=subprocess.PIPE, env=environment()
        )
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 12)):
            await process.stdout.readline()
        await asyncio.sleep(chance.random() / 200)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
    report, _ = resumed(copy)
    assert report.is_good, report.problems
    assert report.channels == verify_file(copy).channels
