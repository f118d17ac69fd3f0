"""The form of an application: its fields from a draft or an application, and an application from its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final

from pydantic import ValidationError

from eximledger.console.views.drafting import Draft
from eximledger_chaincode.documents import CASE_KINDS, LoanApplication, Money, invalid_document
from eximledger_chaincode.documents.application import FinancingKind
from eximledger_chaincode.lending.packing.bill import ExportBill

__all__ = [
    "PAPERS",
    "Occupied",
    "application_from",
    "bill_from",
    "form_from_application",
    "form_from_draft",
    "occupied_rows",
]

PAPERS: Final = tuple((kind.field, kind.name) for kind in CASE_KINDS if kind.named and kind.name != "declaration")
"""The application's fields that name papers, and the kinds of these."""

_SPARE: Final = 3
"""Empty lines at the end of what a loan occupies."""
_PLAIN: Final = ("loan_id", "applied_on", "matures_on", "expected_receipt_on", "financing", "purpose")


@dataclass(frozen=True, slots=True)
class Occupied:
    """A line of what the loan holds: the fields as they stand in the form."""

    kind: str = "declaration"
    number: str = ""
    amount: str = ""
    currency: str = ""
    free: str = ""


def form_from_draft(draft: Draft, today: date) -> dict[str, str]:
    """The fields that a draft fills."""
    said = {
        "exporter": draft.exporter,
        "applicant": draft.applicant,
        "applied_on": today.isoformat(),
        "financing": FinancingKind.POST_SHIPMENT.value,
        **{name: "\n".join(numbers) for name, numbers in draft.papers.items()},
    }
    if draft.amount is not None:
        said |= {"amount": f"{draft.amount.amount}", "currency": draft.amount.currency}
    for name, day in (("expected_receipt_on", draft.expected_receipt_on), ("matures_on", draft.matures_on)):
        if day is not None:
            said[name] = day.isoformat()
    for place, (number, money) in enumerate(draft.occupies.items(), 1):
        said |= _line(place, "declaration", number, money) | {f"free:{place}": str(money)}
    return said


def form_from_application(application: LoanApplication) -> dict[str, str]:
    """The fields of an application that is there already."""
    terms = application.terms
    said = {
        "loan_id": application.loan_id,
        "exporter": application.exporter,
        "applicant": application.applicant.name,
        "amount": f"{application.amount.amount}",
        "currency": application.amount.currency,
        "applied_on": application.applied_on.isoformat(),
        "matures_on": application.matures_on.isoformat(),
        "expected_receipt_on": application.expected_receipt_on.isoformat(),
        "financing": application.financing.value,
        "rate_percent": f"{terms.rate_percent}",
        "interest": terms.interest.value,
        "purpose": application.purpose or "",
        **{name: "\n".join(application.named(name)) for name, _ in PAPERS},
    }
    places = count(1)
    for item in application.declarations:
        said |= _line(next(places), "declaration", item.declaration_number, item.amount)
    for frame in application.frames:
        said |= _line(next(places), frame.kind, frame.number, frame.amount)
    return said


def occupied_rows(said: Mapping[str, str]) -> tuple[Occupied, ...]:
    """The lines of what the loan holds, with some to spare."""
    filled = [each for each in _rows(said) if each.number or each.amount]
    return (*filled, *(Occupied(currency=said.get("currency", "")) for _ in range(_SPARE)))


def application_from(said: Mapping[str, str], before: LoanApplication | None = None) -> LoanApplication:
    """The application that a form says; what the form has no field for stays as it was in `before`.

    Raises `InvalidDocument` naming the field that is wrong.
    """
    terms = {} if before is None else before.terms.model_dump(mode="json")
    terms |= {name: said[name] for name in ("rate_percent", "interest") if said.get(name)}
    applicant = {} if before is None else before.applicant.model_dump(mode="json", exclude_none=True)
    stated: dict[str, object] = {
        **{name: said[name] for name in _PLAIN if said.get(name)},
        "applicant": applicant | {"name": said.get("applicant", ""), "uscc": said.get("exporter", "").upper() or None},
        "amount": _money(said.get("amount", ""), said.get("currency", "")),
        "terms": terms,
        **_held(said),
        "frames": [
            {"kind": each.kind, "number": each.number, "amount": _money(each.amount, each.currency)}
            for each in _rows(said)
            if each.kind != "declaration" and each.number
        ],
    }
    try:
        return LoanApplication.model_validate(stated)
    except ValidationError as error:
        raise invalid_document("application", error) from None


def bill_from(said: Mapping[str, str]) -> ExportBill:
    """The export bill that a form says. Raises `InvalidDocument` naming the field that is wrong."""
    try:
        return ExportBill.model_validate(_held(said) | {"expected_receipt_on": said.get("expected_receipt_on", "")})
    except ValidationError as error:
        raise invalid_document("bill", error) from None


def _held(said: Mapping[str, str]) -> dict[str, object]:
    """The declarations with what is held of each, and the papers by their numbers."""
    return {
        **{name: _lines(said.get(name, "")) for name, _ in PAPERS},
        "declarations": [
            {"declaration_number": each.number, "amount": _money(each.amount, each.currency)}
            for each in _rows(said)
            if each.kind == "declaration" and each.number
        ],
    }


def _rows(said: Mapping[str, str]) -> Iterator[Occupied]:
    places = sorted(
        int(name.removeprefix("number:"))
        for name in said
        if name.startswith("number:") and name.removeprefix("number:").isdecimal() and len(name) < 12
    )
    for place in places:
        yield Occupied(
            kind=said.get(f"kind:{place}", "declaration"),
            number=said.get(f"number:{place}", ""),
            amount=said.get(f"occupies:{place}", ""),
            currency=said.get(f"in:{place}", ""),
            free=said.get(f"free:{place}", ""),
        )


def _line(place: int, kind: str, number: str, money: Money) -> dict[str, str]:
    return {
        f"kind:{place}": kind, f"number:{place}": number, f"occupies:{place}": f"{money.amount}",
        f"in:{place}": money.currency,
    }  # fmt: skip


def _money(amount: str, currency: str) -> dict[str, str]:
    return {"amount": amount.replace(",", "").replace(" ", ""), "currency": currency.upper()}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace(",", "\n").splitlines() if line.strip()]
