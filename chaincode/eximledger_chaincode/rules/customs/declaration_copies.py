"""The rule that holds the exporter's own copies of declarations against customs' record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from eximledger_chaincode.documents import (
    DeclarationCopy,
    DeclarationLine,
    ExportDeclaration,
    Party,
    compared_name,
    compared_number,
)
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.goods import Goods, counted, unit_words
from eximledger_chaincode.rules.basis.parties import compared, graded
from eximledger_chaincode.rules.basis.wording import Words, finding, plain, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule


class _Difference(NamedTuple):
    """What a copy and a record say of one thing, in both languages."""

    severity: Severity
    field: str
    what: Words
    copied: Words
    recorded: Words


@rule(
    "DECL-COPY",
    Severity.REJECT,
    Severity.REFER,
    Severity.INFORM,
    source="enforcement cases: altered print-outs of declarations; authenticity check of SAFE's platform",
)
def decl_copy(case: Case) -> Iterator[Finding]:
    """The exporter's own copy differs from customs' record: number, amount or quantity reject; goods or consignee
    refer, and inform where the consignee is only spelt otherwise. Equal to an older version of the record, it is
    superseded: refer."""
    records = {record.document.number: record.document for record in case.declarations}
    asked = {compared_number(number) for number in case.application.document.named("declarations")}
    for copy in (record.document for record in case.declaration_copies):
        record = records.get(copy.number)
        if record is None:
            if compared_number(copy.number) not in asked:
                yield _of_another(copy)
            continue  # DECL-EXISTS says that customs has none
        found = list(_differences(copy, record))
        if found and any(not list(_differences(copy, each)) for each in _earlier(case, copy.number)):
            yield _superseded(copy, record)
            continue
        for difference in found:
            yield _differs(copy, record, difference)


def _earlier(case: Case, number: str) -> Iterator[ExportDeclaration]:
    return (each.document for each in case.earlier_declarations if each.document.number == number)


def _differences(copy: DeclarationCopy, record: ExportDeclaration) -> Iterator[_Difference]:
    if copy.total != record.total:
        total = (Words(str(money), str(money)) for money in (copy.total, record.total))
        yield _Difference(Severity.REJECT, "total", Words("total", "总额"), *total)
    mine, theirs = _quantities(copy.lines), _quantities(record.lines)
    for unit in sorted(mine.keys() | theirs.keys()):
        ours, recorded = mine.get(unit, Decimal(0)), theirs.get(unit, Decimal(0))
        if ours != recorded:
            words = unit_words(unit)
            what = Words(f"quantity (unit: {words.en})", f"数量（单位：{words.zh}）")
            amounts = (Words(plain(each), plain(each)) for each in (ours, recorded))
            yield _Difference(Severity.REJECT, f"quantity, {words.en}", what, *amounts)
    if _goods(copy.lines) != _goods(record.lines):
        names = (_named(lines) for lines in (copy.lines, record.lines))
        yield _Difference(Severity.REFER, "lines", Words("goods", "商品"), *names)
    severity = _apart(copy.consignee, record.consignee)
    if severity is not None:
        parties = (_party(each) for each in (copy.consignee, record.consignee))
        yield _Difference(severity, "consignee", Words("consignee", "境外收货人"), *parties)


def _quantities(lines: Iterable[DeclarationLine]) -> dict[str, Decimal]:
    """By base unit, over all goods: which goods they are of is compared with the goods."""
    totals: dict[str, Decimal] = {}
    for line in counted(Goods(each.hs_code, each.quantity, each.unit) for each in lines):
        totals[line.unit] = totals.get(line.unit, Decimal(0)) + line.quantity
    return totals


def _goods(lines: Iterable[DeclarationLine]) -> set[tuple[str, str]]:
    """What is of which code and name, in any order; HS codes in the tariff's eight digits."""
    return {(line.hs_code[:8], compared_name(line.description).replace(" ", "")) for line in lines}


def _named(lines: Iterable[DeclarationLine]) -> Words:
    names = [f"{line.hs_code} {line.description}" for line in lines]
    return Words(", ".join(names), "、".join(names))


def _apart(left: Party | None, right: Party | None) -> Severity | None:
    """How severe it is that one paper names the one and the other the other; None where they are the same."""
    if left is None or right is None:
        return None if left is right else Severity.REFER
    return graded(compared(left, right), Severity.REFER)


def _party(party: Party | None) -> Words:
    return Words("nobody", "空") if party is None else Words(party.name, party.name)


def _of_another(copy: DeclarationCopy) -> Finding:
    paper = titled(copy)
    return finding(
        "DECL-COPY", Severity.REJECT, says(copy, "declaration_number", copy.number),
        en=f"{paper.en} is a copy of a declaration that the application does not name.",
        zh=f"{paper.zh} 不是申请所列报关单的副本。",
    )  # fmt: skip


def _superseded(copy: DeclarationCopy, record: ExportDeclaration) -> Finding:
    paper = titled(copy)
    return finding(
        "DECL-COPY", Severity.REFER, says(copy, "total", copy.total), says(record, "total", record.total),
        en=f"{paper.en} is superseded: it is equal to an earlier version of customs' record, amended since.",
        zh=f"{paper.zh} 已失效：与海关记录的旧版本一致，该报关单其后已修改。",
    )  # fmt: skip


def _differs(copy: DeclarationCopy, record: ExportDeclaration, found: _Difference) -> Finding:
    paper = titled(copy)
    return finding(
        "DECL-COPY", found.severity, says(copy, found.field, found.copied.en),
        says(record, found.field, found.recorded.en),
        en=f"{paper.en} differs from customs' record in {found.what.en}: {found.copied.en} on the copy, "
        f"{found.recorded.en} on the record.",
        zh=f"{paper.zh} 与海关记录的{found.what.zh}不符：副本为 {found.copied.zh}，海关记录为 {found.recorded.zh}。",
    )  # fmt: skip
