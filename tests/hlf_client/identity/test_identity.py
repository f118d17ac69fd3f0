"""Certificates, signers and MSP folders: what an organisation vouches for, and what it does not."""

from __future__ import annotations

import shutil
import stat
import subprocess
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from hlf_chaincode.creator import creator_of
from hlf_client.errors import NotAuthorized
from hlf_client.identity import (
    CertificateAuthority,
    NodeRole,
    PrivateKeySigner,
    Subject,
    TrustAnchors,
    generate_key,
    load_certificate,
    private_key_pem,
    read_identity,
    sign_digest,
    verify_signature,
    write_msp,
)

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
NOW = datetime(2026, 9, 1, tzinfo=UTC)
KEY = generate_key()


def authority(now: datetime = NOW, days: int = 3650) -> CertificateAuthority:
    return CertificateAuthority.create(Subject("ca", "bank.example"), days=days, now=now)


ROOT = authority()
LEAF = ROOT.enrol(Subject("officer", "bank.example", NodeRole.CLIENT), KEY.public_key(), now=NOW)


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_signatures_have_low_s_and_their_mirror_is_refused(digest: bytes) -> None:
    signature = PrivateKeySigner(KEY).sign(digest)
    r, s = decode_dss_signature(signature)
    assert s <= P256_ORDER // 2
    assert verify_signature(KEY.public_key(), signature, digest)
    assert not verify_signature(KEY.public_key(), encode_dss_signature(r, P256_ORDER - s), digest)
    assert not verify_signature(generate_key().public_key(), signature, digest)


@pytest.mark.parametrize("signature", [b"", b"\x30\x00", b"nonsense", encode_dss_signature(0, 0)])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    assert not verify_signature(KEY.public_key(), signature, bytes(32))


def test_a_p384_key_signs_a_sha256_digest() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    assert verify_signature(key.public_key(), PrivateKeySigner(key).sign(bytes(32)), bytes(32))


def test_a_curve_that_fabric_does_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match="P-256"):
        PrivateKeySigner(ec.generate_private_key(ec.SECP521R1()))


async def test_a_signer_may_be_asynchronous() -> None:
    class Remote:
        async def sign(self, digest: bytes) -> bytes:
            return PrivateKeySigner(KEY).sign(digest)

    assert verify_signature(KEY.public_key(), await sign_digest(Remote(), bytes(32)), bytes(32))


def test_an_enrolled_certificate_is_vouched_for_with_its_role_and_attributes() -> None:
    ca = authority()
    subject = Subject("maker", "bank.example", NodeRole.CLIENT)
    certificate = ca.enrol(subject, KEY.public_key(), attributes={"exim.role": "maker"}, now=NOW)
    certified = TrustAnchors("BankMSP", [ca.pem]).certify(certificate, NOW)
    assert (certified.msp_id, certified.role) == ("BankMSP", NodeRole.CLIENT)
    creator = creator_of("BankMSP", certificate)
    assert creator.attributes == {"exim.role": "maker"}
    assert creator.certificate_hash == certified.certificate_hash


def test_another_authority_of_the_same_name_is_not_trusted() -> None:
    certificate = authority().enrol(Subject("m", "bank.example", NodeRole.CLIENT), KEY.public_key(), now=NOW)
    with pytest.raises(NotAuthorized, match="not issued by an authority of BankMSP"):
        TrustAnchors("BankMSP", [authority().pem]).certify(certificate, NOW)


@pytest.mark.parametrize(
    ("moment", "words"),
    [(NOW + timedelta(days=31), "expired"), (NOW - timedelta(days=1), "not valid before")],
)
def test_a_certificate_holds_only_in_its_period(moment: datetime, words: str) -> None:
    ca = authority(NOW - timedelta(days=10))
    certificate = ca.enrol(Subject("m", "b", NodeRole.CLIENT), KEY.public_key(), days=30, now=NOW)
    anchors = TrustAnchors("BankMSP", [ca.pem])
    anchors.certify(certificate, NOW)
    with pytest.raises(NotAuthorized, match=words):
        anchors.certify(certificate, moment)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_certificate_is_refused_and_never_crashes(data: st.DataObject) -> None:
    der = bytearray(load_certificate(LEAF).public_bytes(Encoding.DER))
    at = data.draw(st.one_of(st.integers(0, len(der) - 1), st.just(12)))  # 12: the X.509 version
    der[at] ^= data.draw(st.integers(1, 255))
    pem = b"-----BEGIN CERTIFICATE-----\n" + b64encode(der) + b"\n-----END CERTIFICATE-----\n"
    with pytest.raises(NotAuthorized):
        TrustAnchors("BankMSP", [ROOT.pem]).certify(pem, NOW)


def test_a_certificate_never_outlives_its_authority() -> None:
    ca = authority(days=10)
    certificate = ca.enrol(Subject("m", "b", NodeRole.CLIENT), KEY.public_key(), days=100, now=NOW)
    with pytest.raises(NotAuthorized, match="expired"):
        TrustAnchors("BankMSP", [ca.pem]).certify(certificate, NOW + timedelta(days=11))
    with pytest.raises(ValueError, match="expired"):
        ca.enrol(Subject("m", "b", NodeRole.CLIENT), KEY.public_key(), now=NOW + timedelta(days=11))


def test_a_certificate_without_a_role_or_made_for_another_purpose_is_refused() -> None:
    ca = authority()
    anchors = TrustAnchors("BankMSP", [ca.pem])
    with pytest.raises(NotAuthorized, match="one of client, peer, admin, orderer"):
        anchors.certify(ca.issue_tls(Subject("host", "b"), KEY.public_key(), ["localhost"], now=NOW), NOW)
    with pytest.raises(NotAuthorized, match="not made for signing"):
        anchors.certify(ca.pem, NOW)
    with pytest.raises(NotAuthorized, match="cannot be read"):
        anchors.certify(b"-----BEGIN CERTIFICATE-----", NOW)
    with pytest.raises(NotAuthorized, match="not an authority"):
        TrustAnchors("BankMSP", [ca.enrol(Subject("m", "b", NodeRole.CLIENT), KEY.public_key(), now=NOW)])


def test_ed25519_is_taken_where_it_was_said_to_be() -> None:
    ca, key = authority(), Ed25519PrivateKey.generate().public_key()
    certificate = ca.enrol(Subject("m", "b", NodeRole.CLIENT), key, now=NOW)
    with pytest.raises(NotAuthorized, match=r"use ECDSA on P-256 or P-384$"):
        TrustAnchors("BankMSP", [ca.pem]).certify(certificate, NOW)
    anchors = TrustAnchors("BankMSP", [ca.pem], ed25519=True)
    assert anchors.certify(certificate, NOW).public_key == key
    ecdsa = ca.enrol(Subject("m", "b", NodeRole.CLIENT), KEY.public_key(), now=NOW)
    assert anchors.certify(ecdsa, NOW).public_key == KEY.public_key()


def test_a_tls_certificate_carries_its_names_and_both_usages() -> None:
    pem = authority().issue_tls(Subject("peer", "b"), KEY.public_key(), ["peer.bank.example", "127.0.0.1"], now=NOW)
    certificate = x509.load_pem_x509_certificate(pem)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["peer.bank.example", "127.0.0.1"]
    assert len(list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)) == 2


def test_an_msp_folder_is_read_back_and_guarded(tmp_path: Path) -> None:
    ca = authority()
    certificate = ca.enrol(Subject("m", "b", NodeRole.CLIENT), KEY.public_key(), now=NOW)
    folder = tmp_path / "users" / "maker" / "msp"
    write_msp(folder, root=ca.pem, certificate=certificate, key=KEY)
    identity = read_identity("BankMSP", folder)
    assert identity.certificate == certificate
    assert stat.S_IMODE((folder / "keystore" / "key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "OrganizationalUnitIdentifier: peer" in (folder / "config.yaml").read_text()
    assert "PRIVATE" not in repr(identity)


def test_an_msp_folder_with_the_wrong_or_no_key_says_so(tmp_path: Path) -> None:
    ca = authority()
    certificate = ca.enrol(Subject("m", "b", NodeRole.CLIENT), KEY.public_key(), now=NOW)
    write_msp(tmp_path, root=ca.pem, certificate=certificate, key=KEY)
    (tmp_path / "keystore" / "key.pem").write_bytes(private_key_pem(generate_key()))
    with pytest.raises(NotAuthorized, match=r"no key in .* belongs"):
        read_identity("BankMSP", tmp_path)
    (tmp_path / "keystore" / "key.pem").unlink()
    with pytest.raises(NotAuthorized, match="there is no key"):
        read_identity("BankMSP", tmp_path)
    with pytest.raises(NotAuthorized, match="there is no certificate"):
        read_identity("BankMSP", tmp_path / "nowhere")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_accepts_the_chain(tmp_path: Path) -> None:
    ca = CertificateAuthority.create(Subject("ca", "bank.example"))
    write_msp(
        tmp_path, root=ca.pem, certificate=ca.enrol(Subject("m", "b", NodeRole.CLIENT), KEY.public_key()), key=KEY
    )
    command = ["openssl", "verify", "-x509_strict", "-CAfile", "cacerts/ca.pem", "signcerts/cert.pem"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
