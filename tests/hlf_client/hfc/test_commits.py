"""The fate of a transaction: heard, looked up, never guessed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from hlf_chaincode.protos.peer.events_pb2 import FilteredBlock
from hlf_chaincode.protos.peer.transaction_pb2 import TxValidationCode
from hlf_client import CommitStatus
from hlf_client.errors import LedgerUnavailable, NotAuthorized
from hlf_client.hfc._commits import Commits

SECONDS = 30.0


class Peer:
    """Delivers the blocks that a test gives it, and stores what a test says it stored."""

    def __init__(self) -> None:
        self.blocks: asyncio.Queue[FilteredBlock | Exception] = asyncio.Queue()
        self.stored: dict[str, CommitStatus] = {}
        self.looked_up: list[str] = []
        self.opened: list[int] = []
        self.height = 7
        self.failure: LedgerUnavailable | None = None

    async def of_height(self) -> int:
        return self.height

    async def deliver(self, first: int) -> AsyncGenerator[FilteredBlock, None]:
        self.opened.append(first)
        while True:
            block = await self.blocks.get()
            if isinstance(block, Exception):
                raise block
            yield block

    async def look_up(self, transaction_id: str) -> CommitStatus | None:
        self.looked_up.append(transaction_id)
        if self.failure is not None:
            raise self.failure
        return self.stored.get(transaction_id)

    def commit(self, number: int, **codes: str) -> None:
        block = FilteredBlock(number=number)
        for name, code in codes.items():
            block.filtered_transactions.add(txid=name, tx_validation_code=TxValidationCode.Value(code))
        self.blocks.put_nowait(block)


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
async def commits(peer: Peer) -> AsyncIterator[Commits]:
    commits = Commits(peer.of_height, peer.deliver, peer.look_up)
    yield commits
    await commits.close()


async def test_what_is_ordered_here_is_heard_and_not_looked_up(peer: Peer, commits: Commits) -> None:
    await commits.expect("a")
    peer.commit(8, other="VALID", a="MVCC_READ_CONFLICT")
    assert await commits.status("a", SECONDS) == CommitStatus("a", 8, "MVCC_READ_CONFLICT")
    assert (peer.looked_up, peer.opened) == ([], [7])


async def test_many_share_one_listener(peer: Peer, commits: Commits) -> None:
    names = [f"t{number}" for number in range(50)]
    for name in names:
        await commits.expect(name)
    waiting = [asyncio.create_task(commits.status(name, SECONDS)) for name in names]
    peer.commit(8, **dict.fromkeys(names[:25], "VALID"))
    peer.commit(9, **dict.fromkeys(names[25:], "VALID"))
    fates = await asyncio.gather(*waiting)
    assert [each.block_number for each in fates] == [8] * 25 + [9] * 25
    assert peer.opened == [7]


async def test_what_was_ordered_elsewhere_is_looked_up(peer: Peer, commits: Commits) -> None:
    peer.stored["a"] = CommitStatus("a", 3, "VALID")
    assert await commits.status("a", SECONDS) == peer.stored["a"]


async def test_who_cannot_be_looked_up_now_is_still_heard(peer: Peer, commits: Commits) -> None:
    peer.failure = LedgerUnavailable("away")
    waiting = asyncio.create_task(commits.status("a", SECONDS))
    peer.commit(8, a="VALID")
    assert (await waiting).is_valid


async def test_what_no_block_holds_yet_is_waited_for(peer: Peer, commits: Commits) -> None:
    waiting = asyncio.create_task(commits.status("a", SECONDS))
    peer.commit(8, a="VALID")
    assert (await waiting).block_number == 8


async def test_an_envelope_that_comes_again_keeps_its_first_fate(peer: Peer, commits: Commits) -> None:
    await commits.expect("a")
    peer.stored["a"] = CommitStatus("a", 3, "VALID")
    peer.commit(8, a="DUPLICATE_TXID")
    assert await commits.status("a", SECONDS) == peer.stored["a"]


async def test_what_comes_in_no_block_in_time_is_unknown_and_named(peer: Peer, commits: Commits) -> None:
    await commits.expect("a")
    with pytest.raises(LedgerUnavailable) as failure:
        await commits.status("a", 0.01)
    assert failure.value.details == {"transaction_id": "a"}
    peer.commit(8, a="VALID")
    assert (await commits.status("a", SECONDS)).block_number == 8


async def test_a_block_that_the_listener_missed_is_found_at_the_end(peer: Peer, commits: Commits) -> None:
    await commits.expect("a")
    peer.stored["a"] = CommitStatus("a", 8, "VALID")
    assert await commits.status("a", 0.01) == peer.stored["a"]


async def test_a_listener_that_is_refused_says_so_and_the_next_transaction_begins_anew(
    peer: Peer, commits: Commits
) -> None:
    await commits.expect("a")
    peer.blocks.put_nowait(NotAuthorized("no"))
    with pytest.raises(NotAuthorized):
        await commits.status("a", SECONDS)
    peer.height = 9
    await commits.expect("b")
    peer.commit(9, b="VALID")
    assert (await commits.status("b", SECONDS)).is_valid
    assert peer.opened == [7, 9]


async def test_closing_fails_who_waits(peer: Peer, commits: Commits) -> None:
    await commits.expect("a")
    waiting = asyncio.create_task(commits.status("a", SECONDS))
    await asyncio.sleep(0)
    await commits.close()
    with pytest.raises(LedgerUnavailable):
        await waiting
