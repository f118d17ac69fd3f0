"""The commands of a ledger itself, with the profile of a Fabric network in the place of a ledger file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.eximledger.cli.conftest import Exim

pytest.importorskip("grpc", reason="needs the extra `fabric`")

import yaml
from tests.hlf_client.gateway.fake import FakePeer
from tests.hlf_client.gateway.test_listening import chain, ends_with

from hlf_client.identity import (
    CertificateAuthority,
    NodeRole,
    Subject,
    generate_key,
    private_key_pem,
)
from hlf_client.sync._loop import wait_for


@pytest.fixture
def peer() -> Iterator[FakePeer]:
    found = wait_for(FakePeer.start())
    found.blocks = chain(3)
    found.answer = ends_with(found.blocks[2])
    yield found
    wait_for(found.stop())


@pytest.fixture
def profile(peer: FakePeer, tmp_path: Path) -> Path:
    key = generate_key()
    authority = CertificateAuthority.create(Subject("ca.bank.test", "Bank"))
    certificate = authority.enrol(Subject("maker", "Bank", NodeRole.CLIENT), key.public_key())
    user = {"cert": {"pem": certificate.decode()}, "key": {"pem": private_key_pem(key).decode()}}
    content = {
        "client": {"organization": "bank"},
        "channels": {"fx": {}, "bank": {}},
        "organizations": {"bank": {"mspid": "BankMSP", "peers": ["peer0"], "users": {"maker": user}}},
        "peers": {"peer0": {"url": f"grpc://127.0.0.1:{peer.port}"}},
    }
    path = tmp_path / "bank.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


def test_the_peers_channels_are_told(exim: Exim, profile: Path, peer: FakePeer) -> None:
    answer = exim("ledger", "info", "--ledger", profile, "--json")
    assert answer.json["msp_id"] == "BankMSP"
    channels = answer.json["channels"]
    assert isinstance(channels, list)
    assert [(each["name"], each["height"]) for each in channels] == [("bank", 3), ("fx", 3)]
    assert "BankMSP" in exim("ledger", "info", "--ledger", profile, "--as", "bank").out


def test_the_peers_chains_are_checked(exim: Exim, profile: Path, peer: FakePeer) -> None:
    good = exim("ledger", "verify", "--ledger", profile)
    assert (good.code, "The chains hold together." in good.out) == (0, True)
    peer.blocks[1].data.data[0] = b"another"
    bad = exim("ledger", "verify", "--ledger", profile, "--json")
    assert (bad.code, bad.json["good"]) == (1, False)
    channels = bad.json["channels"]
    assert isinstance(channels, list)
    assert channels[0]["problem"]["block"] == 1
    assert "The chain is broken." in exim("ledger", "verify", "--ledger", profile).out
