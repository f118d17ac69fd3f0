"""Small acts on a configuration's tree that all changes share.

To index a map of messages makes what is not there: what only looks, looks through these.
"""

from __future__ import annotations

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig, MSPConfig

__all__ = ["below", "copied", "msp_of", "value_of"]


def copied(config: ConfigGroup) -> ConfigGroup:
    """The tree as it is, to be changed."""
    wanted = ConfigGroup()
    wanted.CopyFrom(config)
    return wanted


def below(group: ConfigGroup, *names: str) -> ConfigGroup:
    """The group at the end of a path; an empty one where the tree does not go so far."""
    for name in names:
        group = group.groups[name] if name in group.groups else ConfigGroup()
    return group


def value_of(group: ConfigGroup, name: str) -> bytes:
    """A value's bytes; none where there is no such value."""
    return group.values[name].value if name in group.values else b""


def msp_of(organization: ConfigGroup) -> FabricMSPConfig:
    """What an organisation's group says of its authorities."""
    return FabricMSPConfig.FromString(MSPConfig.FromString(value_of(organization, "MSP")).config)
