"""A block's evidence: its header, all its transactions, and the orderers' signatures on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hlf_chaincode.protos.common.common_pb2 import (
    Block,
    BlockMetadataIndex,
    Envelope,
    IdentifierHeader,
    Metadata,
    OrdererBlockMetadata,
    Payload,
    SignatureHeader,
)
from hlf_chaincode.protos.common.configtx_pb2 import ConfigEnvelope, ConfigGroup
from hlf_chaincode.protos.common.configuration_pb2 import Orderers
from hlf_client.identity import NodeRole
from hlf_client.wire.blocks import header_bytes
from hlf_client.wire.evidence._signers import (
    Anchors,
    certified,
    identity_of,
    parsed,
    require_signature,
    unproven,
)

__all__ = [
    "BlockEvidence",
    "OrderedBlock",
    "OrdererSignature",
    "bft_quorum",
    "configuration_of",
    "read_block",
    "require_data",
    "verify_block",
]


@dataclass(frozen=True, slots=True)
class OrdererSignature:
    """One orderer's signature. `header` names the signer: by certificate, or under BFT by the consenter's number."""

    header: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class BlockEvidence:
    """A block without the part that each peer writes for itself (validation codes, commit hash)."""

    number: int
    previous_hash: bytes
    """SHA-256 of the header before it."""
    data_hash: bytes
    """SHA-256 of all the transactions, one after the other."""
    metadata: bytes
    """What the orderers signed beside the header: where the channel's configuration stands."""
    signatures: tuple[OrdererSignature, ...]
    data: tuple[bytes, ...]
    """The transactions' envelopes."""

    @property
    def header(self) -> bytes:
        """The header as orderers sign and chain it (DER)."""
        return header_bytes(self.number, self.previous_hash, self.data_hash)

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the header: compare it with the same block's on any peer."""
        return hashlib.sha256(self.header).hexdigest()

    @property
    def last_config(self) -> int:
        """The number of the block with the channel's configuration at that time."""
        return int(parsed(OrdererBlockMetadata, self.metadata).last_config.index)

    @property
    def names_consenters_by_number(self) -> bool:
        """Whether BFT ordered it: then the configuration says who the signers are."""
        return any(not parsed(SignatureHeader, each.header).creator for each in self.signatures)


@dataclass(frozen=True, slots=True)
class OrderedBlock:
    """A block that was checked, and whose orderers signed it (MSP ids, sorted)."""

    block: BlockEvidence
    signed_by: tuple[str, ...]


def read_block(stored: bytes) -> BlockEvidence:
    """A block as a peer stores it (`common.Block`). Raises `InvalidDocument`."""
    block = parsed(Block, stored)
    place = BlockMetadataIndex.SIGNATURES
    signed = parsed(Metadata, block.metadata.metadata[place]) if len(block.metadata.metadata) > place else Metadata()
    return BlockEvidence(
        number=int(block.header.number),
        previous_hash=bytes(block.header.previous_hash),
        data_hash=bytes(block.header.data_hash),
        metadata=bytes(signed.value),
        signatures=tuple(
            OrdererSignature(bytes(each.identifier_header or each.signature_header), bytes(each.signature))
            for each in signed.signatures
        ),
        data=tuple(bytes(each) for each in block.data.data),
    )


def verify_block(
    block: BlockEvidence, config: BlockEvidence | None, anchors: Anchors, moment: datetime
) -> OrderedBlock:
    """The members whose orderers signed this block with exactly these transactions.

    `config` is the block with the channel's configuration, which BFT needs and nothing else does. Under BFT a quorum
    of its consenters must have signed. `moment` is when certificates must hold.

    Raises `InvalidDocument` for other transactions and for any signature that is not good, `NotAuthorized` for a signer
    whom the trusted authorities do not vouch for.
    """
    require_data(block)
    if not block.signatures:
        raise unproven("block", f"no orderer has signed block {block.number}")
    if len(set(block.signatures)) != len(block.signatures):
        raise unproven("block", f"a signature on block {block.number} stands there twice")
    if block.names_consenters_by_number:
        return OrderedBlock(block, _signed_by_consenters(block, config, anchors, moment))
    if config is not None:
        raise unproven("block", f"block {block.number} needs no configuration beside it")
    signers = [identity_of(parsed(SignatureHeader, each.header).creator) for each in block.signatures]
    return OrderedBlock(block, _signed_by(block, signers, anchors, moment))


def bft_quorum(nodes: int) -> int:
    """How many of `nodes` must sign a block when a third, less one, may lie: ceil((n + f + 1) / 2)."""
    faulty = (nodes - 1) // 3
    return (nodes + faulty + 2) // 2


def require_data(block: BlockEvidence) -> None:
    """Raises `InvalidDocument` unless these are the transactions that the header names."""
    if hashlib.sha256(b"".join(block.data)).digest() != block.data_hash:
        raise unproven("block", f"the transactions of block {block.number} are not those of its header")


def _signed_by_consenters(
    block: BlockEvidence, config: BlockEvidence | None, anchors: Anchors, moment: datetime
) -> tuple[str, ...]:
    if config is None:
        raise unproven(
            "block", f"consenters signed block {block.number}, and the configuration that names them is absent"
        )
    if config.number != block.last_config:
        raise unproven("block", f"block {block.number} goes by another configuration")
    require_data(config)
    consenters = _consenters(config)
    if config.number:  # nobody signs a channel's first block
        if not config.signatures:
            raise unproven("block", f"no orderer has signed the configuration in block {config.number}")
        _signed_by(config, _numbered(config, consenters), anchors, moment)
    signers = _numbered(block, consenters)
    if len(signers) < bft_quorum(len(consenters)):
        raise unproven("block", f"{len(signers)} of {len(consenters)} consenters are too few for block {block.number}")
    return _signed_by(block, signers, anchors, moment)


def configuration_of(config: BlockEvidence) -> ConfigGroup:
    """The channel's configuration in a block that holds one. Raises `InvalidDocument`."""
    if len(config.data) != 1:
        raise unproven("block", f"block {config.number} is not one of configuration")
    payload = parsed(Payload, parsed(Envelope, config.data[0]).payload)
    return parsed(ConfigEnvelope, payload.data).config.channel_group


def _consenters(config: BlockEvidence) -> Mapping[int, tuple[str, bytes]]:
    """MSP id and certificate of each consenter, by its number."""
    groups = configuration_of(config).groups
    listed = parsed(Orderers, groups["Orderer"].values["Orderers"].value).consenter_mapping
    return {int(each.id): (str(each.msp_id), bytes(each.identity)) for each in listed}


def _numbered(block: BlockEvidence, consenters: Mapping[int, tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    numbers = [int(parsed(IdentifierHeader, each.header).identifier) for each in block.signatures]
    if len(set(numbers)) != len(numbers) or not set(numbers) <= consenters.keys():
        raise unproven("block", f"block {block.number} is signed twice by one, or by none of the consenters")
    return [consenters[number] for number in numbers]


def _signed_by(
    block: BlockEvidence, signers: list[tuple[str, bytes]], anchors: Anchors, moment: datetime
) -> tuple[str, ...]:
    """Check each signature as its signer's."""
    for signer, signed in zip(signers, block.signatures, strict=True):
        key = certified(anchors, signer, moment, NodeRole.ORDERER)
        message = block.metadata + signed.header + block.header
        require_signature(key, signed.signature, message, f"block {block.number}")
    return tuple(sorted({msp_id for msp_id, _ in signers}))
