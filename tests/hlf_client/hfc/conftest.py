"""A member, and peers that answer as a test tells them."""

from __future__ import annotations

import pytest
from tests.eximledger.bank import bank_maker
from tests.hlf_client.hfc.peers import FakeWire

from hlf_client.identity import Identity


@pytest.fixture(scope="session")
def identity() -> Identity:
    return bank_maker()


@pytest.fixture
def wire() -> FakeWire:
    return FakeWire()
