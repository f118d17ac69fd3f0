"""The Go-free network driver: consortium.yaml to running Fabric.

`Network` is the whole of it; `load_consortium` reads the file; `testing` brings networks up for tests.
Depends on `hlf_client` for identities, errors and the gateway's calls; nothing depends on it.
"""

from __future__ import annotations

from hlf_network.consortium import Consortium, load_consortium, parse_consortium
from hlf_network.driver import Network, Report
from hlf_network.material.crypto import CertificateFile
from hlf_network.progress import Progress, Step
from hlf_network.status import ChannelStatus, NetworkStatus, NodeStatus

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
    "load_consortium",
    "parse_consortium",
]
