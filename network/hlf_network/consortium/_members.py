"""Members with their nodes and people, as consortium.yaml and member.yaml say them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["HostName", "MspId", "Name", "Orderer", "Organization", "Part", "Peer", "Role", "ServerPlace", "User"]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
Role = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
MspId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9.-]{0,62}$")]
HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]
Port = Annotated[int, Field(ge=0, le=65535)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ServerPlace(StrEnum):
    """Where an organisation's chaincode server runs: beside its peer, or on this host for a debugger."""

    CONTAINER = "container"
    HOST = "host"


class Peer(Part):
    """A peer. A port of 0 means: take a free one at the first `up` and keep it."""

    name: Name
    port: Port = 0
    operations_port: Port = 0
    host: HostName | None = None
    anchor: bool = True
    state_database: Literal["leveldb", "couchdb"] = "leveldb"
    environment: dict[str, str] = {}


class Orderer(Part):
    """An ordering node; its organisation runs it, every channel is ordered by all of them."""

    name: Name
    port: Port = 0
    admin_port: Port = 0
    operations_port: Port = 0
    host: HostName | None = None
    environment: dict[str, str] = {}


class User(Part):
    """A client certificate; `attributes` go into it as Fabric CA writes them, for contracts to read."""

    name: Name
    attributes: dict[str, str] = {}


class Organization(Part):
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
