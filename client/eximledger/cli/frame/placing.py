"""Options that every command has may stand before it, too: each group hands them on behind the name that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click
from click.core import ParameterSource

from hlf_client.cli.framing import CommonOptions

__all__ = ["COMMON", "given_globally", "not_passed"]

COMMON: Final = CommonOptions(frozenset({"--ledger", "--as", "--lang"}), frozenset({"--json"}))


def not_passed(option: click.Option) -> click.Option:
    """The option as a group lists it: for its help, since its value goes on to the command."""
    option.expose_value = False
    return option


def given_globally(ctx: click.Context) -> Iterator[str]:
    """The common options that were written for a command which is a group as well, as they were written."""
    for option in ctx.command.params:
        name = option.opts[0]
        if ctx.get_parameter_source(option.name) is not ParameterSource.COMMANDLINE:
            continue
        if name in COMMON.with_value:
            yield from (name, str(ctx.params[option.name]))
        elif name in COMMON.flags:
            yield name
