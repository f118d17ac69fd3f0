"""`python -m tests.eximledger.mirror.mortal LEDGER DATABASE KILLS SEED`: a mirror that is killed that often.

Each time a child of this process goes on where the last one was killed, or builds the mirror anew where it was whole,
in transactions of one block, and ends by SIGKILL of its own hand at a statement or a commit that the seed chose.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from typing import Final

from sqlalchemy import Connection, Engine, event

import eximledger
from eximledger.mirror import Mirror, MirrorReader, mirror, open_database, upgrade
from hlf_client import is_profile

_LATEST: Final = 60
"""The last statement before which a child dies."""


class Death:
    """Ends this process at the n-th statement or commit of the database."""

    def __init__(self, engine: Engine, at: int) -> None:
        self._left = at
        event.listen(engine, "before_cursor_execute", lambda *_: self._live())
        event.listen(engine, "commit", self._before_commit)

    def _before_commit(self, _connection: Connection) -> None:
        self._live()

    def _live(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def mirror_once(ledger: str, engine: Engine) -> None:
    async with eximledger.connect(ledger, "eximbank") as connection:
        heights = {name: (await connection.channel_info(name)).height for name in connection.channels}
        upgrade(engine)
        is_whole = {each.channel: each.height for each in MirrorReader(engine).status()} == heights
        follower = Mirror(connection, engine)
        await (follower.rebuild() if is_whole else follower.catch_up())


def child(ledger: str, database: str, at: int) -> None:
    mirror._BATCH_BYTES = 1  # type: ignore[misc]  # one block a transaction
    engine = open_database(database)
    Death(engine, at)
    asyncio.run(mirror_once(ledger, engine))
    engine.dispose()


async def warm_up(ledger: str) -> None:
    """Have this process import and parse what its children need; all is closed again before the first is born. A
    connection to Fabric would not live through that: gRPC's threads are not there in a child."""
    engine = open_database("sqlite://")
    upgrade(engine)
    engine.dispose()
    if is_profile(ledger):
        return
    async with eximledger.connect(ledger, "eximbank") as connection:
        await connection.evaluate("bank", "consortium:members")


def main(ledger: str, database: str, kills: int, seed: int) -> None:
    asyncio.run(warm_up(ledger))
    chance = random.Random(seed)
    ends: Counter[str] = Counter()
    while ends["killed"] < kills:
        at = chance.randint(1, _LATEST)
        process = os.fork()
        if process == 0:
            code = 1
            try:
                child(ledger, database, at)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        assert code in {0, -signal.SIGKILL}, f"seed {seed}, at {at}: the child ended with {code}"
        ends["killed" if code else "whole"] += 1
    sys.stdout.write(json.dumps(ends))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
