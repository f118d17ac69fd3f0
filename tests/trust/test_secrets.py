"""No secret is in the tree, and no key that the product writes can be read by anybody else."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eximledger.testing import LedgerNetwork
from hlf_client.identity import CertificateAuthority, NodeRole, Subject, generate_key, private_key_pem, write_msp

ROOT = Path(__file__).resolve().parents[2]

SECRET = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40}"  # a key, not the words that begin one
    rb"|\bAKIA[0-9A-Z]{16}\b|\bASIA[0-9A-Z]{16}\b"  # Amazon
    rb"|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{40}|\bglpat-[A-Za-z0-9_-]{20}"  # GitHub, GitLab
    rb"|\bxox[abprs]-[A-Za-z0-9-]{10}|\bsk-[A-Za-z0-9_-]{32}|\bpypi-AgE[A-Za-z0-9_-]{40}|\bnpm_[A-Za-z0-9]{36}"
    rb"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"  # JSON web tokens
    rb"|://[A-Za-z0-9._-]+:[^\s@/{}\"'$]{6,}@"  # a password in an address
)
KEY_FILE = re.compile(r"\.(key|p12|pfx|jks|keystore|kdbx|ovpn)$|(^|/)(id_(rsa|ecdsa|ed25519)|\.netrc|\.pypirc|\.env)$")


def tracked() -> list[str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_secret_is_in_the_tree() -> None:
    names = tracked()
    assert len(names) > 300
    assert [name for name in names if KEY_FILE.search(name)] == []
    found = {name: SECRET.search((ROOT / name).read_bytes()) for name in names}
    assert {name: match.start() for name, match in found.items() if match is not None} == {}


def test_secrets_would_be_found() -> None:
    for text in (
        private_key_pem(generate_key()),
        b"AKIA" + b"A" * 16,
        b"ghp_" + b"a" * 36,
        b"https://me:" + b"secret1@host",
    ):
        assert SECRET.search(text)
    assert KEY_FILE.search("a/server.key")


@pytest.fixture
def careless() -> Iterator[None]:
    """A user whose files anybody may read and write unless the program sees to it."""
    before = os.umask(0)
    yield
    os.umask(before)


def keys_below(folder: Path) -> list[Path]:
    """Every file with a private key, whatever its name; each only its owner's, in folders that only it may enter."""
    keys = [path for path in folder.rglob("*") if path.is_file() and b"PRIVATE KEY-----" in path.read_bytes()]
    for path in keys:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        for above in path.relative_to(folder).parents:
            if above != Path():
                assert stat.S_IMODE((folder / above).stat().st_mode) == 0o700, folder / above
    return keys


def test_keys_of_a_wallet_are_the_owners(careless: None, tmp_path: Path) -> None:
    key = generate_key()
    authority = CertificateAuthority.create(Subject("ca", "Bank"))
    certificate = authority.enrol(Subject("maker", "Bank", NodeRole.CLIENT), key.public_key())
    write_msp(tmp_path / "wallet" / "maker", root=authority.pem, certificate=certificate, key=key)
    assert len(keys_below(tmp_path)) == 1


def test_keys_of_an_embedded_ledger_are_the_owners(
    careless: None, exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path
) -> None:
    network = exim_network_factory(tmp_path / "exim.db")
    network.connect("eximbank")
    assert keys_below(tmp_path)
    ledger = [path for path in tmp_path.iterdir() if path.is_file()]  # private papers are in it
    assert {stat.S_IMODE(path.stat().st_mode) for path in ledger} == {0o600}


def test_keys_of_a_fabric_network_are_the_owners(careless: None, tmp_path: Path) -> None:
    pytest.importorskip("docker", reason="needs the extra `network`")
    from eximledger_network import default_consortium
    from hlf_network.material.crypto import ensure_certificates
    from hlf_network.material.layout import Layout

    consortium = default_consortium()
    ensure_certificates(consortium, Layout.of(consortium, tmp_path / "network"))
    keys = {path.relative_to(tmp_path).as_posix() for path in keys_below(tmp_path)}
    for part in ("ca/key.pem", "tlsca/key.pem", "tls/server.key", "msp/keystore/key.pem"):
        assert any(key.endswith(part) for key in keys), part
