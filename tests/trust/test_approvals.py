"""Load on real Fabric: nobody's loan stays undecided, and many officers get as much done as a few.

`make trust` runs all levels (EXIM_LOAD="300x8 1000x128" says others, EXIM_AT_ONCE how much is asked of one peer at
once) and writes build/approvals.json and build/approvals.md, the table of docs/trust.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.trust.approvals import LEVELS, Approvals, Level, Outcome, page, write
from tests.trust.fields import field_on_fabric

from hlf_client import Ledger
from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.gateway._turns import AT_ONCE
from hlf_network.driver import Network

BUILD = Path(__file__).resolve().parents[2] / "build"
SHORT = (Level(10, 1), Level(30, 8))
MOST, SHARE = 128, 0.8


def levels(*, is_long: bool) -> tuple[Level, ...]:
    said = os.environ.get("EXIM_LOAD", "").split()
    if said:
        return tuple(Level(*map(int, each.split("x"))) for each in said)
    return LEVELS if is_long else SHORT


@pytest.mark.fabric
@pytest.mark.xdist_group("fabric")
@pytest.mark.slow
async def test_every_loan_is_decided_however_many_officers_are_at_work(
    fabric: Network, is_long: bool, serials: Iterator[int]
) -> None:
    at_once = int(os.environ.get("EXIM_AT_ONCE", AT_ONCE))
    outcomes: list[Outcome] = []
    async with field_on_fabric(fabric) as field, AsyncExitStack() as stack:
        opened: dict[str, Ledger] = {}

        def connect(name: str) -> Ledger:
            """One connection for all who act by this certificate."""
            if name not in opened:
                member, _, user = name.partition("/")
                profile = Profile.find(Path(field.url), member)
                identity = profile.identity(user or profile.default_user)
                opened[name] = GatewayLedger.connect(profile, identity, chaincode="exim", at_once=at_once)
                stack.push_async_callback(opened[name].close)
            return opened[name]

        for level in levels(is_long=is_long):
            outcomes.append(await Approvals(connect, level, serials, at_once).run())
            print(page(outcomes[-1:]))  # noqa: T201
            write(outcomes, BUILD)
        await field.settle()
        assert [each.undecided for each in outcomes] == [()] * len(outcomes)
    best = max(each.throughput for each in outcomes)
    for each in outcomes:
        assert each.officers < MOST or each.throughput >= SHARE * best, (each.officers, each.throughput, best)
