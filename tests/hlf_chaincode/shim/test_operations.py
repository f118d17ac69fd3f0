"""Every operation of the stub over a real gRPC stream, to a peer that takes batches and to one that does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from tests.hlf_chaincode.memory_peer import MemoryLedger, identity
from tests.hlf_chaincode.shim.fake_peer import BATCHES, FakePeer, connected

from hlf_chaincode.errors import FabricError, InvalidDocument, NotAuthorized, from_message
from hlf_chaincode.peer import Response
from hlf_chaincode.policies import EndorsementPolicy
from hlf_chaincode.shim import ChaincodeServer

SAFE = identity("SafeMSP", "officer")
BANK = identity("EximbankMSP", "officer")
POLICY = "AND('EximbankMSP.peer', 'SafeMSP.peer')"


@pytest.fixture(params=["3.1", "2.5"])
async def either(
    request: pytest.FixtureRequest, server: ChaincodeServer, ledger: MemoryLedger
) -> AsyncIterator[FakePeer]:
    """A peer that takes batches, and one that does not."""
    ready = BATCHES.SerializeToString() if request.param == "3.1" else b""
    async with connected(ledger, f"127.0.0.1:{server.port}", ready=ready) as peer:
        yield peer
        assert peer.violations == []


async def value(answer: Awaitable[Response]) -> Any:
    """The JSON of a result. Raises the typed error of an error response."""
    response = await answer
    if not 200 <= response.status < 400:
        raise from_message(response.status, response.message)
    return json.loads(response.payload)


async def test_it_registers_by_package_id(peer: FakePeer) -> None:
    assert peer.package_id == "probe_1.0:abc"


async def test_state(either: FakePeer) -> None:
    assert await value(either.submit(SAFE, "fx", "state:put", "a", "1")) == "1"
    assert await value(either.call(SAFE, "fx", "state:get", "a")) == "1"
    assert await value(either.call(SAFE, "fx", "state:get", "b")) is None
    assert await value(either.submit(SAFE, "fx", "state:swap", "a", "2")) == ["1", "1"]
    await value(either.submit(SAFE, "fx", "state:put_many", {"c": "3", "b": "2"}))
    assert await value(either.call(SAFE, "fx", "state:get_many", ["c", "x", "a", "b"])) == ["3", None, "2", "2"]
    await value(either.submit(SAFE, "fx", "state:delete", "a"))
    assert await value(either.call(SAFE, "fx", "state:get", "a")) is None


async def test_ranges_pages_composite_keys_and_history(either: FakePeer) -> None:
    await value(either.submit(SAFE, "fx", "state:put_many", {f"k{number:03}": "1" for number in range(250)}))
    found = await value(either.call(SAFE, "fx", "state:range", "k", "l"))
    assert [key for key, _ in found] == [f"k{number:03}" for number in range(250)]
    first, bookmark = await value(either.call(SAFE, "fx", "state:page", "k", "l", 240, ""))
    rest, end = await value(either.call(SAFE, "fx", "state:page", "k", "l", 240, bookmark))
    assert (len(first), len(rest), end) == (240, 10, "")
    for attributes in (["x", "1"], ["x", "2"], ["y", "1"]):
        await value(either.submit(SAFE, "fx", "state:put_composite", "kind", attributes, "v"))
    assert await value(either.call(SAFE, "fx", "state:partial", "kind", ["x"])) == [
        [["x", "1"], "v"],
        [["x", "2"], "v"],
    ]
    await value(either.submit(SAFE, "fx", "state:put", "k000", "2"))
    await value(either.submit(SAFE, "fx", "state:delete", "k000"))
    changes = await value(either.call(SAFE, "fx", "state:history", "k000"))
    assert [entry for _, entry in changes] == [None, "2", "1"]


async def test_a_history_goes_beyond_one_batch(either: FakePeer) -> None:
    for number in range(120):
        await either.submit(SAFE, "fx", "state:put", "a", f"{number}")
    changes = await value(either.call(SAFE, "fx", "state:history", "a"))
    assert [entry for _, entry in changes] == [f"{number}" for number in reversed(range(120))]


async def test_private_data(either: FakePeer) -> None:
    collection, secret = "papers-EximbankMSP", {"value": b"secret"}
    await value(either.submit(BANK, "bank", "private:put", collection, "a", transient=secret))
    assert await value(either.call(SAFE, "bank", "private:get", collection, "a")) == "secret"
    assert await value(either.call(SAFE, "bank", "private:get_many", collection, ["a", "b"])) == ["secret", None]
    assert await value(either.call(SAFE, "bank", "private:range", collection, "", "")) == [["a", "secret"]]
    stranger = identity("TradebankMSP", "officer")
    with pytest.raises(FabricError, match="no member"):
        await value(either.call(stranger, "bank", "private:get", collection, "a"))
    digest = await value(either.call(stranger, "bank", "private:hash", collection, "a"))
    assert isinstance(digest, str)
    assert len(digest) == 64
    await value(either.submit(BANK, "bank", "private:purge", collection, "a"))
    assert await value(either.call(SAFE, "bank", "private:get", collection, "a")) is None


async def test_a_refused_write_is_the_transactions_error(either: FakePeer) -> None:
    stranger = identity("TradebankMSP", "officer")
    call = either.submit(stranger, "bank", "private:put", "papers-EximbankMSP", "a", transient={"value": b"1"})
    with pytest.raises(FabricError, match="no member"):
        await value(call)


async def test_key_level_endorsement(either: FakePeer, ledger: MemoryLedger) -> None:
    assert await value(either.call(SAFE, "bank", "probe:policy", "a")) is None
    await value(either.submit(SAFE, "bank", "state:put", "a", "1"))
    await value(either.submit(SAFE, "bank", "probe:guard", "a", POLICY))
    policy = EndorsementPolicy.from_bytes(ledger.channels["bank"].policies["", "a"])
    assert await value(either.call(SAFE, "bank", "probe:policy", "a")) == str(policy)
    await value(either.submit(BANK, "bank", "private:guard", "papers-EximbankMSP", "a", POLICY))
    assert ("papers-EximbankMSP", "a") in ledger.channels["bank"].policies


async def test_events_transient_creator_and_metadata(either: FakePeer, ledger: MemoryLedger) -> None:
    await value(either.submit(SAFE, "fx", "probe:put_with_event", "a", "1", "written"))
    assert ledger.channels["fx"].events == [("written", {"key": "a"})]
    assert await value(either.call(SAFE, "fx", "probe:transient", transient={"b": b"2", "a": b"1"})) == {
        "a": "1",
        "b": "2",
    }
    call = either.begin(SAFE, "fx", "probe:creator")
    message = await either.answer_to(call)
    assert call.transaction.id in message.payload.decode(errors="replace")
    assert SAFE.certificate_hash in message.payload.decode(errors="replace")
    described = await value(either.call(SAFE, "fx", "org.hyperledger.fabric:GetMetadata"))
    assert "contracts" in described


async def test_another_channel_is_read_on_the_same_stream(either: FakePeer) -> None:
    await value(either.submit(SAFE, "customs", "state:put", "a", "there"))
    assert await value(either.submit(SAFE, "fx", "probe:copy_from", "probe", "customs", "a", "here")) == '"there"'
    assert await value(either.call(SAFE, "fx", "state:get", "here")) == '"there"'
    status, message, _ = await value(either.call(SAFE, "fx", "probe:ask", "probe", "customs", ["state:nothing"]))
    assert status == InvalidDocument.status
    assert "state:nothing" in message
    with pytest.raises(FabricError):
        await value(either.call(SAFE, "fx", "probe:ask", "probe", "nowhere", ["state:get", "a"]))


async def test_calls_that_cross_between_channels_do_not_wait_for_each_other(peer: FakePeer) -> None:
    await value(peer.submit(SAFE, "customs", "state:put", "a", "1"))
    await value(peer.submit(SAFE, "fx", "state:put", "a", "2"))
    calls = [
        peer.call(SAFE, here, "probe:ask", "probe", there, ["state:get", "a"])
        for here, there in [("fx", "customs"), ("customs", "fx")] * 20
    ]
    answers = await asyncio.gather(*calls)
    assert {answer.status for answer in answers} == {200}


async def test_an_iterator_that_is_left_early_is_closed_at_once(peer: FakePeer) -> None:
    await value(peer.submit(SAFE, "fx", "state:put_many", {f"k{number:03}": "1" for number in range(250)}))
    call = peer.begin(SAFE, "fx", "state:first_into", "k", "l", 3, "target")
    await peer.answer_to(call)
    assert call.requests == ["GET_STATE_BY_RANGE", "QUERY_STATE_CLOSE", "WRITE_BATCH_STATE"]


async def test_many_reads_and_writes_go_in_one_message_where_the_peer_takes_it(
    peer: FakePeer, old_peer: FakePeer
) -> None:
    writes = {f"{number}": "1" for number in range(5)}
    for each, expected in ((peer, ["WRITE_BATCH_STATE"]), (old_peer, ["PUT_STATE"] * 5)):
        call = each.begin(SAFE, "fx", "state:put_many", writes)
        await each.answer_to(call)
        assert call.requests == expected
    for each, expected in ((peer, ["GET_STATE_MULTIPLE"]), (old_peer, ["GET_STATE"] * 5)):
        call = each.begin(SAFE, "fx", "state:get_many", list(writes))
        await each.answer_to(call)
        assert call.requests == expected


@pytest.mark.parametrize(
    ("kind", "status"),
    [("InvalidDocument", 400), ("NotAuthorized", 403), ("NotFound", 404), ("Conflict", 409), ("Refused", 422)],
)
async def test_a_contracts_error_is_a_response_with_its_type(peer: FakePeer, kind: str, status: int) -> None:
    response = await peer.call(SAFE, "fx", "probe:fail", json.dumps(kind), "拒绝")
    assert response.status == status
    error = from_message(response.status, response.message)
    assert (type(error).__name__, error.message, error.details) == (kind, "拒绝", {"hint": "of the probe"})


async def test_a_failed_transaction_sends_no_writes_and_no_event(peer: FakePeer) -> None:
    call = peer.begin(SAFE, "fx", "probe:fail", '"Refused"', "no")
    message = await peer.answer_to(call)
    assert call.requests == []
    assert not message.HasField("chaincode_event")


async def test_a_peers_refusal_is_typed(peer: FakePeer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def denied(*_: object) -> bytes:
        raise FabricError("tx creator does not have read access permission on privatedata in chaincodeName:exim")

    monkeypatch.setattr("tests.hlf_chaincode.memory_peer.MemoryPeer.get_state", denied)
    with pytest.raises(NotAuthorized, match="read access permission"):
        await value(peer.call(SAFE, "fx", "state:get", "a"))
