"""What a bank holds back or forges, at real peers: those of docs/forgery-table.md that need no other day or policy.

SAFE's next day is left out, for a day that is open stays open and other tests share this network; the same day opened
anew writes the same key. Who may take which step, test_forgery.py plays.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.fabric.consortium import Members
from tests.fabric.venue import FabricVenue
from tests.trust.forgery.forged import FORGED
from tests.trust.forgery.held_back import HELD_BACK
from tests.trust.forgery.matrix import Cast
from tests.trust.forgery.scene import Shared

from eximledger_chaincode.rules import Decision, Verdict

pytestmark = [
    pytest.mark.fabric,
    pytest.mark.asyncio(loop_scope="module"),
]

SERIAL = 77100
ELSEWHERE_ONLY = {
    "approval-next-day", "disbursement-next-day", "extension-next-day", "approval-policy", "extension-policy",
}  # fmt: skip
"""They would change what other tests of the session find."""
AT_EVERY_COMMIT = {
    "approval-same-day", "approval-paper", "approval-balance", "approval-class", "disbursement-reproposed",
    "extension-repaid", "repayment-receipt", "repayment-twice", "forged-approval-bank-alone",
    "forged-approval-without-papers", "forged-other-results", "forged-position-banks", "forged-position-colluding",
    "forged-loan-other-bank", "forged-guard-banks", "forged-day-banks",
}  # fmt: skip
"""Of each step and each of the keys that guard it one, of each outcome one. `make trust` plays all on peers, the
embedded ledger does at every commit."""
ATTEMPTS = {
    **{name: attempt for name, attempt in HELD_BACK.items() if name not in ELSEWHERE_ONLY},
    **{f"forged-{name}": attempt for name, attempt in FORGED.items()},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(members: Members, lent: Verdict) -> AsyncIterator[Shared]:
    """On the business day that `lent` has opened, with the secret that papers are matched under."""
    assert lent.verdict is Decision.APPROVE
    venue = FabricVenue(members)
    cast = await Cast.of(venue)
    try:
        yield Shared(venue, venue, cast, members.roles, SERIAL)
    finally:
        await cast.close()
        await venue.close()


async def test_what_is_played_at_every_commit_has_every_outcome() -> None:
    assert ATTEMPTS.keys() > AT_EVERY_COMMIT
    assert {ATTEMPTS[name].code for name in AT_EVERY_COMMIT} == {each.code for each in ATTEMPTS.values()}


@pytest.mark.parametrize("name", ATTEMPTS)
async def test_what_is_held_back_or_forged_comes_to_what_is_stated(shared: Shared, name: str, is_long: bool) -> None:
    if not (is_long or name in AT_EVERY_COMMIT):
        pytest.skip("ten seconds each: all of them in `make trust`")
    scene, attempt = await shared.scene(), ATTEMPTS[name]
    assert await attempt.play(scene) == attempt.code
