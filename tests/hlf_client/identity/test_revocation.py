"""Revocation lists: what is on one is void, and nobody but its authority makes one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hlf_client.errors import NotAuthorized
from hlf_client.identity import (
    CertificateAuthority,
    NodeRole,
    RevocationList,
    Subject,
    TrustAnchors,
    generate_key,
    load_certificate,
    revoke,
)

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def authority() -> CertificateAuthority:
    return CertificateAuthority.create(Subject("ca", "bank.example"), now=NOW)


def leaf(ca: CertificateAuthority, name: str = "maker") -> bytes:
    return ca.enrol(Subject(name, "bank.example", NodeRole.CLIENT), generate_key().public_key(), now=NOW)


def forged_list(ca: CertificateAuthority, serial: int) -> bytes:
    """A list that names a number which this authority never gave."""
    identifier = ca.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW).build()
    builder = x509.CertificateRevocationListBuilder().issuer_name(ca.certificate.subject).last_update(NOW)
    builder = builder.next_update(NOW + timedelta(days=1)).add_revoked_certificate(entry)
    builder = builder.add_extension(x509.CRLNumber(1), critical=False)
    identified = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    return builder.add_extension(identified, critical=False).sign(ca.key, SHA256()).public_bytes(Encoding.PEM)


def test_a_revoked_certificate_is_refused_and_its_neighbour_is_not() -> None:
    ca = authority()
    anchors, stolen, kept = TrustAnchors("BankMSP", [ca.pem]), leaf(ca), leaf(ca)
    listed = revoke(ca, [load_certificate(stolen)], now=NOW)
    assert anchors.certify(stolen, NOW).role is NodeRole.CLIENT
    with pytest.raises(NotAuthorized, match="revoked"):
        anchors.certify(stolen, NOW, listed)
    assert anchors.certify(kept, NOW, listed).role is NodeRole.CLIENT


def test_the_next_list_holds_what_the_list_before_held() -> None:
    ca = authority()
    first, second = load_certificate(leaf(ca)), load_certificate(leaf(ca))
    before = revoke(ca, [first], now=NOW)
    after = RevocationList.parse(revoke(ca, [second, first], before=before, now=NOW + timedelta(days=1)))
    assert after.names(first)
    assert after.names(second)
    assert (len(after.crl), after.number) == (2, RevocationList.parse(before).number + 1)
    assert [entry.revocation_date_utc for entry in after.crl if entry.serial_number == first.serial_number] == [NOW]


def test_a_list_of_another_authority_with_the_same_name_revokes_nothing() -> None:
    ca, other = authority(), authority()
    anchors, certificate = TrustAnchors("BankMSP", [ca.pem]), leaf(ca)
    forged = forged_list(other, load_certificate(certificate).serial_number)
    assert RevocationList.parse(forged).names(load_certificate(certificate))
    assert anchors.certify(certificate, NOW, forged).role is NodeRole.CLIENT
    assert not anchors.vouches_for(RevocationList.parse(forged))
    assert anchors.vouches_for(RevocationList.parse(revoke(ca, [], now=NOW)))


def test_an_authority_revokes_only_what_it_has_issued_and_goes_on_only_from_its_own_list() -> None:
    ca, other = authority(), authority()
    with pytest.raises(NotAuthorized, match="only the authority"):
        revoke(other, [load_certificate(leaf(ca))], now=NOW)
    with pytest.raises(NotAuthorized, match="another authority"):
        revoke(other, [], before=revoke(ca, [], now=NOW), now=NOW)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(NotAuthorized, match="revocation list"):
        RevocationList.parse(content)
