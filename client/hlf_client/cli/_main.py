"""The root command: finds its commands when they are asked for, and turns errors into sentences and exit codes."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import Any, Final, NoReturn

import click

from hlf_client.cli._output import print_error
from hlf_client.cli._session import AS_JSON, Group
from hlf_client.cli.framing import INTERRUPTED, in_one_sentence
from hlf_client.errors import FabricError

__all__ = ["root"]

_COMMANDS: Final = {
    "approve": ("lifecycle", "Approve a definition for one's own organisation."),
    "block": ("reading", "Print a block, all of it."),
    "channel": ("channel", "The channels of one's own peers, or of an orderer."),
    "check": ("lifecycle", "Say who has approved a definition."),
    "client": ("client", "A typed client of a chaincode, as a Python module."),
    "commit": ("lifecycle", "Commit a definition that enough members have approved."),
    "committed": ("lifecycle", "List what is committed on a channel."),
    "config": ("reading", "Print a channel's configuration."),
    "discovery": ("discovery", "The peers of a channel, and who may endorse."),
    "evaluate": ("calling", "Ask a function; nothing is written."),
    "events": ("listening", "Follow a chaincode's events or a channel's blocks."),
    "init": ("init", "Make a project: a contract, its test, its client, its network."),
    "install": ("lifecycle", "Install a package on one's own peers."),
    "installed": ("lifecycle", "List what is installed on one's own peers."),
    "package": ("lifecycle", "Package a chaincode as a service."),
    "submit": ("calling", "Have a function's transaction committed."),
}
"""The module of each command, and what it does: so the list of them imports none."""
_FAILED: Final = 1
_TRACE: Final = "HLF_TRACEBACK"


class _Root(Group):
    """Imports a command when it is used, so that each starts without the libraries of the others."""

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.Abort:
            click.echo("Interrupted.", err=True)
            sys.exit(INTERRUPTED)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        found = getattr(import_module(f"hlf_client.cli.{_COMMANDS[cmd_name][0]}"), cmd_name)
        assert isinstance(found, click.Command)  # noqa: S101 - _COMMANDS names no other
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in sorted(_COMMANDS.items())])

    def invoke(self, ctx: click.Context) -> object:
        with in_one_sentence(partial(_fail, ctx), partial(_interrupt, ctx), _TRACE):
            return super().invoke(ctx)


def _interrupt(ctx: click.Context) -> NoReturn:
    click.echo("Interrupted.", err=True)
    ctx.exit(INTERRUPTED)


def _fail(ctx: click.Context, error: FabricError) -> NoReturn:
    print_error(error, as_json=bool(ctx.meta.get(AS_JSON)))
    ctx.exit(_FAILED)


@click.group(cls=_Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(version("hlf-client"), prog_name="hlf", message="%(prog)s %(version)s")
def root() -> None:
    """Any Hyperledger Fabric network: calls, events, blocks, chaincode, channels.

    Exit codes: 0 done, 3 not yet ready to commit (check), 2 wrong usage, 1 anything else.
    """
