"""What the stub refuses and adds, on top of any peer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

import pytest
from tests.hlf_chaincode.memory_peer import Envelope, MemoryLedger, MemoryPeer, collected, identity

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.peer import Response, Transaction
from hlf_chaincode.stub import MAX_KEY_BYTES, LedgerStub, composite_key, split_composite_key

WHO = identity("SafeMSP", "officer")


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger(Chaincode("none", []), ["fx"], collection_readers=["SafeMSP"])


def opened(ledger: MemoryLedger) -> tuple[LedgerStub, Callable[[], None]]:
    """A new transaction's stub, and what commits it."""
    height = ledger.channels["fx"].height
    now = datetime(2026, 9, 1, tzinfo=UTC)
    transaction = Transaction(f"{height:064x}", "fx", now, WHO.msp_id, WHO.certificate, (), {})
    peer = MemoryPeer(ledger, transaction)

    def commit() -> None:
        ledger.commit(
            Envelope(transaction, Response(200), peer.reads, peer.ranges, peer.writes, peer.policies, None, ())
        )

    return LedgerStub(transaction, peer), commit


async def written(ledger: MemoryLedger, writes: Mapping[str, bytes]) -> None:
    stub, commit = opened(ledger)
    await stub.put_states(writes)
    commit()


async def test_a_transaction_does_not_read_its_own_writes(ledger: MemoryLedger) -> None:
    stub, commit = opened(ledger)
    await stub.put_state("a", b"1")
    assert await stub.get_state("a") is None
    commit()
    stub, _ = opened(ledger)
    assert await stub.get_states(["a", "b"]) == [b"1", None]


async def test_a_key_is_asked_for_once_in_a_transaction(ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    await written(ledger, {"a": b"1", "c": b"3"})
    asked: list[list[str]] = []
    many = MemoryPeer.get_states

    async def get_states(self: MemoryPeer, keys: Sequence[str], collection: str = "") -> Sequence[bytes]:
        asked.append(list(keys))
        return await many(self, keys, collection)

    monkeypatch.setattr(MemoryPeer, "get_states", get_states)
    stub, _ = opened(ledger)
    assert await stub.get_states(["a", "b", "a"]) == [b"1", None, b"1"]
    assert await stub.get_states(["b", "c", "d"]) == [None, b"3", None]
    assert await stub.get_state("c") == b"3"
    assert asked == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize("key", ["", "\x00", "a\x00b", "a\U0010ffff", "x" * (MAX_KEY_BYTES + 1)])
async def test_a_key_that_no_peer_should_get_is_refused(ledger: MemoryLedger, key: str) -> None:
    stub, _ = opened(ledger)
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: stub.get_state(key),
        lambda: stub.get_states(["a", key]),
        lambda: stub.put_state(key, b"1"),
        lambda: stub.put_states({"a": b"1", key: b"1"}),
        lambda: stub.get_private_data_many("papers-SafeMSP", [key]),
        lambda: stub.put_private_data_many("papers-SafeMSP", {key: b"1"}),
    ]
    for call in calls:
        with pytest.raises(InvalidDocument) as raised:
            await call()
        assert raised.value.field == "key"


async def test_ranges_over_simple_and_composite_keys_never_mix(ledger: MemoryLedger) -> None:
    await written(ledger, {"a": b"1", "b": b"2", composite_key("t", ["x"]): b"3"})
    stub, _ = opened(ledger)
    assert [each.key for each in await collected(stub.get_state_by_range("", ""))] == ["a", "b"]
    with pytest.raises(InvalidDocument):
        stub.get_state_by_range(composite_key("t", []), "")
    with pytest.raises(InvalidDocument):
        await stub.get_state_page("", composite_key("t", ["y"]), 10)


async def test_a_composite_range_includes_both_ends(ledger: MemoryLedger) -> None:
    days = ["2026-01-01", "2026-01-02", "2026-01-02x", "2026-01-03", "2026-01-04"]
    await written(ledger, {composite_key("t", ["a", day, "id"]): day.encode() for day in days})
    stub, _ = opened(ledger)
    found = await collected(stub.get_state_by_composite_range("t", ["a"], "2026-01-02", "2026-01-03"))
    assert [split_composite_key(each.key)[1][1] for each in found] == ["2026-01-02", "2026-01-02x", "2026-01-03"]
    assert await collected(stub.get_state_by_composite_range("t", ["b"], "2026-01-02", "2026-01-03")) == []


async def test_ranges_go_beyond_one_batch(ledger: MemoryLedger) -> None:
    await written(ledger, {f"k{i:04}": b"1" for i in range(250)})
    stub, _ = opened(ledger)
    assert len(await collected(stub.get_state_by_range("k", "l"))) == 250


async def test_pages_follow_their_bookmarks_and_refuse_others(ledger: MemoryLedger) -> None:
    keys = [composite_key("t", [f"{i}"]) for i in range(5)]
    await written(ledger, dict.fromkeys([*keys, composite_key("u", ["0"])], b"1"))
    stub, _ = opened(ledger)
    first = await stub.get_state_page_by_partial_composite_key("t", [], 3)
    second = await stub.get_state_page_by_partial_composite_key("t", [], 3, first.bookmark)
    assert [entry.key for entry in (*first.entries, *second.entries)] == keys
    assert second.bookmark == ""
    for bookmark in (composite_key("u", ["0"]), composite_key("s", []), "a"):
        with pytest.raises(InvalidDocument) as raised:
            await stub.get_state_page_by_partial_composite_key("t", [], 3, bookmark)
        assert raised.value.field == "bookmark"


async def test_private_batches_read_what_they_wrote(ledger: MemoryLedger) -> None:
    stub, commit = opened(ledger)
    await stub.put_private_data_many("papers-SafeMSP", {"a": b"1", "b": b"2"})
    commit()
    stub, _ = opened(ledger)
    assert await stub.get_private_data_many("papers-SafeMSP", ["b", "c", "a"]) == [b"2", None, b"1"]
    assert await stub.get_state("a") is None


async def test_a_chaincode_does_not_invoke_its_own_channel(ledger: MemoryLedger) -> None:
    stub, _ = opened(ledger)
    with pytest.raises(FabricError, match="cannot be invoked"):
        await stub.invoke_chaincode("exim", [b"x"], "fx")


async def test_pages_and_ranges_of_private_data_are_for_transactions_that_write_nothing(ledger: MemoryLedger) -> None:
    writes: list[Callable[[LedgerStub], Awaitable[None]]] = [
        lambda stub: stub.put_state("a", b"1"),
        lambda stub: stub.put_states({"a": b"1"}),
        lambda stub: stub.delete_state("a"),
        lambda stub: stub.put_private_data("papers-SafeMSP", "a", b"1"),
        lambda stub: stub.delete_private_data("papers-SafeMSP", "a"),
        lambda stub: stub.purge_private_data("papers-SafeMSP", "a"),
        lambda stub: stub.set_state_validation_parameter("a", b"policy"),
    ]
    for write in writes:
        stub, _ = opened(ledger)
        await stub.get_state_page("a", "b", 10)
        with pytest.raises(FabricError, match="may not write"):
            await write(stub)
        stub, _ = opened(ledger)
        await write(stub)
        with pytest.raises(FabricError, match="may not write"):
            await collected(stub.get_private_data_by_range("papers-SafeMSP", "", ""))
        await collected(stub.get_state_by_range("", ""))
