"""What consortium.yaml may say: members with their nodes, channels with their rules, the chaincode.

Fields are checked one by one here; what they say of each other is `_contradictions`' part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hlf_client.admin.lifecycle import CHANNELS_OWN
from hlf_client.errors import InvalidDocument
from hlf_network.consortium._roles import expand_roles

__all__ = [
    "CHANNELS_OWN",
    "Batch",
    "Certificates",
    "Chaincode",
    "ChaincodeImage",
    "Channel",
    "ChannelChaincode",
    "Collection",
    "Consensus",
    "Consortium",
    "FurtherChaincode",
    "Orderer",
    "Organization",
    "Peer",
    "Policies",
    "ServerPlace",
    "Tls",
    "User",
    "size_in_bytes",
]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
Role = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
ChannelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]{0,248}$")]
MspId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9.-]{0,62}$")]
HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]
Port = Annotated[int, Field(ge=0, le=65535)]
Duration = Annotated[str, Field(pattern=r"^\d+(ms|s|m)$")]
ChaincodeName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$")]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Size = Annotated[str, Field(pattern=r"^\d+ ?(KiB|MiB)$")]

_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Consensus(StrEnum):
    """How orderers agree: `raft` stands the loss of less than half, `bft` lies of less than a third."""

    RAFT = "raft"
    BFT = "bft"


class ServerPlace(StrEnum):
    """Where an organisation's chaincode server runs: beside its peer, or on this host for a debugger."""

    CONTAINER = "container"
    HOST = "host"


class Peer(_Part):
    """A peer. A port of 0 means: take a free one at the first `up` and keep it."""

    name: Name
    port: Port = 0
    operations_port: Port = 0
    host: HostName | None = None
    anchor: bool = True
    state_database: Literal["leveldb", "couchdb"] = "leveldb"
    environment: dict[str, str] = {}


class Orderer(_Part):
    """An ordering node; its organisation runs it, every channel is ordered by all of them."""

    name: Name
    port: Port = 0
    admin_port: Port = 0
    operations_port: Port = 0
    host: HostName | None = None
    environment: dict[str, str] = {}


class User(_Part):
    """A client certificate; `attributes` go into it as Fabric CA writes them, for contracts to read."""

    name: Name
    attributes: dict[str, str] = {}


class Organization(_Part):
    """A member: its MSP, its role in the consortium, its nodes and its people. An `admin` is always made.

    One without peers is a member all the same, whose people act through other members' peers. Roles are the
    consortium's own words, for policies and collections; `orderer` alone means something here: no peers.
    """

    name: Name
    msp: MspId = ""
    title: str = ""
    role: Role
    domain: HostName = ""
    peers: tuple[Peer, ...] = ()
    orderers: tuple[Orderer, ...] = ()
    users: tuple[User, ...] = ()
    material: Path | None = Field(default=None, strict=False)
    chaincode_server: ServerPlace | None = Field(default=None, strict=False)
    chaincode_port: Port = 0
    reached_at: HostName | None = None
    """The host name or address by which nodes on other hosts reach this one's published ports; None while all members'
    nodes share one Docker network."""

    @model_validator(mode="after")
    def _fill(self) -> Self:
        if not self.msp:
            object.__setattr__(self, "msp", f"{self.name.replace('-', '').capitalize()}MSP")
        if not self.domain:
            object.__setattr__(self, "domain", f"{self.name}.internal")
        return self

    def host_of(self, node: Peer | Orderer) -> str:
        """The name by which other nodes reach this one and that its TLS certificate carries."""
        return node.host or f"{node.name}.{self.domain}"


class Batch(_Part):
    """When a block is cut: after so long, so many transactions or so many bytes."""

    timeout: Duration = "250ms"
    messages: Annotated[int, Field(ge=1, le=100_000)] = 500
    preferred_bytes: Size = "2 MiB"
    absolute_bytes: Size = "10 MiB"


class Policies(_Part):
    """A channel's policies: `ANY|ALL|MAJORITY Name` over the members' own, or a signature policy.

    A majority grows with the members. Where there are many, `admins` and `lifecycle_endorsement` name a few:
    `OutOf(2, fx-bureau.admin, customs.admin, 'EximbankMSP.admin')`.
    """

    readers: str = "ANY Readers"
    writers: str = "ANY Writers"
    admins: str = "MAJORITY Admins"
    endorsement: str = "MAJORITY Endorsement"
    lifecycle_endorsement: str = "MAJORITY Endorsement"


class Collection(_Part):
    """A private data collection; with `per: ROLE` one for each channel member of that role, {msp} in its texts."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(\{msp\})?$")]
    per: Role | None = None
    members: str
    endorsement: str | None = None
    required_peers: Annotated[int, Field(ge=0)] = 0
    maximum_peers: Annotated[int, Field(ge=0)] = 3
    block_to_live: Annotated[int, Field(ge=0)] = 0
    member_only_read: bool = True
    member_only_write: bool = True


class ChannelChaincode(_Part):
    """What this channel demands of the chaincode: who must endorse, and which data stay private.

    `endorsement` is a policy, or `/Channel/Application/Endorsement` for the channel's own.
    """

    endorsement: str
    collections: tuple[Collection, ...] = ()


class FurtherChaincode(ChannelChaincode):
    """What a channel demands of a chaincode beside the first, named as in the consortium's `chaincodes`."""

    name: ChaincodeName


class Capabilities(_Part):
    """Fabric's feature levels; left out, they follow `fabric`."""

    channel: Literal["V2_0", "V3_0"] | None = None
    orderer: Literal["V2_0"] = "V2_0"
    application: Literal["V2_0", "V2_5"] = "V2_5"


class Channel(_Part):
    """A ledger shared by some of the organisations."""

    name: ChannelName
    members: tuple[Name, ...]
    orderers: tuple[Name, ...] = ()
    """Whose orderers order it; left out, everybody's."""
    consensus: Consensus | None = Field(default=None, strict=False)
    batch: Batch = Batch()
    policies: Policies = Policies()
    capabilities: Capabilities = Capabilities()
    chaincode: ChannelChaincode | None = None
    chaincodes: tuple[FurtherChaincode, ...] = ()


class ChaincodeImage(_Part):
    """The chaincode's container image: built from wheels on `base`, or `name` for one that is there already."""

    base: str = "python:3.11-slim"
    python: Annotated[str, Field(pattern=r"^3\.\d+$")] = "3.11"
    requirements: tuple[str, ...] = ("hlf-chaincode[contract]",)
    packages: tuple[Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")], ...] = ()
    """Import packages of this host that go into the image as they are, without the distribution they came in."""
    wheels: Path | None = Field(default=None, strict=False)
    command: tuple[str, ...] = ("python", "-m", "hlf_chaincode")
    name: str | None = None


class ChaincodeBuild(_Part):
    """How a host comes by a chaincode and where it runs its server."""

    name: ChaincodeName
    server: ServerPlace = Field(default=ServerPlace.CONTAINER, strict=False)
    founding: Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")] | None = None
    """A function of this host (`module:function`) that begins the channels' state once the chaincode is committed."""
    environment: dict[str, str] = {}
    """For every member's server: its limits, its logging. Who it is and whom it trusts stays the driver's."""
    image: ChaincodeImage = ChaincodeImage()


class Chaincode(ChaincodeBuild):
    """A chaincode; which channels run it, each of them says."""

    version: Version = "1.0"


class Images(_Part):
    """Where the nodes' images come from; the tag is `fabric` unless one is written here."""

    peer: str = "hyperledger/fabric-peer"
    orderer: str = "hyperledger/fabric-orderer"
    couchdb: str = "couchdb:3.4"


class Certificates(_Part):
    """What certificates say and how long they hold."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "CN"
    authority_days: Annotated[int, Field(ge=1, le=36500)] = 3650
    days: Annotated[int, Field(ge=1, le=3650)] = 365
    extra_hosts: tuple[HostName, ...] = ()


class Tls(_Part):
    """What nodes ask of whoever connects to them; `required` is mutual TLS, between nodes too."""

    client_auth: Literal["none", "required"] = "none"


class HostSettings(_Part):
    """What holds for all nodes of one host."""

    name: Name = "exim"
    fabric: Annotated[str, Field(pattern=r"^(2\.5|3\.[0-9]+)\.[0-9]+$")] = "3.1.5"
    folder: Path | None = Field(default=None, strict=False)
    address: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+\.\d+$")] = "127.0.0.1"
    images: Images = Images()
    certificates: Certificates = Certificates()
    tls: Tls = Tls()


class Consortium(HostSettings):
    """The whole network. Use `load_consortium`, which also checks what refers to what."""

    consensus: Consensus = Field(default=Consensus.RAFT, strict=False)
    organizations: tuple[Organization, ...]
    channels: tuple[Channel, ...]
    chaincode: Chaincode | None = None
    """The first chaincode, to which a channel's `chaincode` belongs."""
    chaincodes: tuple[Chaincode, ...] = ()
    """Further ones, to which a channel's `chaincodes` belong by name."""

    @property
    def all_chaincodes(self) -> tuple[Chaincode, ...]:
        return (*((self.chaincode,) if self.chaincode else ()), *self.chaincodes)

    def terms(self, channel: Channel, chaincode: Chaincode) -> ChannelChaincode | None:
        """What a channel demands of a chaincode; None when it does not run it."""
        if chaincode.name not in {further.name for further in self.chaincodes}:
            return channel.chaincode
        return next((terms for terms in channel.chaincodes if terms.name == chaincode.name), None)

    def running(self, chaincode: Chaincode) -> tuple[Channel, ...]:
        """The channels that run a chaincode."""
        return tuple(channel for channel in self.channels if self.terms(channel, chaincode))

    def organization(self, name: str) -> Organization:
        """Raises InvalidDocument for a name that the file does not have."""
        for organization in self.organizations:
            if organization.name == name:
                return organization
        known = ", ".join(organization.name for organization in self.organizations)
        raise InvalidDocument(f"There is no organisation {name!r} in the consortium: it has {known}.")

    def members(self, channel: Channel) -> tuple[Organization, ...]:
        """A channel's organisations, in the channel's order."""
        by_name = {organization.name: organization for organization in self.organizations}
        return tuple(by_name[name] if name in by_name else self.organization(name) for name in channel.members)

    def seated(self, channel: Channel) -> tuple[Organization, ...]:
        """Those of a channel's members that run peers: who endorses, approves the chaincode and can be asked."""
        return tuple(member for member in self.members(channel) if member.peers)

    def channels_of(self, organization: Organization) -> tuple[Channel, ...]:
        return tuple(channel for channel in self.channels if organization.name in channel.members)

    @property
    def here(self) -> tuple[Organization, ...]:
        """Those whose nodes run on this host and whose keys lie here."""
        return self.organizations

    def is_here(self, organization: Organization) -> bool:
        return organization.name in {owner.name for owner in self.here}

    @property
    def orderers(self) -> tuple[tuple[Organization, Orderer], ...]:
        """Every ordering node with its organisation, in the file's order."""
        return tuple((owner, orderer) for owner in self.organizations for orderer in owner.orderers)

    def ordering(self, channel: Channel) -> tuple[Organization, ...]:
        """Those whose orderers are the consenters of a channel, in the file's order."""
        return tuple(
            owner
            for owner in self.organizations
            if owner.orderers and (not channel.orderers or owner.name in channel.orderers)
        )

    def consensus_of(self, channel: Channel) -> Consensus:
        return channel.consensus or self.consensus

    @property
    def peers(self) -> tuple[tuple[Organization, Peer], ...]:
        return tuple((owner, peer) for owner in self.organizations for peer in owner.peers)

    @property
    def peer_image(self) -> str:
        """With the tag that `fabric` says, unless it has one of its own."""
        return _tagged(self.images.peer, self.fabric)

    @property
    def orderer_image(self) -> str:
        return _tagged(self.images.orderer, self.fabric)

    @property
    def is_mutual_tls(self) -> bool:
        """Whether nodes let nobody connect who shows no certificate of a member's TLS authority."""
        return self.tls.client_auth == "required"

    @property
    def is_fabric_3(self) -> bool:
        return self.fabric.startswith("3.")

    def channel_capability(self, channel: Channel) -> str:
        """V3_0 on Fabric 3, V2_0 on 2.5, unless the file says otherwise."""
        return channel.capabilities.channel or ("V3_0" if self.is_fabric_3 else "V2_0")

    def server_place(self, organization: Organization, chaincode: Chaincode) -> ServerPlace:
        return organization.chaincode_server or chaincode.server

    def version_of(self, chaincode: Chaincode, digest: str) -> str:
        """The version under which a build is deployed: one of other content is another version."""
        return f"{chaincode.version}+{digest}" if digest else chaincode.version

    def policy_text(self, channel: Channel, text: str) -> str:
        """A policy with `bank.peer` and the like replaced by the channel's members of that role."""
        return expand_roles(text, self._by_role(channel))

    def _by_role(self, channel: Channel) -> Mapping[str, Sequence[str]]:
        """MSP ids of a channel's members."""
        by_role: dict[str, list[str]] = {}
        for member in self.members(channel):
            by_role.setdefault(member.role, []).append(member.msp)
        return by_role

    def collections(self, channel: Channel, chaincode: Chaincode | None = None) -> tuple[Collection, ...]:
        """The collections of a chaincode (the first, when left out) on a channel, with `per` and the roles in their
        policies resolved."""
        terms = self.terms(channel, chaincode) if chaincode else channel.chaincode
        if terms is None:
            return ()
        by_role, resolved = self._by_role(channel), []
        for collection in terms.collections:
            own = collection.endorsement
            for msp in by_role.get(collection.per, ()) if collection.per else [""]:
                resolved.append(
                    collection.model_copy(
                        update={
                            "name": collection.name.replace("{msp}", msp),
                            "per": None,
                            "members": expand_roles(collection.members.replace("{msp}", msp), by_role),
                            "endorsement": own and expand_roles(own.replace("{msp}", msp), by_role),
                        }
                    )
                )
        return tuple(resolved)


def _tagged(repository: str, tag: str) -> str:
    return repository if ":" in repository.rsplit("/", 1)[-1] else f"{repository}:{tag}"


def size_in_bytes(size: str) -> int:
    """`2 MiB` in bytes."""
    number, unit = re.fullmatch(r"(\d+) ?(\w+)", size).groups()  # type: ignore[union-attr]  # checked by `Size`
    return int(number) * _UNITS[unit]
