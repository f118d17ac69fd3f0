"""Members who sign as Fabric's clients, peers and orderers do: real certificates and signatures, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from eximledger_chaincode.lending.roles import Person, person_of
from hlf_chaincode.creator import creator_of
from hlf_chaincode.protos.common import common_pb2, configtx_pb2, configuration_pb2
from hlf_chaincode.protos.ledger.rwset import rwset_pb2
from hlf_chaincode.protos.ledger.rwset.kvrwset import kv_rwset_pb2
from hlf_chaincode.protos.msp import msp_config_pb2
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer import chaincode_pb2, proposal_pb2, proposal_response_pb2, transaction_pb2
from hlf_client.identity import (
    CertificateAuthority,
    NodeRole,
    PrivateKeySigner,
    Subject,
    generate_key,
)
from hlf_client.wire.blocks import header_bytes

__all__ = [
    "Endorsement",
    "Member",
    "PrivateKey",
    "Reads",
    "Signatory",
    "Transaction",
    "Writes",
    "block",
    "consenters",
    "endorsed",
    "genesis",
    "shown",
    "signed",
]

CHAINCODE = "exim"
PrivateKey = tuple[str, str]
"""Collection and key."""
Reads = Mapping[PrivateKey, tuple[int, int] | None]
"""By block and place of the transaction that wrote it."""
Writes = Mapping[PrivateKey, bytes | None]
"""None deletes."""


@dataclass(frozen=True)
class Signatory:
    """Somebody with a certificate and its key."""

    msp_id: str
    certificate: bytes
    key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey

    @property
    def serialized(self) -> bytes:
        return bytes(SerializedIdentity(mspid=self.msp_id, id_bytes=self.certificate).SerializeToString())

    @property
    def person(self) -> Person:
        return person_of(creator_of(self.msp_id, self.certificate))

    def sign(self, message: bytes) -> bytes:
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(message)
        return PrivateKeySigner(self.key).sign(hashlib.sha256(message).digest())


@dataclass(frozen=True)
class Member:
    """An organisation: its authority, an officer, a peer, an orderer."""

    msp_id: str
    authority: CertificateAuthority
    officer: Signatory
    peer: Signatory
    orderer: Signatory

    @classmethod
    def found(cls, msp_id: str, now: datetime) -> Self:
        """With an authority that is three years old."""
        founded = now - timedelta(days=1095)
        return cls.under(CertificateAuthority.create(Subject(f"ca.{msp_id}", msp_id), now=founded), msp_id, now)

    @classmethod
    def under(cls, authority: CertificateAuthority, msp_id: str, now: datetime) -> Self:
        """Under an authority that is there: with another's, a member that is none."""

        client, peer, orderer = (
            _enrolled(authority, msp_id, role, generate_key(), now)
            for role in (NodeRole.CLIENT, NodeRole.PEER, NodeRole.ORDERER)
        )
        return cls(msp_id, authority, client, peer, orderer)

    def another(self, role: NodeRole, now: datetime) -> Signatory:
        """Somebody more of it."""
        return _enrolled(self.authority, self.msp_id, role, generate_key(), now)

    def with_ed25519(self, role: NodeRole, now: datetime) -> Signatory:
        """Somebody more of it, whose key is Ed25519."""
        return _enrolled(self.authority, self.msp_id, role, Ed25519PrivateKey.generate(), now)


@dataclass(frozen=True)
class Endorsement:
    """What endorsers answer to a call: the result, and what they read and write in private collections."""

    arguments: Sequence[bytes]
    result: bytes
    reads: Reads
    writes: Writes
    endorsers: Sequence[Signatory]


@dataclass(frozen=True)
class Transaction:
    """Endorsed, and signed by whoever asked."""

    transaction_id: str
    payload: bytes
    signature: bytes

    @property
    def envelope(self) -> bytes:
        return signed(self.payload, self.signature)


def _enrolled(
    authority: CertificateAuthority,
    msp_id: str,
    role: NodeRole,
    key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey,
    now: datetime,
) -> Signatory:
    return Signatory(msp_id, authority.enrol(Subject(role.value, msp_id, role), key.public_key(), now=now), key)


def signed(payload: bytes, signature: bytes) -> bytes:
    return bytes(common_pb2.Envelope(payload=payload, signature=signature).SerializeToString())


def endorsed(
    creator: Signatory,
    channel: str,
    at: datetime,
    answer: Endorsement,
    nonce: bytes,
    *,
    chaincode: str = CHAINCODE,
    transaction_id: str = "",
) -> Transaction:
    """A transaction as a gateway would have assembled it, signed by its creator. `transaction_id`: a false one."""
    transaction_id = transaction_id or hashlib.sha256(nonce + creator.serialized).hexdigest()
    header = common_pb2.Header(
        channel_header=_channel_header(channel, transaction_id, at),
        signature_header=common_pb2.SignatureHeader(creator=creator.serialized, nonce=nonce).SerializeToString(),
    )
    called = chaincode_pb2.ChaincodeID(name=chaincode)
    spec = chaincode_pb2.ChaincodeSpec(chaincode_id=called, input=chaincode_pb2.ChaincodeInput(args=answer.arguments))
    asked = proposal_pb2.ChaincodeProposalPayload(
        input=chaincode_pb2.ChaincodeInvocationSpec(chaincode_spec=spec).SerializeToString()
    ).SerializeToString()
    proposal_hash = hashlib.sha256(header.channel_header + header.signature_header + asked).digest()
    outcome = proposal_pb2.ChaincodeAction(
        results=_results(answer.reads, answer.writes, chaincode),
        response=proposal_response_pb2.Response(status=200, payload=answer.result),
        chaincode_id=called,
    )
    response = proposal_response_pb2.ProposalResponsePayload(
        proposal_hash=proposal_hash, extension=outcome.SerializeToString()
    ).SerializeToString()
    action = transaction_pb2.ChaincodeEndorsedAction(
        proposal_response_payload=response,
        endorsements=[
            proposal_response_pb2.Endorsement(endorser=each.serialized, signature=each.sign(response + each.serialized))
            for each in answer.endorsers
        ],
    )
    content = transaction_pb2.ChaincodeActionPayload(chaincode_proposal_payload=asked, action=action)
    transaction = transaction_pb2.Transaction(
        actions=[transaction_pb2.TransactionAction(payload=content.SerializeToString())]
    )
    payload = common_pb2.Payload(header=header, data=transaction.SerializeToString()).SerializeToString()
    return Transaction(transaction_id, payload, creator.sign(payload))


def block(
    number: int, data: Sequence[bytes], orderers: Sequence[Signatory], *, config: int | None = None, first_id: int = 1
) -> bytes:
    """A block as a peer stores it. With `config`, the orderers sign as BFT's consenters numbered from `first_id`."""
    data_hash = hashlib.sha256(b"".join(data)).digest()
    header = common_pb2.BlockHeader(number=number, previous_hash=b"p" * 32, data_hash=data_hash)
    value = common_pb2.OrdererBlockMetadata(last_config={"index": config or 0}).SerializeToString()
    place = common_pb2.BlockMetadataIndex.SIGNATURES
    metadata = common_pb2.BlockMetadata(metadata=[b"", b"", bytes(len(data)), b"", b""])  # all valid
    message = header_bytes(number, b"p" * 32, data_hash)
    signatures = [
        _consented(number, each, value, message) if config is not None else _ordered(each, value, message)
        for number, each in enumerate(orderers, first_id)
    ]
    metadata.metadata[place] = common_pb2.Metadata(value=value, signatures=signatures).SerializeToString()
    return bytes(common_pb2.Block(header=header, data={"data": list(data)}, metadata=metadata).SerializeToString())


def genesis(
    channel: str,
    members: Mapping[str, bytes],
    orderers: Mapping[str, bytes],
    consenting: Sequence[Signatory] = (),
    called: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """The first block of a channel of these organisations (MSP id and CA's certificate), as a peer stores it.
    `consenting`: with BFT, who signs its blocks. `called`: under which other name an organisation stands there."""
    config = configtx_pb2.ConfigEnvelope()
    for part, organizations in (("Application", members), ("Orderer", orderers)):
        for msp_id, root in organizations.items():
            msp = msp_config_pb2.FabricMSPConfig(name=msp_id, root_certs=[root])
            value = config.config.channel_group.groups[part].groups[called.get(msp_id, msp_id)].values["MSP"]
            value.value = msp_config_pb2.MSPConfig(config=msp.SerializeToString()).SerializeToString()
    if consenting:
        config.config.channel_group.groups["Orderer"].values["Orderers"].value = _mapping(consenting)
    header = common_pb2.Header(
        channel_header=common_pb2.ChannelHeader(
            type=common_pb2.HeaderType.CONFIG, channel_id=channel
        ).SerializeToString()
    )
    payload = common_pb2.Payload(header=header, data=config.SerializeToString()).SerializeToString()
    data = [signed(payload, b"")]
    first = common_pb2.BlockHeader(number=0, data_hash=hashlib.sha256(b"".join(data)).digest())
    return bytes(common_pb2.Block(header=first, data={"data": data}).SerializeToString())


def shown(
    asker: Signatory,
    peer: Signatory,
    stored: bytes,
    at: datetime,
    *,
    channel: str = "bank",
    asked: Sequence[bytes] = (),
    chaincode: str = "qscc",
    beside: Sequence[Signatory] = (),
) -> Transaction:
    """A block under the signature of the peer that has it, and of others `beside`."""
    number = str(common_pb2.Block.FromString(stored).header.number).encode()
    answer = Endorsement(asked or (b"GetBlockByNumber", channel.encode(), number), stored, {}, {}, (peer, *beside))
    return endorsed(asker, channel, at, answer, hashlib.sha256(peer.serialized + stored).digest(), chaincode=chaincode)


def consenters(orderers: Sequence[Signatory]) -> bytes:
    """The envelope of a channel configuration that names BFT's consenters, numbered from 1."""
    config = configtx_pb2.ConfigEnvelope()
    group = config.config.channel_group.groups["Orderer"]
    group.values["Orderers"].value = _mapping(orderers)
    return signed(common_pb2.Payload(data=config.SerializeToString()).SerializeToString(), b"")


def _mapping(orderers: Sequence[Signatory]) -> bytes:
    listed = configuration_pb2.Orderers(
        consenter_mapping=[
            {"id": number, "msp_id": each.msp_id, "identity": each.certificate}
            for number, each in enumerate(orderers, 1)
        ]
    )
    return bytes(listed.SerializeToString())


def _ordered(orderer: Signatory, value: bytes, header: bytes) -> Any:
    own = common_pb2.SignatureHeader(creator=orderer.serialized, nonce=b"n" * 24).SerializeToString()
    return common_pb2.MetadataSignature(signature_header=own, signature=orderer.sign(value + own + header))


def _consented(number: int, orderer: Signatory, value: bytes, header: bytes) -> Any:
    own = common_pb2.IdentifierHeader(identifier=number, nonce=b"n" * 24).SerializeToString()
    return common_pb2.MetadataSignature(identifier_header=own, signature=orderer.sign(value + own + header))


def _channel_header(channel: str, transaction_id: str, at: datetime) -> bytes:
    header = common_pb2.ChannelHeader(
        type=common_pb2.HeaderType.ENDORSER_TRANSACTION, channel_id=channel, tx_id=transaction_id
    )
    header.timestamp.FromDatetime(at)
    return bytes(header.SerializeToString())


def _results(reads: Reads, writes: Writes, chaincode: str) -> bytes:
    """As a block has it: of private keys and values their hashes."""
    collections = [
        rwset_pb2.CollectionHashedReadWriteSet(collection_name=name, hashed_rwset=_hashed(name, reads, writes))
        for name in sorted({collection for collection, _ in (*reads, *writes)})
    ]
    namespace = rwset_pb2.NsReadWriteSet(namespace=chaincode, collection_hashed_rwset=collections)
    return bytes(rwset_pb2.TxReadWriteSet(ns_rwset=[namespace]).SerializeToString())


def _hashed(collection: str, reads: Reads, writes: Writes) -> bytes:
    rwset = kv_rwset_pb2.HashedRWSet(
        hashed_reads=[
            kv_rwset_pb2.KVReadHash(
                key_hash=hashlib.sha256(key.encode()).digest(),
                version=None if version is None else kv_rwset_pb2.Version(block_num=version[0], tx_num=version[1]),
            )
            for (name, key), version in reads.items()
            if name == collection
        ],
        hashed_writes=[
            kv_rwset_pb2.KVWriteHash(
                key_hash=hashlib.sha256(key.encode()).digest(),
                is_delete=value is None,
                value_hash=b"" if value is None else hashlib.sha256(value).digest(),
            )
            for (name, key), value in writes.items()
            if name == collection
        ],
    )
    return bytes(rwset.SerializeToString())
