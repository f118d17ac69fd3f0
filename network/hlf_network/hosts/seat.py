"""A member's place at its channels, on its own host: its own nodes and administrator, the others by their cards."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hlf_chaincode.protos.common.common_pb2 import Block, Envelope
from hlf_chaincode.protos.common.configtx_pb2 import Config
from hlf_client.admin import Signatory
from hlf_client.errors import InvalidDocument
from hlf_network._session import KNOCK_SECONDS
from hlf_network.cards import Card
from hlf_network.channels.config import Address, MemberConfig, OrdererNode
from hlf_network.progress import in_parallel
from hlf_network.proposals.at_network import NetworkSeat
from hlf_network.proposals.definitions import DefinitionNote

__all__ = ["HostSeat"]


@dataclass(frozen=True, slots=True)
class HostSeat:
    """What proposals need, with no key but this member's. Members to come are known as soon as their card is taken."""

    own: NetworkSeat
    cards: Mapping[str, Card]

    @property
    def signatory(self) -> Signatory:
        return self.own.signatory

    def genesis(self, channel: str) -> Block:
        return self.own.genesis(channel)

    def config(self, channel: str) -> Config:
        return self.own.config(channel)

    def definitions(self, channel: str) -> Sequence[DefinitionNote] | None:
        return self.own.definitions(channel)

    def order(self, envelope: Envelope, is_committed: Callable[[float], bool], *, what: str) -> None:
        self.own.order(envelope, is_committed, what=what)

    def member(self, name: str) -> MemberConfig:
        if name == self.own.organization.name:
            return self.own.member(name)
        if name not in self.cards:
            raise InvalidDocument(f"There is no card of {name} here: take it in with `member card --take`.")
        return self.cards[name].member_config

    def orderer(self, name: str) -> OrdererNode:
        known = self._orderers()
        if name not in known:
            raise InvalidDocument(f"There is no orderer {name!r} on the cards that this host has: {', '.join(known)}.")
        return known[name]

    def orderers(self) -> Sequence[OrdererNode]:
        return tuple(self._orderers().values())

    def down(self, channel: str) -> Collection[Address]:
        """Orderers of other hosts that do not answer at their port, and our own that do not for the channel."""
        ours = set(self.own.down(channel))
        others = [node.address for card in self.cards.values() for node in card.consenters]
        silent = in_parallel([partial(_is_silent, address) for address in others])
        return ours | {address for address, is_silent in zip(others, silent, strict=True) if is_silent}

    def _orderers(self) -> Mapping[str, OrdererNode]:
        session, us = self.own.session, self.own.organization
        found = {f"{one.name}.{us.name}": session.consenter(us, one) for one in us.orderers}
        for card in self.cards.values():
            names = (f"{one.name}.{card.name}" for one in card.orderers)
            found |= dict(zip(names, card.consenters, strict=True))
        return found


def _is_silent(address: Address) -> bool:
    try:
        socket.create_connection((address.host, address.port), timeout=KNOCK_SECONDS).close()
    except OSError:
        return True
    return False
