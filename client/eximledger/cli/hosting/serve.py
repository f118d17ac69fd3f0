"""`eximledger serve`: the HTTP interface, and the console where it is installed, for a team."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import click

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import OutputCommand
from hlf_client import require_ledger
from hlf_client.errors import FabricError

__all__ = ["serve"]


@click.command(cls=OutputCommand)
@click.option(
    "--settings", "file", envvar="EXIM_SERVE", show_envvar=True, metavar="FILE.toml",
    type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The settings; EXIM_SERVE_NAME stands above it.",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Only read the settings and the officers, and say what they come to.")
@click.pass_obj
def serve(output: Output, file: Path | None, check: bool) -> None:
    """Serve /api/v1 and the console. Whoever is signed in acts with a key of its own; docs/http.md has the settings."""
    try:
        from eximledger.serving import application, read_settings, run
    except ImportError as error:
        raise FabricError(f"`serve` needs {error.name}: pip install 'eximledger[serve]'") from None

    settings = read_settings(file, os.environ)
    require_ledger(settings.ledger)
    if check:
        application(settings)
        facts = [
            ("Address", settings.url),
            ("Ledger", settings.ledger),
            ("Officers", str(settings.officers or settings.officer)),
            ("Mirror", ", ".join(settings.mirrored)),
        ]
        output.answer(settings, output.facts(facts))
        return
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(run(settings, output.note))
