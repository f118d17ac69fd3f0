"""What SAFE says of a case's exporter: its class on a day, and the registration that lets a financing go ahead."""

from __future__ import annotations

from fractions import Fraction

from eximledger_chaincode.documents import EnterpriseClassification, Money, Registration
from eximledger_chaincode.lending.valuation import rate_on
from eximledger_chaincode.rules.basis.case import Case
from hlf_chaincode.errors import Refused

__all__ = ["class_of", "is_within", "registration_of"]


def class_of(case: Case) -> EnterpriseClassification | None:
    """The class that holds on the day of the decision: of several the one that began last, of two of one day the later
    version."""
    exporter = case.application.document.exporter
    held = [
        (record.document.valid_from, record.version, record.document.enterprise_class, record.document)
        for record in case.classifications
        if record.document.exporter == exporter and record.document.holds_on(case.today)
    ]
    return max(held, key=lambda each: each[:3])[3] if held else None


def registration_of(case: Case, classification: EnterpriseClassification) -> Registration | None:
    """The registration with SAFE that covers the financing: it holds on the day of the decision, names no declarations
    or all of the application's, and states no amount or one that is enough."""
    wanted = set(case.application.document.named("declarations"))
    for registration in sorted(classification.registrations, key=lambda each: each.number):
        named = set(registration.declaration_numbers)
        if registration.holds_on(case.today) and (not named or wanted <= named) and _is_enough(case, registration):
            return registration
    return None


def _is_enough(case: Case, registration: Registration) -> bool:
    return registration.amount is None or is_within(case, registration.amount) is True


def is_within(case: Case, most: Money) -> bool | None:
    """Whether what is asked for is no more than `most`, at the rates of the decision's day; None where that cannot be
    told."""
    asked = case.application.document.amount
    if asked.currency == most.currency:
        return asked <= most
    try:
        ours, theirs = (rate_on(money.currency, case.today, case.rates) for money in (asked, most))
    except Refused:
        return None
    return Fraction(asked.amount) * ours <= Fraction(most.amount) * theirs
