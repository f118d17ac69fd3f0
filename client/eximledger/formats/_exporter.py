"""Attach an exporter's USCC to papers that do not carry it."""

from __future__ import annotations

from eximledger.formats.text.values import uscc_of
from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    FxReceipt,
    PackingList,
    Party,
    SalesContract,
    TransportDocument,
)
from hlf_chaincode.errors import InvalidDocument

__all__ = ["checked_exporter", "with_exporter"]


def checked_exporter(exporter: str | None) -> str | None:
    """The USCC in its standard form; raises `InvalidDocument` when it is none."""
    if exporter is None:
        return None
    code = uscc_of(exporter)
    if code is None:
        reason = "is not a unified social credit code (18 characters, GB 32100-2015)"
        raise InvalidDocument(f"exporter {reason}", field="exporter", reason=reason)
    return code


def with_exporter(document: Document, uscc: str) -> Document:
    """The document as the exporter's; one that names a USCC of its own keeps it, and rules compare the two."""
    match document:
        case CommercialInvoice() | SalesContract() | PackingList():
            return document.model_copy(update={"seller": _with_uscc(document.seller, uscc)})
        case TransportDocument():
            return document.model_copy(update={"shipper": _with_uscc(document.shipper, uscc)})
        case FxReceipt():
            return document.model_copy(update={"exporter_uscc": document.exporter_uscc or uscc})
        case _:
            return document


def _with_uscc(party: Party, uscc: str) -> Party:
    return party if party.uscc is not None else party.model_copy(update={"uscc": uscc})
