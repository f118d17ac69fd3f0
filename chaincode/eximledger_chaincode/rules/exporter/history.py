"""Rules that hold a case against what its exporter has exported in the twelve months before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration, Money
from eximledger_chaincode.documents.customs.exported import Exported
from eximledger_chaincode.lending.valuation import rate_on
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case, ExporterTotals
from eximledger_chaincode.rules.basis.wording import Words, finding, plain, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule
from hlf_chaincode.errors import Refused


def _past(case: Case, totals: ExporterTotals) -> Exported | None:
    """The exporter's exports of the twelve months beside the case's own; None where they are too few to tell."""
    past = totals.exported
    for declaration in (record.document for record in case.declarations):
        counted = declaration.status is not DeclarationStatus.CANCELLED
        if counted and declaration.exporter == case.application.document.exporter and totals.covers(declaration.dated):
            past = past.less(declaration.exported_as)
    return past if past.exports >= case.tolerances.history_exports else None


@rule("HISTORY", Severity.REFER, source="bank policy; FATF trade-based money laundering indicators")
def history(case: Case) -> Iterator[Finding]:
    """Goods of an HS chapter, or a country, that the exporter's other declarations of twelve months do not show, or an
    amount above the policy's multiple of the largest of them. Needs as many of these as policy says."""
    totals = case.exporter_totals
    past = None if totals is None else _past(case, totals)
    if past is None:
        return
    times = case.tolerances.largest_export_times
    for declaration in (record.document for record in case.declarations):
        chapters = sorted({line.hs_code[:2] for line in declaration.lines} - past.chapters)
        country = declaration.destination_country or declaration.trade_country
        if chapters:
            codes = Words(", ".join(chapters), "、".join(chapters))
            what = Words(f"goods of HS chapter {codes.en}", f"第 {codes.zh} 章商品")
            yield _unseen(declaration, "hs_code", codes.en, what)
        if country is not None and country not in past.countries:
            what = Words(f"goods to {country}", f"输往 {country} 的货物")
            yield _unseen(declaration, "destination_country", country, what)
        if _is_too_large(case, declaration, past.largest):
            paper = titled(declaration)
            yield finding(
                "HISTORY", Severity.REFER, says(declaration, "total", declaration.total),
                en=f"{paper.en} is over {declaration.total}, more than {plain(times)} times the exporter's largest "
                f"of the last twelve months.",
                zh=f"{paper.zh} 金额为 {declaration.total}，超过该企业近十二个月最大一笔出口的 {plain(times)} 倍。",
            )  # fmt: skip


def _unseen(declaration: ExportDeclaration, field: str, value: str, what: Words) -> Finding:
    paper = titled(declaration)
    return finding(
        "HISTORY", Severity.REFER, says(declaration, field, value),
        en=f"{paper.en} is of an export that the exporter's last twelve months do not show: {what.en}.",
        zh=f"{paper.zh}：该企业近十二个月没有{what.zh}的出口。",
    )  # fmt: skip


def _is_too_large(case: Case, declaration: ExportDeclaration, largest: Mapping[str, Decimal]) -> bool:
    """In one currency at the rates of the export; what cannot be valued is not compared."""
    own, day = declaration.currency, declaration.dated
    try:
        rates = {each: Fraction(1) if len(largest) == 1 and own in largest else rate_on(each, day, case.rates)
                 for each in {own, *largest}}  # fmt: skip
    except Refused:
        return False
    most = max((Fraction(amount) * rates[each] for each, amount in largest.items()), default=Fraction(0))
    return Fraction(declaration.total.amount) * rates[own] > Fraction(case.tolerances.largest_export_times) * most


@rule("CONCENTRATION", Severity.REFER, source="bank policy; FATF trade-based money laundering indicators")
def concentration(case: Case) -> Iterator[Finding]:
    """With this loan the bank finances more than the policy's percentage of what the exporter exported in twelve
    months, at the reference rates of the decision's day. Needs as many exports as HISTORY does.

    Other banks' financings are theirs: no bank is told of them, and none counts. What this one's other loans come to is
    not said either, so that they do not change what an officer has overridden.
    """
    totals, application = case.exporter_totals, case.application.document
    if totals is None or _past(case, totals) is None:
        return
    percent, who = case.tolerances.concentration_percent, application.applicant.name
    uscc = says(application, "applicant.uscc", application.exporter)
    try:
        exported = _in_cny(case, totals.declared)
        financed = _in_cny(case, (application.amount, *case.other_financings))
    except Refused as refused:
        currency = refused.details["currency"]
        yield finding(
            "CONCENTRATION", Severity.REFER, uscc,
            en=f"What {who} exported in the last twelve months cannot be valued: {currency} has no reference rate.",
            zh=f"{who} 近十二个月的出口无法估值：{currency} 没有参考汇率。",
        )  # fmt: skip
        return
    if financed * 100 > Fraction(percent) * exported:
        yield finding(
            "CONCENTRATION", Severity.REFER, uscc,
            en=f"With this loan the bank finances more than {plain(percent)} % of what {who} exported in the last "
            f"twelve months.",
            zh=f"加上该笔贷款，本行融资超过 {who} 近十二个月出口额的 {plain(percent)}%。",
        )  # fmt: skip


def _in_cny(case: Case, amounts: Iterable[Money]) -> Fraction:
    rates = case.rates
    return sum((Fraction(each.amount) * rate_on(each.currency, case.today, rates) for each in amounts), Fraction(0))
