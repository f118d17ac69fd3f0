"""Put and get of one key: what every shim runs in the benchmark."""

from __future__ import annotations

from typing import ClassVar

from hlf_chaincode.contract import Chaincode, Context, Contract, Encoded, query, transaction

__all__ = ["keyvalue"]


class KeyValueContract(Contract):
    name: ClassVar[str] = "kv"

    @transaction
    async def put(self, context: Context, key: str, value: str) -> None:
        await context.stub.put_state(key, value.encode())

    @query
    async def get(self, context: Context, key: str) -> Encoded[str]:
        return Encoded(await context.stub.get_state(key) or b"")


def keyvalue() -> Chaincode:
    return Chaincode("kv", [KeyValueContract()])
