"""What tests of what a bank sees begin with."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts.seen.scene import Scene, scene

from eximledger_chaincode.documents import compared_number


@pytest.fixture
async def made() -> Scene:
    return await scene()


@pytest.fixture
async def following(made: Scene) -> Scene:
    """Eximbank has copies of both declarations, and of what receipts tell of them."""
    await made.authorise()
    await made.pull(1, 2, invoices=[compared_number("INV-1")])
    return made
