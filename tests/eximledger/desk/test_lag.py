"""Peers that are some blocks behind are waited for, at first and where one was behind not long ago, never for long."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest
from tests.trust.exports import today_in_china

from eximledger.desk import LoanDesk
from eximledger.desk.calling import Lag
from eximledger.desk.calling._lag import lag_of
from eximledger.testing import LedgerNetwork
from hlf_client import ChannelInfo, Ledger
from hlf_client.errors import FabricError, LedgerUnavailable

OWN, SAFE = "EximbankMSP", "SafeMSP"
ENDORSERS = (OWN, SAFE)


class Peers:
    """SAFE's peer, which has one block more whenever it is asked; or does not answer."""

    msp_id = OWN

    def __init__(self, height: int, *, error: FabricError | None = None) -> None:
        self.height, self.error, self.asked = height, error, 0

    async def channel_info(self, channel: str, *, organization: str = "") -> ChannelInfo:
        assert (channel, organization) == ("bank", SAFE)
        self.asked += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.height += 1
        return ChannelInfo(channel, self.height, "")


def lag() -> Lag:
    found = Lag("bank")
    found.committed(9)
    return found


async def over(found: Lag, peers: Peers) -> None:
    await found.over(cast("Ledger", peers), ENDORSERS)


async def test_a_peer_that_was_behind_is_waited_for_until_it_has_the_block() -> None:
    found, peers = lag(), Peers(7)
    await over(found, peers)
    assert (peers.height, peers.asked) == (10, 3)
    await over(found, peers)
    assert peers.asked == 3  # known


async def test_where_no_peer_was_behind_for_a_while_none_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eximledger.desk.calling._lag._REMEMBERED", 0.0)
    peers = Peers(0)
    await over(lag(), peers)
    assert peers.asked == 0


@pytest.mark.parametrize(("height", "is_behind"), [(8, True), (9, False)])
async def test_as_long_as_one_is_found_behind_it_is_asked(height: int, is_behind: bool) -> None:
    found = lag()
    until = found._behind_until
    await over(found, Peers(height))
    assert (found._behind_until > until) is is_behind


async def test_one_question_serves_all_that_wait_and_who_gives_up_stops_no_other() -> None:
    found, peers = lag(), Peers(7)
    calls = [asyncio.create_task(over(found, peers)) for _ in range(50)]
    await asyncio.sleep(0)
    calls[0].cancel()  # the one that asks
    calls[1].cancel()  # one that waits
    async with asyncio.timeout(10):
        await asyncio.gather(*calls, return_exceptions=True)
    assert all(call.cancelled() for call in calls[:2])
    assert not any(call.cancelled() for call in calls[2:])
    assert peers.asked <= 4


@pytest.mark.parametrize("error", [LedgerUnavailable("away"), None])
async def test_a_peer_that_does_not_answer_or_lags_for_long_holds_nobody_up(
    error: FabricError | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eximledger.desk.calling._lag._PATIENCE", 0.1)
    found, peers = lag(), Peers(-1_000_000, error=error)
    await over(found, peers)
    asked = peers.asked
    found.met()
    await over(found, peers)
    assert peers.asked == asked > 0  # not asked again so soon


async def test_a_step_waits_for_what_it_reads_of_other_channels_too(
    exim_network: LedgerNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A peer that has not yet what was copied to customs' or SAFE's channel judges another case."""
    waited: list[Lag] = []

    async def over(self: Lag, _ledger: Ledger, _organizations: Sequence[str]) -> None:
        waited.append(self)

    monkeypatch.setattr(Lag, "over", over)
    desk = LoanDesk(exim_network.connect("safe"))
    await desk.open_day(today_in_china())
    of_bank, of_fx, of_customs = (lag_of(SAFE, channel) for channel in ("bank", "fx", "customs"))
    assert waited[:3] == [of_bank, of_customs, of_fx]
    assert waited[-1] is of_customs
    assert waited.count(of_fx) < waited.count(of_customs)
