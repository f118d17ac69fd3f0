"""Making a proof, from a ledger whose peers are not all equally far."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from tests.eximledger.proof.conftest import NOW, Court

from eximledger.proof import export_proof, verify_proof
from eximledger_chaincode.lending.loan import LoanHistoryItem
from hlf_chaincode.canonical import canonical_json
from hlf_client import Argument, PreparedTransaction, Proposal
from hlf_client.errors import EndorsementFailed
from hlf_client.identity import PrivateKeySigner, sign_message

if TYPE_CHECKING:
    from hlf_client import Ledger


class Peers:
    """As much of a ledger as a proof is made of; `behind` times SAFE's peer does not have the decision yet."""

    def __init__(self, court: Court, behind: int) -> None:
        self.court = court
        self.behind = behind

    def propose(self, channel: str, function: str, *args: Argument) -> Proposal:
        assert (channel, function, args) == ("bank", "loans:get", (self.court.loan_id,))
        return Proposal(b"a proposal", "b" * 64, channel)

    async def sign_content(self, content: bytes) -> bytes:
        key = self.court.bank.officer.key
        return await sign_message(PrivateKeySigner(key), content)  # type: ignore[arg-type]  # the bank's is ECDSA

    async def endorse(self, proposal: Proposal) -> PreparedTransaction:
        assert proposal.signature
        if self.behind:
            self.behind -= 1
            raise EndorsementFailed("endorse: failed to collect enough transaction endorsements")
        result = canonical_json(self.court.attested)
        return PreparedTransaction(self.court.statement.payload, proposal.transaction_id, "bank", result)

    async def evaluate(self, channel: str, function: str, *args: Argument) -> bytes:
        assert (channel, function) == ("bank", "loans:history")
        decided = LoanHistoryItem(
            loan=self.court.loan, is_delete=False, transaction_id=self.court.decision.transaction_id, timestamp=NOW
        )
        return canonical_json([decided])

    async def stored_block(self, channel: str, of: int | str) -> bytes:
        assert (channel, of) == ("bank", self.court.decision.transaction_id)
        return self.court.stored_block


@pytest.mark.parametrize("behind", [0, 2])
async def test_a_proof_is_made_once_enough_peers_know_of_the_decision(court: Court, behind: int) -> None:
    peers = Peers(court, behind)
    file = await export_proof(cast("Ledger", peers), court.loan_id)
    assert verify_proof(file.content, court.authorities, ["SafeMSP"]).decision == court.loan.decision
    assert peers.behind == 0


async def test_what_peers_do_not_endorse_at_all_is_no_proof(court: Court) -> None:
    with pytest.raises(EndorsementFailed):
        await export_proof(cast("Ledger", Peers(court, 100)), court.loan_id)
