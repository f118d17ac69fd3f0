"""What is done when nobody answers: who is asked again, how often, how long, and what is known afterwards."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hlf_client.gateway.fake import AT_ONCE, FakePeer, Refusal

from eximledger.desk import LoanDesk
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotAuthorized
from hlf_client.gateway import GatewayLedger, Retries, Timeouts
from hlf_client.identity import Identity

Start = Callable[[], Awaitable[FakePeer]]
Connect = Callable[[Sequence[FakePeer]], GatewayLedger]
CODES = grpc.StatusCode
AWAY = Refusal(CODES.UNAVAILABLE, "shutting down")
LATE = Refusal(CODES.DEADLINE_EXCEEDED, "too slow")


@pytest.mark.parametrize("method", ["Evaluate", "Endorse", "Submit", "CommitStatus"])
async def test_a_single_peer_that_was_away_is_asked_again_for_the_same(
    ledger: GatewayLedger, peer: FakePeer, method: str
) -> None:
    peer.refuse[method] = [AWAY, AWAY]
    assert (await ledger.submit("fx", "f")).result == await ledger.evaluate("fx", "f") == b"answer"
    first, *more = [each.SerializeToString() for each in peer.calls(method)]
    assert more == [first, first]


async def test_a_peer_that_comes_back_while_it_is_asked_answers(identity: Identity) -> None:
    peer = await FakePeer.start()
    async with GatewayLedger(
        [peer.endpoint], identity, retries=Retries(attempts=1000, pause=0.01), chaincode="exim"
    ) as ledger:
        assert await ledger.evaluate("fx", "f") == b"answer"
        await peer.stop()
        asking = asyncio.create_task(ledger.evaluate("fx", "f"))
        back = await FakePeer.start(peer.port)
        try:
            assert await asking == b"answer"
            assert len(back.calls("Evaluate")) == 1
        finally:
            await back.stop()


async def test_attempts_are_bounded_counted_over_all_peers_and_said(
    start: Start, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    peers = [await start(), await start()]
    for peer in peers:
        peer.refuse["Evaluate"] = [AWAY] * 99
    with caplog.at_level(logging.WARNING, "hlf_client.gateway"), pytest.raises(LedgerUnavailable) as caught:
        await connect(peers).evaluate("fx", "f", "the-secret", transient={"k": b"the-secret"})
    assert [len(peer.calls("Evaluate")) for peer in peers] == [3, 3]
    assert caught.value.transaction_id == peers[0].calls("Evaluate")[0].transaction_id
    assert [record.args[-1] for record in caplog.records if isinstance(record.args, tuple)] == [2, 3, 4, 5, 6]
    assert "the-secret" not in caplog.text


async def test_every_peer_is_asked_once_however_few_the_attempts(start: Start, identity: Identity) -> None:
    peers = [await start() for _ in range(3)]
    for peer in peers[:2]:
        peer.refuse["Evaluate"] = [AWAY]
    async with GatewayLedger(
        [each.endpoint for each in peers], identity, retries=Retries(attempts=1), chaincode="exim"
    ) as ledger:
        assert await ledger.evaluate("fx", "f") == b"answer"
        peers[2].refuse["Evaluate"] = [AWAY]
        peers[0].refuse["Evaluate"] = [AWAY]
        peers[1].refuse["Evaluate"] = [AWAY]
        with pytest.raises(LedgerUnavailable):
            await ledger.evaluate("fx", "f")


@pytest.mark.parametrize("method", ["Evaluate", "Endorse", "Submit"])
async def test_a_peer_that_hangs_takes_its_share_of_the_time_only(start: Start, connect: Connect, method: str) -> None:
    first, second = await start(), await start()
    first.hangs_in = method
    ledger = connect([first, second]).with_timeouts(evaluate=4, endorse=4, order=4)
    call = ledger.evaluate if method == "Evaluate" else ledger.submit
    since = time.monotonic()
    await call("fx", "f")
    assert time.monotonic() - since >= 2
    first.requests.clear()
    await call("fx", "f")
    assert not first.requests  # nor is it asked first again


async def test_a_commit_that_takes_its_time_turns_from_no_peer(start: Start, connect: Connect) -> None:
    first, second = await start(), await start()
    first.refuse["CommitStatus"] = [LATE]
    ledger = connect([first, second])
    await ledger.submit("fx", "f")
    assert len(second.calls("CommitStatus")) == 1
    await ledger.evaluate("fx", "f")
    assert not second.calls("Evaluate")


async def test_seconds_are_those_of_the_whole_call(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.hangs_in = "Evaluate"
    since = time.monotonic()
    with pytest.raises(LedgerUnavailable) as caught:
        await ledger.with_timeouts(evaluate=0.2).evaluate("fx", "f")
    assert caught.value.grpc_code == "DEADLINE_EXCEEDED"
    assert 0.2 <= time.monotonic() - since < 15
    assert len(peer.calls("Evaluate")) == 1


async def test_pauses_end_with_the_calls_time(identity: Identity, peer: FakePeer) -> None:
    peer.refuse["Evaluate"] = [AWAY] * 9
    endpoints, timeouts = [peer.endpoint], Timeouts(evaluate=5)
    async with GatewayLedger(
        endpoints, identity, timeouts=timeouts, retries=Retries(pause=60, longest_pause=60), chaincode="exim"
    ) as ledger:
        since = time.monotonic()
        with pytest.raises(LedgerUnavailable):
            await ledger.evaluate("fx", "f")
    assert time.monotonic() - since < 5
    assert len(peer.calls("Evaluate")) == 1


async def test_a_view_with_other_seconds_shares_the_connection(ledger: GatewayLedger, peer: FakePeer) -> None:
    view = ledger.with_timeouts(commit=2).with_timeouts(order=3)
    assert view.timeouts == Timeouts(order=3, commit=2)
    assert ledger.timeouts == Timeouts()
    assert await view.evaluate("fx", "f") == b"answer"
    await ledger.close()
    with pytest.raises(LedgerUnavailable, match="closed"):
        await view.evaluate("fx", "f")


async def test_the_desk_does_not_repeat_what_the_gateway_has_repeated(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.refuse["Evaluate"] = [AWAY] * 99
    with pytest.raises(LedgerUnavailable) as caught:
        await LoanDesk(ledger).loan("DY-1")
    assert caught.value.repeated
    assert len(peer.calls("Evaluate")) == AT_ONCE.attempts


# -- a submit whose outcome is unclear ---------------------------------------------------------------------------------


@pytest.mark.parametrize("unclear", [AWAY, LATE])
async def test_a_submit_that_nobody_confirmed_is_asked_for_and_not_endorsed_anew(
    start: Start, connect: Connect, unclear: Refusal
) -> None:
    first, second = await start(), await start()
    first.refuse["Submit"], second.refuse["Submit"] = [unclear] * 9, [unclear] * 9
    commit = await connect([first, second]).submit("fx", "f")
    assert (commit.block_number, commit.result) == (7, b"answer")
    assert len(first.calls("Endorse") + second.calls("Endorse")) == 1
    assert len({each.SerializeToString() for each in first.calls("Submit") + second.calls("Submit")}) == 1


async def test_an_outcome_that_cannot_be_learnt_is_said_with_the_transaction(
    ledger: GatewayLedger, peer: FakePeer
) -> None:
    peer.refuse["Submit"] = [Refusal(CODES.UNAVAILABLE, "no orderers", (("o:7050", "OMSP", "is away"),))] * 9
    peer.refuse["CommitStatus"] = [LATE]
    with pytest.raises(LedgerUnavailable, match="is not known: ask for its commit status later") as caught:
        await ledger.submit("fx", "f")
    assert caught.value.transaction_id == peer.calls("Endorse")[0].transaction_id
    assert caught.value.details["transaction_id"] == caught.value.transaction_id
    assert (caught.value.grpc_code, caught.value.peers[0].message) == ("UNAVAILABLE", "is away")


async def test_a_later_peers_refusal_does_not_settle_what_the_first_left_open(start: Start, connect: Connect) -> None:
    first, second = await start(), await start()
    first.refuse["Submit"] = [AWAY]
    second.refuse["Submit"] = [Refusal(CODES.PERMISSION_DENIED, "no access")]
    assert (await connect([first, second]).submit("fx", "f")).block_number == 7


async def test_a_refusal_at_once_is_final(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.refuse["Submit"] = [Refusal(CODES.PERMISSION_DENIED, "no access")]
    with pytest.raises(NotAuthorized):
        await ledger.submit("fx", "f")
    assert not peer.calls("CommitStatus")


async def test_a_commit_is_asked_for_until_its_time_is_over(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.refuse["CommitStatus"] = [AWAY] * (5 * AT_ONCE.attempts)
    assert (await ledger.submit("fx", "f")).block_number == 7


async def test_orderers_without_a_leader_are_asked_again(ledger: GatewayLedger, peer: FakePeer) -> None:
    no_leader = (("o:7050", "OMSP", "received unsuccessful response: SERVICE_UNAVAILABLE"),)
    peer.refuse["Submit"] = [Refusal(CODES.ABORTED, "no orderers could successfully process transaction", no_leader)]
    await ledger.submit("fx", "f")
    assert len(peer.calls("Submit")) == 2


async def test_a_transaction_that_was_not_proposed_is_never_signed(ledger: GatewayLedger, peer: FakePeer) -> None:
    """A gateway could hand back another one, in the hope of a signature."""
    peer.endorses = ledger.propose("fx", "pay").content
    with pytest.raises(InvalidDocument, match="is not transaction"):
        await ledger.submit("fx", "f")
    assert not peer.calls("Submit")


# -- closing and policies ----------------------------------------------------------------------------------------------


async def test_a_call_under_way_is_told_that_the_connection_was_closed(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.hangs_in = "Evaluate"
    asking = asyncio.create_task(ledger.evaluate("fx", "f"))
    async with asyncio.timeout(20):
        await peer.asked.wait()
    await ledger.close()
    with pytest.raises(LedgerUnavailable, match="closed"):
        await asking


async def test_a_cancelled_call_is_cancelled(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.hangs_in = "Evaluate"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await ledger.evaluate("fx", "f")


@given(st.integers(1, 100), st.floats(0, 10), st.floats(0, 10))
def test_pauses_grow_and_stay_in_bounds(rounds: int, pause: float, longest: float) -> None:
    retries = Retries(pause=pause, longest_pause=longest)
    bound = min(longest, pause * 2.0 ** (rounds - 1))
    assert bound / 2 <= retries.pause_after(rounds) <= bound


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (lambda: Timeouts(evaluate=0), "timeouts.evaluate"),
        (lambda: Timeouts(commit=-1), "timeouts.commit"),
        (lambda: Retries(attempts=0), "retries.attempts"),
        (lambda: Retries(pause=-1), "retries.pause"),
    ],
)
def test_a_policy_that_makes_no_sense_is_named(wrong: Callable[[], object], field: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        wrong()
    assert caught.value.field == field
