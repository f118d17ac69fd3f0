"""`eximledger console`: the pages of one local officer, in the browser of this machine."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import webbrowser
from functools import partial
from pathlib import Path
from typing import Final

import click

from eximledger._connect import connect
from eximledger.cli.frame.session import Session, SessionCommand
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import require_ledger, utc_now
from hlf_client.errors import FabricError

__all__ = ["console"]

_DEMO_OFFICER: Final = "eximbank/maker"
_READY: Final = "console.ready"
"""Stands there once the demo ledger is whole."""
_LEDGER: Final = "console.db"


@click.command(cls=SessionCommand)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where to listen; any free port by default.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option(
    "--state", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Where the mirror of the lists is kept; beside an embedded ledger by default.",
)  # fmt: skip
@click.option(
    "--demo", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="A ledger with both demo cases in FOLDER, made where it is not there, and a switch between all officers.",
)  # fmt: skip
@click.pass_obj
def console(session: Session, port: int, no_browser: bool, state: Path | None, demo: Path | None) -> None:
    """Open the console for one officer: a link that works once, on this machine only. Ctrl-C ends it."""
    try:
        from eximledger.serving import Settings
        from eximledger.serving import run as serve
    except ImportError as error:
        raise FabricError(f"`console` needs {error.name}: pip install 'eximledger[serve]'") from None

    ledger, officer = session.ledger, session.identity or ""
    if demo is not None:
        ledger, officer = _demo_ledger(demo, session), _DEMO_OFFICER
    require_ledger(ledger)
    settings = Settings(
        ledger=ledger, officer=officer, port=port, state=state or _beside(ledger), demo=demo is not None,
        mirror_as=("eximbank/maker", "tradebank/maker", "safe/officer", "customs/officer") if demo is not None else (),
    )  # fmt: skip
    asyncio.run(serve(settings, partial(_opened, session, no_browser=no_browser), clock=session.clock))


def _opened(session: Session, link: str, *, no_browser: bool) -> None:
    """Say the address, and show it."""
    session.output.answer({"link": link}, link)
    if not no_browser:
        webbrowser.open(link)


def _beside(ledger: str) -> Path | None:
    """The folder beside an embedded ledger's file; None for what has no file here."""
    path = ledger.removeprefix("embedded:").partition("?")[0]
    return Path(f"{path}.console") if ledger.startswith("embedded:") and not path.startswith(":memory:") else None


def _demo_ledger(folder: Path, session: Session) -> str:
    """The demo's ledger: both cases are walked on it where it is new."""
    from eximledger.demo import PACKING, run, run_packing, write_papers

    path, ready = folder / _LEDGER, folder / _READY
    url = f"embedded:{path}"
    if ready.exists() and path.exists():
        return url
    for left in folder.glob(f"{_LEDGER}*"):  # of a walk that was broken off
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    session.output.note("the demo ledger is made, with both cases walked on it: about a minute, this once")
    with session.output.working() as say:
        for case, walk in (("dongyu", run), (PACKING, run_packing)):
            say(case)
            with tempfile.TemporaryDirectory() as papers:
                write_papers(Path(papers), day_in_china(utc_now()), case)
                asyncio.run(walk(lambda who: connect(url, who), Path(papers), lambda _told: None))
    ready.touch()
    return url
