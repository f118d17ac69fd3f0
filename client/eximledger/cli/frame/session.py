"""The options that every command has, and the connection that they describe."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from eximledger._connect import connect
from eximledger.cli.frame.output import Output
from eximledger.cli.frame.placing import COMMON, not_passed
from eximledger.cli.frame.speaking import VARIABLE, SpokenContext, short_help
from eximledger.desk import LoanDesk
from eximledger.reports import LANGUAGES, Language
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import Clock, Ledger, is_profile, require_ledger, utc_now
from hlf_client.errors import InvalidDocument

__all__ = ["DEFAULT_LEDGER", "Group", "OutputCommand", "OutputGroup", "Session", "SessionCommand"]

AnswerT = TypeVar("AnswerT")

DEFAULT_LEDGER: Final = "embedded:exim.db"
DEFAULT_MEMBER: Final = "eximbank"
_DAY: Final = "EXIM_DAY"
"""An embedded ledger's day, to walk through months of a loan in minutes: such a ledger is for demos and tests."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who calls which ledger, and how the answer is to be printed."""

    ledger: str
    identity: str | None
    output: Output

    @property
    def language(self) -> Language:
        return self.output.language

    @property
    def clock(self) -> Clock:
        """The time of what is proposed: now, or on an embedded ledger ten o'clock in China of the day that the
        environment says. Raises `InvalidDocument` where it says it for another ledger, or no day."""
        text = os.environ.get(_DAY)
        if not text:
            return utc_now
        if not self.ledger.startswith("embedded:"):
            raise InvalidDocument(f"{_DAY} is for embedded ledgers: another keeps its own time", field=_DAY, reason="")
        try:
            moment = datetime.combine(date.fromisoformat(text), time(2), UTC)
        except ValueError:
            raise InvalidDocument(f"{_DAY}: write a day as 2026-12-31", field=_DAY, reason="no day") from None
        return lambda: moment

    def today(self) -> date:
        """The day in China by that clock."""
        return day_in_china(self.clock())

    def connect(self, identity: str | None) -> Ledger:
        """A connection of this session's ledger in somebody's name."""
        return connect(self.ledger, identity, clock=self.clock)

    def run(self, work: Callable[[LoanDesk], Awaitable[AnswerT]]) -> AnswerT:
        """Do one command's work at the desk of this session's identity."""
        return self.on_ledger(lambda ledger: work(LoanDesk(ledger)))

    def look(self, work: Callable[[LoanDesk], Awaitable[AnswerT]]) -> AnswerT:
        """As `run`, for what only reads: raises `LedgerUnavailable` where there is no ledger, and makes none."""
        require_ledger(self.ledger)
        return self.run(work)

    def run_long(self, work: Callable[[LoanDesk, Callable[[str], None]], Awaitable[AnswerT]]) -> AnswerT:
        """As `run`, for work that says how far it is."""

        async def connected() -> AnswerT:
            async with self.connect(self.identity) as ledger:
                return await work(LoanDesk(ledger), say)

        with self.output.working() as say:
            return asyncio.run(connected())

    def on_ledger(self, work: Callable[[Ledger], Awaitable[AnswerT]]) -> AnswerT:
        """Do one command's work over this session's connection."""

        async def connected() -> AnswerT:
            async with self.connect(self.identity) as ledger:
                return await work(ledger)

        with self.output.working():
            return asyncio.run(connected())


def _connection_options() -> list[click.Option]:
    return [
        click.Option(
            ["--ledger", "ledger_url"],
            envvar="EXIM_LEDGER",
            show_envvar=True,
            default=DEFAULT_LEDGER,
            show_default=True,
            metavar="URL",
            help="embedded:PATH, the path of a connection profile, or hfc:PATH of one.",
        ),
        click.Option(
            ["--as", "identity"],
            envvar="EXIM_AS",
            show_envvar=True,
            show_default=f"{DEFAULT_MEMBER}, or the profile's own first user",
            metavar="MEMBER[/USER]",
            help="In whose name: eximbank, eximbank/checker, customs, safe.",
        ),
    ]


def _output_options() -> list[click.Option]:
    return [
        click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON document on standard output."),
        click.Option(
            ["--lang", "language"],
            envvar=VARIABLE,
            show_envvar=True,
            type=click.Choice(LANGUAGES),
            default="en",
            show_default=True,
            help="The language of tables, findings, help and errors.",
        ),
    ]


class OutputCommand(click.Command):
    """A command that needs no ledger; its function is given an `Output` first."""

    context_class = SpokenContext

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend([*self.own_options(), *_output_options()])

    def get_short_help_str(self, limit: int = 45) -> str:
        return short_help(self) or super().get_short_help_str(limit)

    def own_options(self) -> list[click.Option]:
        """What comes before the options of the output."""
        return []

    def prepared(self, values: dict[str, Any], output: Output) -> object:
        """What the function is given, of the options' values; what is taken out of them does not reach it."""
        return output

    def invoke(self, ctx: click.Context) -> object:
        values = ctx.params
        as_json = bool(values.pop("as_json"))
        ctx.meta["eximledger.json"] = as_json
        ctx.obj = self.prepared(values, Output(as_json, cast("Language", values.pop("language"))))
        return super().invoke(ctx)


class SessionCommand(OutputCommand):
    """A command with the common options; its function is given a `Session` first."""

    def own_options(self) -> list[click.Option]:
        return _connection_options()

    def prepared(self, values: dict[str, Any], output: Output) -> object:
        ledger, identity = values.pop("ledger_url"), values.pop("identity")
        return Session(ledger, identity or _default_identity(ledger), output)


def _default_identity(ledger: str) -> str | None:
    """A profile's file is one member's; a ledger, or a folder of profiles, has several."""
    return None if is_profile(ledger) and not Path(ledger).is_dir() else DEFAULT_MEMBER


class OutputGroup(click.Group):
    """A group whose commands need no ledger. Options that they have in common may stand before their names."""

    command_class = OutputCommand
    context_class = SpokenContext

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(not_passed(option) for option in self.common_options())

    def get_short_help_str(self, limit: int = 45) -> str:
        return short_help(self) or super().get_short_help_str(limit)

    def common_options(self) -> list[click.Option]:
        """What the help of the group lists, since its commands take it."""
        return _output_options()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, COMMON.behind_command(args))


class Group(OutputGroup):
    """A group whose commands have the common options."""

    command_class = SessionCommand

    def common_options(self) -> list[click.Option]:
        return [*_connection_options(), *_output_options()]
