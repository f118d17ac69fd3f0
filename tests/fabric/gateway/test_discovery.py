"""Discovery: the gateway knows who is alive, and chooses endorsers among them."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.fabric.gateway.fates import answered
from tests.fabric.gateway.faults import Faults
from tests.fabric.gateway.network import TWO

from hlf_client.errors import EndorsementFailed, LedgerUnavailable
from hlf_client.gateway import GatewayLedger

pytestmark = pytest.mark.fabric

OTHERS = ("peer0.org2", "peer0.org3")


async def test_submit_fails_with_too_few_endorsers_alive_and_succeeds_when_they_are_back(
    faults: Faults, org1: GatewayLedger
) -> None:
    """One of two organisations that may endorse beside the own one can be missed, both cannot."""
    await asyncio.to_thread(faults.kill, OTHERS[0])
    await answered(lambda: org1.submit(TWO, "public:put", "one-away", "1"))
    await asyncio.to_thread(faults.kill, OTHERS[1])
    with pytest.raises((EndorsementFailed, LedgerUnavailable)):
        await org1.submit(TWO, "public:put", "both-away", "1")
    await asyncio.gather(*(asyncio.to_thread(faults.start, peer) for peer in OTHERS))
    await answered(lambda: org1.submit(TWO, "public:put", "back", "1"))
    answer = await org1.evaluate(TWO, "public:get", ["one-away", "both-away", "back"])
    assert json.loads(answer) == ["1", None, "1"]
