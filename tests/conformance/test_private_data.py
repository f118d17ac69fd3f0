"""Private collections: values for members only, hashes for everyone."""

from __future__ import annotations

import hashlib
import json
from typing import cast

import pytest
from tests.conformance.providers import Connect
from tests.conformance.stages import endorsed, fate, ordered

from hlf_client import Ledger
from hlf_client.errors import EndorsementFailed, FabricError, NotAuthorized, NotFound

SECRET = {"value": b"secret"}
HASH = hashlib.sha256(b"secret").hexdigest()


async def ask(ledger: Ledger, function: str, *args: object) -> object:
    return json.loads(await ledger.evaluate("bank", function, *args))


async def test_members_read_the_value_and_everyone_the_hash(exim: Ledger, safe: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "private:put", "exim-safe", "a", transient=SECRET)
    assert await ask(exim, "private:get", "exim-safe", "a") == "secret"
    assert await ask(safe, "private:get", "exim-safe", "a") == "secret"
    assert await ask(trade, "private:hash", "exim-safe", "a") == HASH
    assert await ask(trade, "private:hash", "exim-safe", "b") is None
    with pytest.raises(NotAuthorized):
        await trade.evaluate("bank", "private:get", "exim-safe", "a")


async def test_a_transient_value_that_is_no_bytes_is_named_and_not_shown(exim: Ledger) -> None:
    text = cast("dict[str, bytes]", {"value": "secret"})  # as callers without a type checker write it
    with pytest.raises(TypeError, match=r"^transient 'value': bytes are wanted, not str$"):
        await exim.submit("bank", "private:put", "exim-safe", "a", transient=text)


async def test_a_private_key_is_in_no_public_range(exim: Ledger) -> None:
    await exim.submit("bank", "private:put", "exim-safe", "a", transient=SECRET)
    assert await ask(exim, "state:get", "a") is None
    assert await ask(exim, "state:range", "", "") == []


async def test_ranges_and_batches_of_a_collection(exim: Ledger) -> None:
    for key in ("b", "a", "c"):
        await exim.submit("bank", "private:put", "exim-safe", key, transient={"value": key.encode()})
    assert await ask(exim, "private:range", "exim-safe", "a", "c") == [["a", "a"], ["b", "b"]]
    assert await ask(exim, "private:get_many", "exim-safe", ["c", "x", "a"]) == ["c", None, "a"]


async def test_who_is_no_member_cannot_write(trade: Ledger) -> None:
    with pytest.raises(NotAuthorized):
        await trade.submit("bank", "private:put", "exim-safe", "a", transient=SECRET)


async def test_a_collection_open_for_writing_is_written_by_others_and_endorsed_by_its_member(
    trade: Ledger, exim: Ledger
) -> None:
    await trade.submit("bank", "private:put", "exim-inbox", "a", transient=SECRET)
    assert await ask(exim, "private:get", "exim-inbox", "a") == "secret"
    with pytest.raises(NotAuthorized):
        await trade.evaluate("bank", "private:get", "exim-inbox", "a")


async def test_another_peer_may_answer_where_creators_may_read(exim: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "private:put", "exim-open", "a", transient=SECRET)
    with pytest.raises(FabricError):  # tradebank's own peer does not hold it
        await trade.evaluate("bank", "private:get", "exim-open", "a")
    answer = await trade.evaluate("bank", "private:get", "exim-open", "a", endorsing_organizations=["EximbankMSP"])
    assert json.loads(answer) == "secret"


async def test_an_unknown_collection_is_not_found(exim: Ledger) -> None:
    with pytest.raises((NotFound, EndorsementFailed)):
        await exim.submit("bank", "private:put", "nowhere", "a", transient=SECRET)


async def test_two_collections_of_different_members_need_named_endorsers(exim: Ledger, safe: Ledger) -> None:
    with pytest.raises((EndorsementFailed, NotAuthorized)):
        await exim.submit("bank", "private:put_two", "exim-only", "trade-only", "a", transient=SECRET)


async def test_a_private_read_conflicts_like_a_public_one(exim: Ledger, safe: Ledger) -> None:
    await exim.submit("bank", "private:put", "exim-safe", "a", transient=SECRET)
    waiting = await endorsed(exim, "bank", "private:publish", "exim-safe", "a", "target")
    await safe.submit("bank", "private:put", "exim-safe", "a", transient={"value": b"changed"})
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"
    assert await fate(exim, "bank", "private:publish", "exim-safe", "a", "target") == "VALID"
    assert await ask(exim, "state:get", "target") == str(len(b"changed"))


async def test_a_hash_that_was_read_conflicts_too(exim: Ledger, trade: Ledger) -> None:
    await exim.submit("bank", "private:put", "exim-safe", "a", transient=SECRET)
    waiting = await endorsed(trade, "bank", "private:compare", "exim-safe", "a", HASH, "target")
    await exim.submit("bank", "private:put", "exim-safe", "a", transient=SECRET)
    assert await ordered(trade, waiting) == "MVCC_READ_CONFLICT"


@pytest.mark.parametrize("removal", ["private:delete", "private:purge"])
async def test_a_removed_value_is_gone_for_members_and_its_hash_for_all(
    exim: Ledger, safe: Ledger, trade: Ledger, removal: str
) -> None:
    await exim.submit("bank", "private:put", "exim-safe", "a", transient=SECRET)
    waiting = await endorsed(exim, "bank", "private:publish", "exim-safe", "a", "target")
    await exim.submit("bank", removal, "exim-safe", "a")
    assert await ask(safe, "private:get", "exim-safe", "a") is None
    assert await ask(trade, "private:hash", "exim-safe", "a") is None
    assert await ask(exim, "private:range", "exim-safe", "", "") == []
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"


async def test_private_values_wait_for_a_transaction_signed_elsewhere(exim: Ledger, connect: Connect) -> None:
    prepared = await endorsed(exim, "bank", "private:put", "exim-safe", "a", transient=SECRET)
    assert b"secret" not in prepared.content
    another = connect("safe")
    assert await ordered(another, prepared) == "VALID"
    assert await ask(another, "private:get", "exim-safe", "a") == "secret"


async def test_a_collections_own_policy_replaces_the_chaincodes(exim: Ledger) -> None:
    lacking = await fate(
        exim, "bank", "private:put", "both-sign", "a", transient=SECRET, endorsing_organizations=["EximbankMSP"]
    )
    assert lacking == "ENDORSEMENT_POLICY_FAILURE"
    assert await ask(exim, "private:get", "both-sign", "a") is None
    assert await fate(exim, "bank", "private:put", "both-sign", "a", transient=SECRET) == "VALID"


async def test_a_private_key_may_have_a_policy_of_its_own(exim: Ledger, safe: Ledger) -> None:
    await exim.submit("bank", "private:put", "exim-safe", "a", transient=SECRET)
    await exim.submit("bank", "private:guard", "exim-safe", "a", "AND('SafeMSP.peer')")
    changed = {"value": b"changed"}
    lacking = await fate(
        exim, "bank", "private:put", "exim-safe", "a", transient=changed, endorsing_organizations=["EximbankMSP"]
    )
    assert lacking == "ENDORSEMENT_POLICY_FAILURE"
    assert await fate(exim, "bank", "private:put", "exim-safe", "a", transient=changed) == "VALID"
    assert await ask(safe, "private:get", "exim-safe", "a") == "changed"


async def test_a_guarded_private_value_is_still_read_and_checked(exim: Ledger) -> None:
    await exim.submit("bank", "private:put", "exim-safe", "a", transient=SECRET)
    await exim.submit("bank", "private:guard", "exim-safe", "a", "AND('SafeMSP.peer')")
    assert await fate(exim, "bank", "private:publish", "exim-safe", "a", "target") == "VALID"
    waiting = await endorsed(exim, "bank", "private:publish", "exim-safe", "a", "target")
    await exim.submit("bank", "private:guard", "exim-safe", "a", "AND('EximbankMSP.peer')")
    assert await ordered(exim, waiting) == "MVCC_READ_CONFLICT"
