"""`eximledger price-band`: customs computes and publishes what goods cost; anybody looks it up."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, Session
from eximledger.formats import read
from eximledger.pricing import BandReport, PriceDesk
from eximledger_chaincode.documents import PriceBand, ReferenceRate
from eximledger_chaincode.documents.published.price_band import last_day_of
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules.customs.bands import goods_of
from hlf_client import require_ledger, utc_now
from hlf_client.errors import InvalidDocument

__all__ = ["price_band"]


def _quarter(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Refuses what is no quarter as a wrong use."""
    try:
        if value is not None:
            last_day_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return value


_rates = click.option(
    "--rates", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, metavar="FILE",
    help="Reference rates of the quarter's days (JSON documents of kind rate).",
)  # fmt: skip


@click.group("price-band", cls=Group)
def price_band() -> None:
    """What goods of a tariff code cost in a quarter: customs publishes it over its own declarations."""


@price_band.command()
@click.argument("quarter", callback=_quarter)
@_rates
@click.pass_obj
def compute(session: Session, quarter: str, rates: Path) -> None:
    """The bands of a QUARTER (2026-Q1), published nowhere; as customs."""
    require_ledger(session.ledger)
    given = _quotations(rates)
    found = session.on_ledger(lambda ledger: PriceDesk(ledger).compute(quarter, given))
    session.output.answer(found, *_view(session.output, found))


@price_band.command()
@click.argument("quarter", callback=_quarter)
@_rates
@click.pass_obj
def publish(session: Session, quarter: str, rates: Path) -> None:
    """Publish the bands of a QUARTER that is over, for good: those published before stay as they are."""
    require_ledger(session.ledger)
    given = _quotations(rates)

    async def work(desk: PriceDesk) -> tuple[BandReport, list[str]]:
        found = await desk.compute(quarter, given)
        return found, [filed.entry.id for filed in await desk.publish(found)]

    report, filed = session.on_ledger(lambda ledger: work(PriceDesk(ledger)))
    answer = {"quarter": quarter, "published": filed, "standing": len(report.bands) - len(filed)}
    count = session.output.word("Bands published") + f": {len(filed)}"
    session.output.answer(answer, *_view(session.output, report), "", count)


@price_band.command()
@click.argument("hs_code", metavar="HS")
@click.argument("unit")
@click.option("--quarter", callback=_quarter, metavar="QUARTER", help="Of which exports; today's unless given.")
@click.pass_obj
def show(session: Session, hs_code: str, unit: str, quarter: str | None) -> None:
    """The bands by which goods under an HS code (8 digits or more) and a unit are judged, the newest first."""
    day = day_in_china(utc_now()) if quarter is None else last_day_of(quarter)
    wanted = goods_of(hs_code, [unit], day) if hs_code.isdigit() else []
    if not wanted:
        raise InvalidDocument(f"{hs_code} is no HS code of 8 digits or more", field="hs_code", reason="too short")
    require_ledger(session.ledger)
    found = session.on_ledger(lambda ledger: PriceDesk(ledger).bands(wanted[0]))
    nothing = session.output.word("No band is published for these goods.")
    session.output.answer(found, *(_table(session.output, found) if found else [nothing]))


def _quotations(file: Path) -> list[ReferenceRate]:
    documents = read(file).documents
    rates = [each for each in documents if isinstance(each, ReferenceRate)]
    if len(rates) != len(documents):
        raise InvalidDocument(f"{file.name} holds other papers than rates", field="rates", reason="other papers")
    return rates


def _table(output: Output, bands: list[PriceBand]) -> list[RenderableType]:
    rows = [
        (each.hs_code, each.unit, each.quarter, f"{each.median:,f} CNY", str(each.mad), str(each.declarations),
         str(each.exporters))
        for each in bands
    ]  # fmt: skip
    return [output.table(("HS", "Unit", "Quarter", "Median", "MAD", "Declarations", "Exporters"), rows)]


def _view(output: Output, report: BandReport) -> list[RenderableType]:
    parts = _table(output, list(report.bands)) if report.bands else [output.word("No goods have enough declarations.")]
    facts = [
        ("Quarter", report.quarter),
        ("Declarations counted", str(report.declarations)),
        ("Goods withheld", str(len(report.withheld))),
        ("Currencies without a rate", ", ".join(report.unquoted)),
    ]
    return [*parts, "", output.facts(facts)]
