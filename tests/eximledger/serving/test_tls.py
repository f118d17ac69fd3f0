"""Mutual TLS on a real socket: whose certificate the authority has issued is let in, everybody else is not."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.eximledger.api.real import served

from hlf_client.identity import CertificateAuthority, NodeRole, Subject, generate_key, private_key_pem


def issued(authority: CertificateAuthority, folder: Path, name: str) -> tuple[Path, Path, str]:
    """Certificate, key and the SHA-256 of the certificate."""
    key = generate_key()
    pem = authority.issue_tls(Subject(name, "Bank", NodeRole.CLIENT), key.public_key(), ["127.0.0.1"])
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(pem)
    private.write_bytes(private_key_pem(key))
    der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    return certificate, private, hashlib.sha256(der).hexdigest()


def test_a_program_comes_in_by_its_certificate(tmp_path: Path) -> None:
    authority = CertificateAuthority.create(Subject("ca.bank.test", "Bank"))
    stranger = CertificateAuthority.create(Subject("ca.other.test", "Other"))
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    certificate, key, _ = issued(authority, tmp_path, "server")
    core, core_key, digest = issued(authority, tmp_path, "core")
    other, other_key, _ = issued(authority, tmp_path, "other")
    foreign, foreign_key, _ = issued(stranger, tmp_path, "foreign")
    said = {"tls_certificate": certificate, "tls_key": key, "client_authorities": tmp_path / "ca.pem"}
    with served(tmp_path, ["eximbank/maker"], certificates={"eximbank/maker": digest}, **said) as real:
        assert real.address.startswith("https://127.0.0.1:")

        def get(certificate: Path | None = None, key: Path | None = None) -> httpx.Response:
            context = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
            if certificate is not None:
                context.load_cert_chain(certificate, key)
            return httpx.get(f"{real.address}/api/v1/me", verify=context, timeout=60)

        found = get(core, core_key)
        assert (found.status_code, found.json()["signed_in_by"]) == (200, "certificate")
        assert "strict-transport-security" in found.headers
        assert get(other, other_key).status_code == 401  # issued by the bank, and nobody's here
        assert get().status_code == 401
        with pytest.raises(httpx.TransportError):
            get(foreign, foreign_key)
