"""ISO 20022 camt.053, camt.054 and camt.052: their credits in a foreign currency as FX receipts.

What a report of the day (camt.052) calls booked is information, for it books nothing. All versions from 001.02 on are
read by one mapping, which reports what of a later one it does not know.
"""

from __future__ import annotations

from typing import Final

from eximledger.formats.camt.account import Account
from eximledger.formats.camt.credits import Entry
from eximledger.formats.text.values import unique
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import FxReceipt, Identifier, ReferenceKind
from hlf_chaincode.errors import InvalidDocument

__all__ = ["numbered", "read_receipts"]

_REPORTS: Final = {"BkToCstmrStmt": "Stmt", "BkToCstmrDbtCdtNtfctn": "Ntfctn", "BkToCstmrAcctRpt": "Rpt"}
_FORMS: Final = {"BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054", "BkToCstmrAcctRpt": "camt.052"}


def read_receipts(root: Node) -> tuple[FxReceipt, ...]:
    """The receipts, perhaps none. An entry that cannot be read does not cost the others: it is reported by its place.

    Raises `InvalidDocument` naming the XPath of what is missing or wrong where that is no entry, or no entry is left.
    """
    body = next((node for node in root.children if node.name in _REPORTS), None)
    if body is None:
        raise root.missing(next(iter(_REPORTS)))
    body.take("GrpHdr", "CreDtTm")
    body.take("GrpHdr", "MsgPgntn")
    message = body.text("GrpHdr", "MsgId")
    references: dict[tuple[str, str], int] = {}
    receipts: list[FxReceipt] = []
    refused: list[InvalidDocument] = []
    read = 0
    for report in body.all(_REPORTS[body.name]):
        account = Account(report, message, _FORMS[body.name])
        for number, node in enumerate(report.all("Ntry"), 1):
            entry = Entry(node, account, number)
            receipts += [numbered(receipt, references) for receipt in entry.receipts()]
            refused += entry.refused
            read += not entry.refused
    if refused and not read and not receipts:
        raise refused[0]
    return tuple(receipts)


def numbered(receipt: FxReceipt, seen: dict[tuple[str, str], int]) -> FxReceipt:
    """Banks repeat a reference on several entries; the second and later ones get a running number behind it, and keep
    the bank's own among their identifiers."""
    key = (receipt.account, receipt.reference)
    seen[key] = seen.get(key, 0) + 1
    if seen[key] == 1 or receipt.part is not None:
        return receipt
    scheme = "AcctSvcrRef" if receipt.reference_kind is ReferenceKind.SERVICER else None
    own = [Identifier(scheme=scheme, value=receipt.reference)] if scheme is not None else []
    return receipt.model_copy(
        update={
            "reference": f"{receipt.reference}/{seen[key]}",
            "part": seen[key],
            "identifiers": unique([*receipt.identifiers, *own]),
        }
    )
