"""Options that every command has may stand before it, too: each group hands them on behind the name that it calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import click
from click.core import ParameterSource

__all__ = ["behind_command", "given_globally", "not_passed"]

_WITH_VALUE: Final = frozenset({"--ledger", "--as", "--lang"})
_FLAGS: Final = frozenset({"--json"})


def behind_command(args: Sequence[str]) -> list[str]:
    """`--as safe day open` as `day --as safe open`. Where no command follows all stays, for the parser to judge."""
    at = 0
    while at < len(args) and (width := _width(args[at])):
        at += width
    if at >= len(args) or args[at].startswith("-"):
        return list(args)
    return [args[at], *args[:at], *args[at + 1 :]]


def _width(argument: str) -> int:
    """How many arguments a common option takes; 0 for any other argument."""
    name, equals, _ = argument.partition("=")
    if name in _WITH_VALUE:
        return 1 if equals else 2
    return int(argument in _FLAGS)


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
        if name in _WITH_VALUE:
            yield from (name, str(ctx.params[option.name]))
        elif name in _FLAGS:
            yield name
