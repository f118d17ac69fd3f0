"""What any command line of ours does alike: common options before a command, errors as one sentence and a code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NoReturn

import click

from hlf_client.errors import FabricError

__all__ = ["INTERRUPTED", "CommonOptions", "in_one_sentence"]

INTERRUPTED: Final = 130
"""What a shell says of a program that SIGINT ended."""


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """The options that every command has: each group hands on what stands before the name of a command."""

    with_value: frozenset[str]
    flags: frozenset[str]

    def behind_command(self, args: Sequence[str]) -> list[str]:
        """`--profile P block C` as `block --profile P C`. Where no command follows all stays, for the parser."""
        at = 0
        while at < len(args) and (width := self._width(args[at])):
            at += width
        if at >= len(args) or args[at].startswith("-"):
            return list(args)
        return [args[at], *args[:at], *args[at + 1 :]]

    def _width(self, argument: str) -> int:
        """How many arguments a common option takes; 0 for any other argument."""
        name, equals, _ = argument.partition("=")
        if name in self.with_value:
            return 1 if equals else 2
        return int(argument in self.flags)


@contextmanager
def in_one_sentence(
    fail: Callable[[FabricError], NoReturn], interrupt: Callable[[], NoReturn], trace: str
) -> Iterator[None]:
    """Every failure as an error for `fail`, Ctrl-C for `interrupt`; never a page of frames, unless the environment's
    variable `trace` asks for them."""
    try:
        yield
    except FabricError as error:
        fail(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        fail(FabricError(f"{error.filename or 'a file'}: {error.strerror or error}"))
    except KeyboardInterrupt:
        interrupt()
    except (click.exceptions.Exit, click.Abort, click.ClickException):
        raise
    except Exception as error:  # noqa: BLE001, RUF100 - a bug
        if os.environ.get(trace):
            raise
        what = f"{type(error).__name__} in this program, which is its fault: set {trace}=1 to see where, report it"
        fail(FabricError(what))
