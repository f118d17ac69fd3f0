"""`eximledger day`: the business day, which SAFE opens and approvals and disbursements go by."""

from __future__ import annotations

from datetime import datetime

import click

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, Session
from eximledger.reports import moment
from eximledger_chaincode.contracts.state.calendar import BusinessDay

__all__ = ["day"]


@click.group(cls=Group)
def day() -> None:
    """The business day: SAFE opens it; nothing is approved or disbursed without one."""


@day.command("open")
@click.argument("which", metavar="[DAY]", type=click.DateTime(["%Y-%m-%d"]), required=False)
@click.pass_obj
def open_day(session: Session, which: datetime | None) -> None:
    """Open a business day, today's in China unless DAY is given, or the same one anew; as SAFE."""
    wanted = session.today() if which is None else which.date()
    _answer(session.output, session.run(lambda desk: desk.open_day(wanted)))


@day.command()
@click.pass_obj
def show(session: Session) -> None:
    """The business day that SAFE opened last."""
    _answer(session.output, session.look(lambda desk: desk.business_day()))


def _answer(output: Output, found: BusinessDay) -> None:
    facts = [
        ("Business day", str(found.day)),
        ("By", str(found.opened_by)),
        ("Time", moment(found.opened_at)),
    ]
    output.answer(found, output.facts(facts))
