"""Channels founded from cards and a file: one block for everybody, told in words, and joined only when it is that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from eximledger_network.cli import channel, member
from hlf_client.errors import InvalidDocument
from hlf_network.cards import CardRefused, read_cards
from hlf_network.consortium import load_channel_file
from hlf_network.hosts import Member, describe_channel, fingerprint, found, read_block
from hlf_network.hosts.composing import host_view
from hlf_network.hosts.genesis import BlockRefused, check_block
from hlf_network.hosts.seat import HostSeat
from hlf_network.material.layout import write_public
from hlf_network.proposals.at_network import NetworkSeat

ROLES = {"north": "bank", "south": "bank", "bureau": "fx-bureau"}
CHANNEL = """
name: fx
members: [bureau, north, south]
policies: {admins: "OutOf(2, bank.admin, fx-bureau.admin)"}
chaincodes:
  - {name: toy, version: "1.0", endorsement: OR(fx-bureau.peer), collections: []}
"""


class Consortium:
    """Three members with keys in folders of their own, their cards and a channel's file in a shared one."""

    def __init__(self, root: Path) -> None:
        self.shared = root / "shared"
        self.shared.mkdir()
        self.members = {}
        for number, (name, role) in enumerate(ROLES.items()):
            folder = root / name
            folder.mkdir()
            (folder / "member.yaml").write_text(
                f"member:\n  name: {name}\n  role: {role}\n  reached_at: 10.0.0.{number}\n"
                f"  peers: [{{name: peer0, port: 7051}}]\n  orderers: [{{name: orderer0, port: 7050}}]\n"
                f"chaincodes: [{{name: toy}}]\n"
            )
            one = self.members[name] = Member.load(folder / "member.yaml")
            one.create()
            write_public(self.shared / f"{name}.card.json", one.card().to_bytes())
        self.file = self.shared / "fx.yaml"
        self.file.write_text(CHANNEL)

    def block(self) -> Path:
        path = self.shared / "fx.block"
        made = found(load_channel_file(self.file), read_cards(self.shared))
        write_public(path, made.SerializeToString(deterministic=True))
        return path


def seat_of(member: Member) -> HostSeat:
    """The member's place, without an engine: no node runs here."""
    with member.network.opened() as session:
        own = NetworkSeat(session, session.consortium.here[0])
        return HostSeat(own, read_cards(member.folder / "cards"))


@pytest.fixture(scope="module")
def consortium(tmp_path_factory: pytest.TempPathFactory) -> Consortium:
    return Consortium(tmp_path_factory.mktemp("consortium"))


def test_whoever_founds_it_the_block_is_the_same(consortium: Consortium) -> None:
    first = consortium.block().read_bytes()
    assert consortium.block().read_bytes() == first


def test_the_words_name_members_consenters_rules_and_the_fingerprint(consortium: Consortium) -> None:
    block = read_block(consortium.block())
    words = "\n".join(describe_channel(block))
    assert f"fingerprint {fingerprint(block)}" in words
    for part in ("channel fx", "ordered by raft", "10.0.0.1:7050", "BureauMSP, found at 10.0.0.2:7051"):
        assert part in words
    assert "Admins: OutOf(2, 'NorthMSP.admin', 'SouthMSP.admin', 'BureauMSP.admin')" in words
    assert "Endorsement: MAJORITY Endorsement" in words


def test_a_block_is_refused_with_another_fingerprint_file_or_card(consortium: Consortium) -> None:
    block, cards = read_block(consortium.block()), read_cards(consortium.shared)
    file, own, known = load_channel_file(consortium.file), cards["north"], fingerprint(block)
    check_block(block, known.upper(), file, cards, own, source="fx.block")
    with pytest.raises(BlockRefused, match="its fingerprint is") as refused:
        check_block(block, "00" * 32, file, cards, own, source="fx.block")
    assert refused.value.details["reason"] == "fingerprint"
    other = file.model_copy(update={"members": ("bureau", "north")})
    with pytest.raises(BlockRefused, match="make another one"):
        check_block(block, known, other, cards, own, source="fx.block")
    moved = {**cards, "south": cards["south"].model_copy(update={"reached_at": "203.0.113.9"})}
    with pytest.raises(BlockRefused, match="make another one"):
        check_block(block, known, file, moved, own, source="fx.block")
    stolen = own.model_copy(update={"roots": cards["south"].roots})
    with pytest.raises(BlockRefused, match="authorities that are not ours"):
        check_block(block, known, file, cards, stolen, source="fx.block")


def test_a_refused_join_changes_nothing(consortium: Consortium) -> None:
    one = consortium.members["north"]
    with pytest.raises(BlockRefused):
        one.join(consortium.block(), fingerprint="00" * 32, file=consortium.file, cards=consortium.shared)
    assert not (one.folder / "channels").exists()
    assert not (one.folder / "members").exists()


def test_another_channel_of_a_joined_ones_name_is_refused(consortium: Consortium) -> None:
    one, block = consortium.members["south"], consortium.block()
    (one.folder / "channels").mkdir()
    (one.folder / "channels" / "fx.block").write_bytes(b"another")
    known = fingerprint(read_block(block))
    with pytest.raises(BlockRefused, match="has joined another channel fx"):
        one.join(block, fingerprint=known, file=consortium.file, cards=consortium.shared)
    (one.folder / "channels" / "fx.block").unlink()


def test_a_card_of_ourselves_that_is_not_ours_stops_the_join(consortium: Consortium, tmp_path: Path) -> None:
    north = consortium.members["north"]
    write_public(tmp_path / "north.card.json", north.card().to_bytes())
    (tmp_path / "member.yaml").write_text(
        "member: {name: north, reached_at: 10.0.0.7, role: bank, peers: [{name: peer0, port: 7051}]}\n"
    )
    impostor = Member.load(tmp_path / "member.yaml")
    impostor.create()
    with pytest.raises(CardRefused, match="its authorities are not ours"):
        impostor.join(consortium.block(), fingerprint="", file=consortium.file, cards=tmp_path)
    with pytest.raises(CardRefused, match="its authorities are not ours"):
        impostor.take(tmp_path)


def test_cards_of_members_to_come_are_taken_once_and_serve_as_directory(consortium: Consortium) -> None:
    south = consortium.members["south"]
    assert [card.name for card in south.take(consortium.shared)] == ["bureau", "north"]
    assert south.take(consortium.shared) == ()
    seat = seat_of(south)
    assert seat.member("north").msp_id == "NorthMSP"
    assert seat.orderer("orderer0.bureau").address.port == 7050
    assert len(seat.orderers()) == 3
    with pytest.raises(InvalidDocument, match="no card of nobody"):
        seat.member("nobody")
    with pytest.raises(InvalidDocument, match="no orderer 'orderer9"):
        seat.orderer("orderer9.north")


def test_a_host_gives_its_servers_the_environment_that_its_file_says(consortium: Consortium) -> None:
    own = consortium.members["south"]
    build = own.file.chaincodes[0].model_copy(update={"environment": {"CHAINCODE_WORKERS": "2"}})
    view = host_view(
        own.file.model_copy(update={"chaincodes": (build,)}),
        [load_channel_file(consortium.file)],
        read_cards(consortium.shared),
    )
    assert [one.environment for one in view.all_chaincodes] == [{"CHAINCODE_WORKERS": "2"}]


def test_before_create_it_says_to_create(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("member.yaml").write_text("member: {name: north, role: bank, peers: [{name: peer0}]}")
    for command, words in ((member, ["card"]), (channel, ["show", "--channel", "fx"])):
        done = CliRunner().invoke(command, words)
        assert (done.exit_code, "run `member create` first" in done.stderr) == (1, True), done.output
    assert [path.name for path in tmp_path.iterdir()] == ["member.yaml"]


def test_no_member_yaml_and_a_field_that_there_is_not_point_to_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "member.yaml does not exist: write it as docs/hosts.md shows" in CliRunner().invoke(member, ["up"]).stderr
    Path("member.yaml").write_text("member: {name: north, role: bank}\nfolders: here")
    assert "no such field; docs/hosts.md shows" in CliRunner().invoke(member, ["up"]).stderr


def test_a_missing_card_and_an_unknown_role_are_named(consortium: Consortium) -> None:
    cards = read_cards(consortium.shared)
    file = load_channel_file(consortium.file)
    with pytest.raises(InvalidDocument, match="no card of south"):
        found(file, {name: card for name, card in cards.items() if name != "south"})
    wrong = file.model_copy(update={"policies": file.policies.model_copy(update={"readers": "OR(customs.member)"})})
    with pytest.raises(InvalidDocument, match="role customs"):
        found(wrong, cards)


def test_the_commands_make_show_and_found(consortium: Consortium, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(consortium.members["north"].folder.parent)
    run = CliRunner().invoke
    assert run(member, ["create"]).exit_code == 0
    told = run(member, ["card", "--json", "--out", str(consortium.shared)])
    assert json.loads(told.stdout)["fingerprint"] == consortium.members["north"].card().card.fingerprint
    made = run(channel, ["found", str(consortium.file), "--cards", str(consortium.shared), "--json"])
    known = json.loads(made.stdout)["fingerprint"]
    shown = run(channel, ["show", str(consortium.shared / "fx.block")])
    assert f"fingerprint {known}" in shown.stdout
    given = ("--fingerprint", "ab", "--json")
    refused = run(
        channel,
        ["join", f"{consortium.shared}/fx.block", str(consortium.file), "--cards", str(consortium.shared), *given],
    )
    assert refused.exit_code == 2
    assert json.loads(refused.stderr)["details"]["reason"] == "fingerprint"
    assert run(channel, ["show", str(consortium.file)]).exit_code == 2
