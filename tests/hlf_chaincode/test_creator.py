"""What is read from a creator's certificate."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from tests.hlf_chaincode.memory_peer import identity

from hlf_chaincode.creator import ATTRIBUTES_OID, creator_of
from hlf_chaincode.errors import NotAuthorized


def certificate(attributes: bytes | None) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in ("client", "loans")])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(day).not_valid_after(day + timedelta(days=1))
    if attributes is not None:
        builder = builder.add_extension(x509.UnrecognizedExtension(ATTRIBUTES_OID, attributes), critical=False)
    return builder.sign(key, hashes.SHA256())


def test_the_hash_is_that_of_the_der_and_units_are_in_order() -> None:
    made = certificate(None)
    creator = creator_of("BankMSP", made.public_bytes(Encoding.PEM))
    assert creator.certificate_hash == hashlib.sha256(made.public_bytes(Encoding.DER)).hexdigest()
    assert (creator.msp_id, creator.organizational_units, creator.common_name) == ("BankMSP", ("client", "loans"), "")
    assert creator.attributes == {}


@pytest.mark.parametrize(("hours", "holds"), [(-1, False), (0, True), (24, True), (25, False)])
def test_a_certificate_counts_in_its_period_only(hours: int, holds: bool) -> None:
    creator = creator_of("BankMSP", certificate(None).public_bytes(Encoding.PEM))
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    if holds:
        creator.require_valid(moment)
    else:
        with pytest.raises(NotAuthorized, match="holds from 2026-01-01 00:00 to 2026-01-02 00:00 UTC"):
            creator.require_valid(moment)


def test_attributes_are_read() -> None:
    who = identity("BankMSP", "officer", "maker,checker", enrolled="wang")
    creator = creator_of(who.msp_id, who.certificate)
    assert creator.attributes == {"exim.role": "maker,checker", "hf.EnrollmentID": "wang"}


@pytest.mark.parametrize("attributes", [b"", b"{", b"[]", b'{"attrs": []}', b"\xff"])
def test_malformed_attributes_are_no_identity(attributes: bytes) -> None:
    with pytest.raises(NotAuthorized, match="certificate"):
        creator_of("BankMSP", certificate(attributes).public_bytes(Encoding.PEM))


@pytest.mark.parametrize(
    "pem", [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_no_identity(pem: bytes) -> None:
    with pytest.raises(NotAuthorized, match=r"X\.509"):
        creator_of("BankMSP", pem)
