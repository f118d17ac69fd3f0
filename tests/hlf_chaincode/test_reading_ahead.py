"""Queries that read ahead: fewer requests, and always what stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest
from tests.hlf_chaincode.memory_peer import MemoryLedger, MemoryPeer, identity

from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction
from hlf_chaincode.contract._ahead import ReadingAhead
from hlf_chaincode.errors import FabricError
from hlf_chaincode.peer import Transaction
from hlf_chaincode.stub import LedgerStub

ONE, OTHER = identity("OneMSP", "anna"), identity("OtherMSP", "otto")


class Chain(Contract):
    """Each key says where the next one is."""

    name: ClassVar[str] = "chain"

    @query(ahead=True)
    async def follow(self, context: Context, first: str) -> list[str]:
        """The keys from the first one on."""
        found = [first]
        while (value := await context.stub.get_state(found[-1])) is not None:
            found.append(value.decode())
        return found

    @query(ahead=True)
    async def private(self, context: Context, keys: list[str]) -> list[str]:
        """Private values, one after the other."""
        found = [await context.stub.get_private_data("papers-OneMSP", key) for key in keys]
        return [(value or b"").decode() for value in found]

    @transaction
    async def put(self, context: Context, key: str, value: str) -> None:
        await context.stub.put_state(key, value.encode())

    @transaction
    async def put_private(self, context: Context, key: str, value: str) -> None:
        await context.stub.put_private_data("papers-OneMSP", key, value.encode())


@pytest.fixture
async def ledger() -> MemoryLedger:
    made = MemoryLedger(Chaincode("chain", [Chain()]), ["main", "side"])
    for key, value in (("a", "b"), ("b", "c"), ("c", "d")):
        await made.submit(ONE, "main", "chain:put", key, value)
    return made


async def requests(ledger: MemoryLedger, who: object = ONE, channel: str = "main") -> list[str]:
    await ledger.endorse(who, channel, "chain:follow", "a")  # type: ignore[arg-type]  # an identity
    return ledger.last_requests


async def test_what_was_read_is_asked_for_at_once(ledger: MemoryLedger) -> None:
    assert await requests(ledger) == ["get_state"] * 4
    assert await requests(ledger) == ["get_states"]
    assert await ledger.evaluate(ONE, "main", "chain:follow", "a") == ["a", "b", "c", "d"]


async def test_each_call_reads_what_stands(ledger: MemoryLedger) -> None:
    await requests(ledger)
    await ledger.submit(ONE, "main", "chain:put", "b", "x")
    assert await ledger.evaluate(ONE, "main", "chain:follow", "a") == ["a", "b", "x"]
    await ledger.submit(ONE, "main", "chain:put", "x", "y")
    assert await ledger.evaluate(ONE, "main", "chain:follow", "a") == ["a", "b", "x", "y"]
    await ledger.submit(ONE, "main", "chain:put", "a", "z")
    assert await ledger.evaluate(ONE, "main", "chain:follow", "a") == ["a", "z"]


async def test_what_is_read_no_more_is_forgotten(ledger: MemoryLedger) -> None:
    await requests(ledger)
    await ledger.submit(ONE, "main", "chain:put", "a", "z")
    await requests(ledger)  # reads b, c and d ahead for the last time
    envelope = await ledger.endorse(ONE, "main", "chain:follow", "a")
    assert {key for _, key in envelope.reads} == {"a", "z"}


async def test_who_asks_and_where_tells_calls_apart(ledger: MemoryLedger) -> None:
    """Another organisation may not read what this one does; another channel has other keys."""
    await requests(ledger)
    assert await requests(ledger, OTHER) == ["get_state"] * 4
    assert await requests(ledger, channel="side") == ["get_state"]


async def test_what_a_peer_refuses_is_left_to_the_contract(
    ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ledger.submit(ONE, "main", "chain:put_private", "p", "one", endorsers=["OneMSP"])
    for _ in range(2):
        assert await ledger.evaluate(ONE, "main", "chain:private", ["p", "q"]) == ["one", ""]
    genuine = MemoryPeer.get_states

    async def refusing(peer: MemoryPeer, keys: Sequence[str], collection: str = "") -> Sequence[bytes]:
        if collection:
            raise FabricError("no private data of that version here yet")
        return await genuine(peer, keys, collection)

    monkeypatch.setattr(MemoryPeer, "get_states", refusing)
    assert await ledger.evaluate(ONE, "main", "chain:private", ["p", "q"]) == ["one", ""]


async def test_a_transaction_reads_what_it_asks_for_alone(ledger: MemoryLedger) -> None:
    """Its read set is compared between peers, which do not remember the same calls."""
    await requests(ledger)
    envelope = await ledger.endorse(ONE, "main", "chain:put", "a", "b")
    assert envelope.reads == {}
    assert not Chain.functions["put"].ahead
    assert LedgerStub(envelope.transaction, MemoryPeer(ledger, envelope.transaction)).asked == {}


def _call(number: int, ledger: MemoryLedger) -> Transaction:
    return Transaction(f"{number}", "main", ledger.now, "OneMSP", b"", (b"chain:follow", str(number).encode()), {})


def test_what_is_remembered_is_bounded(ledger: MemoryLedger) -> None:
    """By the keys of all calls together; a call that is remembered anew counts once."""
    ahead = ReadingAhead()
    keys = [str(number) for number in range(2048)]
    for number in range(40):
        ahead.remember(_call(number, ledger), {"": keys})
        ahead.remember(_call(number, ledger), {"": keys[:1024], "private": keys[1024:]})
    assert [bool(ahead.of(_call(number, ledger))) for number in (0, 7, 8, 39)] == [False, False, True, True]
    ahead.remember(_call(39, ledger), {"": [*keys, "one more"]})
    assert ahead.of(_call(39, ledger)) == {}
    for number in range(40, 41 + 2048):
        ahead.remember(_call(number, ledger), {"": ["a"]})
    assert [bool(ahead.of(_call(number, ledger))) for number in (8, 9, 10)] == [False, True, True]


def test_a_call_that_reads_nothing_is_forgotten_too(ledger: MemoryLedger) -> None:
    ahead = ReadingAhead()
    for number in range(65_537):
        ahead.remember(_call(number, ledger), {})
    assert len(ahead._calls) == 65_536


def test_words_that_run_together_are_other_words(ledger: MemoryLedger) -> None:
    ahead, one = ReadingAhead(), _call(1, ledger)
    ahead.remember(one, {"": ["a"]})
    parted = Transaction("2", "main", ledger.now, "OneMSP", b"", (b"chain:follow1", b""), {})
    assert ahead.of(parted) == {}
