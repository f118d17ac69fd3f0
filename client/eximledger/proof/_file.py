"""The file: canonical JSON with one trailing newline, so that every byte of it means something and is checked."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationError

from eximledger_chaincode.documents import Value
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.json_size import require_sane_size
from hlf_client.errors import InvalidDocument
from hlf_client.wire.evidence import BlockEvidence, OrdererSignature

__all__ = ["BlockPart", "ProofFile", "SignaturePart", "StatementPart"]

_LIMIT: Final = 256 << 20
"""Bytes. A block is 10 MB at most by default, its base64 a third more; an orderer takes 100 MB at the very most."""


def _from_base64(text: object) -> object:
    return b64decode(text, validate=True) if isinstance(text, str) else text


Base64 = Annotated[bytes, BeforeValidator(_from_base64), PlainSerializer(lambda raw: b64encode(raw).decode())]


class SignaturePart(Value):
    """One orderer's signature on a block."""

    header: Base64
    signature: Base64


class BlockPart(Value):
    """A block as its orderers signed it."""

    number: Annotated[int, Field(ge=0, lt=1 << 64)]
    previous_hash: Base64
    data_hash: Base64
    metadata: Base64
    signatures: tuple[SignaturePart, ...]
    data: tuple[Base64, ...]

    @classmethod
    def of(cls, block: BlockEvidence) -> Self:
        return cls(
            number=block.number,
            previous_hash=block.previous_hash,
            data_hash=block.data_hash,
            metadata=block.metadata,
            signatures=tuple(SignaturePart(header=one.header, signature=one.signature) for one in block.signatures),
            data=block.data,
        )

    @property
    def evidence(self) -> BlockEvidence:
        """As it is checked."""
        return BlockEvidence(
            number=self.number,
            previous_hash=self.previous_hash,
            data_hash=self.data_hash,
            metadata=self.metadata,
            signatures=tuple(OrdererSignature(one.header, one.signature) for one in self.signatures),
            data=self.data,
        )


class StatementPart(Value):
    """What peers answered when they were asked, with their signatures: an endorsed transaction that nobody ordered."""

    payload: Base64
    signature: Base64


class ProofFile(Value):
    """All that a decision's proof needs but the authorities' certificates, which the verifier brings."""

    format: Literal["eximledger-proof/3"] = "eximledger-proof/3"
    loan_id: str
    channel: str
    transaction_id: str
    block: BlockPart
    config: BlockPart | None = None
    """The configuration that names the orderers; with BFT only."""
    statement: StatementPart
    """The step that decided, with its private key and salted value, and the loan as it stood: as peers of its bank and
    of the bureau read them afterwards."""
    shown: tuple[StatementPart, ...]
    """By each of these peers alone: the block that its channel began with and, with BFT, the configuration."""

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Raises `InvalidDocument` for anything but a proof exactly as `content` wrote it."""
        if len(content) > _LIMIT:
            raise _unreadable(f"is larger than {_LIMIT >> 20} MiB")
        require_sane_size(content, "the proof")
        try:
            found = cls.model_validate_json(content)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"]) or "the file"
            expected = cls.model_fields["format"].default
            raise _unreadable(f"is not in {expected}: {where} is wrong; have it exported with this release") from None
        if found.content != content:
            raise _unreadable("is not as it was written: its bytes were changed")
        return found

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return canonical_json(self) + b"\n"


def _unreadable(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the proof {reason}", field="file", reason=reason)
