"""Connections over TLS: who the peer is, by whatever name it is reached, and who this client is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
import yaml
from tests.hlf_client.gateway.fake import AT_ONCE, FakePeer

from hlf_client.errors import LedgerUnavailable, NotAuthorized
from hlf_client.gateway import Endpoint, GatewayLedger, Profile
from hlf_client.identity import CertificateAuthority, Identity, Subject, generate_key, load_certificate, private_key_pem

NAME = "peer0.bank.internal"
StartTls = Callable[..., Awaitable[FakePeer]]


class Keys:
    """A TLS authority, and a certificate and key of its for a name."""

    def __init__(self) -> None:
        self.authority = CertificateAuthority.create(Subject("tlsca.bank", "Bank"))
        self.roots = self.authority.pem

    def issued(self, name: str) -> tuple[bytes, bytes]:
        key = generate_key()
        return self.authority.issue_tls(Subject(name, "Bank"), key.public_key(), [name]), private_key_pem(key)


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys()


@pytest.fixture
async def start_tls(keys: Keys) -> AsyncIterator[StartTls]:
    """Starts a peer whose certificate is for NAME; `mutual` has it ask for the client's."""
    running: list[FakePeer] = []

    async def started(*, mutual: bool = False) -> FakePeer:
        certificate, key = keys.issued(NAME)
        credentials = grpc.ssl_server_credentials([(key, certificate)], keys.roots, require_client_auth=mutual)
        running.append(await FakePeer.start(credentials=credentials))
        return running[-1]

    yield started
    for peer in running:
        await peer.stop()


async def ask(endpoint: Endpoint, identity: Identity) -> bytes:
    async with GatewayLedger([endpoint], identity, retries=AT_ONCE, chaincode="exim") as ledger:
        return await ledger.evaluate("fx", "f")


async def test_a_peer_behind_another_name_is_known_by_the_one_in_its_certificate(
    start_tls: StartTls, keys: Keys, identity: Identity
) -> None:
    endpoint = replace((await start_tls()).endpoint, roots=keys.roots, host=NAME)
    assert await ask(endpoint, identity) == b"answer"
    for other in ("", "peer1.bank.internal"):
        with pytest.raises(LedgerUnavailable):
            await ask(replace(endpoint, host=other), identity)


@pytest.mark.parametrize("mutual", [False, True])
async def test_a_peer_shows_its_certificate_without_being_called(start_tls: StartTls, keys: Keys, mutual: bool) -> None:
    endpoint = replace((await start_tls(mutual=mutual)).endpoint, roots=keys.roots, host=NAME)
    shown = await endpoint.shown_certificate(5)
    assert shown is not None
    assert load_certificate(shown).issuer == load_certificate(keys.roots).subject
    stranger = CertificateAuthority.create(Subject("tlsca.other", "Other")).pem
    with pytest.raises(LedgerUnavailable, match="shows no TLS certificate"):
        await replace(endpoint, roots=stranger).shown_certificate(5)
    assert await Endpoint(endpoint.address).shown_certificate(5) is None


async def test_a_peer_of_another_authority_is_not_spoken_to(start_tls: StartTls, identity: Identity) -> None:
    peer = await start_tls()
    with pytest.raises(LedgerUnavailable):
        await ask(replace(peer.endpoint, roots=Keys().roots, host=NAME), identity)
    assert not peer.requests


async def test_under_mutual_tls_the_client_shows_its_certificate(
    start_tls: StartTls, keys: Keys, identity: Identity
) -> None:
    endpoint = replace((await start_tls(mutual=True)).endpoint, roots=keys.roots, host=NAME)
    certificate, key = keys.issued("backend")
    assert await ask(replace(endpoint, certificate=certificate, key=key), identity) == b"answer"
    certificate, key = Keys().issued("backend")
    for turned_away in (endpoint, replace(endpoint, certificate=certificate, key=key)):
        with pytest.raises(LedgerUnavailable):  # gRPC's own servers hang up without the alert that Fabric's peers send
            await ask(turned_away, identity)


def test_a_client_certificate_goes_with_its_own_key(keys: Keys) -> None:
    """gRPC aborts the whole process for a certificate without a key."""
    certificate, key = keys.issued("backend")
    other = keys.issued("backend")[1]
    for wrong in ((certificate, None), (None, key), (certificate, other), (certificate, b"none"), (b"none", key)):
        with pytest.raises(NotAuthorized, match="no pair"):
            Endpoint("peer0:7051", certificate=wrong[0], key=wrong[1])
    assert Endpoint("peer0:7051", certificate=certificate + keys.roots, key=key).tls_hash


async def test_a_profile_describes_a_connection_under_mutual_tls(
    start_tls: StartTls, keys: Keys, identity: Identity, tmp_path: Path
) -> None:
    peer = await start_tls(mutual=True)
    certificate, key = keys.issued("backend")
    (tmp_path / "client.key").write_bytes(key)
    profile = {
        "client": {
            "organization": "bank",
            "tlsCerts": {"client": {"cert": {"pem": certificate.decode()}, "key": {"path": "client.key"}}},
        },
        "organizations": {"bank": {"mspid": "BankMSP", "peers": ["peer0.bank"]}},
        "peers": {
            "peer0.bank": {
                "url": f"grpcs://127.0.0.1:{peer.port}",
                "tlsCACerts": {"pem": [keys.roots.decode()]},
                "grpcOptions": {
                    "ssl-target-name-override": NAME,
                    "grpc.keepalive_time_ms": 180_000,
                    "request-timeout": 1,
                },
            }
        },
    }
    path = tmp_path / "bank.yaml"
    path.write_text(yaml.safe_dump(profile))
    (endpoint,) = Profile.read(path).endpoints()
    assert endpoint.options == (("grpc.keepalive_time_ms", 180_000),)
    assert key.decode() not in repr(endpoint)
    assert await ask(endpoint, identity) == b"answer"
