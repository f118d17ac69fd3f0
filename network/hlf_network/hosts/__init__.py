"""A member on a host of its own: its files, its nodes, and channels founded and joined from public files alone.

`composing` makes a consortium of one member's file, others' cards and the channels' files; `genesis` founds a channel
and checks what another founded; `words` says what a channel holds; `member` is what `eximledger member` does.
Stands on the driver: one member's host is a network of which only one organisation is here.
"""

from __future__ import annotations

from hlf_network.hosts.genesis import fingerprint, found, read_block
from hlf_network.hosts.member import Member
from hlf_network.hosts.words import describe_channel

__all__ = ["Member", "describe_channel", "fingerprint", "found", "read_block"]
