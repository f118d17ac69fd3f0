"""The root command: finds its groups when they are asked for, and turns errors into sentences and exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points, version
from typing import Any, Final, NoReturn

import click

from eximledger.cli.frame.output import print_error
from eximledger.cli.frame.session import Group
from eximledger.cli.frame.speaking import LANGUAGE, fail, language_of, speak
from eximledger.words import Language, refusal
from hlf_client.cli.framing import INTERRUPTED, in_one_sentence
from hlf_client.errors import FabricError

__all__ = ["main"]

_COMMANDS: Final = {
    "backup": "eximledger.cli.keeping:backup",
    "balance": "eximledger.cli.balance:balance",
    "case": "eximledger.cli.case:case",
    "day": "eximledger.cli.members.day:day",
    "demo": "eximledger.cli.demo:demo",
    "document": "eximledger.cli.document:document",
    "exporter": "eximledger.cli.consents.exporter:exporter",
    "consent": "eximledger.cli.consents.consent:consent",
    "console": "eximledger.cli.hosting.console:console",
    "consortium": "eximledger.cli.members.consortium:consortium",
    "hfc": "eximledger.cli.hfc:hfc",
    "ledger": "eximledger.cli.ledger:ledger",
    "loan": "eximledger.cli.loan:loan",
    "matching": "eximledger.cli.members.matching:matching",
    "mirror": "eximledger.cli.hosting.mirror:mirror",
    "policy": "eximledger.cli.policy:policy",
    "price-band": "eximledger.cli.members.price_band:price_band",
    "proof": "eximledger.cli.proof:proof",
    "restore": "eximledger.cli.keeping:restore",
    "rules": "eximledger.cli.rules:rules",
    "screen": "eximledger.cli.watching.screen:screen",
    "serve": "eximledger.cli.hosting.serve:serve",
    "supervise": "eximledger.cli.members.supervise:supervise",
    "watch": "eximledger.cli.watching.watch:watch",
}
_PLUGINS: Final = "eximledger.commands"
"""Entry points of this group are commands of other packages, such as `network`."""
_FAILED: Final = 1
_TRACE: Final = "EXIM_TRACEBACK"


class _Root(Group):
    """Imports a command when it is used, so that each starts without the libraries of the others."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """As click has it, with what is wrong with a call said in the language that it asks for."""
        given = args[0] if args else extra.get("args")
        language = language_of(sys.argv[1:] if given is None else given)
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.Abort:
            click.echo(refusal("Interrupted.", language), err=True)
            sys.exit(INTERRUPTED)
        except click.ClickException as error:
            fail(error, language)
            sys.exit(error.exit_code)
        sys.exit(code if isinstance(code, int) else 0)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[LANGUAGE] = language_of(args)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*_COMMANDS, *(plugin.name for plugin in entry_points(group=_PLUGINS))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _COMMANDS:
            module, _, attribute = _COMMANDS[cmd_name].partition(":")
            found = getattr(import_module(module), attribute)
            assert isinstance(found, click.Command)  # noqa: S101 - _COMMANDS names no other
            return found
        return next(
            (
                _plugin(each, ctx.meta.get(LANGUAGE, "en"))
                for each in entry_points(group=_PLUGINS)
                if each.name == cmd_name
            ),
            None,
        )

    def invoke(self, ctx: click.Context) -> object:
        with in_one_sentence(partial(_fail, ctx), partial(_interrupt, ctx), _TRACE):
            return super().invoke(ctx)


def _plugin(entry: EntryPoint, language: Language) -> click.Command:
    """A command of another package; where its libraries are missing, one that says what to install."""
    try:
        command = entry.load()
    except ImportError as error:
        missing, extra = error.name or str(error), entry.name

        def explain(_args: Sequence[str]) -> NoReturn:
            raise FabricError(f"`{extra}` needs {missing}: pip install 'eximledger[{extra}]'")

        return click.Command(
            extra,
            params=[click.Argument(["_args"], nargs=-1, type=click.UNPROCESSED)],
            callback=explain,
            context_settings={"ignore_unknown_options": True},
            short_help=f"Needs pip install 'eximledger[{extra}]'.",
        )
    assert isinstance(command, click.Command)  # noqa: S101 - what our plugins are
    speak(command, language)
    return command


def _interrupt(ctx: click.Context) -> NoReturn:
    click.echo(refusal("Interrupted.", ctx.meta[LANGUAGE]), err=True)
    ctx.exit(INTERRUPTED)


def _fail(ctx: click.Context, error: FabricError) -> NoReturn:
    print_error(error, ctx.meta[LANGUAGE], as_json=bool(ctx.meta.get("eximledger.json")))
    ctx.exit(_FAILED)


@click.group(cls=_Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(version("eximledger"), message="%(prog)s %(version)s")
def main() -> None:
    """Export finance on one consortium ledger: papers, loans, balances.

    Exit codes: 0 done (for a check: approvable), 3 verdict refer, 4 verdict reject,
    5 some of many files refused, 2 wrong usage, 1 anything else.
    """
