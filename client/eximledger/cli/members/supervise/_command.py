"""The command: which report, and how it is printed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

import click
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Session, SessionCommand
from eximledger.supervision import (
    Dimension,
    ReportTable,
    Supervisor,
    consent_tables,
    duplicate_tables,
    exposure_tables,
    hold_tables,
    matching_tables,
)
from hlf_client import Ledger, require_ledger
from hlf_client.errors import InvalidDocument

__all__ = ["supervise"]

_Answer: TypeAlias = tuple[object, list[RenderableType]]
"""A report as JSON has it, and as a person reads it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    by: Dimension
    days: list[date]
    output: Output


async def _exposure(supervisor: Supervisor, asked: _Asked) -> _Answer:
    found = await supervisor.exposure(asked.by)
    return found, _views(exposure_tables(found, asked.output.language), asked.output)


async def _duplicates(supervisor: Supervisor, asked: _Asked) -> _Answer:
    found = await supervisor.duplicates()
    return found, _views(duplicate_tables(found, asked.output.language), asked.output)


async def _over_held(supervisor: Supervisor, asked: _Asked) -> _Answer:
    found = await supervisor.holds()
    return found, _views(hold_tables(found, asked.output.language), asked.output)


async def _consents(supervisor: Supervisor, asked: _Asked) -> _Answer:
    found = await supervisor.consents()
    return found, _views(consent_tables(found, asked.output.language), asked.output)


async def _matching(supervisor: Supervisor, asked: _Asked) -> _Answer:
    found = await supervisor.matching(asked.days)
    return found, _views(matching_tables(found, asked.output.language), asked.output)


def _views(tables: Iterable[ReportTable], output: Output) -> list[RenderableType]:
    """Each table under its title; the remark below it."""
    parts: list[RenderableType] = []
    for each in tables:
        shown = output.table(each.columns, each.rows) if each.rows else output.word("None.")
        parts += [*([""] if parts else []), each.title, shown, *([each.remark] if each.remark else [])]
    return parts


_REPORTS: Final[Mapping[str, Callable[[Supervisor, _Asked], Awaitable[_Answer]]]] = {
    "exposure": _exposure,
    "duplicates": _duplicates,
    "over-held": _over_held,
    "consents": _consents,
    "matching": _matching,
}
_MOST_DAYS: Final = 366
_day = click.DateTime(["%Y-%m-%d"])


@click.command(cls=SessionCommand)
@click.argument("report", type=click.Choice(list(_REPORTS)), required=False)
@click.option("--by", type=click.Choice([each.value for each in Dimension]), default=Dimension.BANK.value,
              show_default=True, help="What exposure is summed by.")  # fmt: skip
@click.option("--since", type=_day, metavar="DAY", help="First day of `matching`; without it the day that is open.")
@click.option("--until", type=_day, metavar="DAY", help="Last day of `matching`; default: the first.")
@click.pass_obj
def supervise(session: Session, report: str | None, by: str, since: datetime | None, until: datetime | None) -> None:
    """What SAFE sees across all banks; without REPORT all of it.

    exposure: promised, paid out, lost and held. duplicates: papers that several banks have, the same or nearly.
    over-held: declarations of which more is held than they are worth, and what banks keep without a loan. consents: by
    officers, on forms. matching: papers put before the register, and how many may be.
    """
    require_ledger(session.ledger)
    wanted = list(_REPORTS) if report is None else [report]
    asked = _Asked(Dimension(by), _days(since, until), session.output)

    async def read(ledger: Ledger) -> dict[str, _Answer]:
        supervisor = Supervisor(ledger)
        return {each: await _REPORTS[each](supervisor, asked) for each in wanted}

    found = session.on_ledger(read)
    values = {each: value for each, (value, _) in found.items()}
    parts = [part for _, view in found.values() for part in (*view, "")]
    session.output.answer(values if report is None else values[report], *parts[:-1])


def _days(since: datetime | None, until: datetime | None) -> list[date]:
    if since is None:
        if until is not None:
            raise click.UsageError("--until goes with --since")
        return []
    first, last = since.date(), (until or since).date()
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise InvalidDocument(
            f"--until: from --since on, {_MOST_DAYS} days at most", field="until", reason="out of bounds"
        )
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]
