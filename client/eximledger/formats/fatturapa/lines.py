"""Lines, discounts and taxes of a FatturaPA."""

from __future__ import annotations

from eximledger.formats.text.terms import commodity_is_hs
from eximledger.formats.text.values import hs_code_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import AllowanceCharge, GoodsLine, Identifier, Money, TaxSubtotal
from hlf_chaincode.errors import InvalidDocument

__all__ = ["changes_of", "line_of", "tax_of"]


def line_of(node: Node, currency: str) -> GoodsLine:
    """A `DettaglioLinee`. Where a discount is stated, its price is the one before it; the net one is not stated."""
    name = node.need_text("Descrizione")
    price = node.decimal("PrezzoUnitario")
    changes = node.all("ScontoMaggiorazione")
    gross = price if changes else None
    discount = None
    if len(changes) == 1 and changes[0].find("Percentuale") is None and changes[0].text("Tipo") == "SC":
        discount = changes[0].decimal("Importo")
    hs_code, identifiers = _codes(node)
    with node.located():
        return GoodsLine(
            number=node.need_text("NumeroLinea"),
            name=name,
            hs_code=hs_code,
            identifiers=identifiers,
            properties=_properties(node),
            quantity=node.decimal("Quantita"),
            unit=node.text("UnitaMisura"),
            unit_price=None if changes else price,
            gross_unit_price=gross,
            price_discount=discount,
            amount=_amount(node, currency),
            tax_category=node.text("Natura"),
            tax_percent=node.decimal("AliquotaIVA"),
        )


def _amount(node: Node, currency: str) -> Money | None:
    """The line's total; it may have up to eight decimals, and one that no payment could have is reported."""
    stated = node.need("PrezzoTotale")
    stated.decimal()
    try:
        return stated.money(currency=currency)
    except InvalidDocument as error:
        stated.unusable(error.reason)
        return None


def _codes(node: Node) -> tuple[str | None, tuple[Identifier, ...]]:
    hs_code, others = None, []
    for entry in node.all("CodiceArticolo"):
        kind, value = entry.text("CodiceTipo"), entry.text("CodiceValore")
        if value is None:
            continue
        found = hs_code_of(value) if hs_code is None and commodity_is_hs(kind, None) else None
        if found is not None:
            hs_code = found
        else:
            with entry.located():
                others.append(Identifier(scheme=kind, value=value))
    return hs_code, tuple(others)


def _properties(node: Node) -> tuple[Identifier, ...]:
    found = []
    for entry in node.all("AltriDatiGestionali"):
        if (text := entry.text("RiferimentoTesto")) is not None:
            with entry.located():
                found.append(Identifier(scheme=entry.text("TipoDato"), value=text))
    return tuple(found)


def changes_of(document: Node, currency: str) -> tuple[AllowanceCharge, ...]:
    """What is taken off the whole invoice or put on it; a discount that states no amount is reported."""
    found = []
    for node in document.all("ScontoMaggiorazione"):
        amount = node.money("Importo", currency=currency)
        if amount is None:
            node.unusable("states a percentage and no amount")
            continue
        found.append(
            AllowanceCharge(charge=node.text("Tipo") == "MG", amount=amount, percent=node.decimal("Percentuale"))
        )
    for node in document.all("DatiCassaPrevidenziale"):
        amount = node.money("ImportoContributoCassa", currency=currency)
        if amount is None:
            raise node.missing("ImportoContributoCassa")
        with node.located():
            found.append(
                AllowanceCharge(
                    charge=True,
                    amount=amount,
                    base_amount=node.money("ImponibileCassa", currency=currency),
                    percent=node.decimal("AlCassa"),
                    reason_code=node.text("TipoCassa"),
                    tax_category=node.text("Natura"),
                    tax_percent=node.decimal("AliquotaIVA"),
                )
            )
    return tuple(found)


def tax_of(node: Node, currency: str) -> TaxSubtotal:
    """A `DatiRiepilogo`."""
    amount = node.money("Imposta", currency=currency)
    if amount is None:
        raise node.missing("Imposta")
    with node.located():
        return TaxSubtotal(
            taxable_amount=node.money("ImponibileImporto", currency=currency),
            tax_amount=amount,
            category=node.text("Natura"),
            percent=node.decimal("AliquotaIVA"),
            scheme="VAT",
            exemption_reason=node.text("RiferimentoNormativo"),
        )
