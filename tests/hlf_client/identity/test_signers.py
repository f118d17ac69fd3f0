"""Keys of every kind that Fabric takes, from every place where people keep them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID
from tests.softhsm import SoftHsm

from hlf_client.errors import NotAuthorized
from hlf_client.identity import (
    Ed25519Signer,
    read_identity,
    read_pkcs12,
    sign_digest,
    sign_message,
    signer_from_pem,
    verify_message,
    verify_signature,
)

Key = ec.EllipticCurvePrivateKey | Ed25519PrivateKey
P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())


def certificate_of(key: Key) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "maker")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(key, None if isinstance(key, Ed25519PrivateKey) else hashes.SHA256())


def pem_of(key: Key, password: bytes | None = None) -> bytes:
    how = serialization.BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def fits(key: Key, signature: bytes, message: bytes) -> bool:
    """Whether a Fabric peer would take the signature."""
    return verify_message(key.public_key(), signature, message)


@pytest.fixture(params=["P-256", "P-384", "Ed25519"])
def key(request: pytest.FixtureRequest) -> Key:
    return {"P-256": P256, "P-384": P384}.get(request.param) or Ed25519PrivateKey.generate()


@pytest.mark.parametrize("password", [None, b"geheim"])
async def test_a_key_in_pem_signs_as_fabric_wants_it(key: Key, password: bytes | None) -> None:
    signer = signer_from_pem(pem_of(key, password), password)
    assert fits(key, await sign_message(signer, b"a proposal"), b"a proposal")


@pytest.mark.parametrize("password", [None, b"geheim"])
async def test_a_pkcs12_file_is_an_identity(key: Key, password: bytes | None, tmp_path: Path) -> None:
    how = serialization.BestAvailableEncryption(password) if password else NoEncryption()
    path = tmp_path / "maker.p12"
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"maker", key, certificate_of(key), None, how))
    identity = read_pkcs12("BankMSP", path, password)
    assert identity.msp_id == "BankMSP"
    assert x509.load_pem_x509_certificate(identity.certificate).public_key() == key.public_key()
    assert fits(key, await sign_message(identity.signer, b"a proposal"), b"a proposal")
    with pytest.raises(NotAuthorized, match="password"):
        read_pkcs12("BankMSP", path, b"wrong")


async def test_an_msp_folder_may_hold_a_key_of_any_kind(key: Key, tmp_path: Path) -> None:
    for folder, content in (("signcerts", certificate_of(key).public_bytes(Encoding.PEM)), ("keystore", pem_of(key))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "any-name").write_bytes(content)
    signature = await sign_message(read_identity("BankMSP", tmp_path).signer, b"a proposal")
    assert fits(key, signature, b"a proposal")


def test_what_is_no_pkcs12_file_or_holds_no_key_of_fabrics_is_named(tmp_path: Path) -> None:
    path = tmp_path / "maker.p12"
    with pytest.raises(NotAuthorized, match="cannot be read"):
        read_pkcs12("BankMSP", path)
    path.write_bytes(b"nonsense")
    with pytest.raises(NotAuthorized, match="no PKCS#12"):
        read_pkcs12("BankMSP", path)
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, None, certificate_of(P256), None, NoEncryption()))
    with pytest.raises(NotAuthorized, match="certificate and its private key"):
        read_pkcs12("BankMSP", path)


@pytest.mark.parametrize(
    ("pem", "password", "words"),
    [
        (b"nonsense", None, "."),
        (pem_of(P256, b"geheim"), None, "encrypted"),
        (pem_of(P256, b"geheim"), b"wrong", "."),
        (pem_of(P256), b"geheim", "not encrypted"),
        (pem_of(ec.generate_private_key(ec.SECP521R1())), None, "P-256 or P-384"),
        (
            generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            None,
            "neither ECDSA",
        ),
    ],
)
def test_a_key_that_cannot_be_used_is_a_value_error(pem: bytes, password: bytes | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        signer_from_pem(pem, password)


async def test_ed25519_signs_no_digest() -> None:
    key = Ed25519PrivateKey.generate()
    with pytest.raises(NotAuthorized, match="sign the content"):
        await sign_digest(Ed25519Signer(key), bytes(32))
    assert not verify_signature(key.public_key(), key.sign(bytes(32)), bytes(32))


async def test_a_signature_is_one_key_s_over_one_message(key: Key) -> None:
    signature = await sign_message(signer_from_pem(pem_of(key)), b"a proposal")
    assert not fits(key, signature, b"another")
    assert not fits(key, signature[:-1], b"a proposal")
    assert not fits(Ed25519PrivateKey.generate(), signature, b"a proposal")
    assert not fits(ec.generate_private_key(ec.SECP256R1()), signature, b"a proposal")


@pytest.fixture(scope="module")
def hsm(softhsm: SoftHsm) -> SoftHsm:
    """A token with P-256 keys and a P-384 key."""
    for label, number, key in (("maker", "a1", P256), ("checker", "a2", P384), ("twin", "b1", P256)):
        softhsm.keep(label, number, pem_of(key))
    return softhsm


async def test_a_key_in_an_hsm_signs_and_never_leaves_it(hsm: SoftHsm) -> None:
    from hlf_client.identity.pkcs11 import Pkcs11Signer

    for label, number, key in (("maker", None, P256), ("checker", "a2", P384), (None, "b1", P256)):
        with Pkcs11Signer(hsm.library, token=hsm.token, pin=hsm.pin, key=label, key_id=number) as signer:
            for n in range(40):  # high s would be refused in half of them
                message = b"proposal %d" % n
                assert fits(key, await sign_message(signer, message), message)


def test_what_an_hsm_does_not_have_is_named(hsm: SoftHsm) -> None:
    from hlf_client.identity.pkcs11 import Pkcs11Signer

    for change, words in (
        ({"library": "/nowhere.so"}, "cannot be loaded"),
        ({"token": "other"}, "no token 'other'"),
        ({"pin": "0000"}, "PIN"),
        ({"key": "nobody"}, "exactly one"),
        ({"key_id": "not hex"}, "exactly one"),
    ):
        found = {"library": str(hsm.library), "token": hsm.token, "pin": hsm.pin, "key": "maker", **change}
        with pytest.raises(NotAuthorized, match=words):
            Pkcs11Signer(**found)
