"""Certificates, checked by OpenSSL: chains, names, modes; and what happens when one is wrong or has run out."""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from eximledger_network import default_consortium
from hlf_client.identity import CertificateAuthority
from hlf_network.consortium import Consortium, Tls
from hlf_network.errors import NetworkError
from hlf_network.material.crypto import ensure_certificates, list_certificates, renew_certificates
from hlf_network.material.layout import Layout

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    consortium = default_consortium()
    layout = Layout.of(consortium, tmp_path_factory.mktemp("crypto"))
    ensure_certificates(consortium, layout)
    return layout


def openssl(*arguments: str | Path) -> str:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_openssl
def test_openssl_verifies_every_chain_against_its_own_authority(made: Layout) -> None:
    for organization in (made.root / "organizations").iterdir():
        for leaf in organization.rglob("signcerts/cert.pem"):
            openssl("verify", "-x509_strict", "-CAfile", organization / "ca/cert.pem", leaf)
        for leaf in [*organization.rglob("server.crt"), *organization.rglob("client.crt")]:
            openssl("verify", "-x509_strict", "-CAfile", organization / "tlsca/cert.pem", leaf)


@needs_openssl
def test_a_certificate_of_one_organisation_is_not_verified_by_another(made: Layout) -> None:
    leaf = made.root / "organizations/safe/peers/peer0/msp/signcerts/cert.pem"
    other = made.root / "organizations/customs/ca/cert.pem"
    done = subprocess.run(["openssl", "verify", "-CAfile", other, leaf], capture_output=True, check=False)
    assert done.returncode != 0


@needs_openssl
def test_roles_names_and_attributes_stand_in_the_certificates(made: Layout) -> None:
    bank = made.root / "organizations/eximbank"
    texts = {
        "peer": openssl("x509", "-noout", "-text", "-in", bank / "peers/peer0/msp/signcerts/cert.pem"),
        "orderer": openssl("x509", "-noout", "-text", "-in", bank / "orderers/orderer0/msp/signcerts/cert.pem"),
        "admin": openssl("x509", "-noout", "-text", "-in", bank / "users/admin/msp/signcerts/cert.pem"),
        "client": openssl("x509", "-noout", "-text", "-in", bank / "users/checker/msp/signcerts/cert.pem"),
    }
    for role, text in texts.items():
        assert f"OU = {role}" in text or f"OU={role}" in text
        assert "Extended Key Usage" not in text
    assert "1.2.3.4.5.6.7.8.1" in texts["client"]
    assert '"exim.role":"checker"' in texts["client"]
    tls = openssl("x509", "-noout", "-text", "-in", bank / "peers/peer0/tls/server.crt")
    assert "DNS:peer0.eximbank.internal" in tls
    assert "DNS:localhost" in tls
    assert "IP Address:127.0.0.1" in tls
    assert "TLS Web Server Authentication, TLS Web Client Authentication" in tls


def test_keys_are_for_their_owner_only(made: Layout) -> None:
    keys = [*made.root.rglob("key.pem"), *made.root.rglob("*.key")]
    assert len(keys) > 30
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_msp_folders_have_the_layout_that_fabric_reads(made: Layout) -> None:
    msp = made.root / "organizations/customs/peers/peer0/msp"
    assert {path.name for path in msp.iterdir()} == {"cacerts", "tlscacerts", "signcerts", "keystore", "config.yaml"}
    units = yaml.safe_load((msp / "config.yaml").read_text())["NodeOUs"]
    assert units["Enable"] is True
    assert units["PeerOUIdentifier"]["OrganizationalUnitIdentifier"] == "peer"
    assert (msp / units["PeerOUIdentifier"]["Certificate"]).is_file()


def test_the_list_shows_what_expires_first(tmp_path: Path) -> None:
    consortium = default_consortium()
    layout = Layout.of(consortium, tmp_path / "n")
    ensure_certificates(consortium, layout)
    listed = list_certificates(consortium, layout)
    assert [one.not_after for one in listed] == sorted(one.not_after for one in listed)
    assert sum(one.is_authority for one in listed) == 8
    assert {one.days_left() for one in listed if not one.is_authority} <= {364, 365}


def test_renewal_keeps_keys_and_moves_the_end(tmp_path: Path) -> None:
    consortium = default_consortium()
    layout = Layout.of(consortium, tmp_path / "n")
    ensure_certificates(consortium, layout)
    key = layout.root / "organizations/safe/peers/peer0/tls/server.key"
    before, content = list_certificates(consortium, layout), key.read_bytes()
    later = datetime.now(UTC) + timedelta(days=350)
    assert renew_certificates(consortium, layout, within_days=10, now=later) == ()
    renewed = renew_certificates(consortium, layout, within_days=30, now=later)
    assert len(renewed) == sum(not one.is_authority for one in before)
    assert key.read_bytes() == content
    assert min(one.not_after for one in list_certificates(consortium, layout)) > later + timedelta(days=360)


def test_an_expired_authority_is_named(tmp_path: Path) -> None:
    consortium = default_consortium()
    layout = Layout.of(consortium, tmp_path / "n")
    ensure_certificates(consortium, layout)
    later = datetime.now(UTC) + timedelta(days=3651)
    with pytest.raises(NetworkError, match=r"enrolment CA of eximbank expired on .*ca/cert.pem"):
        ensure_certificates(consortium, layout, now=later)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("peers/peer0/tls/server.key", "orderers/orderer0/tls/server.key", "does not belong to the certificate"),
        ("peers/peer0/tls/server.crt", None, "server.crt is not a certificate in PEM form"),
        ("ca/cert.pem", None, "ca/cert.pem is not a certificate in PEM form"),
        ("ca/key.pem", "tlsca/key.pem", r"ca/key.pem does not belong to .*ca/cert.pem"),
    ],
)
def test_a_damaged_file_of_ours_is_named_and_never_guessed_over(
    tmp_path: Path, file: str, content: str | None, words: str
) -> None:
    consortium = default_consortium()
    layout = Layout.of(consortium, tmp_path / "n")
    ensure_certificates(consortium, layout)
    safe = layout.root / "organizations/safe"
    (safe / file).write_bytes((safe / content).read_bytes() if content else b"nonsense")
    with pytest.raises(NetworkError, match=words):
        ensure_certificates(consortium, layout)


def test_an_authority_that_is_lost_is_not_replaced_by_another(tmp_path: Path) -> None:
    consortium = default_consortium()
    layout = Layout.of(consortium, tmp_path / "n")
    ensure_certificates(consortium, layout)
    shutil.rmtree(layout.root / "organizations/safe/ca")
    with pytest.raises(NetworkError, match=r"enrolment CA of safe is missing .* put it back"):
        ensure_certificates(consortium, layout)


def bring(consortium: Consortium, folder: Path) -> Consortium:
    """The consortium with safe bringing its own certificates from a folder."""
    owners = tuple(
        one.model_copy(update={"material": folder}) if one.name == "safe" else one for one in consortium.organizations
    )
    return consortium.model_copy(update={"organizations": owners})


@pytest.fixture
def brought(tmp_path: Path) -> tuple[Consortium, Layout, Path]:
    consortium = default_consortium()
    ensure_certificates(consortium, Layout.of(consortium, tmp_path / "elsewhere"))
    folder = tmp_path / "elsewhere/organizations/safe"
    consortium = bring(consortium, folder)
    return consortium, Layout.of(consortium, tmp_path / "n"), folder


def test_brought_material_is_used_where_it_lies(brought: tuple[Consortium, Layout, Path]) -> None:
    consortium, layout, folder = brought
    ensure_certificates(consortium, layout)
    assert layout.msp(consortium.organization("safe")) == folder / "msp"
    assert not (layout.root / "organizations/safe").exists()


def break_key(folder: Path) -> None:
    (folder / "peers/peer0/tls/server.key").write_bytes((folder / "orderers/orderer0/tls/server.key").read_bytes())


def break_issuer(folder: Path) -> None:
    (folder / "msp/cacerts/ca.pem").write_bytes((folder.parent / "customs/ca/cert.pem").read_bytes())


def remove_certificate(folder: Path) -> None:
    (folder / "users/admin/msp/signcerts/cert.pem").unlink()


def spoil_certificate(folder: Path) -> None:
    (folder / "users/admin/msp/signcerts/cert.pem").write_text("nonsense")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (break_key, "does not belong to the certificate"),
        (break_issuer, "was not issued by"),
        (remove_certificate, "is missing: put it there"),
        (spoil_certificate, "is not a certificate in PEM form"),
    ],
)
def test_brought_material_that_does_not_fit_is_named(
    brought: tuple[Consortium, Layout, Path], damage: Callable[[Path], None], words: str
) -> None:
    consortium, layout, folder = brought
    damage(folder)
    with pytest.raises(NetworkError, match=words):
        ensure_certificates(consortium, layout)


def test_brought_certificates_for_servers_alone_do_not_do_under_mutual_tls(
    brought: tuple[Consortium, Layout, Path],
) -> None:
    consortium, layout, folder = brought
    own = folder / "tlsca"
    authority = CertificateAuthority.load((own / "cert.pem").read_bytes(), (own / "key.pem").read_bytes())
    path = folder / "peers/peer0/tls/server.crt"
    path.write_bytes(for_servers_alone(authority, x509.load_pem_x509_certificate(path.read_bytes())))
    ensure_certificates(consortium, layout)
    mutual = consortium.model_copy(update={"tls": Tls(client_auth="required")})
    with pytest.raises(NetworkError, match=r"server\.crt is not made for clients"):
        ensure_certificates(mutual, layout)


def for_servers_alone(authority: CertificateAuthority, certificate: x509.Certificate) -> bytes:
    """The same certificate without the usage of a client."""
    builder = x509.CertificateBuilder(
        certificate.issuer,
        certificate.subject,
        certificate.public_key(),
        certificate.serial_number,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )
    for extension in certificate.extensions:
        value = extension.value
        if isinstance(value, x509.ExtendedKeyUsage):
            value = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(value, extension.critical)
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


ByIntermediates = Callable[[Consortium, str, Path], Consortium]


def test_what_an_intermediate_authority_issued_is_followed_to_the_root(
    by_intermediates: ByIntermediates, tmp_path: Path
) -> None:
    consortium = by_intermediates(default_consortium(), "safe", tmp_path / "elsewhere")
    layout, safe = Layout.of(consortium, tmp_path / "n"), consortium.organization("safe")
    ensure_certificates(consortium, layout)
    (issuing,) = layout.intermediates(safe, "ca")
    issuing.unlink()
    with pytest.raises(NetworkError, match="nor by an intermediate authority beside it"):
        ensure_certificates(consortium, layout)


def test_an_intermediate_authority_that_has_expired_is_named(by_intermediates: ByIntermediates, tmp_path: Path) -> None:
    consortium = by_intermediates(default_consortium(), "safe", tmp_path / "elsewhere")
    layout = Layout.of(consortium, tmp_path / "n")
    later = datetime.now(UTC) + timedelta(days=consortium.certificates.authority_days, hours=-2)
    others = tuple(one for one in consortium.organizations if one.material)
    with pytest.raises(NetworkError, match=r"issuing\.pem expired on"):
        ensure_certificates(consortium.model_copy(update={"organizations": others}), layout, now=later)
