"""Load on real Fabric: nobody's loan stays undecided, and many officers get as much done as a few.

`make trust` runs all levels (EXIM_LOAD="300x8 1000x128" says others, EXIM_AT_ONCE how much is asked of one peer at
once) and writes build/approvals.json and build/approvals.md, the table of docs/trust.md.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.trust.approvals import LEVELS, Approvals, Level, Outcome, page, write
from tests.trust.exports import classification, exporter
from tests.trust.fields import EXPORTERS, field_of_embedded, field_on_fabric

from eximledger.desk import LoanDesk
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.documents import EnterpriseClass
from hlf_client import Ledger
from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.gateway._turns import AT_ONCE
from hlf_network.driver import Network

BUILD = Path(__file__).resolve().parents[2] / "build"
SHORT = (Level(4, 1), Level(12, 6))
MOST, SHARE = 128, 0.8


def levels(*, is_long: bool) -> tuple[Level, ...]:
    said = os.environ.get("EXIM_LOAD", "").split()
    if said:
        return tuple(Level(*map(int, each.split("x"))) for each in said)
    return LEVELS if is_long else SHORT


@pytest.mark.fabric
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


async def test_a_level_counts_what_its_officers_did(
    tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork], serials: Iterator[int]
) -> None:
    field = await field_of_embedded(exim_network_factory, tmp_path / "load.db")
    outcome = await Approvals(field.connect, Level(20, 5), serials, AT_ONCE).run()
    assert (outcome.approved, outcome.undecided) == (20, ())
    assert outcome.repeated["loans:approve"]["calls"] == 20
    assert outcome.p50["check"] <= outcome.p99["check"]
    write([outcome], tmp_path / "build")
    (figures,) = json.loads((tmp_path / "build" / "approvals.json").read_text())
    assert figures["throughput"] == pytest.approx(20 / outcome.seconds)
    assert page([outcome]).splitlines()[2].startswith("| 5 | 20 | 0 | ")


async def test_a_loan_that_is_not_decided_is_told(
    tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork], serials: Iterator[int]
) -> None:
    field = await field_of_embedded(exim_network_factory, tmp_path / "load.db")
    safe = LoanDesk(field.connect("safe"))
    await safe.file(classification(exporter(number), EnterpriseClass.C) for number in range(EXPORTERS))
    outcome = await Approvals(field.connect, Level(2, 1), serials, AT_ONCE).run()
    assert outcome.approved == 0
    assert len(outcome.undecided) == 2
    assert "CLASS" in outcome.undecided[0]
