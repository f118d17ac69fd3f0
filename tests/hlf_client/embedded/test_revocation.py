"""A revoked certificate is void on every channel of its organisation, at every stage, in every process.

The chain says since when.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import aclosing, closing

import pytest
from tests.conformance.stages import endorsed, ordered
from tests.hlf_client.embedded.probing import as_member

from eximledger import connect
from eximledger.consortium import DEFAULT_CONSORTIUM
from eximledger.testing import LedgerNetwork
from hlf_client import verify
from hlf_client.embedded import EmbeddedLedger, revoke_user
from hlf_client.embedded._revoking import publish
from hlf_client.embedded.committing.revocations import CONFIGURATION
from hlf_client.errors import CommitFailed, NotAuthorized
from hlf_client.identity import CertificateAuthority, Identity, load_certificate, revoke


def authority(network: LedgerNetwork, member: str) -> CertificateAuthority:
    folder = network.path.with_name(network.path.name + ".msp") / "organizations" / member / "ca"
    return CertificateAuthority.load((folder / "cert.pem").read_bytes(), (folder / "key.pem").read_bytes())


def administrator(network: LedgerNetwork, user: str = "eximbank/admin") -> EmbeddedLedger:
    return network.connect(user, chaincode=CONFIGURATION)


async def test_at_no_stage_is_a_revoked_certificate_taken(network: LedgerNetwork) -> None:
    maker = as_member(network)
    waiting = await endorsed(maker, "bank", "state:put", "k", "v")
    assert await revoke_user(maker.network, "eximbank", "maker") == ("bank", "customs", "fx")
    stages: list[Callable[[], Awaitable[object]]] = [
        lambda: maker.evaluate("bank", "state:get", "k"),
        lambda: maker.submit("customs", "state:put", "k", "v"),
        lambda: maker.order(waiting),
        lambda: maker.channel_info("fx"),
    ]
    for stage in stages:
        with pytest.raises(NotAuthorized, match="revoked"):
            await stage()
    with pytest.raises(NotAuthorized, match="revoked"):
        maker.block_events("bank")
    assert await as_member(network, "eximbank/checker").evaluate("bank", "state:get", "k") == b"null"


async def test_who_is_issued_again_goes_on_and_the_old_key_does_not(network: LedgerNetwork) -> None:
    old = network.identity("eximbank/checker")
    await revoke_user(network.connect("eximbank").network, "eximbank", "checker", reissue=True)
    new = network.identity("eximbank/checker")
    before, after = (load_certificate(each.certificate) for each in (old, new))
    assert before.subject == after.subject
    assert before.public_key() != after.public_key()
    await as_member(network, "eximbank/checker").submit("bank", "state:put", "k", "v")
    with pytest.raises(NotAuthorized, match="revoked"):
        await network.connect(old).evaluate("bank", "state:get", "k")
    thief = network.connect(Identity(new.msp_id, new.certificate, old.signer))
    with pytest.raises(NotAuthorized, match="signature"):  # nor with the new certificate
        await thief.submit("bank", "state:put", "k", "stolen")


async def test_a_revoked_peer_endorses_nothing_that_counts(network: LedgerNetwork) -> None:
    maker = as_member(network)
    waiting = await endorsed(maker, "fx", "state:put", "k", "v")
    peer = load_certificate(network.path.with_name("exim.db.msp").joinpath(
        "organizations/safe/peers/peer/msp/signcerts/cert.pem"
    ).read_bytes())  # fmt: skip
    await publish(administrator(network, "safe/admin"), "fx", revoke(authority(network, "safe"), [peer]))
    assert await ordered(maker, waiting) == "ENDORSEMENT_POLICY_FAILURE"


async def test_what_comes_into_one_block_with_the_revocation_behind_it_does_not_count(
    network: LedgerNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was let in before the list was there: who writes the block looks again."""
    maker = as_member(network)
    waiting = await endorsed(maker, "bank", "state:put", "k", "v")
    await revoke_user(maker.network, "eximbank", "maker")
    monkeypatch.setattr(EmbeddedLedger, "_check_creator", lambda *_: None)
    assert await ordered(as_member(network, "eximbank/checker"), waiting) == "BAD_CREATOR_SIGNATURE"


async def test_another_connection_to_the_file_knows_it_at_once(network: LedgerNetwork) -> None:
    stolen = network.identity("eximbank")
    async with connect(network.url, stolen) as elsewhere:
        await revoke_user(network.connect("eximbank").network, "eximbank", "maker")
        with pytest.raises(NotAuthorized, match="revoked"):
            await elsewhere.channel_info("bank")


async def test_an_administrator_revokes_himself(network: LedgerNetwork) -> None:
    shared = network.connect("eximbank").network
    await revoke_user(shared, "eximbank", "admin", reissue=True)
    await revoke_user(shared, "eximbank", "maker")  # signed by the new one
    with pytest.raises(NotAuthorized):
        await as_member(network).evaluate("bank", "state:get", "k")


async def test_a_revoked_user_is_not_issued_again_by_renewal(network: LedgerNetwork) -> None:
    shared = network.connect("eximbank").network
    await revoke_user(shared, "eximbank", "maker")
    held = network.identity("eximbank")
    shared.material.ensure(DEFAULT_CONSORTIUM, load_certificate(held.certificate).not_valid_after_utc, new=False)
    assert network.identity("eximbank") == held
    assert network.identity("eximbank/checker") != held


async def test_nobody_but_the_administrator_with_the_authoritys_newest_list_changes_it(network: LedgerNetwork) -> None:
    ca = authority(network, "eximbank")
    certificate = load_certificate(network.identity("eximbank").certificate)
    first = revoke(ca, [])
    second = revoke(ca, [certificate], before=first)
    refused = [
        (network.connect("eximbank", chaincode=CONFIGURATION), second),  # no administrator
        (administrator(network, "tradebank/admin"), second),  # another's authority
        (administrator(network), b"no list at all"),
        (administrator(network), revoke(authority(network, "safe"), [])),
    ]
    for ledger, revoked in refused:
        with pytest.raises(CommitFailed) as failure:
            await publish(ledger, "bank", revoked)
        assert failure.value.code == "INVALID_CONFIG_TRANSACTION"
    await publish(administrator(network), "bank", second)
    with pytest.raises(CommitFailed):  # an older list would give the certificate back
        await publish(administrator(network), "bank", first)
    with pytest.raises(NotAuthorized, match="revoked"):
        await as_member(network).evaluate("bank", "state:get", "k")


async def test_verify_replays_revocations_and_misses_one_that_was_taken_out(network: LedgerNetwork) -> None:
    maker = as_member(network)
    await maker.submit("bank", "state:put", "before", "v")
    await revoke_user(maker.network, "eximbank", "maker")
    await as_member(network, "eximbank/checker").submit("bank", "state:put", "after", "v")
    async with aclosing(network.connect("safe").block_events("bank", start=0)) as events:  # type: ignore[type-var]  # an asynchronous generator
        creators = [(await anext(events)).transactions[0].creator_msp for _ in range(4)]
    assert creators[1:] == ["EximbankMSP"] * 3
    await network.finish()
    assert verify(network.path).problems == ()
    with closing(sqlite3.connect(network.path)) as connection, connection:
        connection.execute("DELETE FROM ledger WHERE name GLOB 'revoked/*'")
    assert not verify(network.path).is_good


@pytest.mark.parametrize("member", ["eximbank", "safe"])
async def test_a_members_node_proposes_nothing(network: LedgerNetwork, member: str) -> None:
    shared = network.connect(member).network
    peer = shared.material.peer(member, network.identity(member).msp_id)
    with pytest.raises(NotAuthorized, match="access denied"):
        await network.connect(peer).evaluate("fx", "state:get", "k")
