"""consortium.yaml: who the members are, what they run and what each channel demands.

The one description from which everything else follows: certificates, genesis blocks, containers, profiles. Parsed with
pydantic; every error names the line and the field. `_model` is what the file may say, `_hosted` what a
member on a host of its own says instead, `_yaml` the text with its lines,
`_contradictions` what single fields cannot show, `_reading` the way from a file to a `Consortium`, `_hosts` what its
chaincode servers are called. Imports nothing else of the driver.
"""

from __future__ import annotations

from hlf_client.admin.lifecycle import CHANNELS_OWN
from hlf_network.consortium._channels import (
    Batch,
    Channel,
    ChannelChaincode,
    Collection,
    Consensus,
    FurtherChaincode,
    size_in_bytes,
)
from hlf_network.consortium._contradictions import may_commit
from hlf_network.consortium._hosted import AgreedChaincode, ChannelFile, HostView, MemberFile
from hlf_network.consortium._hosts import HOST_GATEWAY, chaincode_host, chaincode_pattern
from hlf_network.consortium._members import HostName, MspId, Name, Orderer, Organization, Peer, Role, ServerPlace, User
from hlf_network.consortium._model import (
    Certificates,
    Chaincode,
    ChaincodeBuild,
    ChaincodeImage,
    Consortium,
    HostSettings,
    Tls,
)
from hlf_network.consortium._reading import checked, load_channel_file, load_consortium, load_member, parse_consortium

__all__ = [
    "CHANNELS_OWN",
    "HOST_GATEWAY",
    "AgreedChaincode",
    "Batch",
    "Certificates",
    "Chaincode",
    "ChaincodeBuild",
    "ChaincodeImage",
    "Channel",
    "ChannelChaincode",
    "ChannelFile",
    "Collection",
    "Consensus",
    "Consortium",
    "FurtherChaincode",
    "HostName",
    "HostSettings",
    "HostView",
    "MemberFile",
    "MspId",
    "Name",
    "Orderer",
    "Organization",
    "Peer",
    "Role",
    "ServerPlace",
    "Tls",
    "User",
    "chaincode_host",
    "chaincode_pattern",
    "checked",
    "load_channel_file",
    "load_consortium",
    "load_member",
    "may_commit",
    "parse_consortium",
    "size_in_bytes",
]
