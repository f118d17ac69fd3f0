"""A bank's maker, enrolled by an authority that only the tests know."""

from __future__ import annotations

from hlf_client.identity import CertificateAuthority, Identity, NodeRole, PrivateKeySigner, Subject, generate_key


def bank_maker() -> Identity:
    key = generate_key()
    authority = CertificateAuthority.create(Subject("ca.bank.test", "Bank"))
    certificate = authority.enrol(Subject("maker", "Bank", NodeRole.CLIENT), key.public_key())
    return Identity("BankMSP", certificate, PrivateKeySigner(key))
