"""A revocation list in the channels' configuration: real peers and orderers refuse the certificate from then on."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from tests.fabric.consortium import Members
from tests.fabric.people import Denied, Person

from eximledger.formats import read
from eximledger_chaincode.documents import ExportDeclaration
from hlf_client.admin.calls import assemble
from hlf_client.admin.nodes import PeerError
from hlf_client.errors import FabricError, LedgerUnavailable
from hlf_network.errors import NetworkError

pytestmark = pytest.mark.fabric

DONGYU = Path(__file__).resolve().parents[2] / "examples" / "dongyu"
SECONDS = 30.0


def declaration(number: int) -> ExportDeclaration:
    model = read(DONGYU / "customs" / "declarations-2026.csv").documents[0]
    assert isinstance(model, ExportDeclaration)
    return model.model_copy(update={"declaration_number": f"22482026022{number:07}"})


def until_denied(ask: Callable[[], object]) -> Denied:
    """The peer's words once it has the new configuration."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            ask()
        except Denied as denied:
            return denied
        assert time.monotonic() < deadline, "the revoked certificate is still taken"
        time.sleep(0.05)


def in_channels(members: Members, person: Person) -> None:
    """Wait until a new certificate is answered everywhere."""
    for peer in ("customs", "safe", "eximbank"):
        assert person.ask("customs", "consortium:members", at=peer)


def test_a_revoked_officer_is_refused_by_every_peer_and_orderer_and_the_next_one_is_not(members: Members) -> None:
    stolen = members.person("customs")
    call = stolen.propose("customs", "documents:put", "declaration", declaration(1))
    waiting = stolen.endorsed_by(call, "customs")
    report = members.network.revoke("customs", "officer", reissue=True)
    assert report.changes == ("channel customs updated",)
    for peer in ("customs", "safe", "eximbank", "tradebank"):
        denied = until_denied(partial(stolen.ask, "customs", "consortium:members", at=peer))
        assert "access denied" in str(denied)
    envelope = assemble(call, waiting, stolen.signatory)
    with pytest.raises(NetworkError, match="FORBIDDEN"):
        members.session.orderers()[0].broadcast(envelope)
    officer = members.person("customs")
    in_channels(members, officer)
    with pytest.raises(FabricError):
        officer.ask("customs", "documents:get", "declaration", declaration(1).id)
    officer.submit("customs", "documents:put", "declaration", declaration(1))


def test_an_administrator_revokes_himself_and_the_successor_administers(members: Members) -> None:
    """The peer is restarted, for who may administer it is read from its own folder."""
    owner = members.network.consortium.organization("customs")
    peer, former = members.session.peer(owner, owner.peers[0]), members.session.admin(owner)
    report = members.network.revoke("customs", "admin", reissue=True)
    container = f"{members.network.consortium.name}-{owner.peers[0].name}.customs"
    assert report.changes == (f"{container} restarted", "channel customs updated")
    assert peer.channels(members.session.admin(owner)) == {"customs"}
    with pytest.raises((PeerError, LedgerUnavailable), match="access denied"):
        peer.channels(former)
    assert members.network.revoke("customs", "officer", reissue=True).changes == ("channel customs updated",)
    in_channels(members, members.person("customs"))


def test_a_peer_with_a_stolen_key_endorses_nothing_until_it_has_another(members: Members) -> None:
    officer = members.person("customs")
    call = officer.propose("customs", "documents:put", "declaration", declaration(2))
    waiting = officer.endorsed_by(call, "customs")
    members.network.revoke("customs", "peer0", reissue=True)
    assert officer.code_of(call, waiting) == "ENDORSEMENT_POLICY_FAILURE"
    officer.submit("customs", "documents:put", "declaration", declaration(2))
