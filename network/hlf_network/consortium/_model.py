"""What consortium.yaml may say as a whole: members, channels, chaincodes, and what holds for the nodes of one host.

Fields are checked one by one here; what they say of each other is `_contradictions`' part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from hlf_client.errors import InvalidDocument
from hlf_network.consortium._channels import ChaincodeName, Channel, ChannelChaincode, Collection, Consensus
from hlf_network.consortium._members import HostName, Name, Orderer, Organization, Part, Peer, ServerPlace
from hlf_network.consortium._roles import expand_roles

__all__ = [
    "Certificates",
    "Chaincode",
    "ChaincodeBuild",
    "ChaincodeImage",
    "Consortium",
    "HostSettings",
    "Images",
    "Tls",
    "Version",
]

Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


class ChaincodeImage(Part):
    """The chaincode's container image: built from wheels on `base`, or `name` for one that is there already."""

    base: str = "python:3.11-slim"
    python: Annotated[str, Field(pattern=r"^3\.\d+$")] = "3.11"
    requirements: tuple[str, ...] = ("hlf-chaincode[contract]",)
    packages: tuple[Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")], ...] = ()
    """Import packages of this host that go into the image as they are, without the distribution they came in."""
    wheels: Path | None = Field(default=None, strict=False)
    command: tuple[str, ...] = ("python", "-m", "hlf_chaincode")
    name: str | None = None


class ChaincodeBuild(Part):
    """How a host comes by a chaincode and where it runs its server."""

    name: ChaincodeName
    server: ServerPlace = Field(default=ServerPlace.CONTAINER, strict=False)
    founding: Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")] | None = None
    """A function of this host (`module:function`) that begins the channels' state once the chaincode is committed."""
    environment: dict[str, str] = Field(default_factory=dict)
    """For every member's server: its limits, its logging. Who it is and whom it trusts stays the driver's."""
    image: ChaincodeImage = ChaincodeImage()


class Chaincode(ChaincodeBuild):
    """A chaincode; which channels run it, each of them says."""

    version: Version = "1.0"


class Images(Part):
    """Where the nodes' images come from; the tag is `fabric` unless one is written here."""

    peer: str = "hyperledger/fabric-peer"
    orderer: str = "hyperledger/fabric-orderer"
    couchdb: str = "couchdb:3.4"


class Certificates(Part):
    """What certificates say and how long they hold."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "CN"
    authority_days: Annotated[int, Field(ge=1, le=36500)] = 3650
    days: Annotated[int, Field(ge=1, le=3650)] = 365
    extra_hosts: tuple[HostName, ...] = ()


class Tls(Part):
    """What nodes ask of whoever connects to them; `required` is mutual TLS, between nodes too."""

    client_auth: Literal["none", "required"] = "none"


class HostSettings(Part):
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

    @property
    def is_spread(self) -> bool:
        """Whether other members run on hosts of their own, whose keys lie there."""
        return len(self.here) < len(self.organizations)

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
