"""`eximledger network`, with the default consortium of the trade, and `member` and `channel` for hosts of one's own."""

from __future__ import annotations

from eximledger_network import default_text
from hlf_network.cli import network_group
from hlf_network.commands.channel import channel_group
from hlf_network.commands.member import member_group

__all__ = ["channel", "member", "network"]

network = network_group(default_text)
member = member_group
channel = channel_group(default_text)
