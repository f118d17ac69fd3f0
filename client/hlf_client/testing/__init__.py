"""Fabric in a process, for tests: a consortium of your own, its chaincode, and connections for any member's user.

May import the whole client; nothing of the client imports it. Needs the extra `embedded`.
"""

from __future__ import annotations

from hlf_client.embedded import Collection, User
from hlf_client.testing._clock import ManualClock, RecordedClock
from hlf_client.testing._fabric import Fabric
from hlf_client.testing._faults import Faults
from hlf_client.testing._network import LedgerNetwork

__all__ = ["Collection", "Fabric", "Faults", "LedgerNetwork", "ManualClock", "RecordedClock", "User"]
