"""YAML from outside: plain types only, and no more of it, with aliases written out, than settings have.

A few aliases of aliases stand for more values than a memory holds, so values are counted before any is made. Needs
PyYAML; the gateway's profiles and the network driver import it.
"""

from __future__ import annotations

from typing import Final

import yaml

__all__ = ["compose_yaml", "construct_yaml"]

MAX_NODES: Final = 50_000
"""Keys, values and list items, each as often as aliases repeat it."""
MAX_DEPTH: Final = 32
MAX_DIGITS: Final = 100
_NUMBERS: Final = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it: ten times as fast."""


def compose_yaml(text: str | bytes) -> yaml.Node | None:
    """The first document's nodes; None for an empty one. Raises `yaml.YAMLError`."""
    _check_depth(text)
    root = yaml.compose(text, Loader=_LOADER)
    if root is not None and _size(root, {}, 0) > MAX_NODES:
        raise _too_many()
    return root


def construct_yaml(root: yaml.Node | None) -> object:
    """The value that the nodes stand for. Raises `yaml.YAMLError`."""
    if root is None:
        return None
    loader = yaml.SafeLoader("")
    try:
        value: object = loader.construct_document(root)
    except yaml.YAMLError:
        raise
    except Exception as error:  # PyYAML lets through whatever a date or number that is none makes it raise
        raise yaml.YAMLError(f"it holds a value that is none of its kind ({type(error).__name__})") from None
    finally:
        loader.dispose()
    return value


def _check_depth(text: str | bytes) -> None:
    """Event by event: composing calls itself for each level, and libyaml's on a stack that it can overrun."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_LOADER):
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise yaml.YAMLError(f"it is nested more than {MAX_DEPTH} deep")
        if nodes > MAX_NODES:
            raise _too_many()


def _too_many() -> yaml.YAMLError:
    return yaml.YAMLError(f"it has, with its aliases written out, more than {MAX_NODES} values")


def _size(node: yaml.Node, known: dict[int, int], depth: int) -> int:
    """How many nodes there are from this one down, counting each as often as it is named."""
    if depth > MAX_DEPTH:
        raise yaml.YAMLError(f"its aliases nest more than {MAX_DEPTH} deep, or one contains itself")
    found = known.get(id(node))
    if found is None:
        if node.tag in _NUMBERS and len(node.value) > MAX_DIGITS:
            raise yaml.YAMLError(f"a number in it has more than {MAX_DIGITS} digits")
        children = [each for pair in node.value for each in pair] if isinstance(node, yaml.MappingNode) else node.value
        nested = isinstance(node, yaml.CollectionNode)
        found = known[id(node)] = 1 + (sum(_size(child, known, depth + 1) for child in children) if nested else 0)
    return found
