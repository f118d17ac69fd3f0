"""Public state: what is written is read, in order, in pages, with its history."""

from __future__ import annotations

import asyncio
import json

import pytest

from hlf_client import Ledger
from hlf_client.errors import InvalidDocument

KEYS = [f"k{number:03}" for number in range(250)]


async def ask(ledger: Ledger, function: str, *args: object) -> object:
    return json.loads(await ledger.evaluate("bank", function, *args))


async def test_a_submit_answers_and_changes_the_ledger(exim: Ledger, safe: Ledger) -> None:
    commit = await exim.submit("bank", "state:put", "a", "1")
    assert json.loads(commit.result) == "1"
    assert await ask(safe, "state:get", "a") == "1"


async def test_a_missing_key_is_none(exim: Ledger) -> None:
    assert await ask(exim, "state:get", "nothing") is None
    await exim.submit("bank", "state:put", "a", "1")
    assert await ask(exim, "state:get_many", ["b", "a", "c"]) == [None, "1", None]


async def test_a_query_that_is_evaluated_changes_nothing(exim: Ledger) -> None:
    await exim.evaluate("bank", "state:put", "a", "1")
    assert await ask(exim, "state:get", "a") is None


async def test_a_transaction_does_not_read_its_own_writes(exim: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "old")
    commit = await exim.submit("bank", "state:swap", "a", "new")
    assert json.loads(commit.result) == ["old", "old"]
    assert await ask(exim, "state:get", "a") == "new"


async def test_many_writes_go_together(exim: Ledger) -> None:
    await exim.submit("bank", "state:put_many", {"a": "1", "b": "2", "中": "3"})
    assert await ask(exim, "state:get_many", ["a", "b", "中"]) == ["1", "2", "3"]


async def test_a_deleted_key_is_gone_and_can_come_back(exim: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "1")
    await exim.submit("bank", "state:delete", "a")
    assert await ask(exim, "state:get", "a") is None
    assert await ask(exim, "state:range", "", "") == []
    await exim.submit("bank", "state:put", "a", "2")
    assert await ask(exim, "state:get", "a") == "2"


async def test_deleting_what_is_not_there_is_no_error(exim: Ledger) -> None:
    await exim.submit("bank", "state:delete", "nothing")


async def test_channels_have_separate_states(exim: Ledger) -> None:
    await exim.submit("bank", "state:put", "a", "bank's")
    assert json.loads(await exim.evaluate("fx", "state:get", "a")) is None


async def test_a_range_is_sorted_by_bytes_and_excludes_its_end(exim: Ledger) -> None:
    await exim.submit("bank", "state:put_many", dict.fromkeys(["b", "a", "aa", "Z", "é", "中", "c"], "x"))
    assert await ask(exim, "state:range", "a", "c") == [["a", "x"], ["aa", "x"], ["b", "x"]]
    found = await ask(exim, "state:range", "", "")
    assert isinstance(found, list)
    assert [key for key, _ in found] == ["Z", "a", "aa", "b", "c", "é", "中"]


async def test_a_range_goes_on_beyond_one_batch(exim: Ledger) -> None:
    await exim.submit("bank", "state:put_many", dict.fromkeys(KEYS, "x"))
    found = await ask(exim, "state:range", "k", "l")
    assert isinstance(found, list)
    assert [key for key, _ in found] == KEYS


async def test_an_open_range_holds_no_composite_keys(exim: Ledger) -> None:
    await exim.submit("bank", "state:put_composite", "kind", ["a", "1"], "composite")
    await exim.submit("bank", "state:put", "a", "simple")
    assert await ask(exim, "state:range", "", "") == [["a", "simple"]]


async def test_composite_keys_are_found_by_their_first_attributes(exim: Ledger) -> None:
    for attributes in (["a", "1"], ["a", "2"], ["a", "10"], ["ab", "1"], ["b", "1"]):
        await exim.submit("bank", "state:put_composite", "kind", attributes, "-".join(attributes))
    await exim.submit("bank", "state:put_composite", "kinds", ["a", "1"], "another kind")
    assert await ask(exim, "state:partial", "kind", ["a"]) == [
        [["a", "1"], "a-1"],
        [["a", "10"], "a-10"],
        [["a", "2"], "a-2"],
    ]
    assert await ask(exim, "state:between", "kind", ["a"], "10", "2") == [["a", "10"], ["a", "2"]]


async def test_pages_follow_one_another(exim: Ledger) -> None:
    await exim.submit("bank", "state:put_many", dict.fromkeys(KEYS, "x"))
    keys: list[str] = []
    bookmark, sizes = "", []
    while True:
        found = await ask(exim, "state:page", "k", "l", 120, bookmark)
        assert isinstance(found, list)
        entries, bookmark = found
        keys += [key for key, _ in entries]
        sizes.append(len(entries))
        if not bookmark:
            break
    assert keys == KEYS
    assert sizes == [120, 120, 10]


async def test_a_page_that_ends_with_the_range_has_no_bookmark(exim: Ledger) -> None:
    await exim.submit("bank", "state:put_many", {"a": "1", "b": "2"})
    assert await ask(exim, "state:page", "a", "c", 2, "") == [[["a", "1"], ["b", "2"]], ""]


async def test_history_is_newest_first_with_deletions(exim: Ledger) -> None:
    ids = [
        (await exim.submit("bank", *call)).transaction_id
        for call in (("state:put", "a", "1"), ("state:delete", "a"), ("state:put", "a", "2"))
    ]
    assert await ask(exim, "state:history", "a") == [[ids[2], "2"], [ids[1], None], [ids[0], "1"]]


async def test_a_long_history_comes_whole(exim: Ledger) -> None:
    await asyncio.gather(*(exim.submit("bank", "state:put", "a", str(number)) for number in range(105)))
    found = await ask(exim, "state:history", "a")
    assert isinstance(found, list)
    values = [value for _, value in found]
    assert sorted(values, key=int) == [str(number) for number in range(105)]
    assert values[0] == await ask(exim, "state:get", "a")


@pytest.mark.parametrize("key", ["", "\x00", "a\x00b", "k" * 1025])
async def test_keys_that_no_ledger_takes_are_refused(exim: Ledger, key: str) -> None:
    with pytest.raises(InvalidDocument):
        await exim.submit("bank", "state:put", key, "1")


async def test_large_values_survive(exim: Ledger) -> None:
    values = {f"k{number}": "汉" * 50_000 for number in range(3)}
    await exim.submit("bank", "state:put_many", values)
    assert await ask(exim, "state:get_many", list(values)) == list(values.values())
