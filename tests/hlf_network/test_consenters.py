"""Consenters of a raft channel, in and out of its configuration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hlf_network._session import Session
from hlf_network.channels.config import channel_group
from hlf_network.channels.consenters import has_consenter, is_raft, with_consenter, without_consenter
from hlf_network.consortium import Consensus, Consortium

Variant = Callable[..., Consortium]
OfflineSession = Callable[[Consortium, Path], Session]


def test_a_consenter_goes_and_comes_back_as_it_was(variant: Variant, offline: OfflineSession, tmp_path: Path) -> None:
    session = offline(variant("exim"), tmp_path / "n")
    settings = session.channel_settings(session.consortium.channels[0])
    group, node = channel_group(settings), settings.consenters[-1]
    assert is_raft(group)
    smaller = without_consenter(group, node.address)
    assert not has_consenter(smaller, node.address)
    assert all(has_consenter(smaller, other.address) for other in settings.consenters[:-1])
    assert has_consenter(group, node.address), "the configuration itself is not changed"
    assert with_consenter(smaller, node) == group
    assert with_consenter(group, node) == group


def test_bft_is_told_from_raft(variant: Variant, offline: OfflineSession, tmp_path: Path) -> None:
    session = offline(variant("exim", four_orderers=True, consensus=Consensus.BFT), tmp_path / "n")
    assert not is_raft(channel_group(session.channel_settings(session.consortium.channels[0])))
