"""Changes of a channel's rules: when a block is cut, who decides, which of Fabric's features hold."""

from __future__ import annotations

from dataclasses import dataclass

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup, ConfigPolicy
from hlf_chaincode.protos.common.configuration_pb2 import Capabilities, Capability
from hlf_chaincode.protos.orderer.configuration_pb2 import BatchSize, BatchTimeout
from hlf_client.errors import InvalidDocument
from hlf_network.channels.config import ADMINS
from hlf_network.channels.policies import config_policy
from hlf_network.proposals.changes.tree import copied

__all__ = ["BatchRules", "batch", "capability", "policy"]

PARTS = {"channel": (), "orderer": ("Orderer",), "application": ("Application",)}


@dataclass(frozen=True, slots=True)
class BatchRules:
    """When a block is cut; what is None stays as it is."""

    timeout: str | None = None
    messages: int | None = None
    preferred_bytes: int | None = None
    absolute_bytes: int | None = None


def batch(config: ConfigGroup, rules: BatchRules) -> ConfigGroup:
    """With other rules of when a block is cut. Raises InvalidDocument for such as an orderer would refuse."""
    wanted = copied(config)
    values = wanted.groups["Orderer"].values
    size = BatchSize.FromString(values["BatchSize"].value)
    if rules.messages is not None:
        size.max_message_count = rules.messages
    if rules.preferred_bytes is not None:
        size.preferred_max_bytes = rules.preferred_bytes
    if rules.absolute_bytes is not None:
        size.absolute_max_bytes = rules.absolute_bytes
    if not size.max_message_count or not size.absolute_max_bytes or size.preferred_max_bytes > size.absolute_max_bytes:
        raise InvalidDocument("A block needs room for one transaction, and may not prefer more bytes than it may have.")
    values["BatchSize"].value = size.SerializeToString(deterministic=True)
    if rules.timeout is not None:
        values["BatchTimeout"].value = BatchTimeout(timeout=rules.timeout).SerializeToString(deterministic=True)
    return wanted


def policy(config: ConfigGroup, path: str, text: str) -> ConfigGroup:
    """With another policy at `Application/Admins`, `Orderer/BlockValidation`, `Admins`. Raises InvalidDocument."""
    wanted = copied(config)
    *groups, name = path.removeprefix("/Channel/").split("/")
    group = wanted
    for part in groups:
        if part not in group.groups:
            raise InvalidDocument(f"The channel has no group {part} on the way to the policy {path}.")
        group = group.groups[part]
    mod_policy = group.policies[name].mod_policy if name in group.policies else ADMINS
    version = group.policies[name].version if name in group.policies else 0
    group.policies[name].CopyFrom(ConfigPolicy(version=version, mod_policy=mod_policy, policy=config_policy(text)))
    return wanted


def capability(config: ConfigGroup, part: str, level: str) -> ConfigGroup:
    """With another feature level of `channel`, `orderer` or `application`: `V3_0`, `V2_5`.

    A node that does not know a level stops at the block that brings it: renew all nodes first.
    """
    if part not in PARTS:
        raise InvalidDocument(f"{part!r} has no capabilities: it is one of {', '.join(PARTS)}.")
    wanted = copied(config)
    group = wanted
    for name in PARTS[part]:
        group = group.groups[name]
    levels = Capabilities(capabilities={level: Capability()}).SerializeToString(deterministic=True)
    group.values["Capabilities"].value = levels
    group.values["Capabilities"].mod_policy = group.values["Capabilities"].mod_policy or ADMINS
    return wanted
