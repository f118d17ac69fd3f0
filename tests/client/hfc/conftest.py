"""A member, and peers that answer as a test tells them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("fabric_protos", reason="needs the extra `hfc`")

ROOT = str(Path(__file__).resolve().parents[3])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from tests.client.hfc.peers import FakeWire  # noqa: E402

from eximledger.identity import (  # noqa: E402
    CertificateAuthority,
    Identity,
    NodeRole,
    PrivateKeySigner,
    Subject,
    generate_key,
)


@pytest.fixture(scope="session")
def identity() -> Identity:
    key = generate_key()
    authority = CertificateAuthority.create(Subject("ca.bank.test", "Bank"))
    certificate = authority.enrol(Subject("maker", "Bank", NodeRole.CLIENT), key.public_key())
    return Identity("BankMSP", certificate, PrivateKeySigner(key))


@pytest.fixture
def wire() -> FakeWire:
    return FakeWire()
