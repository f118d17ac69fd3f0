"""What one configuration says otherwise than another, element by element, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup, ConfigPolicy, ConfigValue
from hlf_network.channels.applying import Element, Key, elements, path_of
from hlf_network.proposals.reading import Reading, policy_words, raw_words, sayable, value_words

__all__ = ["Change", "described", "differences"]


@dataclass(frozen=True, slots=True)
class Change:
    """An element that would be otherwise, and how."""

    path: str
    words: tuple[str, ...]


def differences(before: ConfigGroup, after: ConfigGroup) -> tuple[Change, ...]:
    """Every element that differs. What leaves with its group is told at the group."""
    old, new = elements(before), elements(after)
    keys = sorted(dict.fromkeys((*old, *new)), key=lambda key: (key[1], key[0]))
    gone = {key[1] for key in old if key[0] == "group" and key not in new}
    found = []
    for key in keys:
        if any(key[1][:depth] in gone for depth in range(1, len(key[1]))):
            continue
        if words := tuple(_words(key, old.get(key), new.get(key))):
            found.append(Change(sayable(path_of(key)), words))
    return tuple(found)


def described(config: ConfigGroup) -> tuple[Change, ...]:
    """A whole configuration in the same words."""
    return differences(ConfigGroup(), config)


def _words(key: Key, old: Element | None, new: Element | None) -> Iterator[str]:
    if old is None and new is not None:
        yield f"{_title(key)} is new"
        yield from _content(key, None, new)
        yield f"may be changed by: {_who(new)}"
    elif new is None and old is not None:
        yield f"{_title(key)} goes"
        yield from _parting(key, old)
    elif old is not None and new is not None:
        yield from _change(key, old, new)


def _change(key: Key, old: Element, new: Element) -> Iterator[str]:
    told = list(_content(key, old, new))
    if old.mod_policy != new.mod_policy:
        told.append(f"may be changed by: {_who(old)} -> {_who(new)}")
    yield from told
    if not told and old.version != new.version and not _members_differ(old, new):
        yield f"{_title(key)} is written again, as it is"


def _who(element: Element) -> str:
    return sayable(element.mod_policy) or "nobody"


def _members_differ(old: Element, new: Element) -> bool:
    """Whether a group has others in it: which, the elements themselves tell."""
    if not isinstance(old, ConfigGroup) or not isinstance(new, ConfigGroup):
        return False
    return any(
        set(mine) != set(others)
        for mine, others in ((old.groups, new.groups), (old.values, new.values), (old.policies, new.policies))
    )


def _title(key: Key) -> str:
    kind, names = key
    name = sayable(names[-1])
    if kind == "group" and len(names) == 3 and names[1] == "Application":
        return f"member {name}"
    if kind == "group" and len(names) == 3 and names[1] == "Orderer":
        return f"ordering organisation {name}"
    return f"{kind} {name}"


def _content(key: Key, old: Element | None, new: Element) -> Iterator[str]:
    if isinstance(new, ConfigValue):
        before = old if isinstance(old, ConfigValue) else None
        if before is None or before.value != new.value:
            name, present = key[1][-1], before.value if before else b""
            told = _told(value_words(name, present) if before else {}, value_words(name, new.value))
            yield from told or [f"the same in other bytes: {raw_words(present)} -> {raw_words(new.value)}"]
    elif isinstance(new, ConfigPolicy):
        yield from _policy(old if isinstance(old, ConfigPolicy) else None, new)


def _policy(old: ConfigPolicy | None, new: ConfigPolicy) -> Iterator[str]:
    said = policy_words(new.policy)
    if old is None:
        yield f"asks for {said}"
    elif old.policy != new.policy:
        before = policy_words(old.policy)
        if before == said:
            before, said = (raw_words(one.policy.SerializeToString(deterministic=True)) for one in (old, new))
        yield f"asks for {before} -> {said}"


def _told(before: Reading, after: Reading) -> list[str]:
    """Gone, then come, then otherwise."""

    def line(label: str, text: str) -> str:
        return f"{label}: {text}" if text else label

    lines = [f"no more {line(label, text)}" for label, text in before.items() if label not in after]
    lines += [f"with {line(label, text)}" for label, text in after.items() if label not in before]
    changed = [(label, text) for label, text in after.items() if label in before and before[label] != text]
    return lines + [f"{label}: {before[label] or 'as it was'} -> {text or 'as it was'}" for label, text in changed]


def _parting(key: Key, old: Element) -> Iterator[str]:
    if isinstance(old, ConfigGroup):
        inside = sorted((*old.groups, *old.values, *old.policies))
        yield f"with all that stands in it: {', '.join(map(sayable, inside)) or 'nothing'}"
    elif isinstance(old, ConfigValue):
        yield from _told(value_words(key[1][-1], old.value), {})
    else:
        yield f"asked for {policy_words(old.policy)}"
