"""Several chaincodes, each on its channels: what a file may say, and what follows for servers, packages, profiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from hlf_client.errors import InvalidDocument
from hlf_network._session import Session
from hlf_network.consortium import Consortium, parse_consortium
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import PortBook
from hlf_network.progress import Recorder
from hlf_network.steps.deployment import record_of
from hlf_network.steps.profiles import connection_profile
from hlf_network.steps.rollout import plans_of

FILE = """
name: several
organizations:
  - {name: north, role: bank, peers: [{name: peer0}], orderers: [{name: orderer0}]}
  - {name: south, role: bank, peers: [{name: peer0}]}
channels:
  - name: papers
    members: [north, south]
    chaincode: {endorsement: OR(bank.peer)}
    chaincodes: [{name: votes, endorsement: AND(bank.peer)}]
  - name: own
    members: [north]
    chaincodes:
      - name: notes
        endorsement: OR(bank.peer)
        collections: [{name: "mine-{msp}", per: bank, members: "OR('{msp}.member')"}]
chaincode: {name: papers, server: host}
chaincodes: [{name: votes, server: host, version: "2.0"}, {name: notes, server: host}]
"""


@pytest.fixture
def consortium() -> Consortium:
    return parse_consortium(FILE)


def test_each_channel_says_which_it_runs_and_on_what_terms(consortium: Consortium) -> None:
    papers, own = consortium.channels
    first, votes, notes = consortium.all_chaincodes
    assert [channel.name for channel in consortium.running(first)] == ["papers"]
    assert [channel.name for channel in consortium.running(notes)] == ["own"]
    terms = consortium.terms(papers, votes)
    assert terms is not None
    assert consortium.policy_text(papers, terms.endorsement) == "AND('NorthMSP.peer', 'SouthMSP.peer')"
    assert consortium.terms(own, first) is None
    assert [one.name for one in consortium.collections(own, notes)] == ["mine-NorthMSP"]
    assert consortium.collections(papers, votes) == ()


def test_who_serves_installs_and_keeps_what(consortium: Consortium, tmp_path: Path) -> None:
    network = Network(consortium, folder=tmp_path)
    network.create()
    ports = PortBook.open(network.layout.ports, consortium)
    with Session(consortium, network.layout, ports, Engine(consortium.name), Recorder()) as session:
        plans = plans_of(session)
        profiles = [connection_profile(session, owner)["channels"] for owner in consortium.organizations]
    assert [plan.deployment.version for plan in plans] == ["1.0", "2.0", "1.0"]
    assert [sorted(plan.packages) for plan in plans] == [["north", "south"], ["north", "south"], ["north"]]
    assert len({package.id for plan in plans for package in plan.packages.values()}) == 5
    assert len({record_of(consortium, network.layout, plan.chaincode) for plan in plans}) == 3
    settings = sorted(path.name for path in network.layout.chaincode.iterdir())
    assert settings == ["north-notes.env", "north-votes.env", "north.env", "south-votes.env", "south.env"]
    addresses = {path.read_text().split("SERVER_ADDRESS=")[1].split()[0] for path in network.layout.chaincode.iterdir()}
    assert len(addresses) == 5, "each server has a port of its own"
    assert "'chaincodes': ['papers', 'votes']" in str(profiles[1])
    assert "'chaincodes': ['notes']" in str(profiles[0])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{name: notes, server", "{name: papers, server", "chaincode papers is already that of chaincode"),
        ("      - name: notes", "      - name: nothing", "`chaincodes` of the file describes no nothing"),
        ("AND(bank.peer)", "AND(toll.peer)", "no member of the channel has the role toll"),
    ],
)
def test_contradictions_are_told(old: str, new: str, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        parse_consortium(FILE.replace(old, new))
