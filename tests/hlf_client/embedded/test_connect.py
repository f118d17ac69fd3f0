"""`connect`: URLs, identities, and what is said when they are wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.hlf_client.embedded.probing import Opener, as_member

from eximledger import connect
from eximledger.testing import LedgerNetwork, ManualClock, exim_ledger
from hlf_client import Ledger, register
from hlf_client.errors import FabricError, InvalidDocument, LedgerUnavailable, NotAuthorized
from hlf_client.identity import CertificateAuthority, Identity, NodeRole, PrivateKeySigner, Subject, generate_key


async def test_a_ledger_is_made_at_its_first_use_and_found_again(tmp_path: Path) -> None:
    url = f"embedded:{tmp_path / 'exim.db'}"
    async with connect(url, "eximbank") as ledger:
        members = json.loads(await ledger.evaluate("bank", "consortium:members"))
        assert [member["msp_id"] for member in members] == ["CustomsMSP", "EximbankMSP", "SafeMSP", "TradebankMSP"]
        first = await ledger.channel_info("bank")
    async with connect(url, "safe") as again:
        assert await again.channel_info("bank") == first


async def test_connections_of_one_process_share_a_ledger_in_memory_by_name() -> None:
    async with connect("embedded::memory:shared", "eximbank") as one, connect("embedded::memory:shared", "safe") as two:
        assert (await one.channel_info("bank")) == (await two.channel_info("bank"))
    async with connect("embedded::memory:", "eximbank") as one, connect("embedded::memory:", "eximbank") as two:
        assert (await one.channel_info("bank")) != (await two.channel_info("bank"))


@pytest.mark.parametrize(
    ("identity", "msp_id", "name"),
    [
        ("eximbank", "EximbankMSP", "maker@eximbank"),
        ("eximbank/checker", "EximbankMSP", "checker@eximbank"),
        ("safe", "SafeMSP", "officer@safe"),
        ("customs/admin", "CustomsMSP", "admin@customs"),
    ],
)
def test_identities_by_name(identity: str, msp_id: str, name: str) -> None:
    from hlf_chaincode.creator import creator_of

    network = exim_ledger()
    try:
        who = network.identity(identity)
        assert (who.msp_id, creator_of(msp_id, who.certificate).common_name) == (msp_id, name)
    finally:
        network.close()


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        ("nobody", "there are customs, eximbank, safe, tradebank"),
        ("eximbank/boss", "there are admin, checker, maker"),
        ("", "names nobody"),
        ("eximbank/", "names nobody"),
        ("eximbank/../safe", "names nobody"),
    ],
)
def test_unknown_identities_say_who_there_is(identity: str, words: str) -> None:
    with pytest.raises(NotAuthorized, match=words):
        connect("embedded::memory:", identity)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("exim.db", "begins with embedded:"),
        ("postgres://host/db", "begins with embedded:"),
        ("embedded:", "names no file"),
        ("embedded:exim.db?strict=maybe", "strict is 1 or 0"),
        ("embedded:exim.db?speed=11", "unknown option 'speed'"),
    ],
)
def test_wrong_urls_say_what_a_url_is(url: str, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        connect(url, "eximbank")


def test_a_fabric_profile_that_is_not_there_is_named() -> None:
    with pytest.raises(InvalidDocument, match="no connection profile of eximbank"):
        connect("profiles/eximbank.yaml", "eximbank")


async def test_other_kinds_of_ledger_can_be_registered(network: LedgerNetwork) -> None:
    expected: Ledger = as_member(network)
    register("elsewhere", lambda opening: expected)
    assert connect("elsewhere:anything", "eximbank") is expected


async def test_a_closed_connection_says_so() -> None:
    ledger = connect("embedded::memory:", "eximbank")
    await ledger.close()
    with pytest.raises(LedgerUnavailable, match="connect again"):
        await ledger.evaluate("bank", "consortium:members")


# -- identities that were made elsewhere ------------------------------------------------------------------------------


def enrolled(network: LedgerNetwork, organization: str, role: NodeRole = NodeRole.CLIENT, days: int = 30) -> Identity:
    """A new user of a member, enrolled with its authority."""
    folder = network.path.with_name(network.path.name + ".msp") / "organizations" / organization / "ca"
    authority = CertificateAuthority.load((folder / "cert.pem").read_bytes(), (folder / "key.pem").read_bytes())
    key = generate_key()
    certificate = authority.enrol(Subject("guest", organization, role), key.public_key(), days=days)
    return Identity(
        {"eximbank": "EximbankMSP", "customs": "CustomsMSP"}[organization], certificate, PrivateKeySigner(key)
    )


async def test_a_newly_enrolled_user_acts_at_once_and_is_remembered(network: LedgerNetwork) -> None:
    guest = enrolled(network, "eximbank")
    ledger = network.connect(guest, chaincode="probe")
    await ledger.submit("bank", "state:put", "a", "1")
    assert json.loads(await ledger.evaluate("bank", "probe:creator"))[1] == guest.certificate_hash


async def test_a_key_in_another_process_signs(network: LedgerNetwork) -> None:
    class Remote:
        def __init__(self, signer: PrivateKeySigner) -> None:
            self.signer = signer
            self.asked = 0

        async def sign(self, digest: bytes) -> bytes:
            self.asked += 1
            return self.signer.sign(digest)

    guest = enrolled(network, "eximbank")
    assert isinstance(guest.signer, PrivateKeySigner)
    remote = Remote(guest.signer)
    ledger = network.connect(Identity(guest.msp_id, guest.certificate, remote), chaincode="probe")
    await ledger.submit("bank", "state:put", "a", "1")
    assert remote.asked == 2  # the proposal and the transaction


async def test_wrong_identities_neither_read_nor_write(network: LedgerNetwork) -> None:
    good = enrolled(network, "eximbank")
    stranger = CertificateAuthority.create(Subject("ca", "eximbank"))
    key = generate_key()
    forged = stranger.enrol(Subject("maker@eximbank", "eximbank", NodeRole.CLIENT), key.public_key())
    wrong = [
        Identity("EximbankMSP", forged, PrivateKeySigner(key)),  # another authority's
        Identity("EximbankMSP", good.certificate, PrivateKeySigner(key)),  # another's key
        Identity("SafeMSP", good.certificate, good.signer),  # another organisation's name
        Identity("NobodyMSP", good.certificate, good.signer),
        enrolled(network, "customs"),  # not in the channel
    ]
    for identity in wrong:
        ledger = network.connect(identity, chaincode="probe")
        with pytest.raises(NotAuthorized):
            await ledger.evaluate("bank", "state:get", "a")
        with pytest.raises(NotAuthorized):
            await ledger.submit("bank", "state:put", "a", "1")
    with pytest.raises(FabricError):
        network.connect(Identity("EximbankMSP", b"no certificate", good.signer))


async def test_an_expired_certificate_is_refused(opener: Opener, tmp_path: Path) -> None:
    clock = ManualClock(datetime.now(UTC))
    network = opener(tmp_path / "exim.db", clock=clock)
    guest = network.connect(enrolled(network, "eximbank", days=30), chaincode="probe")
    await guest.submit("bank", "state:put", "a", "1")
    clock.advance(timedelta(days=31))
    with pytest.raises(NotAuthorized, match="expired"):
        await guest.submit("bank", "state:put", "a", "2")


async def test_a_transaction_of_an_old_proposal_is_refused(opener: Opener, tmp_path: Path) -> None:
    clock = ManualClock()
    ledger = as_member(opener(tmp_path / "exim.db", clock=clock))
    proposal = ledger.propose("bank", "state:put", "a", "1")
    signed = proposal.signed(await ledger.sign(proposal.digest))
    clock.advance(timedelta(minutes=16))
    with pytest.raises(NotAuthorized, match="timestamp"):
        await ledger.endorse(signed)


async def test_expired_keys_of_the_ledgers_own_members_are_renewed(opener: Opener, tmp_path: Path) -> None:
    clock = ManualClock()
    first = opener(tmp_path / "exim.db", clock=clock)
    await as_member(first).submit("bank", "state:put", "a", "1")
    first.close()
    clock.advance(timedelta(days=1000))
    ledger = as_member(opener(tmp_path / "exim.db", clock=clock))
    await ledger.submit("fx", "state:put", "a", "2")
    from hlf_client.embedded import verify_file

    report = verify_file(tmp_path / "exim.db")
    assert report.is_good, report.problems
