"""Which network a proof is of, and whose word counts there: names, channel, chaincode, first block, roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from tests.eximledger.proof.conftest import LATER, NOW, Court, authorities, first_block
from tests.eximledger.proof.signing import Member, block, consenters, genesis, shown

from eximledger.proof import Authorities, ProofFile, TrustedNetwork, TrustFile, verify_proof
from eximledger.proof._authorities import Authority
from eximledger.proof._file import StatementPart
from hlf_client.errors import InvalidDocument, NotAuthorized
from hlf_client.identity import CertificateAuthority, NodeRole, Subject
from hlf_client.wire.evidence import read_block


def check(court: Court, network: TrustedNetwork | None = None) -> None:
    verify_proof(court.file.content, network or court.network)


# -- names -------------------------------------------------------------------------------------------------------------


def test_another_members_authority_does_not_speak_for_the_bureau(court: Court) -> None:
    """The bank signs as a peer of SafeMSP under its own authority, which the auditor trusts: as the bank's."""
    pretender = Member.under(court.bank.authority, "SafeMSP", NOW).peer
    with pytest.raises(NotAuthorized, match="signer of SafeMSP"):
        check(court.but(endorsers=(court.bank.peer, pretender)))
    with pytest.raises(NotAuthorized, match="signer of SafeMSP"):
        check(court.but(attesters=(court.bank.peer, pretender)))
    without_safe = replace(court.network, members=authorities(court.bank))
    with pytest.raises(NotAuthorized, match="signer of SafeMSP"):
        check(court.but(endorsers=(court.bank.peer, pretender)), without_safe)


def test_an_authority_without_a_name_is_refused(court: Court, tmp_path: Path) -> None:
    with pytest.raises(NotAuthorized, match=r"name the member, as SafeMSP=ca.pem"):
        Authority("", (court.safe.authority.pem,))
    path = tmp_path / "safe.pem"
    path.write_bytes(b"# SAFE's\n" + court.safe.authority.pem)
    with pytest.raises(NotAuthorized, match="name the member"):
        Authorities.read([("", path)])
    for unnamed in (path, tmp_path):
        with pytest.raises(NotAuthorized, match=r"whose authority .* was not said"):
            TrustFile.read(unnamed)


def test_one_authority_stands_under_one_name(court: Court) -> None:
    safe, bank, ordering = court.safe, court.bank, court.orderers
    twice = Authority("SafeMSP", (bank.authority.pem,))
    with pytest.raises(NotAuthorized, match="authority of EximbankMSP and of SafeMSP"):
        Authorities((*authorities(bank).trusted, twice))
    with pytest.raises(NotAuthorized, match="each has its own"):
        replace(court.network, orderers=Authorities((Authority("OrdererMSP", (safe.authority.pem,)),)))
    below = Authority("OtherMSP", (ordering.authority.pem,), (bank.authority.pem,))
    with pytest.raises(NotAuthorized, match="each has its own"):
        Authorities((*authorities(bank).trusted, below))
    made_anew = Authority("OtherMSP", (_with_the_same_key(bank.authority),))
    with pytest.raises(NotAuthorized, match="each has its own"):
        Authorities((*authorities(bank).trusted, made_anew))
    both = replace(court.network, orderers=authorities(ordering, safe))  # a member that also orders blocks
    check(court, both)


def _with_the_same_key(authority: CertificateAuthority) -> bytes:
    """Another certificate of this authority, under another name."""
    name = Subject("ca.other", "Other").x509_name()
    old = authority.certificate
    builder = x509.CertificateBuilder(name, name, authority.key.public_key(), x509.random_serial_number(),
                                      old.not_valid_before_utc, old.not_valid_after_utc)  # fmt: skip
    for extension in old.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def test_every_signer_needs_a_trusted_authority(court: Court) -> None:
    for members, missing in ((authorities(court.bank), "SafeMSP"), (authorities(court.safe), "EximbankMSP")):
        with pytest.raises(NotAuthorized, match=f"signer of {missing}"):
            check(court, replace(court.network, members=members))
    with pytest.raises(NotAuthorized, match="signer of OrdererMSP"):
        check(court, replace(court.network, orderers=Authorities(())))


def test_authorities_are_read_from_files_and_msp_folders(court: Court, tmp_path: Path) -> None:
    folder = tmp_path / "msp" / "cacerts"
    folder.mkdir(parents=True)
    (folder / "ca.pem").write_bytes(court.safe.authority.pem)
    own = tmp_path / "bank.pem"
    own.write_bytes(court.bank.authority.pem)
    read = Authorities.read([("SafeMSP", tmp_path / "msp"), ("EximbankMSP", own)])
    check(court, replace(court.network, members=read))


def test_what_is_no_authority_is_refused(court: Court, tmp_path: Path) -> None:
    leaf, text = tmp_path / "leaf.pem", tmp_path / "text.pem"
    leaf.write_bytes(court.bank.peer.certificate)
    text.write_text("no certificate")
    for path in (leaf, text, tmp_path / "missing.pem"):
        with pytest.raises(NotAuthorized):
            Authorities.read([("EximbankMSP", path)])


# -- roles -------------------------------------------------------------------------------------------------------------


def test_the_bureaus_peers_must_have_signed_unless_another_bureau_is_named(
    court: Court, member: Callable[[str], Member]
) -> None:
    other = member("TradebankMSP")
    witnesses = (court.bank.peer, other.peer)
    banks = court.but(endorsers=witnesses, attesters=witnesses)
    network = replace(court.network, members=authorities(court.bank, court.safe, other))
    with pytest.raises(NotAuthorized, match="no peer of SafeMSP"):
        check(banks, network)
    with pytest.raises(NotAuthorized, match="no peer of SafeMSP"):
        check(court.but(endorsers=witnesses), network)
    with pytest.raises(NotAuthorized, match="no peer of SafeMSP"):
        check(court.but(attesters=witnesses), network)
    check(banks, replace(network, bureau="TradebankMSP"))
    with pytest.raises(InvalidDocument, match="bureau"):
        replace(network, bureau="")


def test_who_orders_blocks_is_no_witness(court: Court) -> None:
    for witness in (court.orderers.peer, court.orderers.orderer):
        with pytest.raises(NotAuthorized, match="signer of OrdererMSP"):
            check(court.but(endorsers=(court.bank.peer, court.safe.peer, witness)))
        with pytest.raises(NotAuthorized, match="signer of OrdererMSP"):
            check(court.but(attesters=(court.bank.peer, court.safe.peer, witness)))
    with pytest.raises(NotAuthorized, match="signer of OrdererMSP"):
        check(court.but(decider=court.orderers.officer))


def test_a_members_certificate_signs_no_block(court: Court) -> None:
    with pytest.raises(NotAuthorized, match="signer of EximbankMSP"):
        check(court.but(ordering=(court.bank.orderer,)))
    with pytest.raises(NotAuthorized, match="signer of EximbankMSP"):
        check(court.but(ordering=(court.orderers.orderer, court.bank.orderer)))


def test_each_signs_in_its_own_role(court: Court) -> None:
    """Also where one organisation has peers and orderers."""
    both = replace(court.network, orderers=authorities(court.orderers, court.safe))
    check(court.but(ordering=(court.safe.orderer,)), both)
    with pytest.raises(NotAuthorized, match="peer of SafeMSP"):
        check(court.but(ordering=(court.safe.peer,)), both)
    with pytest.raises(NotAuthorized, match="orderer of SafeMSP"):
        check(court.but(endorsers=(court.bank.peer, court.safe.orderer)), both)
    with pytest.raises(NotAuthorized, match="orderer of EximbankMSP"):
        check(court.but(decider=court.bank.orderer), both)


# -- channel and chaincode ---------------------------------------------------------------------------------------------


def test_a_test_channel_decides_nothing(court: Court) -> None:
    trial = court.but(channel="trial")
    with pytest.raises(InvalidDocument, match="of channel trial, not of bank"):
        check(trial)
    called = court.file.model_copy(update={"channel": "trial"})
    with pytest.raises(InvalidDocument, match="the proof is of channel trial"):
        verify_proof(called.content, court.network)
    renamed = trial.file.model_copy(update={"channel": "bank"})
    with pytest.raises(InvalidDocument, match="the decision is of channel trial"):
        verify_proof(renamed.content, court.network)
    attested = court.file.model_copy(update={"statement": trial.file.statement})
    with pytest.raises(InvalidDocument, match="what peers attest is of channel trial"):
        verify_proof(attested.content, court.network)
    check(trial.but(began=first_block(court, "trial")), _trial(court))


def _trial(court: Court) -> TrustedNetwork:
    return replace(court.network, channel="trial", genesis=read_block(first_block(court, "trial")).hash)


def test_another_chaincode_of_the_same_layout_decides_nothing(court: Court) -> None:
    other = court.but(chaincode="mixe")
    with pytest.raises(InvalidDocument, match="the decision is of chaincode mixe, not of exim"):
        check(other)
    attested = court.file.model_copy(update={"statement": other.file.statement})
    with pytest.raises(InvalidDocument, match="what peers attest is of chaincode mixe"):
        verify_proof(attested.content, court.network)
    check(other, replace(court.network, chaincode="mixe"))


# -- the first block ---------------------------------------------------------------------------------------------------


def test_a_channel_that_began_otherwise_is_another_network(court: Court, member: Callable[[str], Member]) -> None:
    """A copy for tests: the same members, authorities, channel and chaincode, founded anew."""
    extra = {court.safe.msp_id: court.safe.authority.pem, "TestMSP": member("TestMSP").authority.pem}
    copy = court.but(began=genesis("bank", extra, {}))
    with pytest.raises(InvalidDocument, match="another network: for EximbankMSP block 0 of bank"):
        check(copy)
    check(copy, replace(court.network, genesis=read_block(copy.began).hash))


def test_each_peer_that_attests_shows_its_own_chain(court: Court) -> None:
    """What another peer of that member shows says nothing of the one that attests: it may stand in the copy."""
    elsewhere = court.safe.another(NodeRole.PEER, NOW)
    for showing in ((court.bank.peer, elsewhere), (court.bank.peer,), (court.bank.peer, court.bank.peer)):
        with pytest.raises(NotAuthorized, match="peer of SafeMSP that attests it has not shown block 0"):
            check(court.but(showing=showing))
    with pytest.raises(NotAuthorized, match="client of SafeMSP"):
        check(court.but(showing=(court.bank.peer, court.safe.officer)))


def _showing(court: Court, part: StatementPart) -> ProofFile:
    """The court's file in which SAFE shows something else."""
    file = court.file
    return file.model_copy(update={"shown": (file.shown[0], part)})


@pytest.mark.parametrize("asked", [
    (b"GetBlockByNumber", b"trial", b"0"), (b"GetBlockByNumber", b"bank", b"1"), (b"GetBlockByHash", b"bank", b"0"),
], ids=str)  # fmt: skip
def test_what_is_shown_must_have_been_asked_of_the_channel(court: Court, asked: tuple[bytes, ...]) -> None:
    said = shown(court.bank.officer, court.safe.peer, court.genesis, LATER, asked=asked)
    with pytest.raises(InvalidDocument, match="asked for something else than a block"):
        verify_proof(
            _showing(court, StatementPart(payload=said.payload, signature=said.signature)).content, court.network
        )


def test_a_contract_that_answers_with_a_block_shows_no_chain(court: Court) -> None:
    said = shown(court.bank.officer, court.safe.peer, court.genesis, LATER, chaincode="exim")
    part = StatementPart(payload=said.payload, signature=said.signature)
    with pytest.raises(InvalidDocument, match="asked for something else than a block"):
        verify_proof(_showing(court, part).content, court.network)


def test_a_chain_is_shown_on_its_channel_and_by_one_peer(court: Court) -> None:
    asked = (b"GetBlockByNumber", b"bank", b"0")
    elsewhere = shown(court.bank.officer, court.safe.peer, court.genesis, LATER, channel="trial", asked=asked)
    part = StatementPart(payload=elsewhere.payload, signature=elsewhere.signature)
    with pytest.raises(InvalidDocument, match="asked for something else than a block"):
        verify_proof(_showing(court, part).content, court.network)
    for peer, beside in ((court.safe.peer, (court.bank.peer,)), (court.bank.peer, (court.safe.peer,))):
        both = shown(court.bank.officer, peer, court.genesis, LATER, beside=beside)
        part = StatementPart(payload=both.payload, signature=both.signature)
        with pytest.raises(InvalidDocument, match="not shown by one peer"):
            verify_proof(_showing(court, part).content, court.network)


def test_what_is_shown_stands_there_once_and_in_order(court: Court) -> None:
    file = court.file
    later = shown(court.bank.officer, court.safe.peer, court.stored_block, LATER)
    extra = StatementPart(payload=later.payload, signature=later.signature)
    for other in (file.shown * 2, file.shown[::-1], (*file.shown, extra)):
        with pytest.raises(InvalidDocument, match=r"more was shown|nothing asks"):
            verify_proof(file.model_copy(update={"shown": other}).content, court.network)


# -- the consenters' configuration, with BFT ---------------------------------------------------------------------------


@pytest.fixture
def bft(court: Court) -> Court:
    return court.but(bft=(court.orderers.orderer,), ordering=(court.orderers.orderer,))


def test_peers_show_the_configuration_that_names_the_consenters(bft: Court) -> None:
    """One who orders blocks could name itself the only consenter otherwise."""
    check(bft)
    file = bft.file
    with pytest.raises(NotAuthorized, match="has not shown block 7"):
        verify_proof(file.model_copy(update={"shown": file.shown[::2]}).content, bft.network)
    own = bft.orderers.another(NodeRole.ORDERER, NOW)
    forged = bft.but(bft=(own,), ordering=(own,)).file
    mixed = forged.model_copy(update={"shown": file.shown, "statement": file.statement})
    with pytest.raises(InvalidDocument, match="block 7 of bank"):
        verify_proof(mixed.content, bft.network)


def test_consenters_of_the_first_block_are_those_of_the_network(bft: Court) -> None:
    founded = bft.but(config_in=0)
    network = replace(bft.network, genesis=read_block(founded.genesis).hash)
    check(founded, network)
    own = bft.orderers.another(NodeRole.ORDERER, NOW)
    for forged in (
        founded.but(bft=(own,), ordering=(own,)),
        founded.but(bft=(own,), ordering=(own,), began=founded.genesis),
    ):
        with pytest.raises(InvalidDocument, match="of another network"):
            check(forged, network)


def test_a_block_goes_by_the_configuration_that_its_orderers_signed(bft: Court) -> None:
    """An earlier one may name consenters who have been put out since."""
    other = bft.but(config_in=5).file
    mixed = bft.file.model_copy(update={"config": other.config, "shown": other.shown})
    with pytest.raises(InvalidDocument, match="block 41 goes by another configuration"):
        verify_proof(mixed.content, bft.network)


def test_only_a_channels_first_block_may_be_unsigned(bft: Court) -> None:
    file = bft.file
    assert file.config is not None
    unsigned = file.model_copy(update={"config": file.config.model_copy(update={"signatures": ()})})
    with pytest.raises(InvalidDocument, match="no orderer has signed the configuration"):
        verify_proof(unsigned.content, bft.network)


# -- what is pinned ----------------------------------------------------------------------------------------------------


def test_a_trust_file_says_all_that_a_verifier_needs(court: Court, tmp_path: Path) -> None:
    pinned = TrustFile.of(read_block(court.genesis))
    path, first = tmp_path / "bank.trust.json", tmp_path / "bank.block"
    path.write_bytes(pinned.content)
    first.write_bytes(court.genesis)
    for each in (path, first):
        assert TrustFile.read(each) == pinned
        check(court, TrustedNetwork.of([TrustFile.read(each)]))
    assert [each.msp_id for each in pinned.members] == ["EximbankMSP", "SafeMSP"]
    assert [each.msp_id for each in pinned.orderers] == ["OrdererMSP"]


def test_a_trust_file_names_the_members_of_today(court: Court, member: Callable[[str], Member]) -> None:
    later = read_block(first_block(court.but(safe=member("SafeMSP"))))  # its authority was replaced
    pinned = TrustFile.of(read_block(court.genesis), later)
    assert pinned.genesis == read_block(court.genesis).hash
    with pytest.raises(NotAuthorized, match="signer of SafeMSP"):
        check(court, TrustedNetwork.of([pinned]))


def test_a_configuration_that_gives_one_the_msp_of_another_is_refused(court: Court) -> None:
    pem = court.safe.authority.pem
    with pytest.raises(InvalidDocument, match="gives BureauMSP the MSP of SafeMSP"):
        TrustFile.of(read_block(genesis("bank", {"SafeMSP": pem}, {}, called={"SafeMSP": "BureauMSP"})))


def test_the_network_must_be_said_and_be_one(court: Court, tmp_path: Path) -> None:
    pinned = TrustFile.of(read_block(court.genesis))
    with pytest.raises(InvalidDocument, match="which network is meant was not said"):
        TrustedNetwork.of([])
    with pytest.raises(InvalidDocument, match="two networks"):
        TrustedNetwork.of([pinned], genesis="0" * 64)
    with pytest.raises(InvalidDocument, match="64 hex digits"):
        TrustedNetwork.of([], genesis="abc")
    with pytest.raises(InvalidDocument, match="of channel bank, and the proof shall be of trial"):
        TrustedNetwork.of([pinned], channel="trial")
    assert TrustedNetwork.of([pinned], genesis=pinned.genesis.upper()).genesis == pinned.genesis


def test_what_is_no_trust_file_is_refused(court: Court, tmp_path: Path) -> None:
    path = tmp_path / "some"
    configured = block(7, [consenters((court.orderers.orderer,))], (court.orderers.orderer,), config=7)
    for content in (b"", b"{}", b"[", b"\xff\xfe", b'{"format":"eximledger-trust/1"}', court.stored_block, configured):
        path.write_bytes(content)
        with pytest.raises(InvalidDocument):
            TrustFile.read(path)
    with pytest.raises(InvalidDocument, match="cannot be read"):
        TrustFile.read(tmp_path / "missing")
