"""Who must sign a config update: as few members as the policies of what it changes ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hlf_chaincode.policies import EndorsementPolicy, Share
from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup, ConfigUpdate
from hlf_chaincode.protos.common.policies_pb2 import ImplicitMetaPolicy, Policy
from hlf_client.errors import InvalidDocument
from hlf_network.errors import NetworkError

__all__ = ["Asked", "asked", "signers_of", "sufficient"]

ROOT = "Channel"


def signers_of(update: ConfigUpdate, current: ConfigGroup, able: Collection[str]) -> tuple[str, ...]:
    """MSP ids, sorted, whose administrators' signatures suffice for `update`, out of those `able` to sign.

    Of every element that changes the present configuration says whose it is to change. Raises NetworkError naming the
    policy that those who are able cannot satisfy.
    """
    chosen: frozenset[str] = frozenset()
    for path in dict.fromkeys(one.policy for one in asked(update, current)):
        found = sufficient(current, path, able, already=chosen)
        if found is None:
            raise NetworkError(f"The administrators whose keys are at hand do not suffice for /{'/'.join(path)}.")
        chosen |= found
    return tuple(sorted(chosen))


@dataclass(frozen=True, slots=True)
class Asked:
    """A changed element, and the policy (both as names from the root on) that says who may change it."""

    element: tuple[str, ...]
    policy: tuple[str, ...]


def asked(update: ConfigUpdate, current: ConfigGroup) -> Iterator[Asked]:
    """Every element that the update changes. What is new is its group's affair."""
    return _asked(update.write_set, current, (ROOT,))


def sufficient(
    current: ConfigGroup, policy: tuple[str, ...], able: Collection[str], *, already: Collection[str] = ()
) -> frozenset[str] | None:
    """Few members of those `able` whose administrators satisfy a policy; None when they cannot. Who signs `already`
    costs nothing more."""
    signing = _Signing(frozenset(able), frozenset(already))
    return signing.satisfy(_group_at(current, policy[1:-1]), policy[-1])


def _asked(write: ConfigGroup, current: ConfigGroup, path: tuple[str, ...]) -> Iterator[Asked]:
    if write.version > current.version:
        yield Asked(path, _policy_path(path, current.mod_policy))
    for name, value in write.values.items():
        if name in current.values and value.version > current.values[name].version:
            yield Asked((*path, name), _policy_path(path, current.values[name].mod_policy))
    for name, policy in write.policies.items():
        if name in current.policies and policy.version > current.policies[name].version:
            yield Asked((*path, name), _policy_path(path, current.policies[name].mod_policy))
    for name, group in write.groups.items():
        if name in current.groups:
            yield from _asked(group, current.groups[name], (*path, name))


def _policy_path(path: tuple[str, ...], mod_policy: str) -> tuple[str, ...]:
    """A policy's name counts from its element's group, unless it begins at the root."""
    return tuple(mod_policy.split("/")[1:]) if mod_policy.startswith("/") else (*path, mod_policy)


def _group_at(group: ConfigGroup, names: tuple[str, ...]) -> ConfigGroup:
    for name in names:
        group = group.groups[name] if name in group.groups else ConfigGroup()
    return group


@dataclass(frozen=True, slots=True)
class _Signing:
    able: frozenset[str]
    already: frozenset[str]
    """Who signs anyway: costs nothing more."""

    def satisfy(self, group: ConfigGroup, name: str) -> frozenset[str] | None:
        """Few members that satisfy a group's policy; None when those who are able cannot."""
        if name not in group.policies:
            return None
        policy = group.policies[name].policy
        if policy.type == Policy.SIGNATURE:
            return self._of_signatures(policy.value)
        return self._of_groups(group, ImplicitMetaPolicy.FromString(policy.value))

    def _of_signatures(self, policy: bytes) -> frozenset[str] | None:
        try:
            choices = EndorsementPolicy.from_bytes(policy).minimal_sets(among=self.able)
        except InvalidDocument:  # over certificates, as BFT's orderers have it: no administrator's to satisfy
            return None
        fitting = [
            frozenset(signer.msp_id for signer in choice)
            for choice in choices
            if all(signer.matches(signer.msp_id, "admin") for signer in choice)
            and len({signer.msp_id for signer in choice}) == len(choice)
        ]
        return min(fitting, key=lambda choice: (len(choice - self.already), sorted(choice)), default=None)

    def _of_groups(self, group: ConfigGroup, meta: ImplicitMetaPolicy) -> frozenset[str] | None:
        """ANY, ALL or MAJORITY of the groups below, the cheapest first."""
        answers = [self.satisfy(group.groups[name], meta.sub_policy) for name in sorted(group.groups)]
        found = sorted((answer for answer in answers if answer is not None), key=lambda one: len(one - self.already))
        needed = {Share.ANY: min(1, len(answers)), Share.ALL: len(answers)}.get(Share(meta.rule), len(answers) // 2 + 1)
        return frozenset().union(*found[:needed]) if len(found) >= needed else None
