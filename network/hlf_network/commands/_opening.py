"""Which network a command is about: the file that is named, ./consortium.yaml, or the default."""

from __future__ import annotations

from pathlib import Path

import click

from hlf_network.consortium import load_consortium, parse_consortium
from hlf_network.driver import Network
from hlf_network.progress import Progress

__all__ = ["DEFAULT", "FILE", "default_text", "file_option", "open_network"]

FILE = "consortium.yaml"
DEFAULT = "hlf_network.default_text"
"""Where a click context keeps the function that gives the default consortium.yaml."""

file_option = click.option(
    "--file",
    "-f",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The consortium's file; ./{FILE} when it is there, else the default consortium.",
)


def default_text() -> str:
    text: str = click.get_current_context().meta[DEFAULT]()
    return text


def open_network(file: Path | None, progress: Progress | None = None) -> Network:
    """The network of a file, of ./consortium.yaml, or the default one beside the present directory."""
    if file is None and Path(FILE).is_file():
        file = Path(FILE)
    consortium = load_consortium(file) if file else parse_consortium(default_text(), source=f"the default {FILE}")
    return Network(consortium, progress=progress)
