"""How an envelope is handed in: once where it is only slow, again where it may be lost, never without end."""

from __future__ import annotations

from typing import cast

import pytest

from hlf_chaincode.protos.common.common_pb2 import Envelope
from hlf_client.admin import nodes
from hlf_client.admin.nodes import OrdererClient, order
from hlf_network.errors import NetworkError


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Orderer:
    """Takes every envelope, or none."""

    def __init__(self, *, takes: bool = True) -> None:
        self.takes, self.taken = takes, 0

    def broadcast(self, _: Envelope) -> bool:
        self.taken += self.takes
        return self.takes


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(nodes, "time", clock)
    return clock


def handed_in(clock: Clock, *, committed_after: float) -> int:
    orderers = [Orderer(), Orderer()]

    def is_committed(seconds: float) -> bool:
        before, clock.now = clock.now, clock.now + seconds
        return before <= committed_after <= clock.now

    order(cast("list[OrdererClient]", orderers), Envelope(), is_committed, what="It")
    return sum(orderer.taken for orderer in orderers)


@pytest.mark.parametrize(("seconds", "times"), [(4, 1), (14, 2), (34, 3), (59, 4)])
def test_what_is_slow_stands_in_few_blocks(clock: Clock, seconds: float, times: int) -> None:
    assert handed_in(clock, committed_after=seconds) == times


def test_it_ends(clock: Clock) -> None:
    with pytest.raises(NetworkError, match="It is taken but not committed"):
        handed_in(clock, committed_after=10_000)
    deaf = cast("list[OrdererClient]", [Orderer(takes=False)])
    with pytest.raises(NetworkError, match="It is not taken by any orderer"):
        order(deaf, Envelope(), lambda _: False, what="It")


class Electing(Orderer):
    """Raft's orderer that has not heard the others yet, until so many seconds have gone."""

    def __init__(self, clock: Clock, until: float) -> None:
        super().__init__()
        self.clock, self.until = clock, until

    def broadcast(self, envelope: Envelope) -> bool:
        if self.clock.now < self.until:
            raise NetworkError("2 out of 3 nodes are alive, configuration will result in quorum loss.")
        return super().broadcast(envelope)


def test_what_raft_refuses_just_after_an_election_is_handed_in_again(clock: Clock) -> None:
    orderer = Electing(clock, until=14)
    order(cast("list[OrdererClient]", [orderer]), Envelope(), lambda _: True, what="It")
    assert orderer.taken == 1
    with pytest.raises(NetworkError, match="quorum loss"):
        order(cast("list[OrdererClient]", [Electing(clock, until=40)]), Envelope(), lambda _: True, what="It")
    assert clock.now < 40
