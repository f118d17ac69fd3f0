"""`eximledger ledger`: what a ledger holds, and whether it was touched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click
from pydantic_core import to_jsonable_python

from eximledger._connect import revoke as ledger_revoke
from eximledger.cli.frame.session import Group, Session
from eximledger.reports import moment
from hlf_client import ChannelInfo, Ledger, is_profile
from hlf_client import info as ledger_info
from hlf_client import verify as ledger_verify
from hlf_client.cli.framing import INTERRUPTED
from hlf_client.errors import InvalidDocument

if TYPE_CHECKING:
    from hlf_client.embedded import Verification

__all__ = ["ledger"]


@click.group(cls=Group)
def ledger() -> None:
    """The ledger's own state: of an embedded ledger its file, which needs no key; on Fabric what the peer says."""


@ledger.command()
@click.pass_obj
def info(session: Session) -> None:
    """Members, channels, heights and sizes."""
    if is_profile(session.ledger):
        _show_channels(session)
        return
    found, output = ledger_info(session.ledger), session.output
    output.answer(
        found,
        output.facts([
            ("Ledger", str(found.path)),
            ("Made", moment(found.created)),
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
@click.option("--from-start", is_flag=True, help="Where the last one was interrupted, look at everything again.")
@click.pass_obj
def verify(session: Session, from_start: bool) -> None:
    """Walk every block: hashes, signatures, endorsements, state. Names the first block that was touched.

    Exit code 0 when nothing was, 1 otherwise. Interrupted, it goes on at the next call. On Fabric the peer has checked
    all that; here its blocks are read again, and that they are chained by their hashes.
    """
    if is_profile(session.ledger):
        _check_chains(session)
        return
    output = session.output
    with output.working() as say:
        report = _verified(session, _seldom(say), from_start=from_start)
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
    earlier = [
        output.word("Verified before, and only its hashes again:")
        + f" {one.channel} 0-{one.height - 1:,}, {moment(one.at)}"
        for one in report.earlier
    ]
    output.answer(body, says, *earlier, *(() if report.is_good else ("", problems)), "", good)
    if not report.is_good:
        click.get_current_context().exit(1)


def _verified(session: Session, progress: Callable[[str, int], None], *, from_start: bool) -> Verification:
    try:
        return ledger_verify(session.ledger, progress, resumable=True, from_start=from_start)
    except KeyboardInterrupt:
        says = (
            "Interrupted: the next `ledger verify` goes on from its last checkpoint, --from-start looks at all again."
        )
        click.echo(session.output.word(says), err=True)
        click.get_current_context().exit(INTERRUPTED)


def _seldom(say: Callable[[str], None]) -> Callable[[str, int], None]:
    """Says how far it is, a few times a second: to tell every block takes longer than to verify it."""
    last = 0.0

    def tell(channel: str, block: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 0.2:
            last = now
            say(f"{channel} {block:,}")

    return tell


@ledger.command()
@click.argument("user", metavar="MEMBER/USER")
@click.option("--reissue", is_flag=True, help="Give the user another certificate, for another key, at once.")
@click.pass_obj
def revoke(session: Session, user: str, reissue: bool) -> None:
    """Declare a user's certificate void, on every channel of the member. The blocks say since when."""
    with session.output.working():
        channels = asyncio.run(ledger_revoke(session.ledger, user, reissue=reissue))
    body = {"user": user, "channels": channels, "reissued": reissue}
    session.output.answer(body, f"{user}: {session.output.word('revoked on')} {', '.join(channels)}")


def _show_channels(session: Session) -> None:
    """What the gateway peer has of each channel that the profile names."""

    async def asked(ledger: Ledger) -> tuple[str, list[ChannelInfo]]:
        return ledger.msp_id, [await ledger.channel_info(channel) for channel in ledger.channels]

    msp_id, channels = session.on_ledger(asked)
    output = session.output
    output.answer(
        {"msp_id": msp_id, "channels": channels},
        output.facts([("Profile", session.ledger), ("Member", msp_id)]),
        "",
        output.table(
            ("Channel", "Blocks", "Last hash"), [(one.name, f"{one.height:,}", one.last_hash[:16]) for one in channels]
        ),
    )


def _check_chains(session: Session) -> None:
    """Whether the chains that the gateway peer shows hold together."""
    from hlf_client.gateway import ChainCheck, GatewayLedger

    async def checked(ledger: Ledger) -> list[ChainCheck]:
        if not isinstance(ledger, GatewayLedger):
            raise InvalidDocument(
                "the blocks of this ledger cannot be read: name a profile of the Gateway", field="ledger"
            )
        return [await ledger.check_chain(channel) for channel in ledger.channels]

    chains, output = session.on_ledger(checked), session.output
    problems = [(one.channel, str(one.problem.block), one.problem.what) for one in chains if one.problem is not None]
    says = output.word("The chain is broken." if problems else "The chains hold together.")
    broken = output.table(("Channel", "Block", "Problem"), problems)
    good = output.table(
        ("Channel", "Good blocks", "Transactions", "Last hash"),
        [(one.channel, f"{one.height:,}", f"{one.transactions:,}", one.last_hash[:16]) for one in chains],
    )
    body = {"good": not problems, "channels": to_jsonable_python(chains)}
    output.answer(body, says, *(("", broken) if problems else ()), "", good)
    if problems:
        click.get_current_context().exit(1)
