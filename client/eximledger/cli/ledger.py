"""`eximledger ledger`: what a ledger holds, and whether it was touched."""

from __future__ import annotations

import asyncio

import click
from pydantic_core import to_jsonable_python

from eximledger._connect import revoke as ledger_revoke
from eximledger.cli.frame.session import Group, Session
from eximledger.reports import moment
from hlf_client import ChannelInfo, Ledger, is_profile
from hlf_client import info as ledger_info
from hlf_client import verify as ledger_verify
from hlf_client.errors import InvalidDocument

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
@click.pass_obj
def verify(session: Session) -> None:
    """Walk every block: hashes, signatures, endorsements, state. Names the first block that was touched.

    Exit code 0 when nothing was, 1 otherwise. On Fabric the peer has checked all that; here its blocks are read again,
    and that they are chained by their hashes.
    """
    if is_profile(session.ledger):
        _check_chains(session)
        return
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
