"""Events and blocks: exactly those from a checkpoint on, also over lines that break."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conformance.listening import close
from tests.hlf_client.gateway.fake import AT_ONCE, FakePeer, Refusal

from hlf_chaincode.protos.common import common_pb2, ledger_pb2
from hlf_client import Checkpoint
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotAuthorized
from hlf_client.gateway import Checkpointer, FileCheckpointer, GatewayLedger, MemoryCheckpointer, Retries
from hlf_client.identity import Identity, sign_digest
from hlf_client.wire.blocks import header_hash

Start = Callable[[], Awaitable[FakePeer]]
Connect = Callable[[Sequence[FakePeer]], GatewayLedger]
EventT = TypeVar("EventT")


async def take(events: AsyncIterator[EventT], count: int) -> list[EventT]:
    found: list[EventT] = []
    async with asyncio.timeout(20):
        while len(found) < count:
            found.append(await anext(events))
    await close(events)
    return found


BLOCKS = [(3, [("t1", "a"), ("t2", "b")]), (4, []), (6, [("t3", "c")]), (7, [("t4", "d"), ("t4", "e"), ("t5", "f")])]
NAMES = ["a", "b", "c", "d", "e", "f"]


async def test_events_come_from_a_block_on(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.events = BLOCKS
    found = await take(ledger.chaincode_events("fx", start=3), 6)
    assert [event.name for event in found] == NAMES
    assert found[2].checkpoint == Checkpoint(6, "t3")
    assert [event.name for event in await take(ledger.chaincode_events("fx", start=6), 4)] == NAMES[2:]


async def test_events_come_after_a_checkpoint(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.events = BLOCKS
    found = await take(ledger.chaincode_events("fx", after=Checkpoint(3, "t1")), 5)
    assert [event.name for event in found] == NAMES[1:]


async def test_a_checkpoint_whose_transaction_its_block_does_not_hold_stands_for_the_block(
    ledger: GatewayLedger, peer: FakePeer
) -> None:
    """Neither of another block nor of none: a gateway asked for either would send nothing for ever."""
    peer.events = BLOCKS
    for strange in ("t5", "0" * 64):
        found = await take(ledger.chaincode_events("fx", after=Checkpoint(3, strange)), 4)
        assert [event.name for event in found] == NAMES[2:]


async def test_without_a_start_events_come_from_the_next_block_on(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.events = BLOCKS
    peer.answer = ledger_pb2.BlockchainInfo(height=6, currentBlockHash=b"\x01").SerializeToString()
    assert [event.name for event in await take(ledger.chaincode_events("fx"), 4)] == NAMES[2:]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    blocks=st.lists(st.lists(st.integers(1, 2), max_size=3), min_size=1, max_size=6),
    drops=st.lists(st.integers(0, 5), max_size=6),
)
async def test_lines_that_break_lose_nothing_and_repeat_nothing(
    identity: Identity, blocks: list[list[int]], drops: list[int]
) -> None:
    """Also in the middle of a transaction's events, though Fabric itself keeps one of each."""
    first, second = await FakePeer.start(), await FakePeer.start()
    ledger = GatewayLedger([first.endpoint, second.endpoint], identity, retries=AT_ONCE, chaincode="exim")
    try:
        made = [
            (
                number,
                [
                    (f"t{number}-{n}", f"{number}-{n}-{e}")
                    for n, events in enumerate(transactions)
                    for e in range(events)
                ],
            )
            for number, transactions in enumerate(blocks)
        ]
        first.events = second.events = made
        first.drop_after, second.drop_after = drops[::2], drops[1::2]
        names = [name for _, events in made for _, name in events]
        found = await take(ledger.chaincode_events("fx", start=0), len(names))
        assert [event.name for event in found] == names
    finally:
        await ledger.close()
        await first.stop()
        await second.stop()


def block(number: int, previous: bytes) -> common_pb2.Block:
    data = common_pb2.BlockData(data=[])
    header = common_pb2.BlockHeader(number=number, previous_hash=previous, data_hash=hashlib.sha256(b"").digest())
    return common_pb2.Block(header=header, data=data, metadata=common_pb2.BlockMetadata(metadata=[b""] * 5))


async def test_blocks_come_in_order_over_lines_that_break(start: Start, connect: Connect) -> None:
    first, second = await start(), await start()
    first.blocks = second.blocks = [block(number, b"\x00") for number in range(300)]
    first.drop_after, second.drop_after = [2, 1, 100], [0, 7]
    found = await take(connect([first, second]).block_events("fx", start=1), 299)
    assert [event.number for event in found] == list(range(1, 300))
    assert found[0].checkpoint == Checkpoint(2)


async def test_filtered_blocks_come_in_order_over_lines_that_break(start: Start, connect: Connect) -> None:
    first, second = await start(), await start()
    first.blocks = second.blocks = [block(number, b"\x00") for number in range(50)]
    first.events = second.events = [(7, [("t1", "filed"), ("t2", "moved")])]
    first.drop_after, second.drop_after = [2, 1, 10], [0, 7]
    found = await take(connect([first, second]).filtered_block_events("fx", after=Checkpoint(1)), 49)
    assert [event.number for event in found] == list(range(1, 50))
    assert found[0].checkpoint == Checkpoint(2)
    valid, invalid = found[6].transactions
    assert (valid.transaction_id, valid.code, valid.events) == ("t1", "VALID", (("exim", "filed"),))
    assert (invalid.transaction_id, invalid.code) == ("t2", "NIL_ENVELOPE")


async def test_blocks_with_private_data_come_in_order_over_lines_that_break(start: Start, connect: Connect) -> None:
    first, second = await start(), await start()
    first.blocks = second.blocks = [block(number, b"\x00") for number in range(50)]
    first.drop_after, second.drop_after = [2, 1, 10], [0, 7]
    found = await take(connect([first, second]).private_data_events("fx", start=1), 49)
    assert [event.block.number for event in found] == list(range(1, 50))
    assert found[0].checkpoint == Checkpoint(2)


async def test_blocks_go_on_at_the_next_peer_when_one_dies(start: Start, connect: Connect) -> None:
    first, second = await start(), await start()
    first.blocks, second.blocks = [block(0, b"\x00")], [block(number, b"\x00") for number in range(3)]
    blocks = connect([first, second]).block_events("fx", start=0)
    assert (await anext(blocks)).number == 0
    await first.stop()
    assert [event.number for event in await take(blocks, 2)] == [1, 2]


async def test_a_listener_gives_up_when_nobody_was_there_for_too_long(peer: FakePeer, identity: Identity) -> None:
    await peer.stop()
    retries = Retries(pause=0.001, longest_pause=0.001, outage=0.2)
    async with GatewayLedger([peer.endpoint], identity, retries=retries, chaincode="exim") as ledger:
        for stream in (ledger.chaincode_events("fx", start=0), ledger.block_events("fx", start=0)):
            with pytest.raises(LedgerUnavailable):
                await take(stream, 1)


async def test_a_listener_who_may_not_hear_is_told_so_at_once(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.refuse["ChaincodeEvents"] = [Refusal(grpc.StatusCode.PERMISSION_DENIED, "no access to fx")]
    with pytest.raises(NotAuthorized, match="no access to fx"):
        await take(ledger.chaincode_events("fx", start=0), 1)
    peer.status = 403
    with pytest.raises(NotAuthorized, match="status 403"):
        await take(ledger.block_events("fx", start=0), 1)


async def test_a_listener_is_told_that_the_connection_was_closed(ledger: GatewayLedger, peer: FakePeer) -> None:
    listening = asyncio.create_task(take(ledger.chaincode_events("fx", start=0), 1))
    async with asyncio.timeout(20):
        await peer.asked.wait()
    await ledger.close()
    with pytest.raises(LedgerUnavailable, match="closed"):
        await listening


def chain(length: int) -> list[common_pb2.Block]:
    made: list[common_pb2.Block] = []
    previous = b""
    for number in range(length):
        data = common_pb2.BlockData(data=[b"one %d" % number, b"two"])
        hashed = hashlib.sha256(b"".join(data.data)).digest()
        header = common_pb2.BlockHeader(number=number, previous_hash=previous, data_hash=hashed)
        made.append(common_pb2.Block(header=header, data=data))
        previous = bytes.fromhex(header_hash(header))
    return made


def ends_with(block: common_pb2.Block) -> bytes:
    """What a peer says of a chain whose last block this is."""
    info = ledger_pb2.BlockchainInfo(
        height=block.header.number + 1, currentBlockHash=bytes.fromhex(header_hash(block.header))
    )
    return bytes(info.SerializeToString())


async def test_a_chain_is_read_and_holds_together(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.blocks = chain(5)
    peer.answer = ends_with(peer.blocks[3])  # one more has come meanwhile
    told: list[int] = []
    check = await ledger.check_chain("fx", told.append)
    assert (check.problem, check.height, check.transactions, told) == (None, 4, 8, [1, 2, 3, 4])
    assert check.last_hash == header_hash(peer.blocks[3].header)


@pytest.mark.parametrize(
    ("touched", "where", "what"),
    [("data", 2, "the transactions whose hash"), ("previous", 2, "name the block before"), ("number", 9, "of block 2"),
     ("last", 3, "index names as the last")],
)  # fmt: skip
async def test_where_a_chain_is_broken_is_named(
    ledger: GatewayLedger, peer: FakePeer, touched: str, where: int, what: str
) -> None:
    peer.blocks = chain(4)
    peer.answer = ends_with(chain(4)[3])
    match touched:
        case "data":
            peer.blocks[2].data.data[0] = b"another"
        case "previous":
            peer.blocks[2].header.previous_hash = b"\x00" * 32
        case "number":
            peer.blocks[2].header.number = 9
        case _:
            info = ledger_pb2.BlockchainInfo(height=4, currentBlockHash=b"\x00" * 32)
            peer.answer = bytes(info.SerializeToString())
    check = await ledger.check_chain("fx")
    assert check.problem is not None
    assert check.problem.block == where
    assert what in check.problem.what


async def test_a_blocks_hash_is_that_of_its_headers_der(ledger: GatewayLedger, peer: FakePeer) -> None:
    """Numbers around a byte's sign: ASN.1 integers are signed."""
    peer.blocks = [block(number, b"\xaa" * 32) for number in (0, 1, 127, 128, 255, 256, 2**31)]
    found = await take(ledger.block_events("fx", start=0), 7)
    lengths = {0: 1, 1: 1, 127: 1, 128: 2, 255: 2, 256: 2, 2**31: 5}
    for event in found:
        number = event.number.to_bytes(lengths[event.number], "big")
        body = b"\x02" + bytes([len(number)]) + number + b"\x04\x20" + b"\xaa" * 32 + b"\x04\x20"
        body += hashlib.sha256(b"").digest()
        assert event.hash == hashlib.sha256(b"\x30" + bytes([len(body)]) + body).hexdigest()


async def test_closing_one_listener_leaves_another_alone(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.events = BLOCKS
    one, other = ledger.chaincode_events("fx", start=3), ledger.chaincode_events("fx", start=3)
    assert (await anext(one)).name == (await anext(other)).name == "a"
    await close(one)
    assert (await anext(other)).name == "b"
    await close(other)


async def test_a_signer_elsewhere_is_asked_again_for_every_stream(start: Start, identity: Identity) -> None:
    """So a key in another process listens as one in this does."""
    first, second = await start(), await start()
    first.events = second.events = BLOCKS
    first.drop_after, second.drop_after = [1, 2], [0]
    asked: list[bytes] = []

    class Elsewhere:
        async def sign(self, digest: bytes) -> bytes:
            asked.append(digest)
            return await sign_digest(identity.signer, digest)

    somebody = Identity(identity.msp_id, identity.certificate, Elsewhere())
    async with GatewayLedger([first.endpoint, second.endpoint], somebody, retries=AT_ONCE, chaincode="exim") as ledger:
        found = await take(ledger.chaincode_events("fx", start=3), 6)
    assert [event.name for event in found] == NAMES
    assert len(asked) == len(first.calls("ChaincodeEvents") + second.calls("ChaincodeEvents")) == 4


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_checkpoint_is_kept(kind: str, tmp_path: Path) -> None:
    keeper: Checkpointer = MemoryCheckpointer() if kind == "memory" else FileCheckpointer(tmp_path / "at.json")
    assert keeper.load() is None
    for checkpoint in (Checkpoint(4, "t"), Checkpoint(9)):
        keeper.save(checkpoint)
        assert keeper.load() == checkpoint
    if kind == "file":
        assert FileCheckpointer(tmp_path / "at.json").load() == Checkpoint(9)
        assert [path.name for path in tmp_path.iterdir()] == ["at.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"block_number": "4"}', '{"block_number": -1}', '"x"'])
def test_a_file_that_is_no_checkpoint_is_named(content: str, tmp_path: Path) -> None:
    path = tmp_path / "at.json"
    path.write_text(content)
    with pytest.raises(InvalidDocument, match="is no checkpoint"):
        FileCheckpointer(path).load()
