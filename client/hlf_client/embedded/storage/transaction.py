"""A transaction as it is ordered and stored: the call, the endorsed result, the endorsements. The creator signs it all.

    content = frame({endorsers: [MSP id...]}, [public part of the proposal, result, certificate hash | signature...])
    an endorser signs SHA-256(result | certificate hash | MSP id)

Certificates are named by their SHA-256 and kept once per ledger.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from hlf_client.embedded.storage.call import Call
from hlf_client.embedded.storage.frame import FrameError, pack, unpack
from hlf_client.embedded.storage.writeset import Result

__all__ = ["Endorsement", "Transaction", "decode_config", "encode_config", "endorsement_digest"]

_HASH = hashlib.sha256().digest_size


def endorsement_digest(result: bytes, certificate_hash: bytes, msp_id: str) -> bytes:
    """What an endorsing peer signs."""
    return hashlib.sha256(b"".join((result, certificate_hash, msp_id.encode()))).digest()


@dataclass(frozen=True, slots=True)
class Endorsement:
    """One peer's signature over a result."""

    msp_id: str
    certificate_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Transaction:
    """A decoded transaction. `result_data` is what the endorsers signed."""

    call: Call
    result: Result
    result_data: bytes
    endorsements: tuple[Endorsement, ...]

    def encode(self) -> bytes:
        return pack(
            {"endorsers": [each.msp_id for each in self.endorsements]},
            [
                self.call.data,
                self.result_data,
                *(each.certificate_hash + each.signature for each in self.endorsements),
            ],
        )

    @classmethod
    def decode(cls, content: bytes) -> Transaction:
        """Raises `FrameError` for anything that `encode` did not write."""
        header, parts = unpack(content)
        endorsers = header.get("endorsers")
        if not isinstance(endorsers, list) or len(parts) != len(endorsers) + 2:
            raise FrameError("a transaction names its endorsers")
        endorsements = tuple(
            Endorsement(str(msp_id), part[:_HASH], part[_HASH:])
            for msp_id, part in zip(endorsers, parts[2:], strict=True)
        )
        return cls(Call.decode(parts[0]), Result.decode(parts[1]), parts[1], endorsements)


def encode_config(config: bytes) -> bytes:
    """The content of a channel's first block."""
    return pack({"config": True}, [config])


def decode_config(content: bytes) -> bytes | None:
    """The configuration in a transaction's content; None for an ordinary one. Raises `FrameError`."""
    header, parts = unpack(content)
    if header.get("config") is not True:
        return None
    if len(parts) != 1:
        raise FrameError("a configuration is one part")
    return parts[0]
