"""Members on hosts of their own: one member's file, a channel's file, and a consortium as one host knows it."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from hlf_network.consortium._channels import (
    Batch,
    Capabilities,
    ChaincodeName,
    Channel,
    ChannelChaincode,
    ChannelName,
    Consensus,
    FurtherChaincode,
    Policies,
)
from hlf_network.consortium._members import Name, Organization, Part
from hlf_network.consortium._model import Chaincode, ChaincodeBuild, Consortium, HostSettings, Version

__all__ = ["AgreedChaincode", "ChannelFile", "HostView", "MemberFile"]


class MemberFile(HostSettings):
    """member.yaml: one member, its nodes and people, and how it builds the chaincodes of its channels."""

    member: Organization
    chaincodes: tuple[ChaincodeBuild, ...] = ()

    @model_validator(mode="after")
    def _fill(self) -> Self:
        """Named after the member: one engine may hold several members' nodes and keep them apart."""
        if "name" not in self.model_fields_set:
            object.__setattr__(self, "name", self.member.name)
        if self.member.reached_at is None:
            place = self.member.model_copy(update={"reached_at": self.address})
            object.__setattr__(self, "member", place)
        return self


class AgreedChaincode(ChannelChaincode):
    """A chaincode as a channel's members agree on it: name and version too, which decide the definition."""

    name: ChaincodeName
    version: Version = "1.0"


class ChannelFile(Part):
    """A channel as its members agree on it before it is founded. Public, and the same for all of them."""

    name: ChannelName
    members: tuple[Name, ...]
    orderers: tuple[Name, ...] = ()
    """Whose orderers order it; left out, those of the members."""
    consensus: Consensus = Field(default=Consensus.RAFT, strict=False)
    batch: Batch = Batch()
    policies: Policies = Policies()
    capabilities: Capabilities = Capabilities(channel="V3_0")
    chaincodes: tuple[AgreedChaincode, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Whom the file names: members first, then those who order only."""
        return tuple(dict.fromkeys((*self.members, *self.orderers)))

    def channel(self, ordering: tuple[str, ...], first: str | None) -> Channel:
        """As a consortium has it; `ordering` says which of those named run orderers, `first` which chaincode is its
        first."""
        terms = next((one for one in self.chaincodes if one.name == first), None)
        further = tuple(one for one in self.chaincodes if one.name != first)
        return Channel(
            name=self.name,
            members=self.members,
            orderers=self.orderers or tuple(name for name in self.members if name in ordering),
            consensus=self.consensus,
            batch=self.batch,
            policies=self.policies,
            capabilities=self.capabilities,
            chaincode=terms and ChannelChaincode(endorsement=terms.endorsement, collections=terms.collections),
            chaincodes=tuple(
                FurtherChaincode(name=one.name, endorsement=one.endorsement, collections=one.collections)
                for one in further
            ),
        )


class HostView(Consortium):
    """A consortium as one host knows it: one member's nodes run here, of the others there are public cards only."""

    home: Name

    @property
    def here(self) -> tuple[Organization, ...]:
        return (self.organization(self.home),)

    def version_of(self, chaincode: Chaincode, digest: str) -> str:
        """As the channels' members agreed on it: each builds for itself, and all must approve one definition."""
        return chaincode.version
