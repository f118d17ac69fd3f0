"""What a member keeps for bad days: copies of its keys and ledgers, and snapshots of its peers' channels.

`_copy` saves and restores one organisation; `_reading` opens what somebody brings; `snapshots` asks peers for what a
channel holds at a block.
"""

from hlf_network.backup._copy import restore, save
from hlf_network.backup.snapshots import Snapshot, described, fetch, join, list_snapshots, take

__all__ = ["Snapshot", "described", "fetch", "join", "list_snapshots", "restore", "save", "take"]
