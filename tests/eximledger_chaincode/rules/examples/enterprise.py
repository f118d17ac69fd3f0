"""Examples of the rules on what SAFE says of the exporter."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    NUMBER,
    OTHER_NUMBER,
    STRANGER,
    TODAY,
    application,
    case,
    classification,
    cny,
    eur,
    financed,
    policy,
    rate,
    total_difference,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import EnterpriseClass, Registration
from eximledger_chaincode.rules import Case

B, C = EnterpriseClass.B, EnterpriseClass.C


def _registered(**changes: object) -> Registration:
    return Registration.model_validate({"number": "DJ-7", "registered_on": date(2026, 4, 1), **changes})


def _class() -> list[Example]:
    fires, silent = of("CLASS")

    def graded(grade: EnterpriseClass, *registrations: Registration, **changes: object) -> Case:
        held = classification(enterprise_class=grade, registrations=registrations, **changes)
        return case(held)

    two = application(declarations=(financed(), financed(OTHER_NUMBER)))
    return [
        silent("class A", case()),
        fires("none at all", case(without=("classification",)), REJECT),
        silent("the last day of it", case(classification(valid_until=TODAY))),
        fires("ended the day before", case(classification(valid_until=TODAY - timedelta(days=1))), REJECT),
        silent("from this day", case(classification(valid_from=TODAY))),
        fires("from the day after", case(classification(valid_from=TODAY + timedelta(days=1))), REJECT),
        fires("of another enterprise", case(classification(enterprise_uscc=STRANGER.uscc)), REJECT),
        fires("A, then B", case(classification(), classification(enterprise_class=B, valid_from=date(2026, 3, 1)))),
        silent("C, then A", case(classification(enterprise_class=C, valid_from=date(2025, 1, 1)), classification())),
        fires("class C", graded(C), REJECT),
        fires("class C, registered", graded(C, _registered())),
        fires("class C, registered on the day", graded(C, _registered(registered_on=TODAY, valid_until=TODAY))),
        fires("class C, registered the day after", graded(
            C, _registered(registered_on=TODAY + timedelta(days=1))), REJECT),
        fires("class C, a registration that has ended", graded(
            C, _registered(valid_until=TODAY - timedelta(days=1))), REJECT),
        fires("class C, registered for the declaration", graded(C, _registered(declaration_numbers=(NUMBER,)))),
        fires("class C, registered for another declaration", graded(
            C, _registered(declaration_numbers=(OTHER_NUMBER,))), REJECT),
        fires("class C, registered for one of two declarations", case(two, classification(
            enterprise_class=C, registrations=(_registered(declaration_numbers=(NUMBER,)),))), REJECT),
        fires("class C, registered for the amount", graded(C, _registered(amount=cny("500000.00")))),
        fires("class C, registered for a fen less", graded(C, _registered(amount=cny("499999.99"))), REJECT),
        fires("class C, registered in dollars of the day", graded(C, _registered(amount=usd("70422.54")))),
        fires("class C, registered for a cent less in dollars", graded(C, _registered(amount=usd("70422.53"))), REJECT),
        fires("class C, registered in what cannot be valued", graded(C, _registered(amount=eur(9_999_999))), REJECT),
        fires("class C, of two registrations one covers it", graded(
            C, _registered(amount=cny(1)), _registered(number="DJ-8"))),
        fires("class B, no quota stated", graded(B)),
        fires("class B, up to the quota", graded(B, quota=cny("500000.00"))),
        fires("class B, a fen above the quota", graded(B, quota=cny("499999.99")), REFER, REJECT),
        fires("class B, above the quota, registered", graded(B, _registered(), quota=cny(0))),
        fires("class B, up to a quota in dollars of the day", graded(B, quota=usd("70422.54"))),
        fires("class B, a cent above a quota in dollars", graded(B, quota=usd("70422.53")), REFER, REJECT),
        fires("class B, a quota that cannot be valued", graded(B, quota=eur(9_999_999)), REFER, REJECT),
    ]  # fmt: skip


def _deviation() -> list[Example]:
    fires, silent = of("FX-DEVIATION")

    def rated(percent: int = 50, **totals: object) -> Case:
        return case(total_difference(**totals), policy=policy(total_deviation_percent=percent))

    later = {"period_from": date(2025, 5, 1), "period_until": date(2026, 4, 30)}
    before = {"period_from": date(2025, 3, 1), "period_until": date(2026, 2, 28)}
    return [
        # 100 of goods out and 300 of money in: (300 - 100) / 400 is 50 %.
        silent("50 % more in", rated(exports=cny(100), receipts=cny(300))),
        fires("a fen beyond 50 % more in", rated(exports=cny(100), receipts=cny("300.01"))),
        silent("50 % less in", rated(exports=cny(300), receipts=cny(100))),
        fires("a fen beyond 50 % less in", rated(exports=cny("300.01"), receipts=cny(100))),
        silent("imports and payments count", rated(
            imports=cny(200), payments=cny(200), exports=cny("300.01"), receipts=cny(100))),
        fires("a narrower policy", rated(percent=10, exports=cny(100), receipts=cny(80))),
        silent("nothing in twelve months", rated(exports=cny(0), receipts=cny(0))),
        fires("SAFE's paper is not there", case(without=("total-difference",)), INFORM),
        fires("of another enterprise", case(total_difference(enterprise_uscc=STRANGER.uscc)), INFORM),
        fires("of months that are not over", case(total_difference(**later)), INFORM),
        silent("100 days old", case(rate(quoted_on=TODAY), today=date(2026, 7, 9))),
        fires("101 days old", case(today=date(2026, 7, 10)), INFORM),
        fires("under a shorter policy", case(policy=policy(deviation_paper_days=10)), INFORM),
        silent("the last of two counts", case(
            total_difference(), total_difference(exports=cny(0), **before))),
        fires("the last of two counts, and is beyond", case(
            total_difference(exports=cny(0)), total_difference(**before))),
    ]  # fmt: skip


EXAMPLES = [*_class(), *_deviation()]
