"""What the chaincode servers run: the exim contracts, and beside them the ceiling's, which knows bytes alone."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final

from eximledger_chaincode.contracts import CHAINCODE, exim
from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction
from hlf_chaincode.stub import LedgerStub

__all__ = ["POOL", "served"]

POOL: Final = 64
"""Keys of each collection that stand ready to be read."""


class BytesContract(Contract):
    """Reads and writes so many keys and bytes as it is told by transient, one request for each collection."""

    name: ClassVar[str] = "bytes"

    @transaction
    async def run(self, context: Context) -> str:
        """Of a step: what it reads here and on other channels, what it writes; an answer of that size."""
        stub = context.stub
        step: dict[str, Any] = json.loads(stub.transient["step"])
        elsewhere: dict[str, list[dict[str, Any]]] = {}
        for each in step["reads"]:
            if each["channel"] in {"", stub.channel}:
                await _read(stub, each, step["place"])
            else:
                elsewhere.setdefault(each["channel"], []).append(each)
        for channel, reads in sorted(elsewhere.items()):
            asked = json.dumps({"reads": reads, "place": step["place"]}).encode()
            await stub.invoke_chaincode(CHAINCODE, [b"bytes:read", asked], channel)
        for each in step["writes"]:
            await _write(stub, each, step["key"])
        size: int = step["answer"]
        return "x" * max(0, size - 2)

    @query
    async def read(self, context: Context, asked: str) -> str:
        """What a step reads on another channel than its own."""
        told: dict[str, Any] = json.loads(asked)
        found = [await _read(context.stub, each, told["place"]) for each in told["reads"]]
        return "x" * sum(found)


async def _read(stub: LedgerStub, wanted: dict[str, Any], place: int) -> int:
    """Read from the pool, and keys that nobody wrote; the bytes found."""
    collection = wanted["collection"]
    keys = [pool_key(place + number) for number in range(wanted["found"])]
    keys += [f"none-{place}-{number}" for number in range(wanted["absent"])]
    if not keys:
        return 0
    values = await (stub.get_private_data_many(collection, keys) if collection else stub.get_states(keys))
    return sum(len(value) for value in values if value)


async def _write(stub: LedgerStub, wanted: dict[str, Any], key: str) -> None:
    """Values come from the seed, so that endorsers write the same and no two hashes are one."""
    collection, count = wanted["collection"], wanted["keys"]
    size = wanted["size"] // max(1, count)
    seed = stub.transient["seed"]
    writes = {}
    for number in range(count):
        value = (number.to_bytes(4, "big") + seed) * (size // 36 + 1)
        writes[pool_key(number) if key == "pool" else f"{key}-{number}"] = value[: max(1, size)]
    if not writes:
        return
    if collection:
        await stub.put_private_data_many(collection, writes)
    else:
        await stub.put_states(writes)


def pool_key(number: int) -> str:
    """One of the keys that are there to be read."""
    return f"pool-{number % POOL}"


def served() -> Chaincode:
    """The exim chaincode with the ceiling's contract beside its own."""
    inner = exim()
    return Chaincode(inner.name, [*inner.contracts.values(), BytesContract()], title="eximledger")
