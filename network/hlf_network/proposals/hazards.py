"""What a change endangers, and what has to follow it: computed from the two configurations, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography import x509

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_chaincode.protos.common.configuration_pb2 import Capabilities
from hlf_chaincode.protos.common.policies_pb2 import Policy
from hlf_chaincode.protos.orderer.configuration_pb2 import ConsensusType
from hlf_network.channels.applying import elements, path_of
from hlf_network.channels.config import bft_block_validation
from hlf_network.channels.signing import sufficient
from hlf_network.proposals.changes.consenters import BFT, BFT_LEAST, Seat, consensus_of, quorum_of, seats_of
from hlf_network.proposals.changes.tree import below, msp_of, value_of
from hlf_network.proposals.definitions import DefinitionNote, naming
from hlf_network.proposals.reading import policy_words, sayable
from hlf_network.proposals.signers import msps_of

__all__ = ["hazards_of", "steps_after"]

DECIDING = (("Channel", "Admins"), ("Channel", "Orderer", "Admins"), ("Channel", "Application", "Admins"))
LIFECYCLE = ("Channel", "Application", "LifecycleEndorsement")


def hazards_of(
    before: ConfigGroup, after: ConfigGroup, definitions: Sequence[DefinitionNote] | None, moment: datetime
) -> tuple[str, ...]:
    """Warnings. `definitions` are the channel's chaincodes; None when no peer was there to say."""
    return (
        *_deadlocks(before, after),
        *_departures(before, after, definitions),
        *_arrivals(before, after, definitions),
        *_consenters(before, after, moment),
        *_authorities(before, after),
        *_capabilities(before, after),
        *_states(before, after),
    )


def steps_after(before: ConfigGroup, after: ConfigGroup) -> tuple[str, ...]:
    """What has to be done once the change stands."""
    return tuple(_steps(before, after))


def _deadlocks(before: ConfigGroup, after: ConfigGroup) -> Iterator[str]:
    """Policies that no administrator could satisfy any more."""
    for policy in DECIDING:
        could, can = (sufficient(config, policy, msps_of(config)) is not None for config in (before, after))
        if could and not can:
            yield (
                f"Nobody could satisfy /{'/'.join(policy)} any more: what it guards could never be changed again, not "
                "even back."
            )
    gone = msps_of(before) - msps_of(after)
    for key, element in elements(after).items():
        if key[0] == "policy" and not isinstance(element, ConfigGroup) and hasattr(element, "policy"):
            words = policy_words(element.policy) if element.policy.type == Policy.SIGNATURE else ""
            for msp in sorted(gone):
                if f"'{msp}." in words:
                    yield f"The policy {sayable(path_of(key))} still counts on {sayable(msp)}, who would be out."


def _departures(before: ConfigGroup, after: ConfigGroup, definitions: Sequence[DefinitionNote] | None) -> Iterator[str]:
    gone = sorted(set(below(before, "Application").groups) - set(below(after, "Application").groups))
    for msp in gone:
        name = sayable(msp)
        yield (
            f"{name} keeps what its peers have: every block until this one, and its private values. Fabric takes "
            "nothing back and forgets nothing: what other members hold of it stays too, and the hashes of its private "
            "values stay in the blocks for good."
        )
        if definitions is None:
            yield f"No peer was there to say which chaincodes and collections name {name}: look before you sign."
        for one in naming(definitions or (), msp):
            yield from _named(one, msp)
        if msp in below(after, "Orderer").groups:
            yield f"{name} goes on ordering, and its orderers see every block: its consenters leave one by one."


def _named(one: DefinitionNote, msp: str) -> Iterator[str]:
    if msp in one.endorsers:
        yield (
            f"The endorsement policy of chaincode {sayable(one.chaincode)} names {sayable(msp)}: where it cannot be "
            "satisfied without, every transaction is invalid from then on. Commit a definition without it first."
        )
    for collection in one.collections:
        alone = " It is the only one: name who shall hold it then." if collection.members == {msp} else ""
        yield (
            f"Collection {sayable(collection.name)} of chaincode {sayable(one.chaincode)} names {sayable(msp)}. Commit "
            "a definition whose collection does not, before it is out: afterwards Fabric takes no definition that "
            f"names it. The collection itself must stay in the definition, under its name.{alone}"
        )


def _arrivals(before: ConfigGroup, after: ConfigGroup, definitions: Sequence[DefinitionNote] | None) -> Iterator[str]:
    came = sorted(set(below(after, "Application").groups) - set(below(before, "Application").groups))
    if not before.groups:  # a whole configuration is being described
        return
    for msp in came:
        yield (
            f"{sayable(msp)} will read the whole channel, from its first block on: every public value that ever stood "
            "there, and the hashes of private ones."
        )
        if sufficient(after, LIFECYCLE, msps_of(before)) is None and _is_whole(after):
            yield f"Without {sayable(msp)} no chaincode could be changed any more: its definition would need it."
        for one in definitions or ():
            holds = [each.name for each in one.collections if msp in each.members]
            told = f"collections that name it: {', '.join(map(sayable, holds)) or 'none'}"
            yield (
                f"Chaincode {sayable(one.chaincode)}: {told}. What it shall endorse or hold privately needs a new "
                "definition, approved after it is in; a collection that names it then gives it earlier values too."
            )


def _is_whole(config: ConfigGroup) -> bool:
    return LIFECYCLE[-1] in below(config, "Application").policies


def _consenters(before: ConfigGroup, after: ConfigGroup, moment: datetime) -> Iterator[str]:
    if not value_of(below(after, "Orderer"), "ConsensusType"):
        return
    old = seats_of(before) if value_of(below(before, "Orderer"), "ConsensusType") else ()
    new, kind = seats_of(after), consensus_of(after).type
    if old != new:
        quorum = quorum_of(kind, len(new))
        spare = len(new) - quorum
        yield f"{len(new)} consenters, of whom {quorum} must stand: the channel bears the loss of {spare or 'none'}."
        if kind == BFT and len(new) < BFT_LEAST:
            yield f"BFT with fewer than {BFT_LEAST} consenters bears no loss and no liar."
    if old and kind == consensus_of(before).type and len(set(old) ^ set(new)) > 2:
        yield "More than one consenter changes: Fabric refuses that. Propose them one by one."
    if kind == BFT:
        orderer = below(after, "Orderer")
        policy = orderer.policies["BlockValidation"].policy if "BlockValidation" in orderer.policies else Policy()
        if policy != bft_block_validation([(seat.msp_id, seat.identity) for seat in new]):
            yield "The policy BlockValidation is not a quorum of these consenters: peers would refuse every block."
    for seat in new:
        if seat not in old or _tls_roots(before) != _tls_roots(after):
            yield from _certificates(seat, after, moment)


def _certificates(seat: Seat, after: ConfigGroup, moment: datetime) -> Iterator[str]:
    roots = _tls_roots(after)
    for pem in dict.fromkeys((seat.server_tls, seat.client_tls)):
        try:
            found = x509.load_pem_x509_certificate(pem)
        except ValueError:
            yield f"A TLS certificate of consenter {seat.address} cannot be read."
            continue
        if found.not_valid_after_utc <= moment:
            yield f"A TLS certificate of consenter {seat.address} has expired."
        if not any(_is_below(found, root) for root in roots):
            yield f"No TLS root of an ordering organisation vouches for consenter {seat.address}: Fabric refuses that."


def _tls_roots(config: ConfigGroup) -> frozenset[bytes]:
    found: set[bytes] = set()
    for group in below(config, "Orderer").groups.values():
        msp = msp_of(group)
        found |= {*msp.tls_root_certs, *msp.tls_intermediate_certs}
    return frozenset(found)


def _is_below(certificate: x509.Certificate, authority: bytes) -> bool:
    try:
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority))
    except Exception:
        return False
    return True


def _authorities(before: ConfigGroup, after: ConfigGroup) -> Iterator[str]:
    for part in ("Application", "Orderer"):
        for name, group in below(after, part).groups.items():
            if name not in below(before, part).groups:
                continue
            old, new, title = msp_of(below(before, part, name)), msp_of(group), sayable(name)
            if set(old.root_certs) - set(new.root_certs):
                yield f"What a leaving root of {title} has issued is void at once: its administrators, nodes and users."
            if set(old.tls_root_certs) - set(new.tls_root_certs):
                yield f"Nodes of {title} whose TLS certificate a leaving root issued can no more be reached by others."
            if set(old.revocation_list) - set(new.revocation_list):
                yield f"A revocation list of {title} goes: unless another names the same, thieves have their keys back."
            if not new.root_certs:
                yield f"{title} would have no root certificate: nobody could act for it."
    for name in sorted(set(below(after, "Application").groups) & set(below(after, "Orderer").groups)):
        if msp_of(below(after, "Application", name)) != msp_of(below(after, "Orderer", name)):
            yield f"The MSP of {sayable(name)} would differ between members and orderers: Fabric refuses that."


def _capabilities(before: ConfigGroup, after: ConfigGroup) -> Iterator[str]:
    for title, old, new in (
        ("channel", before, after),
        ("orderers", below(before, "Orderer"), below(after, "Orderer")),
        ("members", below(before, "Application"), below(after, "Application")),
    ):
        was, will = _levels(old), _levels(new)
        if was and was != will:
            if came := sorted(map(sayable, will - was)):
                yield (
                    f"Every node must know {', '.join(came)} before: one of an older Fabric stops at this block (V3_0 "
                    "wants Fabric 3, V2_5 Fabric 2.5)."
                )
            if max(was) > max(will, default=""):
                yield f"The feature level of the {title} goes back: Fabric does not support that."


def _levels(group: ConfigGroup) -> frozenset[str]:
    return frozenset(Capabilities.FromString(value_of(group, "Capabilities")).capabilities)


def _states(before: ConfigGroup, after: ConfigGroup) -> Iterator[str]:
    if not value_of(below(before, "Orderer"), "ConsensusType"):
        return
    old, new = consensus_of(before), consensus_of(after)
    if new.state == ConsensusType.STATE_MAINTENANCE != old.state:
        yield "In maintenance nothing but administrators' updates is ordered: every member's transactions stand still."
    if old.type != new.type:
        yield "The kind of consensus changes, and there is no way back from BFT: back up all orderers first."


def _steps(before: ConfigGroup, after: ConfigGroup) -> Iterator[str]:
    if not value_of(below(before, "Orderer"), "ConsensusType"):
        return
    yield from _steps_of_consensus(before, after)
    yield from _steps_of_members(before, after)


def _steps_of_consensus(before: ConfigGroup, after: ConfigGroup) -> Iterator[str]:
    old, new = consensus_of(before), consensus_of(after)
    if old.type != new.type:
        yield "Restart all orderers: they begin as BFT. When each shows the channel, propose the end of maintenance."
    elif new.state == ConsensusType.STATE_MAINTENANCE != old.state:
        yield "Take backups of the orderers, then propose the move to BFT, or the end of maintenance."
    elif old.state == ConsensusType.STATE_MAINTENANCE != new.state:
        yield "Transactions pass again. Try one."
    if old.type != new.type:
        return
    seats = {seat.address: seat for seat in seats_of(before)}
    for seat in seats_of(after):
        if seat.address not in seats:
            yield f"{seat.address} must have joined the channel; wait until it has caught up before the next change."
        elif seat != seats[seat.address]:
            yield f"Put the new certificates of {seat.address} in place and restart it at once; then the next."
    for address in seats.keys() - {seat.address for seat in seats_of(after)}:
        yield (
            f"{address} leaves the channel by itself: stop it at once, for peers that hang on it are given no blocks "
            "any more, and take its address out of the endpoints."
        )


def _steps_of_members(before: ConfigGroup, after: ConfigGroup) -> Iterator[str]:
    old, new = below(before, "Application").groups, below(after, "Application").groups
    for name in sorted(set(new) - set(old)):
        yield f"{sayable(name)} joins its peers by the channel's first block, and approves the chaincode."
    for part in ("Application", "Orderer"):
        for name, group in below(after, part).groups.items():
            if name not in below(before, part).groups:
                continue
            came = set(msp_of(group).root_certs) - set(msp_of(below(before, part, name)).root_certs)
            if came and set(msp_of(below(before, part, name)).root_certs) <= set(msp_of(group).root_certs):
                yield (
                    f"{sayable(name)} puts both roots into its nodes' MSP folders, issues its certificates anew by the "
                    "new one, restarts its nodes one by one, and then proposes the old root out."
                )
