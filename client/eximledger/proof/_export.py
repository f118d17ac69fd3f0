"""Making a proof: the decision's block, and the members' signed word that it stands and on which network."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pydantic import TypeAdapter

from eximledger.desk.calling import Again, Retry
from eximledger.proof._file import BlockPart, ProofFile, StatementPart
from eximledger.proof._network import BUREAU, TrustFile
from eximledger.proof._written import READ_STEP
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem
from hlf_client import ChannelInfo, Ledger, PreparedTransaction
from hlf_client.errors import EndorsementFailed, InvalidDocument, LedgerUnavailable, NotFound, Refused
from hlf_client.wire.evidence import BlockEvidence, ChannelCertificate, endorsers_of, read_block
from hlf_client.wire.evidence import channel_certificates as certificates_in

__all__ = ["channel_certificates", "export_proof", "export_trust"]

_History = TypeAdapter(list[LoanHistoryItem])


@runtime_checkable
class _Blocks(Protocol):
    """A ledger that gives out Fabric's blocks as they are stored."""

    async def stored_block(self, channel: str, of: int | str) -> bytes: ...

    async def attested_block(self, channel: str, number: int, organization: str) -> PreparedTransaction: ...

    async def channel_info(self, channel: str) -> ChannelInfo: ...


async def export_proof(ledger: Ledger, loan_id: str, *, bank: str = "", bureau: str = BUREAU) -> ProofFile:
    """The proof of the last decision on a loan: approved, rejected, referred or withdrawn. The bureau names the `bank`;
    these two alone have what the block holds the hashes of, so peers of both are asked.

    Raises `Refused` while there is none, `NotFound` for no such loan, `InvalidDocument` on a ledger without Fabric's
    blocks.
    """
    blocks = _on_fabric(ledger)
    decided = await _decided_by(ledger, loan_id, bank)
    statement = await _stated(ledger, decided.loan, bureau)
    block = read_block(await blocks.stored_block(BANK, decided.transaction_id))
    config = await _configuration(blocks, block)
    needed = [0] if config is None or not config.number else [0, config.number]
    return ProofFile(
        loan_id=loan_id,
        channel=BANK,
        transaction_id=decided.transaction_id,
        block=BlockPart.of(block),
        config=config,
        statement=await _signed(ledger, statement),
        shown=tuple(
            [
                await _signed(ledger, await _shown(blocks, number, endorser))
                for endorser in endorsers_of(statement.content)
                for number in needed
            ]
        ),
    )


async def export_trust(ledger: Ledger) -> TrustFile:
    """How the bank channel began and whose authorities its newest configuration names, as the gateway peer has it.

    Raises `InvalidDocument` on a ledger without Fabric's blocks.
    """
    blocks = _on_fabric(ledger)
    genesis = read_block(await blocks.stored_block(BANK, 0))
    newest = read_block(await blocks.stored_block(BANK, (await blocks.channel_info(BANK)).height - 1))
    config = read_block(await blocks.stored_block(BANK, newest.last_config)) if newest.last_config else genesis
    return TrustFile.of(genesis, config)


async def channel_certificates(ledger: Ledger, channel: str) -> tuple[ChannelCertificate, ...]:
    """The certificates in a channel's newest configuration: of authorities, and of nodes that order; none on a ledger
    without Fabric's blocks."""
    if not isinstance(ledger, _Blocks):
        return ()
    newest = read_block(await ledger.stored_block(channel, (await ledger.channel_info(channel)).height - 1))
    return certificates_in(read_block(await ledger.stored_block(channel, newest.last_config)))


def _on_fabric(ledger: Ledger) -> _Blocks:
    if not isinstance(ledger, _Blocks):
        raise InvalidDocument(
            "a proof is made of Fabric's signed blocks, which this ledger has not: `eximledger ledger verify` checks "
            "an embedded ledger's file",
            field="ledger",
            reason="is not on Fabric",
        )
    return ledger


async def _decided_by(ledger: Ledger, loan_id: str, bank: str) -> LoanHistoryItem:
    """The step that decided: the oldest one with the decision that stands."""
    steps = _History.validate_json(await ledger.evaluate(BANK, "loans:history", loan_id, bank))
    newest = steps[0].loan
    if newest.decision is None:
        raise Refused(f"loan {loan_id} is {newest.state}: nothing is decided that could be proven", loan_id=loan_id)
    return [step for step in steps if step.loan.decision == newest.decision][-1]


async def _stated(ledger: Ledger, loan: Loan, bureau: str) -> PreparedTransaction:
    """The step as peers of the bank and of the bureau read it; they are asked again while one is a block behind."""

    async def once() -> PreparedTransaction:
        proposal = ledger.propose(
            BANK, READ_STEP, loan.loan_id, loan.step, loan.bank, endorsing_organizations=[loan.bank, bureau]
        )
        try:
            return await ledger.endorse(proposal.signed(await ledger.sign_content(proposal.content)))
        except (EndorsementFailed, NotFound) as error:  # one does not have the step yet, or the loan has moved on
            raise Again(error) from error

    return await Retry().repeat(once)


async def _configuration(ledger: _Blocks, block: BlockEvidence) -> BlockPart | None:
    if not block.names_consenters_by_number:
        return None
    return BlockPart.of(read_block(await ledger.stored_block(BANK, block.last_config)))


async def _shown(ledger: _Blocks, number: int, endorser: tuple[str, bytes]) -> PreparedTransaction:
    """A block as this very peer has it, for it has one channel of a name only. An organisation with several peers lets
    now one answer and now another, so it is asked again."""
    msp_id, _ = endorser

    async def once() -> PreparedTransaction:
        try:
            shown = await ledger.attested_block(BANK, number, msp_id)
        except EndorsementFailed as error:
            raise Again(error) from error
        if endorsers_of(shown.content) != (endorser,):
            raise Again(LedgerUnavailable(f"another peer of {msp_id} shows its block {number} than the one that has "
                                          "attested the loan: export the proof again"))  # fmt: skip
        return shown

    return await Retry().repeat(once)


async def _signed(ledger: Ledger, statement: PreparedTransaction) -> StatementPart:
    return StatementPart(payload=statement.content, signature=await ledger.sign_content(statement.content))
