"""MSP folders as other tools leave them: old certificates beside new ones, strange files, PEM in base64."""

from __future__ import annotations

from base64 import b64encode, encodebytes
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hlf_client.errors import NotAuthorized
from hlf_client.identity import (
    CertificateAuthority,
    NodeRole,
    Subject,
    generate_key,
    plain_pem,
    private_key_pem,
    read_identity,
    write_msp,
)

NOW = datetime.now(UTC)
KEY, OLD_KEY = generate_key(), generate_key()
ROOT = CertificateAuthority.create(Subject("ca", "bank.example"), now=NOW - timedelta(days=900))
MAKER = Subject("maker", "bank.example", NodeRole.CLIENT)


def certificate(key=KEY, *, begun: int = 1, days: int = 365) -> bytes:  # type: ignore[no-untyped-def]
    """One that was issued `begun` days ago for so many days."""
    return ROOT.enrol(MAKER, key.public_key(), days=days, now=NOW - timedelta(days=begun))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_msp(tmp_path, root=ROOT.pem, certificate=certificate(), key=KEY)
    return tmp_path


@pytest.mark.parametrize("name", ["0-old.pem", "z-old.pem"])
def test_an_expired_certificate_beside_the_new_one_is_passed_over(folder: Path, name: str) -> None:
    (folder / "signcerts" / name).write_bytes(certificate(begun=400, days=365))
    assert read_identity("BankMSP", folder).certificate == (folder / "signcerts/cert.pem").read_bytes()


@pytest.mark.parametrize("name", ["0-next.pem", "z-next.pem"])
def test_one_that_does_not_hold_yet_is_passed_over(folder: Path, name: str) -> None:
    (folder / "signcerts" / name).write_bytes(certificate(begun=-30, days=700))
    assert read_identity("BankMSP", folder).certificate == (folder / "signcerts/cert.pem").read_bytes()


@pytest.mark.parametrize("name", ["0-other.pem", "z-other.pem"])
def test_one_whose_key_is_not_there_is_passed_over_though_it_holds_longer(folder: Path, name: str) -> None:
    (folder / "signcerts" / name).write_bytes(certificate(OLD_KEY, days=800))
    assert read_identity("BankMSP", folder).certificate == (folder / "signcerts/cert.pem").read_bytes()


def test_of_two_that_hold_and_fit_the_longer_one_acts(folder: Path) -> None:
    (folder / "signcerts" / "renewed.pem").write_bytes(longer := certificate(begun=0, days=700))
    (folder / "keystore" / "0-old.pem").write_bytes(private_key_pem(OLD_KEY))
    found = read_identity("BankMSP", folder)
    assert found.certificate == longer
    assert found.signer.public_key == KEY.public_key()  # type: ignore[union-attr]


def test_of_none_that_holds_the_last_one_acts_and_peers_say_so(tmp_path: Path) -> None:
    write_msp(tmp_path, root=ROOT.pem, certificate=certificate(begun=800, days=365), key=KEY)
    (tmp_path / "signcerts" / "a.pem").write_bytes(later := certificate(begun=400, days=365))
    assert read_identity("BankMSP", tmp_path).certificate == later


def test_what_is_no_certificate_is_passed_over_and_named_where_it_is_alone(folder: Path) -> None:
    (folder / "signcerts" / "0-README").write_text("put your certificate here")
    assert read_identity("BankMSP", folder).certificate.startswith(b"-----BEGIN")
    (folder / "signcerts" / "cert.pem").unlink()
    with pytest.raises(NotAuthorized, match="cannot be read"):
        read_identity("BankMSP", folder)
    (folder / "signcerts" / "0-README").unlink()
    with pytest.raises(NotAuthorized, match="there is no certificate"):
        read_identity("BankMSP", folder)


@pytest.mark.parametrize("written", [b64encode, encodebytes])
def test_pem_in_base64_is_told_apart(folder: Path, written) -> None:  # type: ignore[no-untyped-def]
    plain = (folder / "signcerts/cert.pem").read_bytes()
    for path in (folder / "signcerts/cert.pem", folder / "keystore/key.pem"):
        path.write_bytes(written(path.read_bytes()))
    assert read_identity("BankMSP", folder).certificate == plain


@pytest.mark.parametrize(
    "content", [b"", b"  ", b"nonsense", b64encode(b"nonsense"), b"\xff\x00", b"AAAA", b"-----BEGIN"]
)
def test_what_is_neither_stays_as_it_is(content: bytes) -> None:
    assert plain_pem(content) == content
