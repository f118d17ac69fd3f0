"""The Go-free network driver: consortium.yaml to running Fabric.

`Network` is the whole of it; `load_consortium` reads the file; `testing` brings networks up for tests.
Depends on the client package for identities, errors and the gateway's calls; nothing depends on it.
"""

from __future__ import annotations

from eximledger_network.consortium import Consortium, default_consortium, load_consortium, parse_consortium
from eximledger_network.crypto import CertificateFile
from eximledger_network.driver import Network, Report
from eximledger_network.progress import Progress, Step
from eximledger_network.status import ChannelStatus, NetworkStatus, NodeStatus

__all__ = [
    "CertificateFile",
    "ChannelStatus",
    "Consortium",
    "Network",
    "NetworkStatus",
    "NodeStatus",
    "Progress",
    "Report",
    "Step",
    "default_consortium",
    "load_consortium",
    "parse_consortium",
]
