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
from hlf_network.channels.config import Address, MemberConfig, OrdererNode
from hlf_network.commands.changes import CHANGES
from hlf_network.commands.proposing import channel_group
from hlf_network.proposals.changes.consenters import seats_of
from hlf_network.proposals.definitions import DefinitionNote
from hlf_network.proposals.errors import OutdatedProposal, TooFewSignatures

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
    def seat(_: Path | None, name: str) -> Iterator[Seat]:
        yield Seat(channel, EVERYONE[name])

    monkeypatch.chdir(tmp_path)
    group: click.Group = channel_group(seat)
    return lambda *words, **given: CliRunner().invoke(group, list(words), **given)


def test_a_member_is_taken_in_by_files(run: Callable[..., Result], channel: InMemory) -> None:
    made = run("propose", "member-in", "d", "--channel", "ch", "--as", "a", "-o", "d.proposal", "--comment", "harmless")
    assert made.exit_code == 0, made.output
    assert "member DMSP is new" in made.stdout
    assert run("sign", "d.proposal", "--as", "a", "--out", "a.proposal", "--yes").exit_code == 0
    early = run("submit", "a.proposal", "--as", "a")
    assert isinstance(early.exception, TooFewSignatures)
    assert run("sign", "d.proposal", "--as", "b", "--out", "b.proposal", input="y\n").exit_code == 0
    shown = run("show", "a.proposal", "b.proposal", "--as", "order", "--json")
    assert json.loads(shown.stdout)["enough"] is True
    done = run("submit", "a.proposal", "b.proposal", "--as", "order")
    assert done.exit_code == 0, done.output
    assert "Channel ch has configuration 1." in done.stdout
    assert "DMSP" in channel.present.channel_group.groups["Application"].groups
    assert isinstance(run("show", "b.proposal", "--as", "a").exception, OutdatedProposal)


def test_who_says_no_has_not_signed(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("propose", "batch", "--messages", "3", "--channel", "ch", "--as", "a").exit_code == 0
    path = tmp_path / "ch-0.proposal"
    before = path.read_bytes()
    assert run("sign", str(path), "--as", "order", input="n\n").exit_code == 1
    assert path.read_bytes() == before
    again = run("propose", "batch", "--messages", "3", "--channel", "ch", "--as", "a")
    assert isinstance(again.exception, InvalidDocument)


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


def test_roots_are_rolled_by_two_words(run: Callable[..., Result]) -> None:
    neither = run("propose", "authorities", "a", "--channel", "ch", "--as", "a")
    assert isinstance(neither.exception, InvalidDocument)
    same = run("propose", "authorities", "a", "--alone", "--channel", "ch", "--as", "a")
    assert "nothing to propose" in str(same.exception)


def test_a_whole_channel_is_described(run: Callable[..., Result], channel: InMemory) -> None:
    shown = run("show", "--channel", "ch", "--as", "a")
    assert shown.exit_code == 0, shown.output
    for seat in seats_of(channel.present.channel_group):
        assert str(seat.address) in shown.stdout
    document = json.loads(run("show", "--channel", "ch", "--as", "a", "--json").stdout)
    assert document["fingerprint"] in shown.stdout
    assert isinstance(run("show", "--as", "a").exception, InvalidDocument)


def test_every_change_has_help(run: Callable[..., Result]) -> None:
    for name in CHANGES:
        assert run("propose", name, "--help").exit_code == 0
