"""`hfc:PROFILE` in place of a profile: who is found in it, and what is said before anything is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eximledger import connect
from hlf_chaincode.protos.common.common_pb2 import ChannelHeader, Payload
from hlf_client import PreparedTransaction
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotAuthorized, NotFound
from hlf_client.gateway import Endpoint, Profile
from hlf_client.hfc import HfcLedger
from hlf_client.identity import (
    CertificateAuthority,
    Identity,
    Subject,
    certificate_hash,
    generate_key,
    private_key_pem,
)
from hlf_client.wire.messages import blocks_request

ENDORSES = {"endorsingPeer": True}
PROFILE: dict[str, object] = {
    "client": {"organization": "bank"},
    "channels": {
        "fx": {
            "peers": {"peer0.bank": ENDORSES, "peer1.bank": {"endorsingPeer": False}, "peer0.safe": ENDORSES},
            "orderers": ["orderer1.safe"],
        },
        "open": {},
    },
    "organizations": {
        "bank": {
            "mspid": "BankMSP",
            "peers": ["peer0.bank", "peer1.bank"],
            "users": {"maker": {"cert": {"path": "cert.pem"}, "key": {"path": "key.pem"}}},
        },
        "safe": {"mspid": "SafeMSP", "peers": ["peer0.safe"]},
        "customs": {"mspid": "CustomsMSP"},
    },
    "peers": {name: {"url": f"grpc://{name}:7051"} for name in ("peer0.bank", "peer1.bank", "peer0.safe")},
    "orderers": {name: {"url": f"grpc://{name}:7050"} for name in ("orderer0.bank", "orderer1.safe")},
}


@pytest.fixture
def url(tmp_path: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("EXIM_HFC_HOME", str(tmp_path / "nothing"))
    (tmp_path / "cert.pem").write_bytes(identity.certificate)
    (tmp_path / "key.pem").write_bytes(private_key_pem(generate_key()))
    (tmp_path / "bank.json").write_text(json.dumps(PROFILE))
    return f"hfc:{tmp_path}"


def names(profile: Profile, channel: str) -> dict[str, list[str]]:
    return {msp_id: [each.name for each in peers] for msp_id, peers in profile.endorsers(channel).items()}


def test_the_profile_says_who_endorses_and_orders_on_a_channel() -> None:
    profile = Profile.parse(json.dumps(PROFILE).encode())
    assert names(profile, "fx") == {"BankMSP": ["peer0.bank"], "SafeMSP": ["peer0.safe"]}
    assert [each.address for each in profile.ordering("fx")] == ["orderer1.safe:7050"]


def test_where_the_profile_does_not_say_all_that_it_knows_count() -> None:
    profile = Profile.parse(json.dumps(PROFILE).encode())
    assert names(profile, "open") == {"BankMSP": ["peer0.bank", "peer1.bank"], "SafeMSP": ["peer0.safe"]}
    assert [each.name for each in profile.ordering("open")] == ["orderer0.bank", "orderer1.safe"]


def test_an_orderer_that_is_named_and_not_described_is_an_error() -> None:
    content = {**PROFILE, "channels": {"fx": {"orderers": ["orderer9"]}}}
    with pytest.raises(InvalidDocument, match="where orderer orderer9 is"):
        Profile.parse(json.dumps(content).encode()).ordering("fx")


async def test_a_member_and_a_user_are_found_as_for_the_gateway(url: str) -> None:
    async with connect(url, "bank") as ledger:
        assert isinstance(ledger, HfcLedger)
        assert (ledger.msp_id, list(ledger.channels)) == ("BankMSP", ["fx", "open"])
    with pytest.raises(NotAuthorized, match="no user 'boss'"):
        connect(url, "bank/boss")
    with pytest.raises(InvalidDocument, match="no connection profile of nobody"):
        connect(url, "nobody")


async def test_without_its_environment_the_first_call_says_what_to_do(url: str) -> None:
    async with connect(url, "bank/maker") as ledger:
        with pytest.raises(LedgerUnavailable, match="run `eximledger hfc install`"):
            await ledger.evaluate("fx", "f")


async def test_what_can_be_refused_here_is_not_sent(url: str) -> None:
    async with connect(url, "bank") as ledger:
        with pytest.raises(NotFound, match="its profile names fx, open"):
            await ledger.submit("nowhere", "f")
        with pytest.raises(InvalidDocument, match="names its channel"):
            await ledger.evaluate("", "f")
        proposal = ledger.propose("fx", "f", endorsing_organizations=["safe", "CustomsMSP"])
        assert proposal.endorsing_organizations == ("SafeMSP", "CustomsMSP")
        with pytest.raises(InvalidDocument, match="is not transaction"):
            await ledger.order(PreparedTransaction(proposal.content, "0" * 64, "fx", b""))


async def test_a_closed_connection_stays_closed(url: str) -> None:
    ledger = connect(url, "bank")
    await ledger.close()
    with pytest.raises(LedgerUnavailable, match="closed"):
        await ledger.channel_info("fx")


def test_mutual_tls_ties_what_is_signed_to_the_connection() -> None:
    key = generate_key()
    authority = CertificateAuthority.create(Subject("tlsca", "Bank"))
    certificate = authority.issue_tls(Subject("backend", "Bank"), key.public_key())
    endpoint = Endpoint("peer0.bank:7051", roots=b"", certificate=certificate, key=private_key_pem(key))
    payload = Payload.FromString(blocks_request(b"creator", "fx", 0, endpoint.tls_hash))
    assert ChannelHeader.FromString(payload.header.channel_header).tls_cert_hash.hex() == certificate_hash(certificate)
    assert Endpoint("peer0.bank:7051").tls_hash == b""
