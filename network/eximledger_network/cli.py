"""`eximledger network`: the network driver's commands, with the default consortium of the trade."""

from __future__ import annotations

from eximledger_network import default_text
from hlf_network.cli import network_group

__all__ = ["network"]

network = network_group(default_text)
