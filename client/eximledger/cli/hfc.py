"""`eximledger hfc`: the environment that fabric-sdk-py runs in, for networks without a gateway."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import OutputGroup
from hlf_client.errors import FabricError

if TYPE_CHECKING:
    from hlf_client.hfc import Environment

__all__ = ["hfc"]


@click.group(cls=OutputGroup)
def hfc() -> None:
    """fabric-sdk-py for Fabric 2.3 and older: its own environment, used by --ledger hfc:PROFILE."""


@hfc.command()
@click.option(
    "--wheels",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take the distributions from this folder, not from an index.",
)
@click.option(
    "--python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The interpreter to use, 3.11 or 3.12; without it, the one that runs this command.",
)
@click.pass_obj
def install(output: Output, wheels: Path | None, python: Path | None) -> None:
    """Make the environment from pinned, hashed distributions. Does nothing where it is ready.

    pip's own settings hold: HTTPS_PROXY, PIP_INDEX_URL, pip.conf.
    """
    environment = _environment()
    with output.working() as say:
        made = environment.install(wheels=wheels, python=python, say=say)
    says = f"{'Installed in' if made else 'Was installed already in'} {environment.folder}"
    output.answer({"folder": str(environment.folder), "installed": made}, says)


@hfc.command()
@click.pass_obj
def status(output: Output) -> None:
    """Whether the environment is ready, and where it is. Exit code 0 when it is, 1 otherwise."""
    environment = _environment()
    ready = environment.is_ready
    says = "Ready in" if ready else "Run `eximledger hfc install`: nothing of this version is in"
    output.answer({"folder": str(environment.folder), "ready": ready}, f"{says} {environment.folder}")
    if not ready:
        click.get_current_context().exit(1)


@hfc.command()
@click.pass_obj
def requirements(output: Output) -> None:
    """Print what `install` installs, as pip reads it: to fill a folder for --wheels."""
    text = _environment().requirements
    if output.as_json:
        output.answer({"requirements": text})
    else:
        click.echo(text, nl=False)


def _environment() -> Environment:
    try:
        from hlf_client.hfc import Environment
    except ImportError as error:
        raise FabricError(f"hfc needs {error.name}: pip install 'eximledger[hfc]'") from None
    return Environment.default()
