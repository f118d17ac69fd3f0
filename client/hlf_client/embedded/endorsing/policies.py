"""Whose endorsement a set of writes needs, and which organisations to ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from hlf_chaincode.policies import EndorsementPolicy, Role
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.writeset import ReadWriteSet

__all__ = ["PolicyOf", "choose_endorsers", "required_policies"]

PolicyOf: TypeAlias = Callable[[int, bytes], "bytes | None"]
"""The own policy of a key in a namespace, as committed; None when it has none."""

_MAX_COMBINATIONS: Final = 256


def required_policies(changes: ReadWriteSet, channel: Channel, chaincode: str, policy_of: PolicyOf) -> frozenset[bytes]:
    """The policies that all must be satisfied: of each written key its own, else its collection's or the chaincode's.

    A transaction that writes nothing needs the chaincode's.
    """
    found: set[bytes] = set()
    for name, own in changes.of(chaincode):
        found |= _required(own, channel, name, policy_of)
    return frozenset(found) or frozenset({channel.chaincode_policy(chaincode)})


def _required(changes: ReadWriteSet, channel: Channel, chaincode: str, policy_of: PolicyOf) -> set[bytes]:
    found: set[bytes] = set()
    public, own = channel.namespaces[chaincode, "", False], channel.chaincode_policy(chaincode)
    for key in {**changes.writes, **changes.policies}:
        found.add(policy_of(public, key.encode()) or own)
    for name, private in changes.private.items():
        hashed, shared = channel.namespaces[chaincode, name, True], channel.collection_policy(chaincode, name)
        found.update(policy_of(hashed, key_hash) or shared for key_hash in {**private.writes, **private.policies})
    return found


def choose_endorsers(policies: Iterable[bytes], own: str, able: frozenset[str]) -> tuple[str, ...] | None:
    """The fewest organisations of those `able` whose peers satisfy every policy, `own` among them where it can be.

    None when no combination does. Every organisation has one peer here.
    """
    return _choose(tuple(sorted(set(policies))), own, able)


@lru_cache(maxsize=1024)
def _choose(policies: tuple[bytes, ...], own: str, able: frozenset[str]) -> tuple[str, ...] | None:
    combinations: list[frozenset[str]] = [frozenset()]
    for policy in policies:
        grown = {so_far | choice for so_far in combinations for choice in _choices(policy, own, able)}
        combinations = sorted(grown, key=lambda chosen: (len(chosen), own not in chosen, sorted(chosen)))
        del combinations[_MAX_COMBINATIONS:]
    return tuple(sorted(combinations[0])) if combinations else None


def _choices(policy: bytes, own: str, able: frozenset[str]) -> list[frozenset[str]]:
    choices = []
    for signers in EndorsementPolicy.from_bytes(policy).minimal_sets(among=able, first=own):
        organizations = frozenset(signer.msp_id for signer in signers)
        peers_do = all(signer.role in {Role.PEER, Role.MEMBER} for signer in signers)
        if peers_do and len(organizations) == len(signers):
            choices.append(organizations)
    return choices
