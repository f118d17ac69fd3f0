"""The operator's year of docs/operations.md on real peers: every line of the page, in its order, by whom it names."""

from __future__ import annotations

import json
import logging
import os
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.hlf_network.operators import BRIDGE, PLANTED, Line, Operators, lines_of

from eximledger_network import default_consortium
from hlf_network.engine.ports import is_free
from hlf_network.testing import missing_for

pytestmark = [pytest.mark.fabric, pytest.mark.slow]

PAGE = Path(__file__).parents[2] / "docs/operations.md"
FOUNDERS = ["eximbank", "tradebank", "safe", "customs"]
LINES = lines_of(PAGE)


@pytest.fixture
def operators(tmp_path: Path) -> Iterator[Operators]:
    if "EXIM_TRUST" not in os.environ:
        pytest.skip("five members, a hundred commands: make trust")
    if reason := missing_for(default_consortium()):
        pytest.skip(reason)
    if not is_free(BRIDGE, 0):
        pytest.skip(f"this machine's Docker has no bridge at {BRIDGE}")
    everyone = Operators(tmp_path, list(FOUNDERS))
    everyone.begin()
    try:
        yield everyone
    finally:
        everyone.end()


def before(operators: Operators, line: Line) -> None:
    """What the page's prose tells, where no command does it."""
    if "member restore" in line.command:
        operators.burn("eximbank")


def _fifth_is_known(operators: Operators) -> None:
    said = operators.run("safe", "eximledger member status --json")
    members = {one["name"]: one["members"] for one in json.loads(said)["channels"]}
    assert all("thirdbank" in names for names in members.values())


def _votes_decided(operators: Operators) -> None:
    """One vote is never a majority of four; the last that is needed decides."""
    words = [operators.told[name] for name in FOUNDERS]
    assert "no majority without" in words[0]
    assert any("roles told" in one for one in words)


def _version_is(version: str, operators: Operators) -> None:
    for member in operators.present:
        said = json.loads(operators.run(member, "eximledger member status --json"))
        assert {one["chaincode_version"] for one in said["channels"]} == {version}, member


def _orders(operators: Operators, member: str, channel: str) -> None:
    """The member's orderer comes to what its peer has."""
    deadline = time.monotonic() + 60
    while True:
        said = json.loads(operators.run(member, "eximledger member status --json", check=False))
        heights = {node["kind"]: node["heights"].get(channel, 0) for node in said["nodes"]}
        if heights["orderer"] >= heights["peer"] > 0:
            return
        assert time.monotonic() < deadline, heights
        time.sleep(1)


def _only_what_expires_is_renewed(operators: Operators) -> None:
    assert [name for name, said in operators.told.items() if "renewed" in said] == ["customs"]


def _applied(operators: Operators) -> None:
    said = operators.run("thirdbank", "eximledger loan list --ledger thirdbank/profiles --as thirdbank/maker --json")
    assert [row["state"] for row in json.loads(said)["loans"]] == ["applied"]


def _bundle_has_no_secret(operators: Operators) -> None:
    folder = operators.root / "customs"
    with tarfile.open(folder / "problem.tar.gz") as archive:
        files = {entry.name: archive.extractfile(entry).read().decode() for entry in archive}  # type: ignore[union-attr]
    everything = "".join(files.values())
    assert PLANTED in (folder / "member.yaml").read_text()
    assert PLANTED not in everything
    keys = [path for path in (folder / "customs").rglob("*key*") if path.is_file()]
    assert len(keys) >= 10
    assert not [path for path in keys if path.read_text().splitlines()[1] in everything]
    for kept in ("NOTARY_PASSWORD", "NOTARY_TOKEN", "Committed block", "exim-1-1.customs", "CustomsMSP"):
        assert kept in everything


AFTER: dict[tuple[str, int], Callable[[Operators], None]] = {
    ("eximledger member deploy", 1): lambda operators: _version_is("1.0", operators),
    ("eximledger member deploy", 4): lambda operators: _fifth_is_known(operators),
    ("eximledger member up", 1): lambda operators: _votes_decided(operators),
    ("eximledger loan apply", 1): lambda operators: _applied(operators),
    ("channel submit shared/seat.in", 1): lambda operators: _orders(operators, "thirdbank", "bank"),
    ("eximledger member certs --renew", 1): lambda operators: _only_what_expires_is_renewed(operators),
    ("eximledger member up", 4): lambda operators: _version_is("1.1", operators),
    ("eximledger member bundle", 1): _bundle_has_no_secret,
    ("channel submit shared/bank.again", 1): lambda operators: _orders(operators, "eximbank", "bank"),
}
"""What must hold once the line that has these words has been done, for so many times."""


def test_every_line_of_the_year_is_done_in_its_order(operators: Operators) -> None:
    seen: dict[tuple[str, int], int] = {}
    for line in LINES:
        before(operators, line)
        began = time.monotonic()
        said = operators.do(line)
        logging.info("%6.1f s  %s$ %s", time.monotonic() - began, ",".join(line.hosts), line.command)
        for (words, times), holds in AFTER.items():
            if words in line.command:
                seen[words, times] = seen.get((words, times), 0) + 1
                if seen[words, times] == times:
                    holds(operators)
        if line.command == "eximledger member restore ../backups/eximbank.tar":
            assert "put back" in said["eximbank"]
    assert all(seen.get(key, 0) >= key[1] for key in AFTER), "each of the things to hold was come to"
