"""A member, and peers that answer as a test tells them."""

from __future__ import annotations

import pytest

pytest.importorskip("fabric_protos", reason="needs the extra `hfc`")

from tests.client.hfc.peers import FakeWire

from eximledger.identity import (
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
