"""What a consortium is made of, as values: organisations, channels, chaincodes, private collections.

A definition founds an embedded ledger. What members have agreed (`ChannelConfig`) is written into each channel's first
block, and from then on the file itself says who its members are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hlf_chaincode.contract import Chaincode
from hlf_client.identity import NodeRole

__all__ = [
    "ChaincodeDefinition",
    "ChannelConfig",
    "ChannelDefinition",
    "Collection",
    "ConsortiumDefinition",
    "HostedConsortium",
    "InitialCall",
    "MemberConfig",
    "Organization",
    "User",
]

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$")]
"""Of an organisation or a user, as Fabric's own: `Org1`, `User1`, `Admin@org1.example.com`."""
ChannelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]{0,248}$")]
"""As Fabric takes it: `my.channel`."""
MspId = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,100}$")]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class User(_Value):
    """A person of an organisation, with the attributes of the certificate."""

    name: Name
    role: NodeRole = NodeRole.CLIENT
    attributes: Mapping[str, str] = {}


class Organization(_Value):
    """A member: `name` is how people address it, `title` its own name, `role` what it does in the consortium."""

    name: Name
    msp_id: MspId
    title: str
    role: str
    users: tuple[User, ...]

    @property
    def default_user(self) -> str:
        """Who acts when only the organisation is named."""
        return self.users[0].name


class Collection(_Value):
    """Private data of some members. `policy` replaces the chaincode's for its keys; "" leaves the chaincode's."""

    name: str
    members: tuple[MspId, ...]
    member_only_read: bool = True
    member_only_write: bool = True
    policy: str = ""


class ChaincodeDefinition(_Value):
    """A chaincode on a channel: who must endorse what it writes, and its private collections.

    `policy` is a signature policy, or `MAJORITY Endorsement`, `ANY Endorsement`, `ALL Endorsement`: of the channel's
    members, whose own policy of that name their peers satisfy.
    """

    name: str
    policy: str
    collections: tuple[Collection, ...] = ()


class InitialCall(_Value):
    """A transaction that founds the channel's state, submitted by a member's user when the ledger is made. `private`:
    of a private function (`hlf_chaincode.private_call`)."""

    member: Name
    user: Name
    chaincode: str
    function: str
    arguments: tuple[str, ...] = ()
    endorsing_organizations: tuple[MspId, ...] = ()
    private: bool = False


class ChannelDefinition(_Value):
    """A channel, its members by organisation name, and what runs on it."""

    name: ChannelName
    members: tuple[Name, ...]
    chaincodes: tuple[ChaincodeDefinition, ...]
    initial: tuple[InitialCall, ...] = ()


class ConsortiumDefinition(_Value):
    organizations: tuple[Organization, ...]
    channels: tuple[ChannelDefinition, ...]

    def organization(self, name: str) -> Organization:
        """Raises KeyError for an unknown name."""
        return {organization.name: organization for organization in self.organizations}[name]


@dataclass(frozen=True, slots=True, eq=False)
class HostedConsortium:
    """What an embedded ledger hosts: the definition that founds a new one, and what makes the chaincodes it runs.

    Make it once and share it: each is equal to itself only.
    """

    definition: ConsortiumDefinition
    chaincodes: Callable[[], Sequence[Chaincode]]


class MemberConfig(_Value):
    """A member as a channel knows it: `root` is its authority's certificate (PEM)."""

    name: Name
    msp_id: MspId
    title: str
    role: str
    root: str


class ChannelConfig(_Value):
    """The content of a channel's first block."""

    channel: ChannelName
    created: datetime
    orderer_msp_id: MspId
    orderer_root: str
    members: tuple[MemberConfig, ...]
    chaincodes: tuple[ChaincodeDefinition, ...]
