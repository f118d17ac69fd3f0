"""The probe: a chaincode that does each of the stub's operations on demand, and misbehaves on demand."""

from __future__ import annotations

import os
from typing import ClassVar, Literal

from tests.conformance.excesses import ExcessContract

from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction
from hlf_chaincode.errors import Conflict, FabricError, InvalidDocument, NotAuthorized, NotFound, Refused
from hlf_chaincode.policies import EndorsementPolicy
from hlf_chaincode.stub import composite_key, split_composite_key

PROBE = "probe"
NEIGHBOUR = "neighbour"
"""Another one of them beside it."""

Pair = tuple[str, str]
Failure = Literal["InvalidDocument", "NotAuthorized", "NotFound", "Conflict", "Refused", "FabricError"]
FAILURES: dict[str, type[FabricError]] = {
    each.__name__: each for each in (InvalidDocument, NotAuthorized, NotFound, Conflict, Refused, FabricError)
}


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()


class StateContract(Contract):
    """Public state, ranges, composite keys, history."""

    name: ClassVar[str] = "state"

    @transaction
    async def put(self, context: Context, key: str, value: str) -> str:
        await context.stub.put_state(key, value.encode())
        return value

    @transaction
    async def put_many(self, context: Context, values: dict[str, str]) -> None:
        await context.stub.put_states({key: value.encode() for key, value in values.items()})

    @transaction
    async def delete(self, context: Context, key: str) -> None:
        await context.stub.delete_state(key)

    @query
    async def get(self, context: Context, key: str) -> str | None:
        return _text(await context.stub.get_state(key))

    @query
    async def get_many(self, context: Context, keys: list[str]) -> list[str | None]:
        return [_text(value) for value in await context.stub.get_states(keys)]

    @transaction
    async def swap(self, context: Context, key: str, value: str) -> list[str | None]:
        """What is read before and after writing, and after deleting another key."""
        before = _text(await context.stub.get_state(key))
        await context.stub.put_state(key, value.encode())
        return [before, _text(await context.stub.get_state(key))]

    @transaction
    async def add(self, context: Context, key: str, amount: int) -> int:
        """Read and write: of two at once only one may count."""
        total = int(await context.stub.get_state(key) or b"0") + amount
        await context.stub.put_state(key, str(total).encode())
        return total

    @transaction
    async def touch(self, context: Context, read: str, write: str) -> None:
        """Reads one key and writes another."""
        await context.stub.get_state(read)
        await context.stub.put_state(write, b"touched")

    @query
    async def range(self, context: Context, start: str, end: str) -> list[Pair]:
        return [(entry.key, entry.value.decode()) async for entry in context.stub.get_state_by_range(start, end)]

    @transaction
    async def count_into(self, context: Context, start: str, end: str, target: str) -> int:
        """Reads a whole range, writes how many there are."""
        found = [entry.key async for entry in context.stub.get_state_by_range(start, end)]
        await context.stub.put_state(target, str(len(found)).encode())
        return len(found)

    @transaction
    async def first_into(self, context: Context, start: str, end: str, count: int, target: str) -> list[str]:
        """Reads the first keys of a range, closes the iterator, writes."""
        found: list[str] = []
        entries = context.stub.get_state_by_range(start, end)
        async for entry in entries:
            found.append(entry.key)
            if len(found) == count:
                break
        await context.stub.put_state(target, b"read")
        return found

    @query
    async def page(self, context: Context, start: str, end: str, size: int, bookmark: str) -> tuple[list[Pair], str]:
        page = await context.stub.get_state_page(start, end, size, bookmark)
        return [(entry.key, entry.value.decode()) for entry in page.entries], page.bookmark

    @transaction
    async def page_into(self, context: Context, start: str, end: str, size: int, target: str) -> list[str]:
        """Reads one page, writes."""
        page = await context.stub.get_state_page(start, end, size)
        await context.stub.put_state(target, b"read")
        return [entry.key for entry in page.entries]

    @transaction
    async def put_composite(self, context: Context, kind: str, attributes: list[str], value: str) -> None:
        await context.stub.put_state(composite_key(kind, attributes), value.encode())

    @query
    async def partial(self, context: Context, kind: str, attributes: list[str]) -> list[tuple[list[str], str]]:
        entries = context.stub.get_state_by_partial_composite_key(kind, attributes)
        return [(list(split_composite_key(entry.key)[1]), entry.value.decode()) async for entry in entries]

    @query
    async def between(
        self, context: Context, kind: str, attributes: list[str], first: str, last: str
    ) -> list[list[str]]:
        entries = context.stub.get_state_by_composite_range(kind, attributes, first, last)
        return [list(split_composite_key(entry.key)[1]) async for entry in entries]

    @query
    async def history(self, context: Context, key: str) -> list[tuple[str, str | None]]:
        """Transaction id and value (None: deleted), newest first."""
        changes = await context.stub.get_history_for_key(key)
        return [(each.transaction_id, None if each.is_delete else each.value.decode()) for each in changes]


class PrivateContract(Contract):
    """Private collections; values come in transient `value`."""

    name: ClassVar[str] = "private"

    @transaction
    async def put(self, context: Context, collection: str, key: str) -> None:
        await context.stub.put_private_data(collection, key, context.stub.transient["value"])

    @transaction
    async def put_two(self, context: Context, first: str, second: str, key: str) -> None:
        """One key in two collections at once."""
        await context.stub.put_private_data(first, key, context.stub.transient["value"])
        await context.stub.put_private_data(second, key, context.stub.transient["value"])

    @query
    async def get(self, context: Context, collection: str, key: str) -> str | None:
        return _text(await context.stub.get_private_data(collection, key))

    @query
    async def get_many(self, context: Context, collection: str, keys: list[str]) -> list[str | None]:
        return [_text(value) for value in await context.stub.get_private_data_many(collection, keys)]

    @query
    async def range(self, context: Context, collection: str, start: str, end: str) -> list[Pair]:
        entries = context.stub.get_private_data_by_range(collection, start, end)
        return [(entry.key, entry.value.decode()) async for entry in entries]

    @query
    async def hash(self, context: Context, collection: str, key: str) -> str | None:
        found = await context.stub.get_private_data_hash(collection, key)
        return None if found is None else found.hex()

    @transaction
    async def delete(self, context: Context, collection: str, key: str) -> None:
        await context.stub.delete_private_data(collection, key)

    @transaction
    async def purge(self, context: Context, collection: str, key: str) -> None:
        await context.stub.purge_private_data(collection, key)

    @transaction
    async def publish(self, context: Context, collection: str, key: str, target: str) -> None:
        """Reads a private value, writes its length in public."""
        value = await context.stub.get_private_data(collection, key)
        await context.stub.put_state(target, str(len(value or b"")).encode())

    @transaction
    async def compare(self, context: Context, collection: str, key: str, expected: str, target: str) -> bool:
        """Reads a private hash, writes whether it is the expected one."""
        found = await context.stub.get_private_data_hash(collection, key)
        same = found is not None and found.hex() == expected
        await context.stub.put_state(target, str(same).encode())
        return same

    @transaction
    async def guard(self, context: Context, collection: str, key: str, policy: str) -> None:
        encoded = EndorsementPolicy.parse(policy).to_bytes()
        await context.stub.set_private_data_validation_parameter(collection, key, encoded)


class ProbeContract(Contract):
    """Policies, events, other channels, and what a contract must not do."""

    name: ClassVar[str] = "probe"

    @transaction
    async def guard(self, context: Context, key: str, policy: str) -> None:
        await context.stub.set_state_validation_parameter(key, EndorsementPolicy.parse(policy).to_bytes())

    @query
    async def policy(self, context: Context, key: str) -> str | None:
        found = await context.stub.get_state_validation_parameter(key)
        return None if found is None else str(EndorsementPolicy.from_bytes(found))

    @transaction
    async def put_with_event(self, context: Context, key: str, value: str, event: str) -> None:
        await context.stub.put_state(key, value.encode())
        context.set_event(event, {"key": key})

    @query
    async def ask(self, context: Context, chaincode: str, channel: str, call: list[str]) -> tuple[int, str, str]:
        """Status, message and payload of a call to another channel."""
        answer = await context.stub.invoke_chaincode(chaincode, [part.encode() for part in call], channel)
        return answer.status, answer.message, answer.payload.decode()

    @transaction
    async def copy_from(self, context: Context, chaincode: str, channel: str, key: str, target: str) -> str:
        """Reads a key on another channel, writes it here."""
        answer = await context.stub.invoke_chaincode(chaincode, [b"state:get", key.encode()], channel)
        await context.stub.put_state(target, answer.payload)
        return answer.payload.decode()

    @query
    async def transient(self, context: Context) -> dict[str, str]:
        return {name: value.decode() for name, value in sorted(context.stub.transient.items())}

    @query
    async def creator(self, context: Context) -> tuple[str, str, str]:
        return context.creator.msp_id, context.creator.certificate_hash, context.transaction_id

    @transaction
    async def fail(self, context: Context, kind: Failure, message: str) -> None:
        await context.stub.put_state("failed", b"written and thrown away")
        raise FAILURES[kind](message, hint="of the probe")

    @transaction
    async def crash(self, context: Context) -> None:
        raise ZeroDivisionError("a bug with secret contents")

    @transaction
    async def random(self, context: Context, key: str) -> None:
        """What a contract must never do."""
        await context.stub.put_state(key, os.urandom(8).hex().encode())


def probe(name: str = PROBE) -> Chaincode:
    return Chaincode(name, [StateContract(), PrivateContract(), ProbeContract(), ExcessContract()])
