"""A channel's years on real Fabric: every change as a proposal that each member signs with its own key alone."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.hlf_network.changing import CHANNEL, agreed, consortium, made, reissue, restart, stop

from hlf_client.admin import CHANNELS_OWN, Definition, MspSignatory, approve
from hlf_client.errors import FabricError
from hlf_client.identity import CertificateAuthority, Subject, private_key_pem
from hlf_network.channels.config import MemberConfig
from hlf_network.consortium import Consortium
from hlf_network.driver import Network
from hlf_network.errors import NetworkError
from hlf_network.material.layout import write_private, write_public
from hlf_network.proposals import review, sign
from hlf_network.proposals.changes.consenters import (
    bft,
    consensus_of,
    consenter_in,
    consenter_out,
    consenter_renewed,
    maintenance,
    seats_of,
)
from hlf_network.proposals.changes.members import (
    authorities_alone,
    authorities_beside,
    endpoints,
    member_in,
    member_out,
)
from hlf_network.proposals.changes.settings import BatchRules, batch, capability
from hlf_network.proposals.errors import NotAnAdministrator, OutdatedProposal
from hlf_network.testing import missing_for, running_network

pytestmark = pytest.mark.fabric

NOW = (1, 2, 3)
"""The orderers once one has come and one has left."""


@pytest.fixture(scope="module")
def raft(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    wanted = consortium("exim-change")
    if reason := missing_for(wanted):
        pytest.skip(reason)
    with running_network(wanted, tmp_path_factory.mktemp("change")) as network:
        yield network


def like(network: Network, changed: Consortium) -> Network:
    """The same network after somebody edited its file."""
    return Network(changed, folder=network.layout.root, labels=network._labels)


def member_of(network: Network, name: str) -> MemberConfig:
    with network.seat(name) as seat:
        return seat.member(name)


def passes(network: Network, member: str = "alpha", *, seconds: float = 60) -> None:
    """A transaction of the member is endorsed, ordered and committed: an approval of a chaincode that nobody has."""
    definition = Definition(f"probe{time.monotonic_ns()}", "1", 1, CHANNELS_OWN)
    deadline = time.monotonic() + seconds
    with network._session() as session:
        participant = session.participant(network.consortium.organization(member))
        while True:
            try:
                return approve(participant, session.orderers(), CHANNEL, definition, f"probe:{'0' * 64}")
            except FabricError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


def test_batch_rules_change_and_a_proposal_of_before_is_outdated(raft: Network) -> None:
    passes(raft)
    late = made(raft, "beta", partial(batch, rules=BatchRules(messages=7)))
    agreed(raft, "alpha", partial(batch, rules=BatchRules(messages=9)))
    with raft.seat("order") as seat, pytest.raises(OutdatedProposal, match="has come to 1"):
        sign(seat, late, seat.signatory)


def test_an_orderer_comes_one_leaves_and_one_has_another_key(raft: Network) -> None:
    more = like(raft, consortium("exim-change", orderers=(0, 1, 2, 3)))
    more.up(deploy=False)
    with more.seat("order") as seat:
        come = seat.orderer("orderer3.order")
        gone = seat.orderer("orderer0.order").address
    agreed(more, "order", partial(consenter_in, node=come))
    told = agreed(more, "order", partial(consenter_out, address=gone))
    assert any("orderer0.order.internal:7050 leaves the channel by itself: stop it" in step for step in told.following)
    stop(more, "orderer0.order")
    more = like(raft, consortium("exim-change", orderers=NOW))
    agreed(more, "order", partial(endpoints, member=member_of(more, "order")))
    reissue(more, "order", "orderer1", "tlsca")
    with more.seat("order") as seat:
        renewed = seat.orderer("orderer1.order")
    told = agreed(more, "order", partial(consenter_renewed, node=renewed))
    assert any("orderer1.order.internal" in step for step in told.following)
    restart(more, "orderer1.order")
    passes(more)
    with more.seat("alpha") as seat:
        seats = seats_of(seat.config(CHANNEL).channel_group)
    assert [seat.address.host.partition(".")[0] for seat in seats] == ["orderer1", "orderer2", "orderer3"]


def test_a_member_comes_and_goes(raft: Network) -> None:
    three = ("alpha", "beta", "gamma")
    papers = '[{{name: papers, members: "OR({})"}}]'
    both = papers.format("'GammaMSP.member', 'AlphaMSP.member'")
    whole = like(raft, consortium("exim-change", orderers=NOW, members=three, collections=both))
    whole.render()
    card = member_of(whole, "gamma")
    agreed(whole, "alpha", partial(member_in, member=card))
    whole.up()
    passes(whole, "gamma")
    told = made(whole, "alpha", partial(member_out, msp_id="GammaMSP"))
    with whole.seat("beta") as seat:
        warnings = "\n".join(review(seat, told).warnings)
    assert "GammaMSP keeps what its peers have" in warnings
    assert "Collection papers of chaincode exim names GammaMSP" in warnings
    alone = papers.format("'AlphaMSP.member'")
    like(raft, consortium("exim-change", orderers=NOW, members=three, collections=alone)).deploy()
    done = agreed(whole, "alpha", partial(member_out, msp_id="GammaMSP"))
    assert not any("Collection" in warning for warning in done.warnings)
    with pytest.raises(FabricError):
        passes(whole, "gamma", seconds=1)
    two = whole.consortium.channels[0].model_copy(update={"members": ("alpha", "beta")})
    with pytest.raises(NetworkError, match="GammaMSP"):  # as the warning says: too late now
        like(raft, whole.consortium.model_copy(update={"channels": (two,)})).deploy()
    with pytest.raises(NetworkError, match="previously defined collections"):  # and the collection must stay
        like(raft, consortium("exim-change", orderers=NOW)).deploy()


def test_a_member_rolls_its_root(raft: Network) -> None:
    raft = like(raft, consortium("exim-change", orderers=NOW))
    beta, layout = raft.consortium.organization("beta"), raft.layout
    old = shutil.copytree(layout.user(beta, "admin") / "msp", layout.root / "old-admin")
    folder = layout.organization(beta)
    authority = CertificateAuthority.create(Subject("beta's new CA", beta.domain, country="CN"), days=1000)
    write_private(folder / "ca/key.pem", private_key_pem(authority.key))
    write_public(folder / "ca/cert.pem", authority.pem)
    write_public(folder / "msp/cacerts/ca.pem", authority.pem)
    card = member_of(raft, "beta")
    beside = agreed(raft, "beta", partial(authorities_beside, member=card))
    assert [demand.signed for demand in beside.demands] == [("BetaMSP",)]
    raft.up(deploy=False)
    alone = agreed(raft, "beta", partial(authorities_alone, member=card))
    assert any("void at once" in warning for warning in alone.warnings)
    passes(raft, "beta")
    after = made(raft, "alpha", partial(batch, rules=BatchRules(messages=11)))
    with raft.seat("alpha") as seat, pytest.raises(NotAnAdministrator, match="not issued"):
        sign(seat, after, MspSignatory.load("BetaMSP", old))


@pytest.mark.skipif("EXIM_TRUST" not in os.environ, reason="a network of eight nodes, restarted: make trust")
def test_from_fabric_25_with_raft_to_31_with_bft(tmp_path: Path) -> None:
    before = consortium("exim-upgrade", orderers=(0, 1, 2, 3), fabric="2.5.15")
    if reason := missing_for(before):
        pytest.skip(reason)
    with running_network(before, tmp_path) as old:
        passes(old)
        new = like(old, consortium("exim-upgrade", orderers=(0, 1, 2, 3)))
        new.up(deploy=False)
        passes(new)
        told = agreed(new, "order", partial(capability, part="channel", level="V3_0"))
        assert any("Every node must know V3_0" in warning for warning in told.warnings)
        agreed(new, "order", partial(maintenance, on=True))
        with new.seat("order") as seat:
            nodes = seat.orderers()
        agreed(new, "order", partial(bft, nodes=nodes))
        restart(new, *(f"orderer{number}.order" for number in range(4)))
        agreed(new, "order", partial(maintenance, on=False))
        passes(new)
        reissue(new, "order", "orderer2", "ca", "tlsca")
        with new.seat("order") as seat:
            renewed = seat.orderer("orderer2.order")
        agreed(new, "order", partial(consenter_renewed, node=renewed))
        restart(new, "orderer2.order")
        passes(new, "beta")
        with new.seat("alpha") as seat:
            assert consensus_of(seat.config(CHANNEL).channel_group).type == "BFT"


@pytest.mark.skipif("EXIM_TRUST" not in os.environ, reason="another network of seven nodes: make trust")
def test_a_bft_consenter_comes_and_another_leaves(tmp_path: Path) -> None:
    four = consortium("exim-seats", orderers=(0, 1, 2, 3), consensus="bft")
    if reason := missing_for(four):
        pytest.skip(reason)
    with running_network(four, tmp_path) as network:
        passes(network)
        five = like(network, consortium("exim-seats", orderers=(0, 1, 2, 3, 4), consensus="bft"))
        five.up(deploy=False)
        with five.seat("order") as seat:
            come, gone = seat.orderer("orderer4.order"), seat.orderer("orderer0.order").address
        agreed(five, "order", partial(consenter_in, node=come))
        passes(five)
        agreed(five, "order", partial(consenter_out, address=gone))
        stop(five, "orderer0.order")
        rest = like(network, consortium("exim-seats", orderers=(1, 2, 3, 4), consensus="bft"))
        agreed(rest, "order", partial(endpoints, member=member_of(rest, "order")))
        passes(rest, "beta")
        with rest.seat("alpha") as seat:
            config = seat.config(CHANNEL).channel_group
        assert consensus_of(config).type == "BFT"
        assert [one.address.host.partition(".")[0] for one in seats_of(config)] == [
            f"orderer{number}" for number in (1, 2, 3, 4)
        ]
