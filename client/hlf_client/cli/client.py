"""`hlf client generate`: a typed client of a chaincode, written from what the chaincode says of itself."""

from __future__ import annotations

from pathlib import Path

import click

from hlf_client.cli._output import Output
from hlf_client.cli._session import Group, OutputCommand, Session, SessionCommand, chaincode_option
from hlf_client.ledger import Ledger
from hlf_client.typed import GET_METADATA, client_module

__all__ = ["client"]

_out = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.py",
    help="Where to write; else it is printed.",
)


@click.group(cls=Group)
def client() -> None:
    """A typed client of a chaincode, as a Python module."""


@client.command(cls=SessionCommand)
@chaincode_option
@_out
@click.argument("channel")
@click.pass_obj
def generate(session: Session, chaincode: str, out: Path | None, channel: str) -> None:
    """Ask a chaincode for its metadata, and write a module with one typed method for each function."""

    async def read(ledger: Ledger) -> bytes:
        return await ledger.evaluate(channel, GET_METADATA)

    _write(session.output, session.on_ledger(chaincode, read), chaincode, out)


@client.command("from-file", cls=OutputCommand)
@click.option("--chaincode", "-c", required=True, metavar="NAME", help="The chaincode's name, for the client's class.")
@_out
@click.argument("metadata", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def from_file(output: Output, chaincode: str, out: Path | None, metadata: Path) -> None:
    """The same from a file with the metadata; no network is asked."""
    _write(output, metadata.read_bytes(), chaincode, out)


def _write(output: Output, metadata: bytes, chaincode: str, out: Path | None) -> None:
    text = client_module(metadata, chaincode)
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text)
    output.answer({"file": str(out)}, str(out))
