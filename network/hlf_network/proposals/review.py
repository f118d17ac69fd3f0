"""A proposal held against the channel as it is: refused by name, or told in words; then signed, then submitted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from hlf_chaincode.protos.common.common_pb2 import HeaderType
from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigGroup, ConfigUpdateEnvelope
from hlf_client.admin import Signatory, signed_envelope
from hlf_client.errors import InvalidDocument
from hlf_network.channels.applying import applied
from hlf_network.channels.update import config_signature
from hlf_network.proposals.differences import Change, differences
from hlf_network.proposals.errors import (
    ForgedProposal,
    NotYetSeen,
    OutdatedProposal,
    SignedTwice,
    TooFewSignatures,
    WrongChannel,
)
from hlf_network.proposals.hazards import hazards_of, steps_after
from hlf_network.proposals.proposal import Basis, Proposal, fingerprint
from hlf_network.proposals.seats import ChannelReader, Ordering
from hlf_network.proposals.signers import Demand, Signer, demands_of, signers_on

__all__ = ["Review", "propose", "review", "sign", "submit"]


@dataclass(frozen=True, slots=True)
class Review:
    """What a proposal would do, all of it computed from the channel's present configuration."""

    basis: Basis
    changes: tuple[Change, ...]
    demands: tuple[Demand, ...]
    signers: tuple[Signer, ...]
    warnings: tuple[str, ...]
    following: tuple[str, ...]
    result: ConfigGroup

    @property
    def is_enough(self) -> bool:
        return all(demand.is_satisfied for demand in self.demands)


def propose(
    reader: ChannelReader, channel: str, change: Callable[[ConfigGroup], ConfigGroup], *, comment: str = ""
) -> Proposal:
    """A proposal of a change of the channel as it is now. Raises InvalidDocument when nothing would change."""
    config = reader.config(channel)
    basis = Basis(channel, fingerprint(reader.genesis(channel)), config.sequence)
    return Proposal.make(basis, config, change(config.channel_group), comment=comment)


def review(reader: ChannelReader, proposal: Proposal, *, now: datetime | None = None) -> Review:
    """What it would change, who has signed and who has to. Raises ProposalRefused by the reason's name."""
    moment, basis = now or datetime.now(UTC), proposal.basis
    _require_channel(reader, basis)
    config = reader.config(basis.channel)
    if config.sequence < basis.sequence:
        raise NotYetSeen(
            f"The proposal was made for configuration {basis.sequence} of channel {basis.channel}, and yours is at "
            f"{config.sequence}: wait until your node has caught up. In maintenance only who orders is given blocks."
        )
    if config.sequence != basis.sequence:
        raise OutdatedProposal(
            f"The proposal was made for configuration {basis.sequence} of channel {basis.channel}, which has come to "
            f"{config.sequence}: propose it anew."
        )
    before, result = config.channel_group, _result(proposal, config)
    signers = signers_on(proposal.update, proposal.signatures, before, moment)
    return Review(
        basis=basis,
        changes=differences(before, result),
        demands=demands_of(proposal.content, before, frozenset(signer.msp_id for signer in signers)),
        signers=signers,
        warnings=hazards_of(before, result, reader.definitions(basis.channel), moment),
        following=steps_after(before, result),
        result=result,
    )


def sign(reader: ChannelReader, proposal: Proposal, signatory: Signatory, *, now: datetime | None = None) -> Proposal:
    """With the signatory's signature, after everything has been computed again. Raises ProposalRefused, also for a
    signatory whom the channel does not know as an administrator or who has signed."""
    found = review(reader, proposal, now=now)
    signer = Signer(signatory.msp_id, signatory.certificate)
    if signer in found.signers:
        raise SignedTwice(f"{signer} has signed already.")
    signed = proposal.signed(config_signature(signatory, proposal.update))
    review(reader, signed, now=now)
    return signed


def submit(
    reader: ChannelReader, orderers: Ordering, proposal: Proposal, signatory: Signatory, *, now: datetime | None = None
) -> Review:
    """Have a proposal ordered that enough have signed, by anyone, and see the channel take it. Raises ProposalRefused,
    and NetworkError with the orderer's words."""
    found = review(reader, proposal, now=now)
    if not found.is_enough:
        raise TooFewSignatures(f"Too few have signed: {'; '.join(map(_wanting, found.demands))}.")
    body = ConfigUpdateEnvelope(config_update=proposal.update, signatures=proposal.signatures)
    content = body.SerializeToString(deterministic=True)
    envelope = signed_envelope(HeaderType.CONFIG_UPDATE, found.basis.channel, content, signatory)
    orderers.order(envelope, lambda seconds: _has_moved(reader, found.basis, seconds), what=_title(found.basis))
    present = reader.config(found.basis.channel)
    if present.sequence == found.basis.sequence + 1 and present.channel_group != found.result:
        raise OutdatedProposal(f"{_title(found.basis)} came too late: another change was first. Propose it anew.")
    return found


def _require_channel(reader: ChannelReader, basis: Basis) -> None:
    own = fingerprint(reader.genesis(basis.channel))
    if own != basis.fingerprint:
        raise WrongChannel(
            f"The proposal is for a channel {basis.channel} of fingerprint {basis.fingerprint}, and yours has {own}."
        )


def _result(proposal: Proposal, config: Config) -> ConfigGroup:
    """What the channel would be. The update must be no other than the one that makes just this difference."""
    try:
        result = applied(config, proposal.content)
        again = Proposal.make(proposal.basis, config, result)
    except InvalidDocument as error:
        raise ForgedProposal(f"its update does not fit the configuration that it names: {error}") from None
    if again.update != proposal.update:
        raise ForgedProposal("its update is not the one that makes the difference which it shows")
    return result


def _has_moved(reader: ChannelReader, basis: Basis, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while reader.config(basis.channel).sequence <= basis.sequence:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _wanting(demand: Demand) -> str:
    if demand.is_satisfied:
        return f"{demand.policy} is satisfied"
    missing = ", ".join(demand.missing) or "more than there are"
    return f"{demand.policy} ({demand.words}) wants {missing}"


def _title(basis: Basis) -> str:
    return f"The change of configuration {basis.sequence} of channel {basis.channel}"
