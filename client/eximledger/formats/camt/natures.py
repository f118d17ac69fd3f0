"""What a credit is, by the bank's codes: money from a buyer, or one of the many credits that are not.

Source: ISO 20022 External Code Sets, Bank Transaction Domain, Family and Sub-Family; `RtrInf` of the message definition
reports. A bank's own code says nothing here: such a credit counts.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from eximledger.formats.camt.parties import account_of, party_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Party, compared_number
from eximledger_chaincode.documents.parts.names.comparison import Grade, compare_names

__all__ = ["Nature", "nature_of", "returns_a_credit"]


class Nature(NamedTuple):
    """`reason`: why it is no export receipt at all. `is_return`: the exporter's own payment came back."""

    reason: str | None = None
    is_return: bool = False


_DOMAINS: Final = {
    "FORX": "money bought or sold in a currency exchange is no export receipt",
    "LDAS": "a loan or deposit paid out is no export receipt",
    "CAMT": "a transfer between own accounts is no export receipt",
    "SECU": "proceeds of securities are no export receipt",
    "DERV": "proceeds of derivatives are no export receipt",
}
_ISSUED: Final = {"ICDT", "IRCT", "ICHQ", "RDDT"}
"""Families of what the account pays (`PMNT`): a credit of them is a payment that came back."""
_RETURNS: Final = {"RRTN", "RPCR", "RIMB", "UPDD", "UPCT", "UPCQ", "PRDD"}
_INTEREST: Final = {"INTR"}
_FEES: Final = {"CHRG", "COMM", "COME", "COMI", "COMT", "FEES", "TAXE"}
_POOLED: Final = {"SWEP", "ZABA", "TOPA"}
_WITHIN: Final = {"BOOK", "ICCT", "XICT"}
"""Transfers within a bank or a company: own money, unless somebody else is named as the payer."""

_IS_INTEREST: Final = "interest is no export receipt"
_IS_FEE: Final = "charges given back are no export receipt"
_IS_INTERNAL: Final = "a transfer between own accounts is no export receipt"


def nature_of(entry: Node, details: list[Node], owner: Party | None, account: str) -> Nature:
    """Of one entry, or of the transactions of it that make up one receipt; the code of either may tell."""
    if any(node.find("RtrInf") is not None for node in details):
        return Nature(is_return=True)
    for domain, family, sub in [_code(node) for node in (*details, entry)]:
        if domain == "PMNT" and (family in _ISSUED or sub in _RETURNS):
            return Nature(is_return=True)
        if domain in _DOMAINS:
            return Nature(_DOMAINS[domain])
        if domain is None:
            continue
        if sub in _INTEREST:
            return Nature(_IS_INTEREST)
        if sub in _FEES:
            return Nature(_IS_FEE)
        if sub in _POOLED or (sub in _WITHIN and not _is_anothers(details, owner, account)):
            return Nature(_IS_INTERNAL)
    return Nature()


def returns_a_credit(node: Node, entry: Node) -> bool:
    """Whether a debit sends back what had come: by the bank's reason, or by its code for a return of what came."""
    if node.find("RtrInf") is not None:
        return True
    codes = (_code(each) for each in (node, entry))
    return any(domain == "PMNT" and family not in _ISSUED and sub in _RETURNS for domain, family, sub in codes)


def _code(node: Node) -> tuple[str | None, str | None, str | None]:
    paths = (("Domn", "Cd"), ("Domn", "Fmly", "Cd"), ("Domn", "Fmly", "SubFmlyCd"))
    domain, family, sub = (node.text("BkTxCd", *path) for path in paths)
    return domain, family, sub


def _is_anothers(details: list[Node], owner: Party | None, account: str) -> bool:
    """Whether a book transfer names a payer that is not the account's owner: a buyer may bank with the same bank."""
    payers = [party for node in details if (party := party_of(node.find("RltdPties", "Dbtr"))) is not None]
    accounts = [number for node in details if (number := account_of(node.find("RltdPties", "DbtrAcct"))) is not None]
    if owner is not None and payers:
        return any(not _same_party(payer, owner) for payer in payers)
    return bool(payers) or any(compared_number(number) != compared_number(account) for number in accounts)


def _same_party(payer: Party, owner: Party) -> bool:
    if payer.uscc is not None and owner.uscc is not None:
        return payer.uscc == owner.uscc
    return compare_names(payer.name, owner.name).grade in {Grade.SAME, Grade.ALIKE}
