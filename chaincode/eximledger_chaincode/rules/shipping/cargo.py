"""Rules on what the goods are said to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from eximledger_chaincode.documents import (
    CommercialInvoice,
    ExportDeclaration,
    PackingList,
    SalesContract,
    TransportDocument,
)
from eximledger_chaincode.lending.screening.hits import HitBasis
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.wording import finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule
from eximledger_chaincode.rules.shipping.phrases import says_nothing

_Paper: TypeAlias = ExportDeclaration | SalesContract | CommercialInvoice | TransportDocument | PackingList


class _Described(NamedTuple):
    """A line by its number, and all that it says of its goods."""

    number: str
    texts: tuple[str | None, ...]


@rule("GOODS-VAGUE", Severity.REFER, source="FATF trade-based money laundering indicators")
def goods_vague(case: Case) -> Iterator[Finding]:
    """A line whose description says nothing: "goods", "as per contract"."""
    papers: tuple[_Paper, ...] = (
        *(record.document for record in case.declarations),
        *(record.document for record in case.contracts),
        *(record.document for record in case.invoices),
        *(record.document for record in case.transport_documents),
        *(record.document for record in case.packing_lists),
    )
    for document in papers:
        vague = [line for line in _lines(document) if says_nothing(*line.texts)]
        if vague:
            paper, said = titled(document), [next(filter(None, line.texts)) for line in vague]
            yield finding(
                "GOODS-VAGUE", Severity.REFER,
                *(says(document, f"lines[{line.number}]", text) for line, text in zip(vague, said, strict=True)),
                en=f"{paper.en} does not say what the goods are: {'; '.join(dict.fromkeys(said))}.",
                zh=f"{paper.zh} 未说明货物名称：{'；'.join(dict.fromkeys(said))}。",
            )  # fmt: skip


def _lines(paper: _Paper) -> Sequence[_Described]:
    match paper:
        case ExportDeclaration():
            return [_Described(str(line.number), (line.description, line.specification)) for line in paper.lines]
        case TransportDocument():
            return [_Described(item.number, (item.description,)) for item in paper.goods]
        case _:
            return [_Described(line.number, (line.name, line.description)) for line in paper.lines]


@rule("LICENCE", Severity.REFER, source="State Council Order 792, from 1 December 2024")
def licence(case: Case) -> Iterator[Finding]:
    """Goods under an HS code that a watch list has as dual-use items, declared without a licence number. The HS
    code alone never decides: an officer looks what the goods are."""
    listed = tuple(hit.own for hit in case.hits if hit.basis is HitBasis.GOODS)
    for declaration in (record.document for record in case.declarations):
        if not listed or declaration.licence_number is not None:
            continue
        lines = [line for line in declaration.lines if line.hs_code.startswith(listed)]
        if lines:
            paper, codes = titled(declaration), list(dict.fromkeys(line.hs_code for line in lines))
            yield finding(
                "LICENCE", Severity.REFER, says(declaration, "licence_number", None),
                *(says(declaration, f"lines[{line.number}].hs_code", line.hs_code) for line in lines),
                en=f"{paper.en} has goods under HS {', '.join(codes)}, which may be dual-use items, and names no "
                "export licence.",
                zh=f"{paper.zh} 的 HS {'、'.join(codes)} 可能属于两用物项，但未填报许可证号。",
            )  # fmt: skip
