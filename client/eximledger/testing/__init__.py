"""The pytest plugin: ledgers as fixtures, for the project's own tests and for its users'.

`plugin` is loaded by pytest itself (entry point `eximledger`) and offers `exim_network` and `exim_network_factory`. May
import the whole client; nothing of the client imports it.
"""

from __future__ import annotations

from eximledger.testing._clock import ManualClock
from eximledger.testing._network import LedgerNetwork

__all__ = ["LedgerNetwork", "ManualClock"]
