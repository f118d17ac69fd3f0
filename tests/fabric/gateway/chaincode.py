"""The scenarios' chaincode: it echoes, writes, refuses, crashes, emits and disagrees on demand, at the named peers.

Each organisation's server makes it with that organisation's own factory, so a contract knows at whose peer it runs.
"""

from __future__ import annotations

import os
from typing import ClassVar

from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction
from hlf_chaincode.errors import Refused, from_message
from hlf_chaincode.peer import Response
from hlf_chaincode.policies import EndorsementPolicy
from hlf_chaincode.stub import LedgerStub

__all__ = ["CHAINCODE", "org1", "org2", "org3"]

CHAINCODE = "scenario"


class PublicContract(Contract):
    """Public state, events, and misbehaviour. `at` lists the MSP ids of the peers that a function is about."""

    name: ClassVar[str] = "public"

    def __init__(self, msp_id: str) -> None:
        self._msp_id = msp_id

    @query
    async def echo(self, context: Context, value: str) -> str:
        return value

    @query
    async def peer(self, context: Context) -> str:
        """At whose peer this is answered."""
        return self._msp_id

    @query
    async def transient(self, context: Context) -> dict[str, str]:
        return {name: value.decode() for name, value in context.stub.transient.items()}

    @transaction
    async def put(self, context: Context, key: str, value: str) -> str:
        await context.stub.put_state(key, value.encode())
        return value

    @query
    async def get(self, context: Context, keys: list[str]) -> list[str | None]:
        return [None if value is None else value.decode() for value in await context.stub.get_states(keys)]

    @transaction
    async def put_only_at(self, context: Context, at: list[str], key: str) -> str:
        """Writes who endorses, and does so at no other peer."""
        if self._msp_id not in at:
            raise Refused(f"{self._msp_id} was not to be asked")
        endorsers = " and ".join(at)
        await context.stub.put_state(key, endorsers.encode())
        return endorsers

    @transaction
    async def put_unless_at(self, context: Context, at: list[str], key: str, value: str) -> str:
        """Writes, and refuses at the named peers."""
        if self._msp_id in at:
            raise Refused(f"{self._msp_id} does not want to")
        await context.stub.put_state(key, value.encode())
        return value

    @transaction
    async def put_own_name(self, context: Context, key: str) -> None:
        """What a contract must never do: every organisation writes something else."""
        await context.stub.put_state(key, self._msp_id.encode())

    @query
    async def crash_at(self, context: Context, at: list[str]) -> str:
        """Kills the chaincode server at the named peers; answers at the others with who they are."""
        if self._msp_id in at:
            os._exit(70)
        return self._msp_id

    @transaction
    async def emit(self, context: Context, event: str, value: str) -> str:
        context.set_event(event, {"value": value})
        return value

    @transaction
    async def guard(self, context: Context, key: str, policy: str) -> None:
        """From the next block on a change of the key needs this policy."""
        await context.stub.set_state_validation_parameter(key, EndorsementPolicy.parse(policy).to_bytes())


class PrivateContract(Contract):
    """Private collections; values come in transient `value`."""

    name: ClassVar[str] = "private"

    @transaction
    async def put(self, context: Context, collections: list[str], key: str) -> None:
        for collection in collections:
            await context.stub.put_private_data(collection, key, context.stub.transient["value"])

    @query
    async def get(self, context: Context, collection: str, key: str) -> str | None:
        value = await context.stub.get_private_data(collection, key)
        return None if value is None else value.decode()


class PlainSpoken(Chaincode):
    """Answers errors in plain words, as other people's chaincodes do; ours send JSON, which conformance looks at."""

    async def invoke(self, stub: LedgerStub) -> Response:
        response = await super().invoke(stub)
        if response.status < 400:
            return response
        return Response(response.status, from_message(response.status, response.message).message)


def org1() -> Chaincode:
    return _at("Org1MSP")


def org2() -> Chaincode:
    return _at("Org2MSP")


def org3() -> Chaincode:
    return _at("Org3MSP")


def _at(msp_id: str) -> Chaincode:
    return PlainSpoken(CHAINCODE, [PublicContract(msp_id), PrivateContract()])
