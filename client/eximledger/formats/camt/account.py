"""The account of one ISO 20022 statement, notification or report."""

from __future__ import annotations

from typing import Final

from eximledger.formats.camt.parties import account_of, bank_of, party_of
from eximledger.formats.text.values import currency_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Identifier

__all__ = ["OFFSHORE", "Account"]

OFFSHORE: Final = "CNH"
"""Renminbi outside China: what comes into such an account comes from abroad."""


class Account:
    """Whose it is, and the report that speaks of it."""

    def __init__(self, report: Node, message: str | None, form: str) -> None:
        node = report.need("Acct")
        number = account_of(node)
        if number is None:
            raise node.missing("Id", "IBAN")
        self.form = form
        self.made = report.text("CreDtTm")
        self.number: str = number
        self.currency = node.text("Ccy")
        self.is_offshore = self.currency == OFFSHORE
        if self.currency is not None and currency_of(self.currency) is None:
            raise node.need("Ccy").error("is not an ISO 4217 currency code")
        self.owner = party_of(node.find("Ownr"))
        self.bank = bank_of(node.find("Svcr"))
        self.report = report.text("Id")
        found = [("MsgId", message), ("StatementId", self.report)]
        self.identifiers = [Identifier(scheme=scheme, value=value) for scheme, value in found if value is not None]
