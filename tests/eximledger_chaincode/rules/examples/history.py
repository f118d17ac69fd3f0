"""Examples of the rules that hold a case against the exporter's own history."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.eximledger_chaincode.rules.cases import (
    EXPORTED,
    OTHER_NUMBER,
    STRANGER,
    application,
    case,
    cny,
    declaration,
    declared,
    eur,
    policy,
    rate,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, Example, of

from eximledger_chaincode.documents import DeclarationStatus, Document, ExportDeclaration, Money
from eximledger_chaincode.documents.customs.exported import Exported
from eximledger_chaincode.rules import Case
from eximledger_chaincode.rules.basis.case import ExporterTotals

SINCE = date(2025, 5, 1)


def year(*exports: ExportDeclaration, declared_in_all: tuple[Money, ...] = (), own: bool = True) -> ExporterTotals:
    """The totals of twelve months with these declarations and, as filed as they are, the case's own."""
    counts: dict[str, int] = {}
    for each in (*exports, *([declaration()] if own else [])):
        for name in each.exported_as:
            counts[name] = counts.get(name, 0) + 1
    totals = declared_in_all or (usd(100_000 * (len(exports) + own)),)
    return ExporterTotals(since=SINCE, until=date(2026, 4, 11), declared=totals, exported=Exported.of(counts))


def past(count: int = 5, **changes: Any) -> list[ExportDeclaration]:
    return [declaration(**changes)] * count


def _history() -> list[Example]:
    fires, silent = of("HISTORY")

    def against(*exports: ExportDeclaration, papers: tuple[Document, ...] = (), **changes: Any) -> Case:
        return case(*papers, exporter_totals=year(*exports), **changes)

    lamps: dict[str, Any] = {"lines": (declared(hs_code="9405410000"),)}
    small: dict[str, Any] = {"total": usd(30_000)}
    euros: dict[str, Any] = {"total": eur(30_000), "lines": (declared(amount=eur(30_000)),)}
    return [
        silent("like the five before", against(*past())),
        fires("another HS chapter", against(*past(**lamps))),
        silent("another HS chapter, which four before cannot tell", against(*past(4, **lamps))),
        fires("another HS chapter than three, under a policy of three", against(
            *past(3, **lamps), policy=policy(history_exports=3))),
        silent("one of five in the chapter", against(*past(4, **lamps), declaration())),
        fires("another country", against(*past(destination_country="VN"))),
        silent("the country of trade, where no destination is declared", against(
            *past(destination_country=None, trade_country="DE"))),
        silent("no country declared", against(*past(destination_country="VN"), papers=(
            declaration(destination_country=None),))),
        fires("more than three times the largest", against(*past(**small))),
        silent("three times the largest, in two digits", against(*past(total=usd("33333.34")))),
        silent("three times one of them", against(*past(4, **small), declaration())),
        silent("four times the largest, under a policy of four", against(
            *past(**small), policy=policy(largest_export_times=4))),
        fires("more than three times the largest, in euro", against(
            *past(**euros), papers=(rate(), rate(currency="EUR", unit=1, cny="7.81"), rate(quoted_on=EXPORTED)))),
        silent("three times the largest, in euro", against(
            *past(total=eur(31_000), lines=(declared(amount=eur(31_000)),)),
            papers=(rate(), rate(currency="EUR", unit=1, cny="7.81")))),
        silent("what cannot be valued is not compared", against(*past(**euros))),
        fires("all of it", against(*past(destination_country="VN", **lamps, **small)), REFER, REFER, REFER),
        silent("the case's own exports are no history", case(
            declaration(), declaration(declaration_number=OTHER_NUMBER, **lamps),
            exporter_totals=year(*past(4), declaration(**lamps)))),
        fires("the case's own exports show nothing", case(
            declaration(), declaration(declaration_number=OTHER_NUMBER, **lamps),
            exporter_totals=year(*past(5), declaration(**lamps)))),
        silent("one that was cancelled was not counted", case(
            declaration(status=DeclarationStatus.CANCELLED), exporter_totals=year(*past(), own=False))),
        silent("another exporter's was not counted", case(
            declaration(consignor=STRANGER), exporter_totals=year(*past(), own=False))),
        silent("one of the year before was not counted", case(
            declaration(exported_on=date(2025, 4, 30)), exporter_totals=year(*past(), own=False))),
        silent("totals that nobody knows", case()),
    ]  # fmt: skip


def _concentration() -> list[Example]:
    fires, silent = of("CONCENTRATION")

    def of_year(declared_in_all: Money, *others: Money, **changes: Any) -> Case:
        totals = year(*past(), declared_in_all=(declared_in_all,))
        return case(exporter_totals=totals, other_financings=others, **changes)

    million = cny(1_000_000)
    return [
        silent("60 % with another loan", of_year(million, cny(100_000))),
        fires("a fen beyond 60 %", of_year(million, cny("100000.01"))),
        silent("60 % in dollars of the day", of_year(usd("117370.90"))),
        fires("a cent less exported", of_year(usd("117370.89"))),
        fires("60 % in euro that cannot be valued", of_year(eur(9_999_999))),
        fires("a policy of 40 %", of_year(million, policy=policy(concentration_percent=40))),
        silent("four exports before cannot tell", case(
            exporter_totals=year(*past(4), declared_in_all=(cny(1),)))),
        silent("a smaller loan", case(application(amount=cny(400_000)), exporter_totals=year(
            *past(), declared_in_all=(million,)), other_financings=(cny(200_000),))),
        silent("totals that nobody knows", case(other_financings=(million,))),
    ]  # fmt: skip


EXAMPLES = [*_history(), *_concentration()]
