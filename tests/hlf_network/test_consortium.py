"""consortium.yaml: what is taken, and how each mistake is told: file, line, field, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.rules.ruleset.identity import LIBRARIES
from eximledger_network import default_consortium, default_text
from hlf_client.errors import InvalidDocument
from hlf_network.consortium import Consensus, load_consortium, parse_consortium, size_in_bytes
from hlf_network.lifecycle.wheels import installed_closure


def line_of(text: str, needle: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if needle in line)


def changed(old: str, new: str) -> str:
    text = default_text()
    assert old in text
    return text.replace(old, new, 1)


def test_the_image_holds_every_library_that_decides() -> None:
    """Or no peer's chaincode starts."""
    chaincode = default_consortium().chaincode
    assert chaincode is not None
    held = {one.metadata["Name"].lower().replace("_", "-") for one in installed_closure(chaincode.image.requirements)}
    assert set(LIBRARIES) <= held


def test_the_default_is_the_consortium_of_the_design() -> None:
    consortium = default_consortium()
    assert {one.msp: one.role for one in consortium.organizations} == {
        "EximbankMSP": "bank",
        "TradebankMSP": "bank",
        "SafeMSP": "fx-bureau",
        "CustomsMSP": "customs",
    }
    assert len(consortium.peers) == 4
    assert len({owner.name for owner, _ in consortium.orderers}) == 3
    assert {channel.name: set(channel.members) for channel in consortium.channels} == {
        "customs": {"customs", "safe", "eximbank", "tradebank"},
        "fx": {"safe", "eximbank", "tradebank"},
        "bank": {"safe", "eximbank", "tradebank"},
    }
    assert consortium.consensus is Consensus.RAFT


def test_an_image_with_a_tag_of_its_own_keeps_it() -> None:
    text = (
        "images: {peer: 'registry.example:5000/peer:mine', orderer: 'registry.example:5000/orderer'}\nconsensus: raft"
    )
    consortium = parse_consortium(changed("consensus: raft", text))
    assert consortium.peer_image == "registry.example:5000/peer:mine"
    assert consortium.orderer_image == f"registry.example:5000/orderer:{consortium.fabric}"


def test_roles_in_policies_stand_for_the_channels_members() -> None:
    consortium = default_consortium()
    bank = consortium.channels[2]
    assert bank.chaincode is not None
    assert consortium.policy_text(bank, bank.chaincode.endorsement) == (
        "AND(OR('EximbankMSP.peer', 'TradebankMSP.peer'), OR('SafeMSP.peer'))"
    )


def test_a_collection_per_role_is_one_for_each_member_of_it() -> None:
    consortium = default_consortium()
    own, first, second, *shared = consortium.collections(consortium.channels[2])
    assert (own.name, first.name, second.name) == ("matching", "papers-EximbankMSP", "papers-TradebankMSP")
    assert [each.name for each in shared] == ["shared-EximbankMSP", "shared-TradebankMSP"]
    assert first.members == "OR('EximbankMSP.member', 'SafeMSP.member')"
    assert second.endorsement == "AND('TradebankMSP.peer', OR('SafeMSP.peer'))"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "reason"),
    [
        ("consensus: raft", "consensus: paxos", "consensus: paxos", "consensus", "'raft' or 'bft'"),
        ("consensus: raft", "consenssus: raft", "consenssus", "consenssus", "there is no such field"),
        ("role: customs", "role: custom", "OR(customs.peer)", "channels[0].chaincode.endorsement", "the role customs"),
        ("role: customs", "role: Customs House", "role: Customs House", "organizations[3].role", "match pattern"),
        ("per: bank", "per: lender", "per: lender", "channels[0].chaincode.collections[1].per", "the role lender"),
        ("[safe, eximbank, tradebank]", "[safe, nobody]", "[safe, nobody]", "channels[1].members[1]", "'nobody'"),
        ("OR(customs.peer)", "OR(customs.peer", "OR(customs.peer", "channels[0].chaincode.endorsement", "breaks off"),
        ("OR(customs.peer)", "OR('X.peer')", "OR('X.peer')", "channels[0].chaincode.endorsement", "X is not a member"),
        ("name: tradebank", "name: eximbank", "", "organizations[1].name", "already that of organizations[0]"),
        ("timeout: 150ms", "timeout: soon", "timeout: soon", "channels[0].batch.timeout", "match pattern"),
        ("{name: peer0}", "{name: peer0, port: 99999}", "99999", "organizations[0].peers[0].port", "65535"),
        ("fabric:", "name: again\nfabric:", "name: again", "name", "stands here twice"),
        ("consensus: raft", "tls: {client_auth: maybe}", "client_auth", "tls.client_auth", "'none' or 'required'"),
        ("consensus: raft", "consensus: bft", "consensus: bft", "consensus", "at least 4 orderers"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_field(old: str, new: str, line: str, field: str, reason: str) -> None:
    text = changed(old, new)
    with pytest.raises(InvalidDocument) as caught:
        parse_consortium(text, source="mine.yaml")
    assert caught.value.field == field
    assert reason in str(caught.value)
    assert str(caught.value).startswith("mine.yaml, line ")
    if line:
        assert caught.value.details["line"] == str(line_of(text, line))


def test_a_port_used_twice_is_told() -> None:
    text = default_text().replace("peers: [{name: peer0}]", "peers: [{name: peer0, port: 7051}]", 2)
    with pytest.raises(InvalidDocument) as caught:
        parse_consortium(text)
    assert caught.value.field == "organizations[1].peers[0].port"
    assert caught.value.reason == "port 7051 is already that of organizations[0].peers[0]"


def test_an_organisation_with_peers_that_orders_a_channel_of_others_is_refused() -> None:
    text = default_text().replace("[safe, eximbank, tradebank]", "[safe, tradebank]", 1)
    with pytest.raises(InvalidDocument, match="eximbank runs peers and orderers, so it must be a member of channel fx"):
        parse_consortium(text)


@pytest.mark.parametrize("text", ["", "[]", "42", "a: [", "a: &a [*a]", "\x00", "- &x {y: *x}"])
def test_what_is_no_consortium_is_refused_with_its_source(text: str) -> None:
    with pytest.raises(InvalidDocument, match=r"mine\.yaml"):
        parse_consortium(text, source="mine.yaml")


@given(st.text(max_size=200))
def test_no_text_makes_anything_but_a_typed_error(text: str) -> None:
    with pytest.raises(InvalidDocument):
        parse_consortium(text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument, match="network init"):
        load_consortium(tmp_path / "none.yaml")


def test_paths_count_from_the_files_folder(tmp_path: Path) -> None:
    content = yaml.safe_load(default_text())
    content["folder"] = "files"
    content["organizations"][0]["material"] = "own-ca"
    path = tmp_path / "consortium.yaml"
    path.write_text(yaml.safe_dump(content))
    consortium = load_consortium(path)
    assert consortium.folder == tmp_path / "files"
    assert consortium.organizations[0].material == tmp_path / "own-ca"


def test_sizes() -> None:
    assert size_in_bytes("2 MiB") == 2 << 20
    assert size_in_bytes("512KiB") == 512 << 10


def test_roles_are_the_consortiums_own_words() -> None:
    text = default_text()
    for ours, theirs in (("fx-bureau", "auditor"), ("customs.peer", "port2.peer"), ("customs.member", "port2.member"),
                         ("role: customs", "role: port2")):  # fmt: skip
        text = text.replace(ours, theirs)
    for ours, theirs in (("role: bank", "role: grower"), ("bank.peer", "grower.peer"), ("per: bank", "per: grower")):
        text = text.replace(ours, theirs)
    consortium = parse_consortium(text)
    assert [each.role for each in consortium.organizations] == ["grower", "grower", "auditor", "port2"]
    channel = next(each for each in consortium.channels if each.name == "bank")
    assert consortium.policy_text(channel, "OR(grower.peer)") == "OR('EximbankMSP.peer', 'TradebankMSP.peer')"
    assert [each.name for each in consortium.collections(channel)] == [
        "matching", "papers-EximbankMSP", "papers-TradebankMSP", "shared-EximbankMSP", "shared-TradebankMSP",
    ]  # fmt: skip
