"""Checking a proof: from the file's bytes, the network meant and its trusted authorities alone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eximledger.proof._file import ProofFile, StatementPart
from eximledger.proof._network import TrustedNetwork
from eximledger.proof._written import PrivateWrite, contradiction
from eximledger_chaincode.lending.loan import Decision, Loan, LoanState
from eximledger_chaincode.lending.roles import Person, person_of
from hlf_chaincode.creator import creator_of
from hlf_client.errors import NotAuthorized
from hlf_client.wire.evidence import (
    Anchors,
    Endorsed,
    identity_of,
    open_envelope,
    read_block,
    transaction_id_of,
    verify_block,
    verify_transaction,
)

__all__ = ["ProvenDecision", "verify_proof"]

_CHAIN: Final = "qscc"
"""The chaincode of Fabric itself by which a peer shows its chain."""

_WITNESSES: Final = 2
"""Members whose peers must have computed the same: the bank alone does not prove its own decision."""


@dataclass(frozen=True, slots=True)
class ProvenDecision:
    """What a proof shows. Members are MSP ids, sorted; times are UTC."""

    loan: Loan
    """As the decision wrote it: with application, verdict and evidence hashes."""
    decision: Decision
    network: str
    """SHA-256 (hex) of the header of the channel's first block."""
    channel: str
    chaincode: str
    transaction_id: str
    decided_by: str
    """The member whose officer signed; `decision.by` is the person that this certificate names."""
    endorsed_by: tuple[str, ...]
    """The members whose peers computed the decision."""
    block_number: int
    block_hash: str
    """SHA-256 (hex) of the block's header: the same on every honest peer."""
    ordered_by: tuple[str, ...]
    """Whose orderers signed the block: they are no witnesses of the decision."""
    state: LoanState
    """Where the loan stood when peers were asked for it last."""
    attested_by: tuple[str, ...]
    """The members whose peers said then that the decision stands, on the channel that began as `network` says."""
    attested_at: datetime
    """By the clock of whoever asked them, which peers hold to within 15 minutes of their own."""
    vouched_for: Mapping[str, str]
    """The name of the trusted authority behind each of the members."""
    vouched_for_orderers: Mapping[str, str]
    sha256: str
    """Of the file."""


def verify_proof(content: bytes, network: TrustedNetwork) -> ProvenDecision:
    """What the file proves of a loan on this network, when only its authorities are trusted.

    Peers of the bureau, of each member that is required and of two members in any case must have endorsed the decision
    and attested it.

    Raises `InvalidDocument` for any changed byte, for another network, channel or chaincode and for what does not fit
    together, `NotAuthorized` for a signer whom no trusted authority vouches for and for too few witnesses.
    """
    file, members, orderers = ProofFile.read(content), network.members.trust(), network.orderers.trust()
    _require_place("the proof", (file.channel, network.chaincode), network)
    decided, place = _decided(file, members, network)
    ordered = verify_block(
        file.block.evidence,
        None if file.config is None else file.config.evidence,
        orderers,
        decided.transaction.timestamp,
    )
    attested = _attested(file, members, network)
    written = PrivateWrite.told(attested.transaction, file.loan_id)
    loan, decision = _decision(file, decided, written)
    if written.read_at != (file.block.number, place):
        raise contradiction("the peers have not read what this transaction wrote: it took no effect")
    _require_standing(written.now, loan)
    _require_network(file, members, network, attested)
    for witnesses in (decided.endorsed_by, attested.endorsed_by):
        _require_witnesses(witnesses, network)
    return ProvenDecision(
        loan=loan,
        decision=decision,
        network=network.genesis,
        channel=file.channel,
        chaincode=decided.transaction.chaincode,
        transaction_id=file.transaction_id,
        decided_by=decided.creator.msp_id,
        endorsed_by=decided.endorsed_by,
        block_number=ordered.block.number,
        block_hash=ordered.block.hash,
        ordered_by=ordered.signed_by,
        state=written.now.state,
        attested_by=attested.endorsed_by,
        attested_at=attested.transaction.timestamp,
        vouched_for={msp_id: authority.name for msp_id, authority in members.vouched.items()},
        vouched_for_orderers={msp_id: authority.name for msp_id, authority in orderers.vouched.items()},
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _require_place(what: str, place: tuple[str, str], network: TrustedNetwork) -> None:
    """A test channel, or another chaincode of the same layout, decides nothing on this network."""
    channel, chaincode = place
    if channel != network.channel:
        raise contradiction(f"{what} is of channel {channel}, not of {network.channel}")
    if chaincode != network.chaincode:
        raise contradiction(f"{what} is of chaincode {chaincode}, not of {network.chaincode}")


def _decided(file: ProofFile, anchors: Anchors, network: TrustedNetwork) -> tuple[Endorsed, int]:
    """The decision's transaction, and its place in the block."""
    places = [place for place, one in enumerate(file.block.data) if transaction_id_of(one) == file.transaction_id]
    if not places:
        raise contradiction(f"block {file.block.number} does not hold transaction {file.transaction_id}")
    place = places[0]  # a second one of the same id is a copy that peers took no notice of
    decided = verify_transaction(*open_envelope(file.block.data[place]), anchors)
    _require_place("the decision", (decided.transaction.channel, decided.transaction.chaincode), network)
    return decided, place


def _decision(file: ProofFile, decided: Endorsed, written: PrivateWrite) -> tuple[Loan, Decision]:
    """The loan as the decision's transaction wrote it: the block has the hashes of it alone."""
    transaction = decided.transaction
    written.require_in(transaction)
    loan = written.step.loan
    decision = loan.decision
    if loan.loan_id != file.loan_id or decision is None:
        raise contradiction(f"the transaction does not decide on loan {file.loan_id}")
    if loan.application.document.loan_id != file.loan_id:
        raise contradiction(f"the application in it is for another loan than {file.loan_id}")
    if decided.creator.msp_id != loan.bank or not _signer(decided).is_same(decision.by):
        raise contradiction("the decision names another officer than the one who signed it")
    if decision.at != transaction.timestamp:
        raise contradiction("the decision names another time than its transaction")
    _require_evidence(loan, decision)
    return loan, decision


def _signer(decided: Endorsed) -> Person:
    """The person behind the decision's signature."""
    msp_id, certificate = identity_of(decided.transaction.creator)
    return person_of(creator_of(msp_id, certificate))


def _require_evidence(loan: Loan, decision: Decision) -> None:
    """An approval goes by a verdict; a verdict's hash is that of the evidence and findings which it lists."""
    verdict = loan.verdict
    if verdict is None:
        if decision.evidence_hash is not None:
            raise contradiction("the decision goes by a verdict that is absent")
        return
    computed = verdict.computed_hash
    if verdict.evidence_hash != computed or decision.evidence_hash not in (None, computed):
        raise contradiction("the evidence listed is not that of the verdict")


def _attested(file: ProofFile, anchors: Anchors, network: TrustedNetwork) -> Endorsed:
    """What peers said of the loan afterwards."""
    attested = verify_transaction(file.statement.payload, file.statement.signature, anchors)
    said = attested.transaction
    _require_place("what peers attest", (said.channel, said.chaincode), network)
    return attested


def _require_standing(now: Loan, decided: Loan) -> None:
    """The loan has gone on since, but by this decision."""
    if (now.loan_id, now.bank, now.version) != (decided.loan_id, decided.bank, decided.version):
        raise contradiction("the peers know of another loan")
    if now.application != decided.application:
        raise contradiction("the peers know of another application for the loan")
    if now.decision != decided.decision:
        raise contradiction("the peers know of another decision")


def _require_network(file: ProofFile, anchors: Anchors, network: TrustedNetwork, attested: Endorsed) -> None:
    """Each peer that attests the decision has shown, under the same certificate, that its channel began as it must, and
    the configuration that names the consenters. A peer has one channel of a name: what it read there is of this one."""
    needed = {0: network.genesis}
    config = None if file.config is None else file.config.evidence
    if config is not None and needed.setdefault(config.number, config.hash) != config.hash:
        raise contradiction("the configuration that names the consenters is of another network")
    shown = [_shown(part, anchors, network, needed) for part in file.shown]
    expected = [(each.msp_id, each.certificate_hash, number) for each in attested.endorsers for number in needed]
    for peer in expected:
        if peer not in shown:
            msp_id, _, number = peer
            raise NotAuthorized(
                f"the peer of {msp_id} that attests it has not shown block {number} of its channel", msp_id=msp_id
            )
    if shown != expected:
        raise contradiction("more was shown than is asked for, or in another order")


def _shown(
    part: StatementPart, anchors: Anchors, network: TrustedNetwork, needed: Mapping[int, str]
) -> tuple[str, str, int]:
    """The peer that has shown a block (member, certificate's hash), and the block's number."""
    signed = verify_transaction(part.payload, part.signature, anchors)
    said = signed.transaction
    if len(signed.endorsers) != 1:
        raise contradiction("a block is not shown by one peer")
    block = read_block(said.result)
    asked = (b"GetBlockByNumber", network.channel.encode(), str(block.number).encode())
    if (said.channel, said.chaincode, said.arguments) != (network.channel, _CHAIN, asked):
        raise contradiction("the peers were asked for something else than a block of their channel")
    if block.number not in needed:
        raise contradiction(f"nothing asks for block {block.number}")
    (endorser,) = signed.endorsers
    if block.hash != needed[block.number]:
        raise contradiction(
            f"it is of another network: for {endorser.msp_id} block {block.number} of {network.channel} is "
            f"{block.hash}, not {needed[block.number]}"
        )
    return endorser.msp_id, endorser.certificate_hash, block.number


def _require_witnesses(witnesses: Collection[str], network: TrustedNetwork) -> None:
    absent = sorted(network.witnesses - set(witnesses))
    if absent:
        raise NotAuthorized(f"no peer of {', '.join(absent)} has signed it")
    if len(set(witnesses)) < _WITNESSES:
        raise NotAuthorized(f"only {', '.join(witnesses) or 'nobody'} has signed it: {_WITNESSES} members must")
