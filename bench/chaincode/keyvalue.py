"""Put and get of one key, what every shim runs in the benchmark; and what tells one worker from several."""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar, Final

from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Chaincode, Context, Contract, Encoded, query, transaction

__all__ = ["keyvalue"]

READS: Final = 10
ROUNDS: Final = 500
"""About four milliseconds."""


class KeyValueContract(Contract):
    name: ClassVar[str] = "kv"

    @transaction
    async def put(self, context: Context, key: str, value: str) -> None:
        await context.stub.put_state(key, value.encode())

    @query
    async def get(self, context: Context, key: str) -> Encoded[str]:
        return Encoded(await context.stub.get_state(key) or b"")

    @query
    async def read(self, context: Context, key: str) -> int:
        """Bound by its reads, one after the other."""
        values = [await context.stub.get_state(f"key-{number}") for number in range(READS)]
        return len(key) + sum(len(value or b"") for value in values)

    @query
    async def compute(self, context: Context, key: str) -> str:
        """Bound by CPU, as a verdict on many papers is."""
        digest = key
        for _ in range(ROUNDS):
            digest = sha256(canonical_json({"key": key, "parts": [digest] * 10})).hexdigest()
        return digest


def keyvalue() -> Chaincode:
    return Chaincode("kv", [KeyValueContract()])
