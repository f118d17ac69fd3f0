"""Four members on four hosts: their own commands, public files between them, and what a host may lose.

Each host is a network namespace with a Docker engine and a folder of its own (tools/docker_hosts.py). The founding case
is walked, the contracts are upgraded, one host is lost, another's cable is cut.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo_hosts import CHANNELS, MEMBERS, Members, founded, missing

pytestmark = [
    pytest.mark.fabric,
    pytest.mark.slow,
    pytest.mark.skipif("EXIM_TRUST" not in os.environ, reason="four engines, several minutes: make trust"),
]

CATCH_UP_SECONDS = 60.0
GZIP = 31


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    if reason := missing():
        pytest.skip(reason)
    with founded(lambda words: None, folder=tmp_path_factory.mktemp("hosts")) as members:
        yield members


def private_keys(folder: Path) -> set[bytes]:
    """A line from the middle of every private key (PEM) below a folder: nothing else holds that line."""
    files = [path for path in folder.rglob("*") if path.suffix in {".key", ".pem"}]
    kept = [content for path in files if b"PRIVATE KEY" in (content := path.read_bytes())]
    return {content.split(b"PRIVATE KEY-----\n")[1].splitlines()[1] for content in kept}


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of a host, its volumes' and its containers' too, and what lies packed in them; not the images' layers,
    which all hosts share as hard links, nor what is mounted for the containers that run."""
    for place, folders, names in os.walk(folder):
        if place == str(folder) and "exec" in folders:
            folders.remove("exec")
        if Path(place).parent.name == "overlay2":
            folders[:] = [name for name in folders if name == "diff"]
        for path in (Path(place, name) for name in names):
            if path.is_symlink() or not path.is_file() or path.stat().st_nlink > 1:
                continue
            content = path.read_bytes()
            yield path, content
            if content[:2] == b"\x1f\x8b":
                yield path, unpacked(content)


def unpacked(content: bytes) -> bytes:
    """A chaincode package: an archive in which another lies."""
    outer = zlib.decompressobj(GZIP).decompress(content)
    start = outer.find(b"\x1f\x8b")
    return outer if start < 0 else outer + zlib.decompressobj(GZIP).decompress(outer[start:])


def heights(members: Members, member: str) -> dict[str, int]:
    document = json.loads(members.at(member, "member", "status", "--json", check=False).stdout)
    return next(node["heights"] for node in document["nodes"] if node["kind"] == "peer")


def caught_up(members: Members, late: str, other: str, channel: str) -> bool:
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while time.monotonic() < deadline:
        if heights(members, late).get(channel, -1) >= heights(members, other)[channel]:
            return True
    return False


def file_rate(members: Members, at: str, day: str) -> None:
    """SAFE files what everybody may read: a transaction on `fx` that SAFE's peer alone endorses."""
    paper = members.hosts[at].folder / "rates.json"
    rate = {"kind": "rate", "currency": "USD", "quoted_on": day, "unit": 100, "cny": "702.06"}
    paper.write_text(json.dumps([rate]))
    people = str(members.profiles())
    members.at(at, "document", "put", str(paper), "--as", "safe", "--ledger", people)


def test_no_private_key_is_on_a_second_host(members: Members) -> None:
    keys = {member: private_keys(members.folder(member)) for member in MEMBERS}
    assert all(len(found) >= 10 for found in keys.values())
    everybodys = set().union(*keys.values())
    places = {members.shared: everybodys}
    places |= {members.hosts[member].folder: everybodys - keys[member] for member in MEMBERS}
    looked_at = 0
    for folder, secrets in places.items():
        for path, content in contents(folder):
            looked_at += 1
            assert not any(line in content for line in secrets), path
    assert looked_at > 500


def test_a_key_of_another_host_would_be_found(members: Members, tmp_path: Path) -> None:
    key = next(members.folder("safe").rglob("key.pem"))
    (tmp_path / "copy").write_bytes(key.read_bytes())
    secrets = private_keys(members.folder("safe"))
    assert any(line in content for _, content in contents(tmp_path) for line in secrets)


def test_the_founding_case_is_walked_over_hosts(members: Members) -> None:
    folder, people = str(members.shared.parent), str(members.profiles())
    told = members.at("eximbank", "demo", "--folder", folder, "--ledger", people).stdout
    assert "DY-2026-001 closed" in told


def test_each_member_upgrades_for_itself(members: Members) -> None:
    files = []
    for channel in CHANNELS:
        file = members.shared / f"{channel}.yaml"
        file.write_text(file.read_text().replace('version: "1.0"', 'version: "1.1"'))
        files.append(file)
    first = members.at("safe", "member", "deploy", *map(str, files)).stdout
    assert "approved on bank, not committed: EximbankMSP, TradebankMSP not yet" in first
    assert "retired" not in first, "the old servers serve until the new definition is committed"
    members.deploy(*files)
    members.everywhere(lambda member: members.at(member, "member", "up"))  # who approved early still serves the old one
    for member in MEMBERS:
        document = json.loads(members.at(member, "member", "status", "--json").stdout)
        assert {(one["chaincode_version"], one["sequence"]) for one in document["channels"]} == {("1.1", 2)}
        servers = [node["name"] for node in document["nodes"] if node["kind"] == "chaincode"]
        assert servers == [f"{member}-exim-1-1.{member}"]


def test_the_others_go_on_while_a_host_is_lost_and_it_comes_back(members: Members) -> None:
    members.hosts["tradebank"].lose()
    before = heights(members, "safe")["fx"]
    file_rate(members, "safe", "2024-01-02")
    assert heights(members, "safe")["fx"] > before
    members.hosts["tradebank"].start()
    members.at("tradebank", "member", "up")
    assert caught_up(members, "tradebank", "safe", "fx")


def test_a_host_whose_cable_is_cut_catches_up(members: Members) -> None:
    host = members.hosts["eximbank"]
    host.cut()
    try:
        before = heights(members, "safe")["fx"]
        for day in range(3, 8):  # any of them may be handed to the orderer that hears nothing
            file_rate(members, "safe", f"2024-01-{day:02}")
        assert heights(members, "safe")["fx"] > before
        assert heights(members, "eximbank")["fx"] == before, "its peer runs, and hears nothing"
    finally:
        host.mend()
    assert caught_up(members, "eximbank", "safe", "fx")
