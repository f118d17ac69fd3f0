"""What an orderer makes of a config update: the rules by which Fabric takes it or finds it outdated.

As in Fabric's common/configtx: everything in the read set must stand at the version that it names; what the write set
has at another version than the read set is the change, each element one version above what stands, or new at version 0;
a group that changes has exactly the members that it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigGroup, ConfigPolicy, ConfigUpdate, ConfigValue
from hlf_client.errors import InvalidDocument

__all__ = ["Element", "Key", "applied", "elements", "path_of"]

Key: TypeAlias = tuple[str, tuple[str, ...]]
"""A kind (`group`, `value`, `policy`) and the names from the root on."""

Element: TypeAlias = ConfigGroup | ConfigValue | ConfigPolicy

ROOT = "Channel"


def applied(config: Config, update: ConfigUpdate) -> ConfigGroup:
    """The configuration that the update makes of the present one. Raises InvalidDocument naming what is in the way."""
    present, read, write = elements(config.channel_group), elements(update.read_set), elements(update.write_set)
    for key, element in read.items():
        if key not in present or present[key].version != element.version:
            raise InvalidDocument(f"{path_of(key)} has changed since the proposal was made: it is outdated.")
    delta = {key: element for key, element in write.items() if key not in read or read[key].version != element.version}
    if not delta:
        raise InvalidDocument("The proposal changes nothing.")
    for key, element in delta.items():
        wanted = present[key].version + 1 if key in present else 0
        if element.version != wanted:
            raise InvalidDocument(
                f"{path_of(key)} would have version {element.version} where {wanted} must follow: the proposal is "
                "outdated, or badly made."
            )
    full = {**present, **delta}
    result = _assembled(("group", (ROOT,)), full)
    standing = elements(result)
    if missing := next((key for key in write if key not in standing), None):
        raise InvalidDocument(f"{path_of(missing)} stands in the proposal, but in no group that it changes.")
    return result


def elements(group: ConfigGroup, names: tuple[str, ...] = (ROOT,)) -> dict[Key, Element]:
    """Every element of a tree by kind and path, the group itself first."""
    return dict(_walk(group, names))


def path_of(key: Key) -> str:
    """`/Channel/Orderer/BatchSize`."""
    return "/" + "/".join(key[1])


def _walk(group: ConfigGroup, names: tuple[str, ...]) -> Iterator[tuple[Key, Element]]:
    yield ("group", names), group
    for name in sorted(group.values):
        yield ("value", (*names, name)), group.values[name]
    for name in sorted(group.policies):
        yield ("policy", (*names, name)), group.policies[name]
    for name in sorted(group.groups):
        yield from _walk(group.groups[name], (*names, name))


def _assembled(key: Key, full: Mapping[Key, Element]) -> ConfigGroup:
    """A group with the members that it names, each as it will stand."""
    group, names = full[key], key[1]
    assert isinstance(group, ConfigGroup)  # noqa: S101 - a key's kind says so
    result = ConfigGroup(version=group.version, mod_policy=group.mod_policy)
    for name in group.values:
        value = _found(("value", (*names, name)), full)
        assert isinstance(value, ConfigValue)  # noqa: S101 - likewise
        result.values[name].CopyFrom(value)
    for name in group.policies:
        policy = _found(("policy", (*names, name)), full)
        assert isinstance(policy, ConfigPolicy)  # noqa: S101 - likewise
        result.policies[name].CopyFrom(policy)
    for name in group.groups:
        inner = ("group", (*names, name))
        _found(inner, full)
        result.groups[name].CopyFrom(_assembled(inner, full))
    return result


def _found(key: Key, full: Mapping[Key, Element]) -> Element:
    if key not in full:
        raise InvalidDocument(f"{path_of(key)} is named by its group and stands nowhere.")
    return full[key]
