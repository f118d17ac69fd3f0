"""`channel propose | show | sign | submit` as members use it: files between them, each with its own seat."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.hlf_network.proposing import InMemory, Someone, channel_of

from hlf_chaincode.protos.common.common_pb2 import Block, Envelope
from hlf_chaincode.protos.common.configtx_pb2 import Config
from hlf_client.admin import Signatory
from hlf_client.errors import InvalidDocument
from hlf_client.identity import generate_key, private_key_pem
from hlf_network.channels.config import Address, MemberConfig, OrdererNode
from hlf_network.commands.changes import CHANGES
from hlf_network.commands.channel import channel_group
from hlf_network.proposals.changes.consenters import seats_of
from hlf_network.proposals.definitions import DefinitionNote

A, B, D, ORDER = (Someone(msp) for msp in ("AMSP", "BMSP", "DMSP", "OMSP"))
EVERYONE = {"a": A, "b": B, "d": D, "order": ORDER}


@dataclass
class Seat:
    """A member at a channel in memory, with cards of everyone."""

    channel: InMemory
    someone: Someone

    @property
    def signatory(self) -> Signatory:
        return self.someone.signatory()

    def genesis(self, channel: str) -> Block:
        return self.channel.genesis(channel)

    def config(self, channel: str) -> Config:
        return self.channel.config(channel)

    def definitions(self, channel: str) -> Sequence[DefinitionNote] | None:
        return self.channel.definitions(channel)

    def order(self, envelope: Envelope, is_committed: Callable[[float], bool], *, what: str) -> None:
        self.channel.order(envelope, is_committed, what=what)

    def member(self, name: str) -> MemberConfig:
        if name not in EVERYONE:
            raise InvalidDocument(f"There is no {name}.")
        return EVERYONE[name].card

    def orderer(self, name: str) -> OrdererNode:
        return ORDER.orderer(int(name.removeprefix("orderer")))

    def orderers(self) -> Sequence[OrdererNode]:
        return tuple(ORDER.orderer(number) for number in range(4))

    def down(self, channel: str) -> Collection[Address]:
        del channel
        return ()


@pytest.fixture
def channel() -> InMemory:
    return channel_of((A, B), ORDER)


@pytest.fixture
def run(channel: InMemory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    @contextmanager
    def seat(_: Path | None, name: str | None) -> Iterator[Seat]:
        yield Seat(channel, EVERYONE[name or "a"])

    monkeypatch.chdir(tmp_path)
    group: click.Group = channel_group(seats=seat)
    return lambda *words, **given: CliRunner().invoke(group, list(words), **given)


def test_a_member_is_taken_in_by_files(run: Callable[..., Result], channel: InMemory) -> None:
    made = run("propose", "member-in", "d", "--channel", "ch", "--as", "a", "-o", "d.proposal", "--comment", "harmless")
    assert made.exit_code == 0, made.output
    assert "member DMSP is new" in made.stdout
    assert run("sign", "d.proposal", "--as", "a", "--out", "a.proposal", "--yes").exit_code == 0
    early = run("submit", "a.proposal", "--as", "a")
    assert (early.exit_code, "Too few have signed" in early.stderr) == (1, True)
    assert run("sign", "d.proposal", "--as", "b", "--out", "b.proposal", input="y\n").exit_code == 0
    shown = run("show", "a.proposal", "b.proposal", "--as", "order", "--json")
    assert json.loads(shown.stdout)["enough"] is True
    done = run("submit", "a.proposal", "b.proposal", "--as", "order")
    assert done.exit_code == 0, done.output
    assert "Channel ch has configuration 1." in done.stdout
    assert "DMSP" in channel.present.channel_group.groups["Application"].groups
    late = run("show", "b.proposal", "--as", "a", "--json")
    assert (late.exit_code, json.loads(late.stderr)["error"]) == (1, "OutdatedProposal")


def test_who_says_no_has_not_signed(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("propose", "batch", "--messages", "3", "--channel", "ch", "--as", "a").exit_code == 0
    path = tmp_path / "ch-0.proposal"
    before = path.read_bytes()
    assert run("sign", str(path), "--as", "order", input="n\n").exit_code == 1
    assert path.read_bytes() == before
    again = run("propose", "batch", "--messages", "3", "--channel", "ch", "--as", "a")
    assert (again.exit_code, "name another file with --out" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["member-out", "BMSP"], "member BMSP goes"),
        (["ordering-in", "a"], "ordering organisation AMSP is new"),
        (["consenter-in", "orderer7"], "with consenter orderer7:7050"),
        (["consenter-out", "orderer1:7050"], "no more consenter orderer1:7050"),
        (["consenter-out", "orderer1"], "no more consenter orderer1:7050"),
        (["consenter-renew", "orderer1"], "Put the new certificates of orderer1:7050 in place"),
        (["policy", "Application/Admins", "ANY Admins"], "MAJORITY Admins -> ANY Admins"),
        (["capability", "application", "V2_0"], "goes back"),
        (["maintenance", "on"], "state: normal -> maintenance"),
        (["batch", "--timeout", "2s"], "a block is cut after: 1s -> 2s"),
    ],
)
def test_each_change_is_proposed_and_told(run: Callable[..., Result], words: list[str], told: str) -> None:
    made = run("propose", *words, "--channel", "ch", "--as", "a")
    assert made.exit_code == 0, made.output
    assert told in made.stdout


@pytest.mark.parametrize("content", [b"\x00\x01", b"hello", b"", b'{"a": 1}', b'{"format": "hlf-channel-proposal-1"}'])
@pytest.mark.parametrize("words", [["sign", "--yes"], ["submit"], ["show"]], ids=["sign", "submit", "show"])
def test_a_file_that_is_no_proposal_is_named_before_anything_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken.proposal").write_bytes(content)
    done = CliRunner().invoke(channel_group(), [*words, "taken.proposal"])
    assert (done.exit_code, "taken.proposal is n" in done.stderr) == (2, True), done.output


def test_a_forged_file_and_two_that_differ_are_named(run: Callable[..., Result], tmp_path: Path) -> None:
    for number in ("3", "4"):
        made = run("propose", "batch", "--messages", number, "--channel", "ch", "--as", "a", "-o", f"{number}.proposal")
        assert made.exit_code == 0, made.output
    differ = run("sign", "3.proposal", "4.proposal", "--as", "a", "--yes")
    assert (differ.exit_code, "3.proposal and 4.proposal hold different" in differ.stderr) == (2, True)
    path = tmp_path / "4.proposal"
    path.write_text(path.read_text().replace('"sequence": 0', '"sequence": 1'))
    forged = run("show", "4.proposal", "--as", "a")
    assert (forged.exit_code, "4.proposal is forged" in forged.stderr) == (1, True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (private_key_pem(generate_key()), "new.pem holds a private key"),
        (b"hello", "new.pem is no certificate"),
        (2 * A.signatory().certificate, "new.pem holds 2 certificates"),
    ],
    ids=["key", "text", "two"],
)
def test_an_administrator_is_named_by_one_certificate_and_no_key_gets_into_a_channel(
    run: Callable[..., Result], tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "new.pem").write_bytes(content)
    done = run("propose", "administrators", "a", "--come", "new.pem", "--channel", "ch", "--as", "a")
    assert (done.exit_code, told in done.stderr) == (2, True), done.output
    assert not list(tmp_path.glob("*.proposal"))


def test_roots_are_rolled_by_two_words(run: Callable[..., Result]) -> None:
    neither = run("propose", "authorities", "a", "--channel", "ch", "--as", "a")
    assert (neither.exit_code, "Say --beside" in neither.stderr) == (2, True)
    same = run("propose", "authorities", "a", "--alone", "--channel", "ch", "--as", "a")
    assert "nothing to propose" in same.stderr


def test_a_whole_channel_is_described(run: Callable[..., Result], channel: InMemory) -> None:
    shown = run("show", "--channel", "ch", "--as", "a")
    assert shown.exit_code == 0, shown.output
    for seat in seats_of(channel.present.channel_group):
        assert str(seat.address) in shown.stdout
    document = json.loads(run("show", "--channel", "ch", "--as", "a", "--json").stdout)
    assert document["fingerprint"] in shown.stdout
    assert run("show", "--as", "a").exit_code == 2


def test_every_change_has_help(run: Callable[..., Result]) -> None:
    for name in CHANGES:
        assert run("propose", name, "--help").exit_code == 0


def test_without_a_member_file_or_a_name_it_says_what_to_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nobody = CliRunner().invoke(channel_group(), ["show", "--channel", "ch"])
    assert (nobody.exit_code, "There is no member.yaml here" in nobody.stderr) == (2, True)
    nowhere = CliRunner().invoke(channel_group(), ["show", "--channel", "ch", "--as", "a"])
    assert (nowhere.exit_code, "There is no consortium.yaml here" in nowhere.stderr) == (2, True)


def test_a_members_own_host_is_the_place_where_no_name_is_given(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("propose", "batch", "--messages", "3", "--channel", "ch", "-o", "b.proposal").exit_code == 0
    told = run("sign", "b.proposal", "--yes")
    assert "signed by AMSP" in told.stderr
    assert '"signature"' in (tmp_path / "b.proposal").read_text()
