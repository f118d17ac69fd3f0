"""`eximledger ledger`: what a ledger holds, and whether it was touched."""

from __future__ import annotations

import click
from pydantic_core import to_jsonable_python

from eximledger.cli._session import Group, Session
from eximledger.ledger import info as ledger_info
from eximledger.ledger import verify as ledger_verify

__all__ = ["ledger"]


@click.group(cls=Group)
def ledger() -> None:
    """The ledger's own state. For an embedded ledger: its file; no key is needed."""


@ledger.command()
@click.pass_obj
def info(session: Session) -> None:
    """Members, channels, heights and sizes."""
    found, output = ledger_info(session.ledger), session.output
    output.answer(
        found,
        output.facts([
            ("Ledger", str(found.path)),
            ("Made", f"{found.created:%Y-%m-%d %H:%M:%S} UTC"),
            ("Size", f"{found.size:,} bytes"),
        ]),
        "",
        output.table(
            ("Member", "MSP", "Role"),
            [(member.name, member.msp_id, output.word(member.role)) for member in found.members],
        ),
        "",
        output.table(
            ("Channel", "Blocks", "Transactions", "Keys", "Private keys", "Last hash"),
            [
                (
                    one.info.name, f"{one.info.height:,}", f"{one.transactions:,}", f"{one.keys:,}",
                    f"{one.private_keys:,}", one.info.last_hash[:16],
                )
                for one in found.channels
            ],
        ),
    )  # fmt: skip


@ledger.command()
@click.pass_obj
def verify(session: Session) -> None:
    """Walk every block: hashes, signatures, endorsements, state. Names the first block that was touched.

    Exit code 0 when nothing was, 1 otherwise.
    """
    output = session.output
    with output.working() as say:
        report = ledger_verify(session.ledger, lambda channel, block: say(f"{channel} {block:,}"))
    body = {"good": report.is_good, **to_jsonable_python(report)}
    says = output.word("Nothing was touched." if report.is_good else "The ledger was touched.")
    problems = output.table(
        ("Channel", "Block", "Problem"),
        [(one.channel, "" if one.block is None else str(one.block), one.what) for one in report.problems],
    )
    good = output.table(
        ("Channel", "Good blocks", "Transactions", "Last hash"),
        [(one.name, f"{one.height:,}", f"{one.transactions:,}", one.last_hash[:16]) for one in report.channels],
    )
    output.answer(body, says, *(() if report.is_good else ("", problems)), "", good)
    if not report.is_good:
        click.get_current_context().exit(1)
