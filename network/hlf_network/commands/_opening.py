"""Which network a command is about: the file that is named, ./consortium.yaml, or the default."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import click

from hlf_client.errors import InvalidDocument
from hlf_network.consortium import load_consortium, parse_consortium
from hlf_network.driver import Network
from hlf_network.progress import Progress

__all__ = ["DEFAULT", "FILE", "OPENER", "Opener", "default_text", "file_option", "open_network"]

FILE = "consortium.yaml"
DEFAULT = "hlf_network.default_text"
"""Where a click context keeps the function that gives the default consortium.yaml."""
OPENER = "hlf_network.opener"
"""Where it keeps how a group finds its network, where that is not by consortium.yaml."""

Opener: TypeAlias = Callable[[Path | None, Progress | None], Network]

file_option = click.option(
    "--file",
    "-f",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The consortium's file; ./{FILE} when it is there, else the default consortium. Of a member: ./member.yaml.",
)


def default_text() -> str:
    """Raises InvalidDocument where the program has no consortium of its own."""
    given = click.get_current_context().meta.get(DEFAULT)
    if given is None:
        raise InvalidDocument(f"There is no {FILE} here: name the consortium's file with -f.")
    text: str = given()
    return text


def open_network(file: Path | None, progress: Progress | None = None) -> Network:
    """The network of a file, of ./consortium.yaml, or the default one beside the present directory; the
    group's own way, where it has one."""
    opener: Opener | None = click.get_current_context().meta.get(OPENER)
    if opener is not None:
        return opener(file, progress)
    if file is None and Path(FILE).is_file():
        file = Path(FILE)
    consortium = load_consortium(file) if file else parse_consortium(default_text(), source=f"the default {FILE}")
    return Network(consortium, progress=progress)
