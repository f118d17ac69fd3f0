"""YAML that remembers its lines, so that an error can say where in the file to look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from hlf_client._yaml import compose_yaml, construct_yaml
from hlf_client.errors import InvalidDocument

__all__ = ["Place", "YamlDocument", "dotted", "read_yaml"]

Place: TypeAlias = tuple[str | int, ...]
"""Where a value stands: keys and list positions from the top, as pydantic reports them."""

MAX_BYTES = 256 << 10


def dotted(place: Sequence[str | int]) -> str:
    """`("channels", 0, "members")` as a person writes it: `channels[0].members`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The content of one file and the line of every key and list item in it."""

    source: str
    content: object
    lines: dict[Place, int]

    def line(self, place: Sequence[str | int]) -> int:
        """The line (from 1) of the nearest enclosing value that the file itself holds."""
        for length in range(len(place), -1, -1):
            found = self.lines.get(tuple(place[:length]))
            if found is not None:
                return found
        return 1

    def error(self, place: Sequence[str | int], reason: str) -> InvalidDocument:
        """The error that names file, line and field."""
        name, line = dotted(place), self.line(place)
        return InvalidDocument(
            f"{self.source}, line {line}: {name + ': ' if name else ''}{reason}",
            field=name,
            reason=reason,
            file=self.source,
            line=str(line),
        )


def read_yaml(text: str, *, source: str) -> YamlDocument:
    """Parse with safe types only. Raises InvalidDocument for bad syntax, aliases that could explode, repeated keys."""
    if len(text) > MAX_BYTES:
        raise InvalidDocument(f"{source} is larger than {MAX_BYTES} bytes: this is not a consortium file.")
    try:
        root = compose_yaml(text)
        lines = {} if root is None else dict(_walk(root, (), source))
        return YamlDocument(source, construct_yaml(root), lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        reason = " ".join(part for part in (error.context, error.problem) if part)
        raise InvalidDocument(f"{source}, line {line}: not YAML: {reason}.", file=source, line=str(line)) from None
    except yaml.YAMLError as error:
        raise InvalidDocument(f"{source} is not YAML: {error}.", file=source) from None


def read_yaml_file(path: Path, *, hint: str = "write one with `network init`") -> YamlDocument:
    """Parse a file. Raises InvalidDocument when it is missing (with the hint), unreadable or not UTF-8."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1).decode()
    except FileNotFoundError:
        raise InvalidDocument(f"{path} does not exist: {hint}.") from None
    except UnicodeDecodeError:
        raise InvalidDocument(f"{path} cannot be read: it is no text in UTF-8.", file=str(path)) from None
    except OSError as error:
        raise InvalidDocument(f"{path} cannot be read: {error.strerror}.", file=str(path)) from None
    return read_yaml(text, source=str(path))


def _walk(node: yaml.Node, place: Place, source: str) -> Iterator[tuple[Place, int]]:
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                raise InvalidDocument(
                    f"{source}, line {line}: {dotted((*place, name))} stands here twice: remove one.",
                    field=dotted((*place, name)),
                    file=source,
                    line=str(line),
                )
            seen.add(name)
            yield from _walk(value, (*place, name), source)
            yield (*place, name), line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*place, index), source)
