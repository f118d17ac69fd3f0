"""Faults: killed peers, paused orderers, a cut network.

What a client was told is true, and what it was not told it can find out: every submit is acknowledged and on the ledger
once, or refused and not on it, or its fate can be asked for by the transaction id that its error carries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest
from tests.fabric.gateway.fates import Attempts, answered, reconcile, submitting, until
from tests.fabric.gateway.faults import Faults
from tests.fabric.gateway.listeners import next_block
from tests.fabric.gateway.network import ANY, ORGANIZATIONS, SECONDS

from hlf_client import SubmittedTransaction
from hlf_client.errors import LedgerUnavailable
from hlf_client.gateway import GatewayLedger, Retries, Timeouts

pytestmark = pytest.mark.fabric

Connect = Callable[..., GatewayLedger]
GATEWAY = "peer0.org1"


@pytest.fixture
def at_one_gateway(connect: Connect) -> GatewayLedger:
    """Organisation 1's user, who knows of its first peer only and repeats nothing: whatever breaks is seen."""
    impatient = Timeouts(evaluate=4, endorse=4, order=4, commit=3)
    return connect("org1", peers=[0], timeouts=impatient, retries=Retries(attempts=1))


async def submitted_meanwhile(
    ledger: GatewayLedger, prefix: str, breaks: Callable[[], None], mends: Callable[[], None]
) -> Attempts:
    """What became of submits before, while and after something was broken. It is mended when whatever was under way at
    that moment has ended for the client."""
    async with submitting(ledger, prefix) as attempts:
        await until(lambda: len(attempts.acknowledged) >= 20, "submits before")
        await asyncio.to_thread(breaks)
        hit = attempts.under_way.copy()
        await until(lambda: bool(attempts.unknown) and hit.isdisjoint(attempts.under_way), "an end of those under way")
        await asyncio.to_thread(mends)
        enough = len(attempts.acknowledged) + 20
        await until(lambda: len(attempts.acknowledged) >= enough, "submits afterwards")
    return attempts


async def test_the_outcome_is_known_after_the_gateway_restarted_in_the_middle(
    faults: Faults, at_one_gateway: GatewayLedger, org2: GatewayLedger
) -> None:
    start = await next_block(org2)
    kill, restart = partial(faults.kill, GATEWAY), partial(faults.start, GATEWAY)
    await reconcile(org2, await submitted_meanwhile(at_one_gateway, "restarted", kill, restart), start)


async def test_the_outcome_is_known_after_the_network_was_cut_in_the_middle(
    faults: Faults, at_one_gateway: GatewayLedger, org2: GatewayLedger
) -> None:
    start = await next_block(org2)
    cut, rejoin = partial(faults.cut, GATEWAY), partial(faults.rejoin, GATEWAY)
    await reconcile(org2, await submitted_meanwhile(at_one_gateway, "cut", cut, rejoin), start)


async def test_the_outcome_is_known_after_the_leading_orderer_was_paused_in_the_middle(
    faults: Faults, at_one_gateway: GatewayLedger, org2: GatewayLedger
) -> None:
    """The other two elect a leader; what the paused one had taken is ordered later or never. A peer that has its blocks
    from the paused one hears of none until it is back."""
    start = await next_block(org2)
    leader = await asyncio.to_thread(faults.leader, ANY)

    def resume_after_election() -> None:
        assert faults.leader(ANY) != leader
        faults.resume(leader)

    pause = partial(faults.pause, leader)
    await reconcile(org2, await submitted_meanwhile(at_one_gateway, "paused", pause, resume_after_election), start)


async def test_the_outcome_is_known_after_no_orderer_answered(
    faults: Faults, at_one_gateway: GatewayLedger, org2: GatewayLedger
) -> None:
    """Envelopes lie in the frozen orderers' sockets: they are ordered later, or never."""
    start = await next_block(org2)
    orderers = [f"orderer0.{organization}" for organization in ORGANIZATIONS]
    await asyncio.to_thread(faults.pause, *orderers)
    attempts = Attempts()
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*(attempts.submit(at_one_gateway, f"frozen-{number}") for number in range(8)))
    assert len(attempts.unknown) == 8
    await asyncio.to_thread(faults.resume, *orderers)
    await reconcile(org2, attempts, start)


async def test_an_ordered_transactions_fate_is_asked_of_the_restarted_gateway(
    faults: Faults, at_one_gateway: GatewayLedger
) -> None:
    ledger = at_one_gateway
    proposal = ledger.propose(ANY, "public:put", "ordered-then-killed", "1")
    prepared = await ledger.endorse(proposal.signed(await ledger.sign(proposal.digest)))
    submitted = await ledger.order(prepared.signed(await ledger.sign(prepared.digest)))
    await asyncio.to_thread(faults.kill, GATEWAY)
    with pytest.raises(LedgerUnavailable) as failure:
        await ledger.with_timeouts(commit=1).commit_status(submitted)
    assert failure.value.transaction_id == submitted.transaction_id
    await asyncio.to_thread(faults.start, GATEWAY)
    assert (await answered(lambda: ledger.commit_status(submitted))).is_valid


async def test_the_fate_of_what_was_never_ordered_is_not_guessed(org1: GatewayLedger) -> None:
    proposal = org1.propose(ANY, "public:put", "never-ordered", "1")
    with pytest.raises(LedgerUnavailable) as failure:
        await org1.with_timeouts(commit=1).commit_status(SubmittedTransaction(proposal.transaction_id, ANY, b""))
    assert failure.value.transaction_id == proposal.transaction_id
