"""Figures of a mirror: found anew at every call where that is quick, else shown as they were while they are found."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import cast

import pytest

from eximledger.mirror.reading import MirrorReader, Portfolio
from eximledger.serving._figures import Figures
from eximledger.serving._mirrors import Mirrors
from eximledger.testing import LedgerNetwork, ManualClock
from hlf_client.errors import LedgerUnavailable


@dataclass
class Reader:
    """A mirror whose figures take as long as they are held up."""

    seconds: float = 0.0
    go_on: Event = field(default_factory=Event)
    asked: list[str] = field(default_factory=list)

    def portfolio(self, bank: str) -> Portfolio:
        self.asked.append(bank)
        if len(self.asked) == 1:
            Event().wait(self.seconds)  # nothing sets it: it takes as long
        else:
            assert self.go_on.wait(10)
        return Portfolio((), (), (), (), (), (), (), ())


async def test_quick_figures_are_found_at_every_call() -> None:
    reader, figures = Reader(), Figures(ManualClock())
    reader.go_on.set()
    for _ in range(3):
        await figures.of("EximbankMSP", cast("MirrorReader", reader), "")
    assert len(reader.asked) == 3


async def test_slow_figures_are_shown_as_they_were_while_they_are_found_once() -> None:
    clock = ManualClock()
    reader, figures = Reader(seconds=0.3), Figures(clock)
    mirror = cast("MirrorReader", reader)
    first = await figures.of("EximbankMSP", mirror, "")
    begun = clock()
    clock.advance(timedelta(days=1))
    shown = [await figures.of("EximbankMSP", mirror, "") for _ in range(3)]
    assert {each.at for each in shown} == {first.at} == {begun}
    reader.go_on.set()
    async with asyncio.timeout(10):
        while (await figures.of("EximbankMSP", mirror, "")).at == begun:  # noqa: ASYNC110 - found by another task
            await asyncio.sleep(0)
    assert 2 <= len(reader.asked) <= 3


async def test_one_members_figures_are_not_anothers() -> None:
    reader, figures = Reader(), Figures(ManualClock())
    reader.go_on.set()
    await figures.of("EximbankMSP", cast("MirrorReader", reader), "EximbankMSP")
    await figures.of("SafeMSP", cast("MirrorReader", reader), "")
    assert reader.asked == ["EximbankMSP", ""]


async def test_the_first_page_waits_for_a_mirror_that_is_being_opened(exim_network: LedgerNetwork) -> None:
    ledger, reader, mirrors = exim_network.connect("eximbank"), cast("MirrorReader", Reader()), Mirrors()
    with pytest.raises(LedgerUnavailable):
        await mirrors.caught_up(ledger)
    mirrors.expect(1)
    asked = asyncio.create_task(mirrors.caught_up(ledger))
    await asyncio.sleep(0)
    assert not asked.done()
    mirrors.add("EximbankMSP", reader)
    mirrors.remove("EximbankMSP")
    with pytest.raises(LedgerUnavailable):
        await asked
