"""A bank that holds back what was endorsed, or forges parts of it, on the embedded ledger: each attempt by itself.

That what is invalid changes nothing, `verify` shows of the whole ledger.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from tests.trust.forgery.embedded import EmbeddedVenue
from tests.trust.forgery.forged import FORGED
from tests.trust.forgery.held_back import HELD_BACK, Attempt
from tests.trust.forgery.matrix import Cast
from tests.trust.forgery.scene import Shared

from eximledger.testing import ManualClock, exim_ledger
from hlf_client import verify

pytestmark = pytest.mark.asyncio(loop_scope="module")
ATTEMPTS = {**HELD_BACK, **{f"forged-{name}": attempt for name, attempt in FORGED.items()}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shared]:
    """One ledger for all attempts, each with an export of its own."""
    clock = ManualClock(datetime(2026, 9, 1, 2, tzinfo=UTC))
    network = exim_ledger(tmp_path_factory.mktemp("held") / "exim.db", clock=clock)
    venue = EmbeddedVenue(network, clock)
    cast = await Cast.of(venue)
    yield Shared(venue, venue, cast, await venue.members(), 500)
    await cast.close()
    await network.finish()
    network.close()
    assert verify(network.path).is_good


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
async def test_what_is_held_back_or_forged_comes_to_what_is_stated(shared: Shared, attempt: Attempt) -> None:
    scene = await shared.scene()
    assert await attempt.play(scene) == attempt.code
