"""Config updates: the difference of two configurations as Fabric wants it, signed by those whom its policy asks.

The algorithm is configtxlator's `compute_update`: a changed element goes into the write set with its version plus one;
a group whose membership changes takes all its elements into both sets, so that the update is refused if any of them
has moved on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hlf_chaincode.protos.common.common_pb2 import Envelope, HeaderType
from hlf_chaincode.protos.common.configtx_pb2 import (
    Config,
    ConfigGroup,
    ConfigPolicy,
    ConfigSignature,
    ConfigUpdate,
    ConfigUpdateEnvelope,
    ConfigValue,
)
from hlf_chaincode.protos.common.configuration_pb2 import OrdererAddresses
from hlf_chaincode.protos.common.policies_pb2 import Policy
from hlf_client.admin.calls import signature_header, signed_envelope
from hlf_client.admin.signatory import Signatory
from hlf_network.channels.config import (
    ChannelSettings,
    anchors_value,
    application_group,
    batch_values,
    with_revocations,
)
from hlf_network.channels.policies import config_policy, is_signature_policy

__all__ = ["compute_update", "desired_config", "signed_update"]

Element = TypeVar("Element", ConfigGroup, ConfigValue, ConfigPolicy)


def desired_config(current: ConfigGroup, settings: ChannelSettings) -> ConfigGroup:
    """The current configuration with what the settings say differently."""
    wanted = ConfigGroup()
    wanted.CopyFrom(current)
    application, orderer = wanted.groups["Application"], wanted.groups["Orderer"]
    for member in settings.members:
        if member.msp_id not in application.groups:
            application.groups[member.msp_id].CopyFrom(application_group(member))
        elif member.anchors:
            value = application.groups[member.msp_id].values["AnchorPeers"]
            value.mod_policy, value.value = "Admins", anchors_value(member).SerializeToString(deterministic=True)
    for member in (*settings.members, *settings.orderer_members):
        if member.revocation_lists:
            with_revocations(wanted, member)
    _name_members(application, settings.policies)
    for name, batch in batch_values(settings).items():
        if type(batch).FromString(orderer.values[name].value) != batch:
            orderer.values[name].value = batch.SerializeToString(deterministic=True)
    for member in settings.orderer_members:
        if member.msp_id in orderer.groups:
            endpoints = OrdererAddresses(addresses=[str(address) for address in member.orderers])
            orderer.groups[member.msp_id].values["Endpoints"].value = endpoints.SerializeToString(deterministic=True)
    return wanted


def _name_members(application: ConfigGroup, policies: Mapping[str, str]) -> None:
    """Where a policy names who reads, writes or decides, a new member of a role that it asks for is named too.

    One that is implicit in the channel, or in the file, is left as it is.
    """
    for name, text in policies.items():
        present = application.policies[name].policy
        if present.type == Policy.SIGNATURE and is_signature_policy(text) and present != config_policy(text):
            present.CopyFrom(config_policy(text))


def compute_update(channel: str, original: Config, updated: ConfigGroup) -> ConfigUpdate | None:
    """What turns `original` into `updated`; None when nothing differs."""
    difference = _group_difference(original.channel_group, updated)
    if difference is None:
        return None
    return ConfigUpdate(channel_id=channel, read_set=difference.read, write_set=difference.write)


def signed_update(update: ConfigUpdate, channel: str, signatories: Sequence[Signatory]) -> Envelope:
    """The update with every signatory's signature, in an envelope of the first: ready for an orderer."""
    content = update.SerializeToString(deterministic=True)
    signatures = []
    for signatory in signatories:
        header = signature_header(signatory).SerializeToString(deterministic=True)
        signatures.append(ConfigSignature(signature_header=header, signature=signatory.sign(header + content)))
    body = ConfigUpdateEnvelope(config_update=content, signatures=signatures)
    return signed_envelope(
        HeaderType.CONFIG_UPDATE, channel, body.SerializeToString(deterministic=True), signatories[0]
    )


@dataclass(frozen=True, slots=True)
class _Difference:
    read: ConfigGroup
    write: ConfigGroup


@dataclass(slots=True)
class _Elements:
    """One of a group's three maps, compared: what changed, what stayed (by version only), whether membership did."""

    read: dict[str, ConfigGroup | ConfigValue | ConfigPolicy]
    write: dict[str, ConfigGroup | ConfigValue | ConfigPolicy]
    same: dict[str, ConfigGroup | ConfigValue | ConfigPolicy]
    members_changed: bool


def _group_difference(original: ConfigGroup, updated: ConfigGroup) -> _Difference | None:
    policies = _compare(original.policies, updated.policies, _policy_difference, _new_policy)
    values = _compare(original.values, updated.values, _value_difference, _new_value)
    groups = _compare_groups(original.groups, updated.groups)
    kinds = (policies, values, groups)
    own_change = any(kind.members_changed for kind in kinds) or original.mod_policy != updated.mod_policy
    if not own_change and not any(kind.write for kind in kinds):
        return None
    read = ConfigGroup(version=original.version)
    write = ConfigGroup(version=original.version)
    if own_change:
        write.version += 1
        write.mod_policy = updated.mod_policy
        for kind in kinds:
            kind.read.update(kind.same)
            kind.write.update(kind.same)
    for group, part in ((read, "read"), (write, "write")):
        _fill(group.policies, getattr(policies, part))
        _fill(group.values, getattr(values, part))
        _fill(group.groups, getattr(groups, part))
    return _Difference(read, write)


def _compare(
    original: Mapping[str, Element],
    updated: Mapping[str, Element],
    difference: Callable[[Element, Element], Element | None],
    new: Callable[[Element], Element],
) -> _Elements:
    elements = _Elements({}, {}, {}, members_changed=set(original) != set(updated))
    for name, element in updated.items():
        if name not in original:
            elements.write[name] = new(element)
            continue
        changed = difference(original[name], element)
        if changed is None:
            elements.same[name] = type(element)(version=original[name].version)
        else:
            elements.write[name] = changed
    return elements


def _compare_groups(original: Mapping[str, ConfigGroup], updated: Mapping[str, ConfigGroup]) -> _Elements:
    elements = _Elements({}, {}, {}, members_changed=set(original) != set(updated))
    for name, group in updated.items():
        if name not in original:
            elements.write[name] = _new_group(group)
            continue
        difference = _group_difference(original[name], group)
        if difference is None:
            elements.same[name] = ConfigGroup(version=original[name].version)
        else:
            elements.read[name] = difference.read
            elements.write[name] = difference.write
    return elements


def _value_difference(original: ConfigValue, updated: ConfigValue) -> ConfigValue | None:
    if (original.mod_policy, original.value) == (updated.mod_policy, updated.value):
        return None
    return ConfigValue(version=original.version + 1, mod_policy=updated.mod_policy, value=updated.value)


def _policy_difference(original: ConfigPolicy, updated: ConfigPolicy) -> ConfigPolicy | None:
    if original.mod_policy == updated.mod_policy and original.policy == updated.policy:
        return None
    return ConfigPolicy(version=original.version + 1, mod_policy=updated.mod_policy, policy=updated.policy)


def _new_value(value: ConfigValue) -> ConfigValue:
    return ConfigValue(mod_policy=value.mod_policy, value=value.value)


def _new_policy(policy: ConfigPolicy) -> ConfigPolicy:
    return ConfigPolicy(mod_policy=policy.mod_policy, policy=policy.policy)


def _new_group(group: ConfigGroup) -> ConfigGroup:
    """A group that was not there: everything in it at version 0."""
    new = ConfigGroup(mod_policy=group.mod_policy)
    _fill(new.policies, {name: _new_policy(policy) for name, policy in group.policies.items()})
    _fill(new.values, {name: _new_value(value) for name, value in group.values.items()})
    _fill(new.groups, {name: _new_group(inner) for name, inner in group.groups.items()})
    return new


def _fill(target: MutableMapping[str, Element], source: Mapping[str, Element]) -> None:
    for name, element in source.items():
        target[name].CopyFrom(element)
