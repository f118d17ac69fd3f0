"""A channel's settings from its description and its members' public parts, wherever those come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hlf_network.channels.config import ChannelSettings, MemberConfig, OrdererNode
from hlf_network.consortium import Channel, Consensus, Consortium, size_in_bytes

__all__ = ["channel_settings"]


def channel_settings(
    consortium: Consortium,
    channel: Channel,
    configs: Mapping[str, MemberConfig],
    consenters: Mapping[str, Sequence[OrdererNode]],
) -> ChannelSettings:
    """What a consortium says of a channel; `configs` and `consenters` by the organisation's name."""
    policies, ordering = channel.policies, consortium.ordering(channel)
    return ChannelSettings(
        name=channel.name,
        members=tuple(configs[name] for name in channel.members),
        orderer_members=tuple(configs[owner.name] for owner in ordering),
        consenters=tuple(node for owner in ordering for node in consenters[owner.name]),
        bft=consortium.consensus_of(channel) is Consensus.BFT,
        batch_timeout=channel.batch.timeout,
        batch_messages=channel.batch.messages,
        batch_preferred_bytes=size_in_bytes(channel.batch.preferred_bytes),
        batch_absolute_bytes=size_in_bytes(channel.batch.absolute_bytes),
        policies={
            name: consortium.policy_text(channel, text)
            for name, text in (
                ("Readers", policies.readers),
                ("Writers", policies.writers),
                ("Admins", policies.admins),
                ("Endorsement", policies.endorsement),
                ("LifecycleEndorsement", policies.lifecycle_endorsement),
            )
        },
        channel_capability=consortium.channel_capability(channel),
        orderer_capability=channel.capabilities.orderer,
        application_capability=channel.capabilities.application,
    )
