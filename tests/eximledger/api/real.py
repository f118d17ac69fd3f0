"""A real server on a port of its own, in a thread, for programs that are none of ours."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Queue

from eximledger.serving import Settings, run
from eximledger.serving._store import Store
from eximledger.serving.admission import Scope, Tokens
from eximledger.testing import exim_ledger
from hlf_client import utc_now


@dataclass(frozen=True, slots=True)
class Real:
    """Where it is, and a token of all scopes for each user."""

    address: str
    tokens: dict[str, str]


@contextmanager
def served(
    folder: Path, users: Sequence[str], *, certificates: Mapping[str, str] | None = None, **said: object
) -> Iterator[Real]:
    """A server over a new ledger, whose users all may sign in; the first one's member is mirrored."""
    by = certificates or {}
    exim_ledger(folder / "exim.db").close()
    officers = folder / "officers.toml"
    officers.write_text("".join(
        f'[[officer]]\nname = "{user}"\nsigns = "{user}"\ncertificates = {[by[user]] if user in by else []}\n'
        for user in users
    ))  # fmt: skip
    settings = Settings.model_validate({
        "ledger": f"embedded:{folder / 'exim.db'}", "officers": officers, "mirror_as": [users[0]], "port": 0,
        "state": folder / "state", "calls_a_minute": 10**6, "sign_ins_a_minute": 10**6, **said,
    })  # fmt: skip
    loop, told = asyncio.new_event_loop(), Queue[str]()
    task = loop.create_task(run(settings, told.put))
    thread = threading.Thread(target=_until_done, args=(loop, task))
    thread.start()
    try:
        address = told.get(timeout=60)
        yield Real(address, asyncio.run(_tokens(folder / "state" / "serving.db", users)))
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


def _until_done(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    try:
        loop.run_until_complete(asyncio.wait({task}))
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _tokens(path: Path, users: Sequence[str]) -> dict[str, str]:
    store = Store(path)
    tokens = Tokens(store, utc_now)
    found = {user: (await tokens.make(user, "test", tuple(Scope), timedelta(days=1)))[1] for user in users}
    await store.close()
    return found
