"""Orderers that come later or have lost their disk, on a member's own host: by which block they join, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hlf_network.proposing import Someone, channel_of

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_client.admin.participation import OrdererAdmin
from hlf_network._session import Session
from hlf_network.channels.config import OrdererNode, block_config
from hlf_network.consortium import Channel, HostView, Orderer, Organization, Peer
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import PortBook
from hlf_network.material.layout import Layout
from hlf_network.progress import Recorder
from hlf_network.steps import healing, raising

US = Organization(name="us", role="bank", reached_at="us.test", peers=(Peer(name="peer0", port=7051),))
THEM = Organization(name="them", role="bank", reached_at="them.test", peers=(Peer(name="peer0", port=7051),))
SEATED, LATER = Orderer(name="orderer0", port=7050), Orderer(name="orderer1", port=7060)


def block(*, bft: bool = False) -> Block:
    """A channel's configuration whose consenters are orderer0 of ours and three others."""
    ours = Someone("UsMSP")

    class Ordering(Someone):
        def orderer(self, number: int) -> OrdererNode:
            node = super().orderer(number)
            host, port = ("us.test", 7050) if number == 0 else (f"them{number}.test", 7050)
            return OrdererNode(node.msp_id, type(node.address)(host, port), node.identity, node.tls_certificate)

    return channel_of((ours,), Ordering("UsMSP"), bft=bft).first


class Admin(OrdererAdmin):
    """An orderer in no channel, which takes what it is given to join by."""

    def channels(self) -> frozenset[str]:
        return frozenset()

    def join(self, channel: str, given: Block) -> bool:
        JOINED.append((self.name, given))
        return True


JOINED: list[tuple[str, Block]] = []


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Session]:
    """A host whose peer knows this newest block and is so high."""
    JOINED.clear()

    def make(newest: Block | None, *, height: int = 5, others: bool = True) -> Session:
        us = US.model_copy(update={"orderers": (SEATED, LATER)})
        everyone = (us, THEM) if others else (us,)
        view = HostView(
            home="us",
            organizations=everyone,
            channels=(Channel(name="ch", members=tuple(one.name for one in everyone)),),
        )
        layout = Layout(tmp_path)
        layout.block("ch").parent.mkdir(exist_ok=True)
        layout.block("ch").write_bytes(block().SerializeToString())
        session = Session(view, layout, PortBook({"orderer0.us/admin": 1, "orderer1.us/admin": 2}), ENGINE, Recorder())
        for module in (healing, raising):
            monkeypatch.setattr(module, "newest_config_block", lambda *_, **__: newest)
        monkeypatch.setattr(healing, "_height", lambda *_: height)
        monkeypatch.setattr(
            Session,
            "orderer_admin",
            lambda _, owner, node: Admin(f"{node.name}.{owner.name}", "", 0, Path(), Path(), Path()),
        )
        return session

    return make


ENGINE: Engine = Engine.__new__(Engine)
"""Nothing is asked of it."""


def test_a_raft_orderer_that_lost_its_disk_stays_out_and_a_new_one_follows_by_the_newest_block(
    host: Callable[..., Session],
) -> None:
    newest = block()
    session = host(newest)
    lost = healing.lost_consenters(session)
    assert lost == {("orderer0.us", "ch")}
    assert raising.join_orderers(session, but=lost) == 1
    assert [("orderer1.us", newest)] == JOINED


def test_who_founds_joins_by_the_first_block(host: Callable[..., Session]) -> None:
    session = host(None)
    assert healing.lost_consenters(session) == frozenset()
    assert raising.join_orderers(session) == 2
    first = Block.FromString(session.layout.block("ch").read_bytes())
    assert [given for _, given in JOINED] == [first, first]


def test_in_a_young_channel_nobody_has_promised_anything(host: Callable[..., Session]) -> None:
    assert healing.lost_consenters(host(block(), height=1)) == frozenset()


def test_bft_bears_one_that_comes_back_without_its_disk(host: Callable[..., Session]) -> None:
    assert healing.lost_consenters(host(block(bft=True))) == frozenset()


def test_where_all_are_here_it_is_put_in_anew_instead(host: Callable[..., Session]) -> None:
    assert healing.lost_consenters(host(block(), others=False)) == frozenset()


def test_a_consenter_is_known_by_its_address(host: Callable[..., Session]) -> None:
    session = host(block())
    (us, _), newest = session.consortium.organizations, block()
    assert raising.is_seated(session, newest, us, us.orderers[0])
    assert not raising.is_seated(session, newest, us, us.orderers[1])
    assert block_config(newest).channel_group.groups["Orderer"].groups
