"""Blocks with private data: values to members as far as they stand, hashes to everyone, and who called what."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Protocol, cast

import pytest
from tests.conformance.listening import close, take

from hlf_chaincode.creator import creator_of
from hlf_client import Ledger
from hlf_client.wire.blocks import PrivateDataEvent


class Showing(Protocol):
    def private_data_events(self, channel: str, *, start: int) -> AsyncIterator[PrivateDataEvent]: ...


def sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


async def shown(ledger: Ledger, start: int) -> list[PrivateDataEvent]:
    """The blocks of the bank channel from a number on."""
    if not hasattr(ledger, "private_data_events"):
        pytest.skip("the carrier for older networks shows no private data")
    height = (await ledger.channel_info("bank")).height
    events = cast("Showing", ledger).private_data_events("bank", start=start)
    found = await take(events, height - start)
    await close(events)
    return found


async def test_values_are_shown_to_members_and_hashes_to_everyone(exim: Ledger, trade: Ledger) -> None:
    start = (await exim.channel_info("bank")).height
    for value in (b"one", b"two"):
        await exim.submit("bank", "private:put", "exim-safe", "a", transient={"value": value})
    await exim.submit("bank", "private:put", "exim-safe", "b", transient={"value": b"gone"})
    await exim.submit("bank", "private:delete", "exim-safe", "b")
    await exim.submit("bank", "state:put", "open", "to all")
    mine, theirs = await shown(exim, start), await shown(trade, start)
    written = [
        ("a", sha256("one")), ("a", sha256("two")), ("b", sha256("gone")), ("b", None),
    ]  # fmt: skip
    for blocks in (mine, theirs):
        hashed = [write for event in blocks for write in event.hashed]
        assert [(each.collection, each.key_hash, each.value_hash) for each in hashed] == [
            ("exim-safe", sha256(key), value) for key, value in written
        ]
        public = [write for event in blocks for write in event.public if write.chaincode == hashed[0].chaincode]
        assert [(each.key, each.value) for each in public] == [("open", b"to all")]
        called = [caller.function for event in blocks for caller in event.callers]
        assert called == ["private:put", "private:put", "private:put", "private:delete", "state:put"]
    values = [(each.key, each.value) for event in mine for each in event.writes if each.value is not None]
    assert ("a", b"two") in values
    assert set(values) <= {("a", b"one"), ("a", b"two"), ("b", b"gone")}
    assert [write for event in theirs for write in event.writes] == []
    assert [event.block for event in mine] == [event.block for event in theirs]


async def test_a_block_says_whose_certificate_signed(exim: Ledger) -> None:
    start = (await exim.channel_info("bank")).height
    await exim.submit("bank", "state:put", "a", "b")
    (event,) = await shown(exim, start)
    (caller,) = event.callers
    creator = creator_of(caller.msp_id, caller.certificate)
    assert (creator.msp_id, creator.certificate_hash) == (exim.msp_id, exim.certificate_hash)
    assert caller.transaction_id == event.block.transactions[0].transaction_id


async def test_a_key_that_comes_again_after_a_deletion_is_shown(exim: Ledger) -> None:
    """The embedded ledger's rows get the numbers of rows that were deleted."""
    start = (await exim.channel_info("bank")).height
    for key in ("x", "y"):
        await exim.submit("bank", "private:put", "exim-safe", key, transient={"value": key.encode()})
    before = await shown(exim, start)
    assert {write.key for event in before for write in event.writes} == {"x", "y"}
    for key in ("x", "y"):
        await exim.submit("bank", "private:delete", "exim-safe", key)
    for key in ("y", "z"):
        await exim.submit("bank", "private:put", "exim-safe", key, transient={"value": b"again"})
    after = await shown(exim, start)
    assert {(w.key, w.value) for event in after for w in event.writes if w.value == b"again"} == {
        ("y", b"again"), ("z", b"again"),
    }  # fmt: skip
