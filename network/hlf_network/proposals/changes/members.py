"""Changes of members: who is in, by which authorities, administrators and revocation lists, and where they answer.

Every change is a function of a configuration that gives another and leaves its own as it was. An organisation that is a
member and orders stands in the tree twice, and Fabric refuses two versions of one MSP: both are changed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup, ConfigValue
from hlf_chaincode.protos.common.configuration_pb2 import OrdererAddresses
from hlf_chaincode.protos.msp.msp_config_pb2 import FabricMSPConfig, MSPConfig
from hlf_client.errors import InvalidDocument
from hlf_network.channels.config import (
    ADMINS,
    MemberConfig,
    anchors_value,
    application_group,
    orderer_organization,
    with_revocations,
)
from hlf_network.proposals.changes.tree import below, copied

__all__ = [
    "administrators",
    "anchors",
    "authorities_alone",
    "authorities_beside",
    "endpoints",
    "member_in",
    "member_out",
    "ordering_member_in",
    "ordering_member_out",
    "revocations",
]

ROLES = ("client", "peer", "admin", "orderer")


def member_in(config: ConfigGroup, member: MemberConfig) -> ConfigGroup:
    """With another member. Raises InvalidDocument when it is one."""
    return _with(config, "Application", member.msp_id, application_group(member), "is a member")


def member_out(config: ConfigGroup, msp_id: str) -> ConfigGroup:
    """Without a member. What it orders stays: `ordering_member_out`."""
    return _without(config, "Application", msp_id, "member")


def ordering_member_in(config: ConfigGroup, member: MemberConfig) -> ConfigGroup:
    """With another organisation that may run orderers; its consenters come one by one."""
    return _with(config, "Orderer", member.msp_id, orderer_organization(member), "orders")


def ordering_member_out(config: ConfigGroup, msp_id: str) -> ConfigGroup:
    """Without an organisation that orders; its consenters must be out before."""
    return _without(config, "Orderer", msp_id, "ordering organisation")


def anchors(config: ConfigGroup, member: MemberConfig) -> ConfigGroup:
    """With the member's anchor peers as they are now."""
    wanted = copied(config)
    value = _seat(wanted, "Application", member.msp_id).values["AnchorPeers"]
    value.CopyFrom(_value(anchors_value(member).SerializeToString(deterministic=True), value))
    return wanted


def endpoints(config: ConfigGroup, member: MemberConfig) -> ConfigGroup:
    """With the addresses at which peers find an organisation's orderers."""
    wanted = copied(config)
    value = _seat(wanted, "Orderer", member.msp_id).values["Endpoints"]
    addresses = OrdererAddresses(addresses=[str(address) for address in member.orderers])
    value.CopyFrom(_value(addresses.SerializeToString(deterministic=True), value))
    return wanted


def revocations(config: ConfigGroup, member: MemberConfig) -> ConfigGroup:
    """With the member's revocation lists."""
    wanted = copied(config)
    with_revocations(wanted, member)
    return wanted


def authorities_beside(config: ConfigGroup, member: MemberConfig) -> ConfigGroup:
    """The first step of new authorities: the member's new roots beside those that stand.

    A role is then any authority's of the MSP to give, for a configuration can bind it to one only.
    """

    def beside(msp: FabricMSPConfig) -> None:
        _add(msp.root_certs, member.root_certificates)
        _add(msp.intermediate_certs, member.intermediate_certificates)
        _add(msp.tls_root_certs, member.tls_root_certificates)
        _add(msp.tls_intermediate_certs, member.tls_intermediate_certificates)
        for role in ROLES:
            getattr(msp.fabric_node_ous, f"{role}_ou_identifier").certificate = b""

    return _with_msp(config, member.msp_id, beside)


def authorities_alone(config: ConfigGroup, member: MemberConfig) -> ConfigGroup:
    """The second: only the member's roots as they are now, and no list of an authority that leaves."""

    def alone(msp: FabricMSPConfig) -> None:
        msp.root_certs[:] = member.root_certificates
        msp.intermediate_certs[:] = member.intermediate_certificates
        msp.tls_root_certs[:] = member.tls_root_certificates
        msp.tls_intermediate_certs[:] = member.tls_intermediate_certificates
        msp.revocation_list[:] = member.revocation_lists
        binding = b"" if member.intermediate_certificates else member.root_certificates[0]
        for role in ROLES:
            getattr(msp.fabric_node_ous, f"{role}_ou_identifier").certificate = binding

    return _with_msp(config, member.msp_id, alone)


def administrators(
    config: ConfigGroup, msp_id: str, *, come: Sequence[bytes] = (), go: Sequence[bytes] = ()
) -> ConfigGroup:
    """With administrators by certificate, beside those whom their unit makes one."""

    def named(msp: FabricMSPConfig) -> None:
        if unknown := [pem for pem in go if pem not in msp.admins]:
            raise InvalidDocument(f"{len(unknown)} of those who are to go are no administrators of {msp_id} by name.")
        msp.admins[:] = [pem for pem in msp.admins if pem not in go]
        _add(msp.admins, come)

    return _with_msp(config, msp_id, named)


def _with_msp(config: ConfigGroup, msp_id: str, change: Callable[[FabricMSPConfig], None]) -> ConfigGroup:
    wanted = copied(config)
    found = list(_seats(wanted, msp_id))
    if not found:
        raise InvalidDocument(f"The channel knows no {msp_id}.")
    for group in found:
        msp = MSPConfig.FromString(group.values["MSP"].value)
        inner = FabricMSPConfig.FromString(msp.config)
        change(inner)
        msp.config = inner.SerializeToString(deterministic=True)
        group.values["MSP"].value = msp.SerializeToString(deterministic=True)
    return wanted


def _seats(config: ConfigGroup, msp_id: str) -> Iterator[ConfigGroup]:
    for part in ("Application", "Orderer"):
        if msp_id in below(config, part).groups:
            yield config.groups[part].groups[msp_id]


def _seat(config: ConfigGroup, part: str, msp_id: str) -> ConfigGroup:
    if msp_id not in below(config, part).groups:
        raise InvalidDocument(f"{msp_id} is none of the channel's under {part}.")
    return config.groups[part].groups[msp_id]


def _with(config: ConfigGroup, part: str, msp_id: str, group: ConfigGroup, already: str) -> ConfigGroup:
    wanted = copied(config)
    groups = wanted.groups[part].groups
    if msp_id in groups:
        raise InvalidDocument(f"{msp_id} {already} already.")
    groups[msp_id].CopyFrom(group)
    return wanted


def _without(config: ConfigGroup, part: str, msp_id: str, title: str) -> ConfigGroup:
    wanted = copied(config)
    _seat(wanted, part, msp_id)
    if len(wanted.groups[part].groups) == 1:
        raise InvalidDocument(f"{msp_id} is the last {title}: a channel cannot be without one.")
    del wanted.groups[part].groups[msp_id]
    return wanted


def _value(content: bytes, present: ConfigValue) -> ConfigValue:
    return ConfigValue(version=present.version, mod_policy=present.mod_policy or ADMINS, value=content)


def _add(present: Sequence[bytes], come: Sequence[bytes]) -> None:
    present.extend(pem for pem in come if pem not in present)  # type: ignore[attr-defined]  # a repeated field
