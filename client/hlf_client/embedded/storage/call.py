"""A call as its creator signed it: the public part goes into the block, certificate and transient values do not.

    proposal    = frame({transient: [name...]}, [public part, certificate, value...])
    public part = frame({channel, chaincode, creator, nonce, time}, [certificate hash, argument...])

The transaction's id is SHA-256 of the nonce, the certificate's hash and the MSP id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hlf_client.embedded.storage.frame import FrameError, pack, unpack
from hlf_client.errors import InvalidDocument

__all__ = ["NONCE_BYTES", "Call", "SignedCall", "encode_call", "encode_proposal", "transaction_id"]

NONCE_BYTES = 24


def transaction_id(nonce: bytes, msp_id: str, certificate_hash: bytes) -> str:
    """The id of the transaction that a creator proposes with a nonce."""
    return hashlib.sha256(nonce + certificate_hash + msp_id.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Call:
    """The public part of a proposal, decoded. `certificate_hash` is SHA-256 of the creator's certificate (DER)."""

    data: bytes
    transaction_id: str
    channel: str
    chaincode: str
    creator_msp: str
    certificate_hash: bytes
    timestamp: datetime
    arguments: tuple[bytes, ...]

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.data).digest()

    @classmethod
    def decode(cls, data: bytes) -> Call:
        """Raises `FrameError` for anything that `encode_call` did not write."""
        header, parts = unpack(data)
        try:
            nonce = bytes.fromhex(_text(header, "nonce"))
            moment = datetime.fromisoformat(_text(header, "time")).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise FrameError("a call has a nonce and a time") from error
        if len(nonce) != NONCE_BYTES or not parts or len(parts[0]) != hashlib.sha256().digest_size:
            raise FrameError("a call has a nonce, a time and a certificate's hash")
        msp_id = _text(header, "creator")
        return cls(
            data=data,
            transaction_id=transaction_id(nonce, msp_id, parts[0]),
            channel=_text(header, "channel"),
            chaincode=_text(header, "chaincode"),
            creator_msp=msp_id,
            certificate_hash=parts[0],
            timestamp=moment,
            arguments=tuple(parts[1:]),
        )


@dataclass(frozen=True, slots=True)
class SignedCall:
    """A whole proposal, decoded: what the endorsing peers receive."""

    call: Call
    certificate: bytes
    transient: Mapping[str, bytes]

    @classmethod
    def decode(cls, content: bytes) -> SignedCall:
        """Raises `InvalidDocument` for what is not a proposal."""
        try:
            header, parts = unpack(content)
            names = header.get("transient")
            if not isinstance(names, list) or len(parts) != len(names) + 2:
                raise FrameError("a proposal names its transient values")
            call = Call.decode(parts[0])
        except FrameError:
            raise InvalidDocument("this is not a proposal", field="proposal", reason="cannot be read") from None
        transient = {str(name): value for name, value in zip(names, parts[2:], strict=True)}
        return cls(call, parts[1], transient)


def encode_call(
    *,
    channel: str,
    chaincode: str,
    creator_msp: str,
    certificate_hash: bytes,
    nonce: bytes,
    timestamp: datetime,
    arguments: Sequence[bytes],
) -> bytes:
    """The public part of a proposal."""
    header = {
        "channel": channel,
        "chaincode": chaincode,
        "creator": creator_msp,
        "nonce": nonce.hex(),
        "time": timestamp.astimezone(UTC).isoformat(),
    }
    return pack(header, (certificate_hash, *arguments))


def encode_proposal(call: bytes, certificate: bytes, transient: Mapping[str, bytes]) -> bytes:
    """The bytes that a creator signs."""
    names = sorted(transient)
    return pack({"transient": names}, (call, certificate, *(transient[name] for name in names)))


def _text(header: Mapping[str, object], name: str) -> str:
    value = header.get(name)
    if not isinstance(value, str):
        raise FrameError(f"a call has a {name}")
    return value
