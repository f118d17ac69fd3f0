"""What a member's card says, and the public values that it converts to."""

from __future__ import annotations

import hashlib
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from hlf_chaincode.canonical import canonical_json
from hlf_network.channels.config import Address, MemberConfig, OrdererNode
from hlf_network.consortium import HostName, MspId, Name, Orderer, Organization, Peer, Role

__all__ = ["KIND", "Card", "CardOrderer", "CardPeer"]

KIND: Final = "hlf-network/card/1"

Pem = Annotated[str, Field(max_length=20_000, pattern=r"^-----BEGIN (CERTIFICATE|X509 CRL)-----\n")]
PublishedPort = Annotated[int, Field(ge=1, le=65535)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CardPeer(_Part):
    """A peer: where it is reached at the member's host, and whether others find the member's peers through it."""

    name: Name
    port: PublishedPort
    anchor: bool


class CardOrderer(_Part):
    """An orderer, with the two certificates by which channels know it."""

    name: Name
    port: PublishedPort
    identity: Pem
    tls: Pem


class Card(_Part):
    """One member as everybody may know it. `issued` orders the cards of one member; the newest holds."""

    kind: Literal["hlf-network/card/1"] = KIND
    issued: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$")]
    name: Name
    msp: MspId
    title: Annotated[str, Field(max_length=200)] = ""
    role: Role
    domain: HostName
    reached_at: HostName
    roots: Annotated[tuple[Pem, ...], Field(min_length=1)]
    tls_roots: Annotated[tuple[Pem, ...], Field(min_length=1)]
    intermediates: tuple[Pem, ...] = ()
    tls_intermediates: tuple[Pem, ...] = ()
    revocation_lists: tuple[Pem, ...] = ()
    peers: tuple[CardPeer, ...] = ()
    orderers: tuple[CardOrderer, ...] = ()

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(self)

    @property
    def fingerprint(self) -> str:
        """What two people compare by telephone: of the authorities, so it stays when a node is added or renewed."""
        identity = {"msp": self.msp, "roots": list(self.roots), "tls_roots": list(self.tls_roots)}
        return hashlib.sha256(canonical_json(identity)).hexdigest()

    @property
    def organization(self) -> Organization:
        """The member as a consortium on another host has it."""
        return Organization(
            name=self.name,
            msp=self.msp,
            title=self.title,
            role=self.role,
            domain=self.domain,
            reached_at=self.reached_at,
            peers=tuple(Peer(name=peer.name, port=peer.port, anchor=peer.anchor) for peer in self.peers),
            orderers=tuple(Orderer(name=orderer.name, port=orderer.port) for orderer in self.orderers),
        )

    @property
    def member_config(self) -> MemberConfig:
        return MemberConfig(
            msp_id=self.msp,
            root_certificates=_bytes(self.roots),
            tls_root_certificates=_bytes(self.tls_roots),
            intermediate_certificates=_bytes(self.intermediates),
            tls_intermediate_certificates=_bytes(self.tls_intermediates),
            revocation_lists=_bytes(self.revocation_lists),
            anchors=tuple(Address(self.reached_at, peer.port) for peer in self.peers if peer.anchor),
            orderers=tuple(Address(self.reached_at, orderer.port) for orderer in self.orderers),
        )

    @property
    def consenters(self) -> tuple[OrdererNode, ...]:
        return tuple(
            OrdererNode(self.msp, Address(self.reached_at, one.port), one.identity.encode(), one.tls.encode())
            for one in self.orderers
        )


def _bytes(pems: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(pem.encode() for pem in pems)
