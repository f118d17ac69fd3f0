"""What a consortium's file wants of a running channel, by the same changes that members propose."""

from __future__ import annotations

from collections.abc import Mapping

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_chaincode.protos.common.policies_pb2 import Policy
from hlf_network.channels.config import ChannelSettings
from hlf_network.channels.policies import config_policy, is_signature_policy
from hlf_network.proposals.changes.members import anchors, endpoints, member_in, revocations
from hlf_network.proposals.changes.settings import BatchRules, batch, policy
from hlf_network.proposals.changes.tree import below

__all__ = ["desired_config"]


def desired_config(current: ConfigGroup, settings: ChannelSettings) -> ConfigGroup:
    """The current configuration with what the settings say differently. Nothing is taken away."""
    wanted = current
    for member in settings.members:
        if member.msp_id not in below(current, "Application").groups:
            wanted = member_in(wanted, member)
        elif member.anchors:
            wanted = anchors(wanted, member)
    for member in (*settings.members, *settings.orderer_members):
        if member.revocation_lists:
            wanted = revocations(wanted, member)
    wanted = _with_names(wanted, settings.policies)
    rules = BatchRules(
        settings.batch_timeout, settings.batch_messages, settings.batch_preferred_bytes, settings.batch_absolute_bytes
    )
    wanted = batch(wanted, rules)
    for member in settings.orderer_members:
        if member.msp_id in below(current, "Orderer").groups:
            wanted = endpoints(wanted, member)
    return wanted


def _with_names(config: ConfigGroup, policies: Mapping[str, str]) -> ConfigGroup:
    """Where a policy names who reads, writes or decides, a new member of a role that it asks for is named too.

    One that is implicit in the channel, or in the file, is left as it is.
    """
    application = below(config, "Application")
    for name, text in policies.items():
        present = application.policies[name].policy
        if present.type == Policy.SIGNATURE and is_signature_policy(text) and present != config_policy(text):
            config = policy(config, f"Application/{name}", text)
    return config
