"""What commands print: one JSON document, or lines for a person; errors as one sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import click

from hlf_chaincode.canonical import Json
from hlf_client.errors import FabricError

__all__ = ["Output", "json_text", "print_error", "result_json", "shown"]

_ODD: Final = re.compile(r"[^\x20-\x7e\n\t]")


def shown(text: str) -> str:
    """Text of others with all that would steer a terminal written out."""
    return _ODD.sub(lambda found: found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1], text)


def json_text(value: object, *, indent: int | None = 2) -> str:
    """JSON for a program, or for a person who looks at it."""
    return shown(json.dumps(value, ensure_ascii=False, indent=indent))


def result_json(data: bytes) -> Json:
    """A chaincode's answer: the value where it is JSON, else text, else base64."""
    from hlf_client.wire.plain import readable

    try:
        value: Json = json.loads(data)
    except ValueError:
        return readable(data)
    return value


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's answer goes, and in which shape."""

    as_json: bool

    def answer(self, value: object, *lines: str) -> None:
        """Print the answer: `value` as JSON, or the lines for a person."""
        if self.as_json:
            click.echo(json_text(value))
            return
        for line in lines:
            click.echo(shown(line))

    def document(self, value: object) -> None:
        """Print what is one JSON document for everybody, as a block is."""
        click.echo(json_text(value))

    def event(self, value: object, line: str) -> None:
        """Print one of many, each on a line of its own: JSON lines, or lines for a person."""
        click.echo(json_text(value, indent=None) if self.as_json else shown(line))

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
        """Lines of columns, as wide as what stands in them."""
        cells = [tuple(headings), *map(tuple, rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(headings))]
        return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def print_error(error: FabricError, *, as_json: bool) -> None:
    """One sentence on standard error, and what each peer said; with --json one document on standard output, too."""
    lines = [f"Error: {error.message}", *(f"  {each.msp_id} at {each.address}: {each.message}" for each in error.peers)]
    if as_json:
        body: dict[str, Json] = {"error": type(error).__name__, "message": error.message}
        if error.details:
            body["details"] = dict(error.details)
        if error.transaction_id:
            body["transaction_id"] = error.transaction_id
        if error.peers:
            body["peers"] = [
                {"address": each.address, "msp_id": each.msp_id, "message": each.message} for each in error.peers
            ]
        click.echo(json_text(body))
    click.echo("\n".join(map(shown, lines)), err=True)
