"""A proposal as a file: a config update, what it is based on, and the signatures so far. Nothing in it is secret.

What a proposal is based on (the channel's fingerprint, the sequence of its configuration) stands inside the signed
bytes, in the update's isolated data, which Fabric carries and does not read: nobody can date a signed proposal anew, or
carry it to another channel of the same name. The envelope repeats it for the eye, and is refused if it says otherwise.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal, Self

from google.protobuf.message import DecodeError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigGroup, ConfigSignature, ConfigUpdate
from hlf_client.errors import InvalidDocument
from hlf_client.wire.blocks import header_hash
from hlf_network.channels.update import compute_update
from hlf_network.proposals.errors import ForgedProposal

__all__ = ["Basis", "Proposal", "fingerprint"]

FORMAT: Final = "hlf-channel-proposal-1"
MAX_BYTES: Final = 64 << 20
GENESIS, SEQUENCE = "hlf.genesis", "hlf.sequence"


def fingerprint(genesis: Block) -> str:
    """A channel's: the hash (hex) of its first block's header."""
    return header_hash(genesis.header)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a proposal was made against: a channel, its fingerprint, and the sequence of its configuration."""

    channel: str
    fingerprint: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A config update with its basis inside, and the signatures over it. The comment is the proposer's: believe
    nothing of it."""

    update: bytes
    signatures: tuple[ConfigSignature, ...] = ()
    comment: str = ""

    @classmethod
    def make(cls, basis: Basis, config: Config, wanted: ConfigGroup, *, comment: str = "") -> Self:
        """What turns the present configuration into the wanted one. Raises InvalidDocument when nothing differs."""
        update = compute_update(basis.channel, config, wanted)
        if update is None:
            raise InvalidDocument(f"Channel {basis.channel} is so already: there is nothing to propose.")
        update.isolated_data[GENESIS] = bytes.fromhex(basis.fingerprint)
        update.isolated_data[SEQUENCE] = str(basis.sequence).encode()
        return cls(update.SerializeToString(deterministic=True), (), comment)

    @classmethod
    def read(cls, content: bytes, *, source: str = "This") -> Self:
        """Raises InvalidDocument for what is no proposal, ForgedProposal for an envelope that says other than what is
        signed. `source` names the file in both."""
        if len(content) > MAX_BYTES:
            raise InvalidDocument(f"{source} is too large for a proposal.", file=source)
        try:
            file = _File.model_validate_json(content)
            signatures = tuple(
                ConfigSignature(signature_header=_decoded(one.header), signature=_decoded(one.signature))
                for one in file.signatures
            )
            proposal = cls(_decoded(file.update), signatures, file.comment)
            if proposal.basis != Basis(file.channel, file.fingerprint, file.sequence):
                raise ForgedProposal("its envelope names another channel, fingerprint or sequence than what is signed")
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "the file"
            raise InvalidDocument(f"{source} is no proposal: {place}: {first['msg']}.", file=source) from None
        except binascii.Error:
            raise InvalidDocument(f"{source} is no proposal: something in it is not base64.", file=source) from None
        except ForgedProposal as error:
            raise ForgedProposal(error.reason, source=source) from None
        return proposal

    def to_bytes(self) -> bytes:
        basis = self.basis
        file = _File(
            format=FORMAT,
            channel=basis.channel,
            fingerprint=basis.fingerprint,
            sequence=basis.sequence,
            comment=self.comment,
            update=_encoded(self.update),
            signatures=[
                _Signature(header=_encoded(one.signature_header), signature=_encoded(one.signature))
                for one in self.signatures
            ],
        )
        return file.model_dump_json(indent=1).encode() + b"\n"

    @property
    def content(self) -> ConfigUpdate:
        """The update. Raises ForgedProposal for bytes that hold anything besides."""
        try:
            update = ConfigUpdate.FromString(self.update)
        except DecodeError:
            raise ForgedProposal("it holds no config update") from None
        update.DiscardUnknownFields()
        if update.SerializeToString(deterministic=True) != self.update:
            raise ForgedProposal("it holds more than a config update, or not as we write it")
        return update

    @property
    def basis(self) -> Basis:
        """Raises ForgedProposal for an update that does not say what it is based on."""
        update = self.content
        held = dict(update.isolated_data)
        sequence = held.get(SEQUENCE, b"")
        if set(held) != {GENESIS, SEQUENCE} or len(held[GENESIS]) != 32 or not sequence.isdigit():
            raise ForgedProposal("what is signed does not say what it is based on")
        return Basis(update.channel_id, held[GENESIS].hex(), int(sequence))

    def signed(self, signature: ConfigSignature) -> Self:
        return replace(self, signatures=(*self.signatures, signature))

    def with_signatures_of(self, other: Proposal) -> Self:
        """With what others signed on copies of their own. Raises InvalidDocument for another proposal."""
        if other.update != self.update:
            raise InvalidDocument("The files hold different proposals: what was signed on one says nothing of another.")
        known = {one.SerializeToString(deterministic=True) for one in self.signatures}
        more = [one for one in other.signatures if one.SerializeToString(deterministic=True) not in known]
        return replace(self, signatures=(*self.signatures, *more))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Signature(_Part):
    header: str
    signature: str


class _File(_Part):
    format: Literal["hlf-channel-proposal-1"]
    channel: Annotated[str, Field(max_length=249)]
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    sequence: Annotated[int, Field(ge=0)]
    comment: Annotated[str, Field(max_length=2000)] = ""
    signatures: Annotated[list[_Signature], Field(max_length=1000)] = []
    update: str


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(text: str) -> bytes:
    """Raises binascii.Error."""
    return base64.b64decode(text.encode(errors="replace"), validate=True)
