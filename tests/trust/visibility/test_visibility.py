"""Who sees what on a ledger where two banks did all their business: what the page promises, and nothing else."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from tests.trust.visibility.expectation import FACTS, Fact, Seer
from tests.trust.visibility.looking.asking import unasked
from tests.trust.visibility.looking.gathering import Gathered, gather
from tests.trust.visibility.looking.search import digests_in, search_amount, wide
from tests.trust.visibility.matrix import leaks, unseen
from tests.trust.visibility.page import PAGE, with_section
from tests.trust.visibility.places.embedded import EmbeddedVenue
from tests.trust.visibility.places.peers import missing, peers_venue
from tests.trust.visibility.places.venue import Venue
from tests.trust.visibility.planted.planting import Planted
from tests.trust.visibility.planted.story import played

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class Scene:
    planted: Planted
    gathered: Gathered


FABRIC = [
    pytest.mark.fabric,
    pytest.mark.skipif("EXIM_TRUST" not in os.environ, reason="several minutes on peers: make trust"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["embedded", pytest.param("fabric", marks=FABRIC)])
async def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, is_long: bool
) -> AsyncIterator[Scene]:
    """What everybody got after the story, on a ledger file and on real peers. At every commit one person of each member
    asks; in `make trust` administrators and checkers, too."""
    folder = tmp_path_factory.mktemp("visible")
    if request.param == "embedded":
        venue = EmbeddedVenue(folder / "visible.db")
        try:
            yield await _scene(venue, everybody=is_long)
        finally:
            venue.close()
        return
    if reason := missing():
        pytest.skip(reason)
    async with peers_venue(folder) as peers:
        yield await _scene(peers, everybody=True)


async def _scene(venue: Venue, *, everybody: bool) -> Scene:
    planted = await played(venue)
    return Scene(planted, await gather(venue, planted, everybody=everybody))


async def test_everybody_sees_what_is_his_due_and_nothing_else(scene: Scene, is_long: bool) -> None:
    """One test, for the story is played once by whichever worker has it."""
    assert list(unasked(scene.planted)) == []
    assert {secret.fact for secret in scene.planted.secrets} == set(Fact)
    seen = leaks(scene.gathered)
    told = [
        f"{seer} sees {FACTS[fact].words}:\n  " + "\n  ".join(found)
        for fact in Fact
        for seer in Seer
        if (found := list(seen.listed(fact, seer)))
    ]
    assert not told, "\n".join(told)
    assert list(unseen(scene.gathered, scene.planted)) == []
    for member in ("tradebank", "guestbank", "customs"):
        _search(scene, member, is_long=is_long)


def _search(scene: Scene, member: str, *, is_long: bool) -> None:
    """No search through what a member has got finds the amount of an invoice that it is not shown."""
    invoice = scene.planted.invoice_of("eximbank")
    candidates = wide(invoice.totals.payable.amount, 1_000_000 if is_long else 20_000)
    digests = digests_in(scene.gathered.everything[member])
    assert digests
    found = search_amount(invoice, candidates, digests, seconds=600)
    assert found.amount is None, f"{found.amount} by {found.by}, after {found.tried} tries in {found.seconds:.1f} s"
    assert found.tried == (1_000_000 if is_long else 20_000)


async def test_the_page_has_the_table() -> None:
    page = PAGE.read_text()
    assert with_section(page) == page, "python -m tests.trust.visibility --page writes it"
