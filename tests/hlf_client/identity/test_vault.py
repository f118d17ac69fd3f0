"""Keys in Vault's transit engine, played by a stand-in of its documented interface."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from tests.hlf_client.identity.vault import StandInVault, running_vault

from hlf_client.ca import request_elsewhere
from hlf_client.errors import LedgerUnavailable, NotAuthorized
from hlf_client.identity import CertificateAuthority, Subject, generate_key, verify_message, verify_signature
from hlf_client.identity.vault import VaultSigner

DIGEST = hashlib.sha256(b"a proposal").digest()
ROOT = CertificateAuthority.create(Subject("ca", "bank.example"))


@pytest.fixture
def vault() -> Iterator[StandInVault]:
    with running_vault() as found:
        found.keys["maker"] = [generate_key()]
        yield found


Open = Callable[..., VaultSigner]


@pytest.fixture
async def opened(vault: StandInVault) -> AsyncIterator[Open]:
    """Makes signers; all are closed with the test."""
    made: list[VaultSigner] = []

    def signer(token: str | Callable[[], str] = "s.maker", key: str = "maker", **more: object) -> VaultSigner:
        made.append(VaultSigner(vault.url, token=token, key=key, **more))  # type: ignore[arg-type]
        return made[-1]

    yield signer
    for each in made:
        await each.close()


def certified(key: ec.EllipticCurvePrivateKey) -> bytes:
    return ROOT.enrol(Subject("maker", "bank.example"), key.public_key())


async def test_what_vault_signs_is_as_fabric_wants_it_though_s_comes_high(vault: StandInVault) -> None:
    (key,) = vault.keys["maker"]
    async with VaultSigner(vault.url, token="s.maker", key="maker") as signer:
        assert verify_signature(key.public_key(), await signer.sign(DIGEST), DIGEST)
        assert await signer.public_key() == key.public_key()
        await signer.sign(DIGEST)
    assert [path.split("/")[3] for path, _ in vault.asked] == ["keys", "sign", "sign"]


async def test_p384_keys_sign_the_same_digest(vault: StandInVault, opened: Open) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    vault.keys["maker"], vault.kind = [key], "ecdsa-p384"
    signer = opened()
    for _ in range(4):
        assert verify_signature(key.public_key(), await signer.sign(DIGEST), DIGEST)


async def test_after_a_rotation_the_certificates_own_version_goes_on(vault: StandInVault, opened: Open) -> None:
    old, new = vault.keys["maker"][0], generate_key()
    vault.keys["maker"].append(new)
    for key, version in ((old, 1), (new, 2)):
        signer = opened(certificate=certified(key))
        assert verify_signature(key.public_key(), await signer.sign(DIGEST), DIGEST)
        assert vault.asked[-1][1]["key_version"] == version
    signer = opened(certificate=certified(generate_key()))
    with pytest.raises(NotAuthorized, match="no version"):
        await signer.sign(DIGEST)


async def test_without_a_certificate_a_rotation_in_between_changes_nothing(vault: StandInVault, opened: Open) -> None:
    signer = opened()
    first = await signer.public_key()
    vault.keys["maker"].append(generate_key())
    assert verify_signature(first, await signer.sign(DIGEST), DIGEST)


async def test_refusals_are_told_apart_from_a_vault_that_is_away(vault: StandInVault, opened: Open) -> None:
    with pytest.raises(NotAuthorized, match="permission denied"):
        await opened("s.other").sign(DIGEST)
    with pytest.raises(NotAuthorized, match="status 404"):
        await opened(key="nobody").sign(DIGEST)
    vault.kind = "rsa-2048"
    with pytest.raises(NotAuthorized, match="rsa-2048"):
        await opened().sign(DIGEST)
    vault.sealed = True
    with pytest.raises(LedgerUnavailable, match="sealed"):
        await opened().sign(DIGEST)
    with pytest.raises(LedgerUnavailable, match="does not answer"):
        await VaultSigner("http://127.0.0.1:1", token="s.maker", key="maker").sign(DIGEST)


async def test_a_token_that_is_renewed_is_asked_for_at_each_call(vault: StandInVault, opened: Open) -> None:
    tokens = iter(["s.maker", "s.second", "s.third"])
    signer = opened(lambda: next(tokens))
    await signer.public_key()
    vault.tokens = {"s.second"}
    await signer.sign(DIGEST)
    with pytest.raises(NotAuthorized):
        await signer.sign(DIGEST)


async def test_a_key_in_vault_asks_for_its_certificate_by_a_request_that_it_signs(
    vault: StandInVault, opened: Open
) -> None:

    signer = opened()
    request = x509.load_pem_x509_csr(await request_elsewhere("maker", await signer.public_key(), signer))
    assert request.is_signature_valid
    assert request.public_key() == vault.keys["maker"][0].public_key()
    assert verify_message(vault.keys["maker"][0].public_key(), await signer.sign(DIGEST), b"a proposal")
