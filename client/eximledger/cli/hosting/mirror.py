"""`eximledger mirror`: an off-chain copy of what a member may see, in SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import click
from prometheus_client import start_http_server
from sqlalchemy import Engine, select

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, OutputCommand, Session
from eximledger.mirror import DEFAULT_DATABASE, Mirror, MirrorReader, open_database, require_mirror
from eximledger.mirror.reading import ChannelStatus
from eximledger.mirror.schema.database import database_errors
from eximledger.mirror.schema.views import VIEWS, View
from eximledger.reports import moment
from hlf_client import Ledger, require_ledger
from hlf_client.errors import InvalidDocument

__all__ = ["mirror"]

_DATABASE: Final = click.option(
    "--database",
    envvar="EXIM_MIRROR",
    show_envvar=True,
    default=DEFAULT_DATABASE,
    show_default=True,
    metavar="URL",
    help="sqlite:///PATH or postgresql://USER@HOST/NAME.",
)
_MOST: Final = 1000


@click.group(cls=Group)
def mirror() -> None:
    """A copy of what this member may see in a database of its own, for lists, searches and its BI."""


@mirror.command()
@_DATABASE
@click.option("--metrics", "address", metavar="[HOST:]PORT", help="Serve Prometheus' metrics there, at /metrics.")
@click.option("--once", is_flag=True, help="Come up to where the ledger stands, and end.")
@click.pass_obj
def run(session: Session, database: str, address: str | None, once: bool) -> None:
    """Follow the ledger, until it is stopped. Interrupted anywhere, it goes on where it was."""
    require_ledger(session.ledger)
    with _opened(database) as engine:

        async def work(ledger: Ledger) -> None:
            follower = Mirror(ledger, engine)
            with _served(follower, address):
                if once:
                    await follower.catch_up()
                else:
                    session.output.note(f"mirror: {ledger.msp_id} into {engine.url.render_as_string()}")
                    await _until_stopped(follower)

        session.on_ledger(work)
        _answer(session.output, engine)


@mirror.command()
@_DATABASE
@click.pass_obj
def rebuild(session: Session, database: str) -> None:
    """Take out all rows and read the ledger from its first blocks. What the ledger purged does not come again."""
    require_ledger(session.ledger)
    with _opened(database) as engine:
        session.on_ledger(lambda ledger: Mirror(ledger, engine).rebuild())
        _answer(session.output, engine)


@mirror.command(cls=OutputCommand)
@_DATABASE
@click.pass_obj
def status(output: Output, database: str) -> None:
    """How far each channel has been read."""
    with _opened(database) as engine:
        require_mirror(engine)
        _answer(output, engine)


@mirror.command(cls=OutputCommand)
@click.argument("name", metavar="[VIEW]", required=False)
@_DATABASE
@click.pass_obj
def views(output: Output, name: str | None, database: str) -> None:
    """The views for BI, or the rows of one; at most 1000."""
    if name is None:
        output.answer(
            [{"view": each.name, "shows": each.comment, "columns": dict(each.columns)} for each in VIEWS],
            output.table(("View", "Shows"), [(each.name, each.comment) for each in VIEWS]),
        )
        return
    found = next((each for each in VIEWS if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in VIEWS)
        raise InvalidDocument(f"there is no view {name}: there are {known}", field="view", reason="no such view")
    with _opened(database) as engine:
        require_mirror(engine)
        rows = _rows_of(engine, found)
    output.answer(
        rows, output.table(list(found.columns), [[_cell(row[each]) for each in found.columns] for row in rows])
    )


def _rows_of(engine: Engine, view: View) -> list[dict[str, Any]]:
    with database_errors(engine), engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(view.table).limit(_MOST)).mappings()]


def _cell(value: object) -> str:
    return "" if value is None else f"{value:,.2f}" if isinstance(value, float) else str(value)


def _answer(output: Output, engine: Engine) -> None:
    found = MirrorReader(engine).status()
    columns = ("Channel", "Blocks", "Last transaction", "Written", "Awaited")
    output.answer({"channels": found}, output.table(columns, [_line(each) for each in found]))


def _line(channel: ChannelStatus) -> tuple[str, ...]:
    last = "" if channel.block_at is None else moment(channel.block_at)
    return channel.channel, f"{channel.height:,}", last, moment(channel.written_at), f"{channel.awaited}"


@contextmanager
def _opened(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _served(follower: Mirror, address: str | None) -> Iterator[None]:
    """Metrics on a thread of their own, on 127.0.0.1 where no host is named."""
    if address is None:
        yield
        return
    host, _, port = address.rpartition(":")
    if not port.isdigit() or int(port) > 0xFFFF:
        raise InvalidDocument("metrics: give PORT or HOST:PORT", field="metrics", reason="no address")
    server, thread = start_http_server(int(port), host or "127.0.0.1", follower.metrics.registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def _until_stopped(follower: Mirror) -> None:
    """Follow until a signal says stop: that ends well, for all is written that was read."""
    following = asyncio.ensure_future(follower.follow())
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, following.cancel)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await following
    finally:
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)
