"""`hlf evaluate`, `hlf submit`: call a chaincode."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from hlf_client.cli._output import result_json
from hlf_client.cli._session import Session, SessionCommand, chaincode_option
from hlf_client.errors import InvalidDocument
from hlf_client.ledger import Ledger

__all__ = ["evaluate", "submit"]

CommandT = TypeVar("CommandT", bound="Any")


def _call(command: CommandT) -> CommandT:
    """What both commands take: whose function, with what, asked of whom."""
    for part in (
        click.argument("arguments", nargs=-1),
        click.argument("function"),
        click.argument("channel"),
        click.option("--endorser", "-e", "endorsers", multiple=True, metavar="MSP",
                     help="Whose peers are asked, where not all."),
        click.option("--transient", "-t", multiple=True, metavar="NAME=VALUE",
                     help="A private value, or NAME=@FILE; may be repeated."),
        chaincode_option,
    ):  # fmt: skip
        command = part(command)
    return command


@click.command(cls=SessionCommand)
@_call
@click.pass_obj
def evaluate(
    session: Session, chaincode: str, transient: Sequence[str], endorsers: Sequence[str], channel: str, function: str,
    arguments: Sequence[str],
) -> None:  # fmt: skip
    """Ask a function; nothing is written."""
    values = _private(transient)

    async def ask(ledger: Ledger) -> bytes:
        return await ledger.evaluate(
            channel, function, *arguments, transient=values, endorsing_organizations=endorsers or None
        )

    answer = session.on_ledger(chaincode, ask)
    session.output.answer({"result": result_json(answer)}, answer.decode(errors="backslashreplace"))


@click.command(cls=SessionCommand)
@_call
@click.pass_obj
def submit(
    session: Session, chaincode: str, transient: Sequence[str], endorsers: Sequence[str], channel: str, function: str,
    arguments: Sequence[str],
) -> None:  # fmt: skip
    """Have a function's transaction endorsed, ordered and committed."""
    values = _private(transient)

    async def take(ledger: Ledger) -> tuple[str, int, bytes]:
        done = await ledger.submit(
            channel, function, *arguments, transient=values, endorsing_organizations=endorsers or None
        )
        return done.transaction_id, done.block_number, done.result

    transaction_id, block_number, result = session.on_ledger(chaincode, take)
    told = {"transaction_id": transaction_id, "block_number": block_number, "result": result_json(result)}
    lines = [result.decode(errors="backslashreplace")] if result else []
    session.output.answer(told, *lines, f"transaction {transaction_id} in block {block_number}")


def _private(given: Sequence[str]) -> dict[str, bytes]:
    values = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not name or not equals:
            raise InvalidDocument("--transient: write NAME=VALUE or NAME=@FILE", field="transient", reason="no name")
        values[name] = Path(value[1:]).read_bytes() if value.startswith("@") else value.encode()
    return values
