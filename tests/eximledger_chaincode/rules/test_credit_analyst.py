"""What a credit analyst tries: planted frauds that must alarm, and honest papers that must not be refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.eximledger_chaincode.rules.cases import (
    BUYER,
    CONTAINER,
    OTHER_NUMBER,
    SELLER,
    application,
    bill,
    case,
    cny,
    contract,
    declaration,
    declared,
    financed,
    goods,
    invoice,
    packing_list,
    policy,
    price_band,
    usd,
)

from eximledger_chaincode.documents import Address, InvoiceTotals, Money, Party
from eximledger_chaincode.rules import Case, Decision, Severity, reconcile

LAGOON = Party(name="Blue Lagoon Trading FZE", address=Address(country="AE"))
BAND = price_band(median=Decimal(1420), mad=Decimal("0.05"))
"""The usual price of a set, in CNY: 200 USD."""


def named(name: str, **changes: object) -> Party:
    return Party(name=name, **changes)


def dear(times: int) -> Case:
    amount = usd(100_000 * times)
    line = declared(unit_price=str(200 * times), amount=amount)
    return case(declaration(lines=(line,), total=amount), BAND)


def bought_by(contracted: str, invoiced: str, shipped: str) -> Case:
    buyers = [named(each) for each in (contracted, invoiced, shipped)]
    return case(contract(buyer=buyers[0]), invoice(buyer=buyers[1]), bill(consignee=buyers[2]))


FRAUDS = {
    "destination under embargo": (case(
        declaration(destination_country="KP"), policy=policy(embargoed_countries=("KP",))), "EMBARGO"),
    "another consignee on the declaration": (case(declaration(consignee=LAGOON)), "PARTY-CONSIGNEE"),
    "the same container on two bills": (case(
        bill(), bill(bill_number="MAEU 9", declaration_numbers=(OTHER_NUMBER,)),
        declaration(), declaration(declaration_number=OTHER_NUMBER, bill_number="MAEU 9"),
        invoice(), invoice(invoice_number="CI-02", declaration_numbers=(OTHER_NUMBER,))), "DUP-SHIPMENT"),
    "net weight against quantity": (case(declaration(lines=(
        declared(quantity=9000, unit="千克", unit_price="11.11", amount=usd(100_000)),))), "BL-WEIGHT"),
    "4 times the usual price": (dear(4), "PRICE-OUTLIER"),
    "500 times the usual price": (dear(500), "PRICE-OUTLIER"),
    "the buyer is the seller": (case(contract(buyer=SELLER), invoice(buyer=SELLER)), "PARTY-RELATED"),
    "a contract past its validity": (case(contract(valid_until=date(2026, 3, 1))), "CON-DATES"),
    "GmbH turned into Ltd": (bought_by("Nordlicht Handels GmbH", "Nordlicht Handels Ltd", "Nordlicht Handels GmbH"),
                             "CON-INV-PARTIES"),
    "Ltd turned into LLC": (bought_by("Nordlicht Handels Ltd", "Nordlicht Handels Ltd", "Nordlicht Handels LLC"),
                            "BL-PARTIES"),
}  # fmt: skip


@pytest.mark.parametrize("fraud", FRAUDS)
def test_a_planted_fraud_does_not_pass(fraud: str) -> None:
    tried, rule = FRAUDS[fraud]
    verdict = reconcile(tried)
    assert verdict.verdict is not Decision.APPROVE
    alarming = {each.rule for each in verdict.findings if each.severity is not Severity.INFORM}
    assert rule in alarming, sorted(alarming)


def summed(off: str) -> Case:
    """Lines that come to as much more than their sum as the paper says."""
    total = Money(amount=Decimal(100_000) + Decimal(off), currency="USD")
    return case(invoice(totals=InvoiceTotals(lines=usd(100_000), payable=total)))


HONEST = {
    "B.V. and BV": bought_by("Rijnmond Trading B.V.", "Rijnmond Trading BV", "RIJNMOND TRADING B.V."),
    "S.A. and SA": bought_by("Comercial Andina S.A.", "Comercial Andina SA", "COMERCIAL ANDINA S.A."),
    "Müller and Muller": case(
        contract(buyer=named("Müller Handels GmbH", address=Address(country="DE"))),
        invoice(buyer=named("Muller Handels GmbH", address=Address(country="DE"))),
        bill(consignee=named("MUELLER HANDELS GMBH", address=Address(country="DE")))),
    "a rounding of 0.01": summed("0.01"),
    "delivered duty paid against FOB": case(
        contract(incoterm="DDP", total=usd(108_000), lines=(goods(unit_price=216, amount=usd(108_000)),)),
        invoice(incoterm="DDP", lines=(goods(unit_price=216, amount=usd(108_000)),),
                totals=InvoiceTotals(payable=usd(108_000)))),
    "a monthly summary of e-commerce": case(
        declaration(supervision_mode="9610", declared_on=date(2026, 3, 31)), bill(on_board_on=date(2026, 3, 5))),
    "a freight rate of 5 %": case(
        declaration(transaction_mode="2", freight_percent=5), contract(incoterm="CFR"), invoice(incoterm="CFR"),
        application(declarations=(financed(amount=usd(90_000)),), amount=cny(500_000))),
    "a buyer by its Chinese and its English name": case(
        contract(buyer=named("北光贸易有限公司", other_names=(BUYER.name,))), invoice()),
}  # fmt: skip


@pytest.mark.parametrize("papers", HONEST)
def test_honest_papers_are_not_refused(papers: str) -> None:
    verdict = reconcile(HONEST[papers])
    assert [each.message.en for each in verdict.findings if each.severity is Severity.REJECT] == []


@pytest.mark.parametrize("papers", ["B.V. and BV", "S.A. and SA", "Müller and Muller"])
def test_what_is_only_written_otherwise_needs_no_officer(papers: str) -> None:
    assert reconcile(HONEST[papers]).verdict is Decision.APPROVE


def test_one_container_on_one_bill_is_no_alarm() -> None:
    assert CONTAINER in {each.number for each in bill().containers}
    assert reconcile(case(packing_list())).verdict is Decision.APPROVE
