"""Making a proof, from a ledger whose peers are not all equally far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import pytest
from tests.eximledger.proof.conftest import DECIDED_IN, LATER, NOW, Court
from tests.eximledger.proof.signing import shown

from eximledger.proof import TrustedNetwork, TrustFile, channel_certificates, export_proof, export_trust, verify_proof
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, LoanState
from hlf_chaincode.canonical import canonical_json
from hlf_client import Argument, ChannelInfo, PreparedTransaction, Proposal
from hlf_client.errors import EndorsementFailed, LedgerUnavailable, NotFound, Refused
from hlf_client.identity import NodeRole, PrivateKeySigner, certificate_hash, sign_message
from hlf_client.wire.evidence import CertificateUse, read_block

if TYPE_CHECKING:
    from hlf_client import Ledger


class Peers:
    """As much of a ledger as a proof is made of; `behind` times SAFE's peer does not have the decision yet."""

    def __init__(self, court: Court, behind: int = 0, others: int = 0, bank: str = "") -> None:
        self.court = court
        self.bank = bank
        self.behind = behind
        self.others = others
        """How often another peer of SAFE's answers for the chain."""

    @property
    def before(self) -> Loan:
        """The loan before it was decided."""
        return self.court.loan.model_copy(update={"state": LoanState.CHECKED, "step": 1, "decision": None})

    def propose(self, channel: str, function: str, *args: Argument, endorsing_organizations: Sequence[str]) -> Proposal:
        loan = self.court.loan
        assert (channel, function, args) == ("bank", "loans:written", (loan.loan_id, loan.step, loan.bank))
        assert list(endorsing_organizations) == ["EximbankMSP", "SafeMSP"]
        return Proposal(b"a proposal", "b" * 64, channel)

    async def sign_content(self, content: bytes) -> bytes:
        key = self.court.bank.officer.key
        return await sign_message(PrivateKeySigner(key), content)  # type: ignore[arg-type]  # the bank's is ECDSA

    async def endorse(self, proposal: Proposal) -> PreparedTransaction:
        assert proposal.signature
        if self.behind:
            self.behind -= 1
            if self.behind == 1:
                raise NotFound("there is no step 2 of the loan")
            raise EndorsementFailed("endorse: failed to collect enough transaction endorsements")
        result = canonical_json(self.court.answer)
        return PreparedTransaction(self.court.statement.payload, proposal.transaction_id, "bank", result)

    async def evaluate(self, channel: str, function: str, *args: Argument) -> bytes:
        assert (channel, function, args) == ("bank", "loans:history", (self.court.loan_id, self.bank))
        return canonical_json([self._step(each) for each in (self.court.attested, self.court.loan, self.before)])

    def _step(self, loan: Loan) -> LoanHistoryItem:
        by = {self.court.loan.step: self.court.decision.transaction_id}
        return LoanHistoryItem(loan=loan, transaction_id=by.get(loan.step, "f" * 64), timestamp=NOW)

    async def stored_block(self, channel: str, of: int | str) -> bytes:
        assert channel == "bank"
        newest = DECIDED_IN[0]
        stored = {0: self.court.genesis, 7: self.court.config, newest: self.court.stored_block}
        found = stored[newest if of == self.court.decision.transaction_id else int(of)]
        assert found is not None
        return found

    async def attested_block(self, channel: str, number: int, organization: str) -> PreparedTransaction:
        peer = next(each for each in self.court.attesters if each.msp_id == organization)
        if organization == "SafeMSP" and self.others:
            self.others -= 1
            peer = self.court.safe.another(NodeRole.PEER, NOW)
        stored = await self.stored_block(channel, number)
        said = shown(self.court.bank.officer, peer, stored, LATER)
        return PreparedTransaction(said.payload, said.transaction_id, channel, stored)

    async def channel_info(self, channel: str) -> ChannelInfo:
        return ChannelInfo(channel, DECIDED_IN[0] + 1, "")


@pytest.mark.parametrize("behind", [0, 2])
async def test_a_proof_is_made_once_enough_peers_know_of_the_decision(court: Court, behind: int) -> None:
    peers = Peers(court, behind)
    file = await export_proof(cast("Ledger", peers), court.loan_id)
    assert verify_proof(file.content, court.network).decision == court.loan.decision
    assert peers.behind == 0


async def test_under_bft_the_configuration_is_shown_too(court: Court) -> None:
    bft = court.but(bft=(court.orderers.orderer,), ordering=(court.orderers.orderer,))
    file = await export_proof(cast("Ledger", Peers(bft)), court.loan_id)
    assert len(file.shown) == 4
    verify_proof(file.content, court.network)


async def test_the_peer_that_attests_shows_its_own_chain(court: Court) -> None:
    """An organisation with several peers lets now one answer, now another."""
    file = await export_proof(cast("Ledger", Peers(court, others=2)), court.loan_id)
    verify_proof(file.content, court.network)
    with pytest.raises(LedgerUnavailable, match="another peer of SafeMSP"):
        await export_proof(cast("Ledger", Peers(court, others=100)), court.loan_id)


async def test_a_trust_file_is_made_of_the_first_block_and_the_newest_configuration(court: Court) -> None:
    made = await export_trust(cast("Ledger", Peers(court)))
    assert made == TrustFile.of(read_block(court.genesis))
    verify_proof(court.file.content, TrustedNetwork.of([made]))
    bft = court.but(bft=(court.orderers.orderer,), ordering=(court.orderers.orderer,))
    newest = await export_trust(cast("Ledger", Peers(bft)))
    assert (newest.genesis, newest.members) == (made.genesis, ())  # this configuration names consenters alone


async def test_the_certificates_of_a_channel_are_those_of_its_newest_configuration(court: Court) -> None:
    found = await channel_certificates(cast("Ledger", Peers(court)), "bank")
    trusted = [*TrustFile.of(read_block(court.genesis)).members, *TrustFile.of(read_block(court.genesis)).orderers]
    assert {each.msp_id for each in found} == {each.authority.msp_id for each in trusted}
    known = {certificate_hash(pem) for each in trusted for pem in each.authority.roots}
    assert {certificate_hash(pem) for pem in [each.pem for each in found]} == known


async def test_with_bft_each_consenter_is_named_with_its_member(court: Court) -> None:
    bft = court.but(bft=(court.orderers.orderer,), ordering=(court.orderers.orderer,))
    found = await channel_certificates(cast("Ledger", Peers(bft)), "bank")
    orderers = [each for each in found if each.use is CertificateUse.ORDERER]
    assert [each.msp_id for each in orderers] == [court.orderers.msp_id]
    assert orderers[0].address.count(":") == 1


async def test_a_ledger_without_blocks_names_no_certificates() -> None:
    assert await channel_certificates(cast("Ledger", object()), "bank") == ()


async def test_what_peers_do_not_endorse_at_all_is_no_proof(court: Court) -> None:
    with pytest.raises(EndorsementFailed):
        await export_proof(cast("Ledger", Peers(court, 100)), court.loan_id)


async def test_the_bureau_names_the_bank(court: Court) -> None:
    file = await export_proof(cast("Ledger", Peers(court, bank="EximbankMSP")), court.loan_id, bank="EximbankMSP")
    verify_proof(file.content, court.network)


async def test_what_is_not_decided_is_not_proven(court: Court) -> None:
    undecided = court.but(attested=court.attested.model_copy(update={"state": LoanState.CHECKED, "decision": None}))
    with pytest.raises(Refused, match="nothing is decided"):
        await export_proof(cast("Ledger", Peers(undecided)), court.loan_id)
