"""Keeping the mirrors up: a task for each member whose officers sign in here, as long as the server runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from eximledger._connect import connect
from eximledger.mirror import Mirror, MirrorReader, open_database, upgrade
from eximledger.serving._served import Served
from hlf_client import Ledger
from hlf_client.errors import LedgerUnavailable

__all__ = ["following"]

_PAUSE: Final = 5.0
_log = logging.getLogger("eximledger.serving")


@asynccontextmanager
async def following(server: Served) -> AsyncIterator[None]:
    """While this is open, the mirrors follow their ledger. One that cannot be kept is said in the log: its member has
    no lists, and everything else goes on."""
    # A mirror that is cut off may still be writing its last file on its thread.
    with TemporaryDirectory(prefix="exim-mirror-", ignore_cleanup_errors=True) as temporary:
        place = server.settings.state or Path(temporary)
        server.mirrors.expect(len(server.settings.mirrored))
        tasks = [asyncio.create_task(_kept(server, name, place)) for name in server.settings.mirrored]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


async def _kept(server: Served, name: str, place: Path) -> None:
    while True:
        try:
            await _follow(server, name, place)
        except LedgerUnavailable as error:
            _log.warning("the mirror of %s: %s", name, error.message)
        except Exception:  # noqa: BLE001, RUF100 - whatever it is, the server goes on without this mirror
            _log.exception("there is no mirror of %s", name)
            return
        await asyncio.sleep(_PAUSE)


async def _follow(server: Served, name: str, place: Path) -> None:
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(await asyncio.to_thread(_connected, server, name))
        url = server.settings.mirror_url or f"sqlite:///{place / f'mirror-{ledger.msp_id}.db'}"
        engine = open_database(url)
        stack.callback(engine.dispose)
        await asyncio.to_thread(upgrade, engine)
        server.mirrors.add(ledger.msp_id, MirrorReader(engine))
        stack.callback(server.mirrors.remove, ledger.msp_id)
        await Mirror(ledger, engine).follow()


def _connected(server: Served, name: str) -> Ledger:
    account = server.officers.named(name)
    if account is not None:
        return account.connect()
    return connect(server.settings.ledger, name, clock=server.clock)
