"""A form of a step as the proposal that a second person confirms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from eximledger_chaincode.documents import invalid_document
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import Proposal, Step
from hlf_client.errors import InvalidDocument

__all__ = ["proposal_from"]

_PLAIN: Final = ("day", "reference", "source", "receipt", "insurer", "matures_on", "rate_percent", "reason")


def proposal_from(step: Step, form: Mapping[str, str], currency: str, bill: ExportBill | None = None) -> Proposal:
    """The proposal that a form says, its amount in the loan's currency. Raises `InvalidDocument` naming the field."""
    said: dict[str, object] = {name: form[name] for name in _PLAIN if form.get(name)}
    if form.get("amount"):
        said["amount"] = {"amount": _number(form["amount"]), "currency": currency}
    if form.get("paid") or form.get("rate"):
        said["exchange"] = _exchange(form.get("paid", ""), form.get("rate", ""))
    met = {
        name.removeprefix("condition:"): text for name, text in form.items() if name.startswith("condition:") and text
    }
    if met:
        said["conditions"] = [{"condition": name, "reference": text} for name, text in sorted(met.items())]
    if form.get("overrides"):
        said["overrides"] = [_override(line) for line in form["overrides"].splitlines() if line.strip()]
    if bill is not None:
        said["bill"] = bill
    try:
        return Proposal.model_validate({"step": step} | said)
    except ValidationError as error:
        raise invalid_document("proposal", error) from None


def _number(text: str) -> str:
    return text.replace(",", "").replace(" ", "")


def _exchange(paid: str, rate: str) -> Mapping[str, object]:
    amount, _, currency = paid.strip().rpartition(" ")
    quoted, _, base = rate.partition("/")
    if not amount or not base:
        raise InvalidDocument(
            "paid: write the amount with its currency, and the rate for one unit of which: 1000.00 USD and 7.1234/USD",
            field="paid", reason="not an amount and a rate",
        )  # fmt: skip
    money = {"amount": _number(amount), "currency": currency.upper()}
    return {"money": money, "rate": quoted.strip(), "base": base.strip().upper()}


def _override(line: str) -> Mapping[str, str]:
    finding, equals, reason = line.partition("=")
    if not equals:
        raise InvalidDocument("overrides: write FINDING=REASON, one in a line", field="overrides", reason="no reason")
    return {"finding": finding.strip(), "reason": reason.strip()}
