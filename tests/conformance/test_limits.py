"""Every limit on every ledger: what a peer, its chaincode server or an orderer refuses is refused alike in a process.

Each refusal is tried beside the call that is just within the limit, where one costs little.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from tests.conformance.stages import words

from hlf_client import Argument, Ledger
from hlf_client.errors import FabricError, InvalidDocument, NotSupported

MIB = 1024 * 1024
KIB = 1024

Call = tuple[str, *tuple[Argument, ...]]


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (("excess:awaits",), FabricError, "the contract failed; tell its operator incident"),
        (("excess:computes", 2), FabricError, "computed for longer than 1 s at a stretch"),
        (("excess:never_ends",), FabricError, "computed for longer than 1 s at a stretch"),
        (("excess:takes", "x" * (4 * KIB + 1)), InvalidDocument, "text: at most 4096 bytes are taken"),
        (("excess:takes_json", json.dumps([1] * 100_001)), InvalidDocument, "values"),
        (("excess:gives", 16 * MIB - 1), InvalidDocument, "the result has more than 16777216 bytes"),
        (("excess:page", 1001), InvalidDocument, "a page has 1 to 1000 entries"),
        (("excess:page", 0), InvalidDocument, "a page has 1 to 1000 entries"),
        (("excess:finds", False), NotSupported, ""),
        (("excess:finds", True), NotSupported, ""),
        (("nothing",), InvalidDocument, "there is no function 'nothing'"),
        (("excess:takes",), InvalidDocument, "takes takes 1 argument (text), not 0"),
    ],
)
async def test_what_is_refused_of_a_query(exim: Ledger, call: Call, kind: type[FabricError], told: str) -> None:
    function, *arguments = call
    with pytest.raises(FabricError) as failure:
        await exim.evaluate("bank", function, *arguments)
    assert type(failure.value) is kind
    assert told in failure.value.message
    with pytest.raises(FabricError) as failure:
        await exim.submit("bank", function, *arguments)
    assert type(failure.value) is kind
    assert told in words(failure.value)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("excess:put", "k" * 1025, 1), "a key has at most 1024 bytes"),
        (("excess:put", "金" * 342, 1), "a key has at most 1024 bytes"),
        (("excess:put", "", 1), "a key may not be empty"),
        (("excess:put", "a\x00b", 1), "a key may not hold U+0000 or U+10FFFF"),
        (("excess:put", "\x00a", 1), "not a composite key"),
        (("excess:put", "a", 0), "an empty value cannot be told from none"),
        (("excess:put", "a", 4 * MIB + 1), "a value has at most 4194304 bytes"),
        (("excess:put_private", "k" * 1025, 1), "a key has at most 1024 bytes"),
        (("excess:put_private", "a", 4 * MIB + 1), "a value has at most 4194304 bytes"),
        (("excess:emits", "", 1), "a chaincode event has a name"),
        (("excess:put", "a", 4 * MIB, 3), "larger than the orderers take"),
        (("excess:emits", "large", 11 * MIB), "larger than the orderers take"),
    ],
)
async def test_what_is_refused_of_a_transaction(exim: Ledger, call: Call, told: str) -> None:
    function, *arguments = call
    with pytest.raises(InvalidDocument) as failure:
        await exim.submit("bank", function, *arguments)
    assert told in words(failure.value)
    assert json.loads(await exim.evaluate("bank", "state:range", "", "")) == []


@pytest.mark.parametrize("function", ["excess:page_and_write", "excess:private_range_and_write"])
async def test_who_reads_pages_or_private_ranges_may_not_write(exim: Ledger, function: str) -> None:
    with pytest.raises(FabricError, match="may not write"):
        await exim.submit("bank", function)


@pytest.mark.parametrize(
    "transient",
    [{f"n{number}": b"1" for number in range(1001)}, {"large": bytes(32 * MIB)}],
    ids=["values", "bytes"],
)
async def test_transient_values_are_bounded(exim: Ledger, transient: Mapping[str, bytes]) -> None:
    with pytest.raises(InvalidDocument, match="transient: at most"):
        await exim.evaluate("bank", "probe:transient", transient=transient)


@pytest.mark.parametrize(
    "call",
    [
        ("excess:takes", "x" * 4 * KIB),
        ("excess:gives", 12 * MIB),
        ("excess:put", "k" * 1024, 1),
        ("excess:put", "a", 4 * MIB, 2),
        ("excess:put_private", "a", 4 * MIB),
        ("excess:page", 1000),
    ],
    ids=str,
)
async def test_what_is_just_within_is_taken(exim: Ledger, call: Call) -> None:
    function, *arguments = call
    if "put" in function:
        assert (await exim.submit("bank", function, *arguments)).block_number > 0
    else:
        await exim.evaluate("bank", function, *arguments)


async def test_a_range_of_too_many_keys_is_refused_and_never_cut_short(exim: Ledger) -> None:
    """A peer ends an answer after 100,000 entries and does not say so."""
    for first in range(0, 100_000, 25_000):
        await exim.submit("bank", "excess:fill", first, 25_000)
    with pytest.raises(InvalidDocument, match="100000 keys"):
        await exim.evaluate("bank", "excess:count")
    await exim.submit("bank", "state:delete", "n0099999")
    assert json.loads(await exim.evaluate("bank", "excess:count")) == 99_999
