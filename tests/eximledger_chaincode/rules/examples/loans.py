"""Examples of the rules on the loan that is asked for."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    EXPORTED,
    NUMBER,
    OTHER_NUMBER,
    PAID,
    ROLES,
    STRANGER,
    TODAY,
    application,
    case,
    cny,
    contract,
    credit_note,
    declaration,
    eur,
    financed,
    held,
    invoice,
    invoice_of,
    naming,
    packing_list,
    policy,
    rate,
    receipt,
    record,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, REJECT, Example, of

from eximledger_chaincode.documents import DeclarationStatus
from eximledger_chaincode.lending.register import Position
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.rules import RULE_SET, Case


def _balance() -> list[Example]:
    fires, silent = of("BALANCE")

    def asking(amount: str, *positions: Position) -> Case:
        return case(application(declarations=(financed(amount=usd(amount)),)), positions=positions)

    cif = declaration(transaction_mode="1", freight=usd(4_000), insurance=usd("1000.01"))
    collected = (naming(usd(30_000), [NUMBER]), naming(eur(10_000), [NUMBER], receipt_id="FX-02"))
    euro = rate(currency="EUR", unit=1, cny="7.81")
    quoted = (rate(), rate(quoted_on=PAID), rate(currency="EUR", unit=1, cny="7.81", quoted_on=PAID))
    return [
        silent("all of it", asking("100000")),
        fires("a cent more than all of it", asking("100000.01"), REJECT),
        silent("all that another bank leaves", asking("60000", held(usd(40_000)))),
        fires("a cent more than another bank leaves", asking("60000.01", held(usd(40_000))), REJECT),
        fires("two positions of one declaration add up", asking("0.01", held(usd(40_000)), held(usd(60_000))), REJECT),
        fires("a cent more than freight and insurance leave", case(cif), REJECT),
        silent("held of another declaration", asking("100000", held(usd(1), OTHER_NUMBER))),
        silent("what receipts in two currencies leave", case(
            application(declarations=(financed(amount=usd(59_000)),)), *quoted, namings=collected)),
        fires("a cent more than receipts in two currencies leave", case(
            application(declarations=(financed(amount=usd("59000.01")),)), *quoted, namings=collected),
            REJECT),
        fires("a receipt without a quotation", case(namings=collected), REJECT),
        silent("all that an invoice leaves", case(invoice_of(usd(99_000)), application(declarations=(
            financed(amount=usd(99_000)),)))),
        fires("a cent more than an invoice leaves", case(invoice_of(usd("99999.99"))), REJECT),
        fires("a credit note leaves less", case(invoice(), credit_note(usd("0.01"))), REJECT),
        fires("a receipt brought the claim below what is held", case(
            namings=(naming(usd(70_000), [NUMBER]),), positions=(held(usd(40_000)),)), REJECT),
        silent("held in another currency, of which enough is left", case(
            application(declarations=(financed(amount=usd(89_000)),)), rate(), euro, positions=(held(eur(10_000)),))),
        fires("held in another currency, of which a cent too little is left", case(
            application(declarations=(financed(amount=usd("89000.01")),)), rate(), euro,
            positions=(held(eur(10_000)),)), REJECT),
        fires("held in another currency without a quotation", case(positions=(held(eur(1)),)), REJECT),
        fires("asked in another currency", case(application(declarations=(financed(amount=eur(1)),))), REJECT),
        fires("freight without a quotation", case(
            declaration(transaction_mode="1", freight=eur(1)), rate()), REJECT),
        silent("freight below zero adds nothing", case(declaration(transaction_mode="1", freight=usd(-5)))),
        fires("freight below zero adds nothing to ask for", case(
            application(declarations=(financed(amount=usd(100_005)),)),
            declaration(transaction_mode="1", freight=usd(-5))), REJECT),
        silent("all of a processing fee", case(
            application(declarations=(financed(amount=usd(20_000)),)), declaration(supervision_mode="0214"),
            contract(processing_fee=usd(20_000)))),
        fires("a cent more than a processing fee", case(
            application(declarations=(financed(amount=usd("20000.01")),)), declaration(supervision_mode="0214"),
            contract(processing_fee=usd(20_000))), REJECT),
        fires("a processing fee is one for two declarations", case(
            application(declarations=(financed(amount=usd("10000.01")), financed(OTHER_NUMBER, usd("10000.00")))),
            declaration(supervision_mode="0214"),
            declaration(declaration_number=OTHER_NUMBER, supervision_mode="0214"),
            contract(processing_fee=usd(20_000))), REJECT),
        silent("a fee of general trade is none", case(contract(processing_fee=usd(20_000)))),
        fires("freight as a rate leaves less", case(declaration(transaction_mode="2", freight_percent=5)), REJECT),
        silent("what freight as a rate leaves", case(
            application(declarations=(financed(amount=usd(95_000)),)),
            declaration(transaction_mode="2", freight_percent=5))),
        silent("a quotation of ten days before", case(rate(quoted_on=EXPORTED - timedelta(days=10)))),
    ]  # fmt: skip


def _amount() -> list[Example]:
    fires, silent = of("AMOUNT")

    def asking(amount: str, **changes: object) -> Case:
        return case(application(amount=cny(amount), **changes))

    half = {"declarations": (financed(amount=usd(50_000)),)}
    cent = {"declarations": (financed(amount=usd("0.01")),)}
    dearer = (rate(), rate(quoted_on=TODAY, cny=625))
    return [
        fires("a fen more than 80 % of what is occupied", asking("568000.01"), REJECT),
        silent("80 % of what is occupied", asking("568000.00")),
        silent("80 % of half", asking("284000.00", **half)),
        fires("a fen more than 80 % of half", asking("284000.01", **half), REJECT),
        fires("millions on a cent", asking("7760000.00", **cent), REJECT),
        silent("what others hold is left over", case(
            application(amount=cny("284000.00"), **half), positions=(held(usd(50_000)),))),
        fires("what others hold is not left over", case(
            application(amount=cny("284000.00"), **half), positions=(held(usd("50000.01")),)), REJECT),
        silent("at the rate of the decision's day", case(application(amount=cny("500000.00")), *dearer)),
        fires("a fen more at the rate of the decision's day", case(application(amount=cny("500000.01")), *dearer),
              REJECT),
        fires("a quotation of eleven days before counts nothing", case(
            rate(), rate(quoted_on=TODAY - timedelta(days=11))), REJECT),
        fires("asked in another currency counts nothing", asking("1.00", declarations=(financed(amount=eur(1)),)),
              REJECT),
        fires("a declaration that nobody knows counts nothing", asking(
            "1.00", declarations=(financed(OTHER_NUMBER),)), REJECT),
        fires("a policy above 100 % lends no more than is occupied", case(
            application(amount=cny("710000.01")), policy=policy(financed_percent=150)), REJECT),
        silent("a policy above 100 % lends what is occupied", case(
            application(amount=cny("710000.00")), policy=policy(financed_percent=150))),
        fires("a cancelled declaration counts nothing", case(declaration(status=DeclarationStatus.CANCELLED)), REJECT),
        fires("another exporter's declaration counts nothing", case(declaration(consignor=STRANGER)), REJECT),
    ]  # fmt: skip


def _tenor() -> list[Example]:
    fires, silent = of("TENOR")
    receipt_on = date(2026, 6, 18)

    def ending(day: date) -> Case:
        return case(application(matures_on=day, expected_receipt_on=min(day, receipt_on)))

    def after_receipt(days: int, grace: int = 0) -> Case:
        loan = application(matures_on=receipt_on + timedelta(days=days))
        return case(loan, policy=policy(tenor_grace_days=grace))

    return [
        silent("on the day of the receipt", after_receipt(0)),
        fires("the day before the receipt", after_receipt(-1)),
        silent("on the last day of grace", after_receipt(7, grace=7)),
        fires("within the days of grace", after_receipt(6, grace=7)),
        silent("180 days", ending(TODAY + timedelta(days=180))),
        fires("181 days", ending(TODAY + timedelta(days=181))),
        silent("the day after the decision", ending(TODAY + timedelta(days=1))),
        fires("on the day of the decision", ending(TODAY), REJECT),
        fires("eleven months before the decision", case(today=date(2027, 6, 20)), REJECT),
    ]


def _rule_set() -> list[Example]:
    fires, silent = of("RULE-SET")
    return [
        silent("its first day", case(today=RULE_SET.valid_from)),
        fires("the day before it holds", case(today=RULE_SET.valid_from - timedelta(days=1)), REJECT),
        silent("without an end", case(today=date(2099, 12, 31))),
    ]


def _papers() -> list[Example]:
    fires, silent = of("PAPERS")
    alone = policy(required_papers=())
    return [
        silent("all of them", case()),
        fires("an invoice that is named and required", case(without=("invoice", "packing-list")), *[REFER] * 4),
        fires("named only", case(without=("packing-list",), policy=alone)),
        fires("required only", case(application(packing_lists=()), without=("packing-list",))),
        fires("a bill of the other of two declarations", case(
            declaration(), declaration(declaration_number=OTHER_NUMBER, bill_number=None),
            invoice(declaration_numbers=(NUMBER, OTHER_NUMBER)))),
        silent("the number spelt otherwise", case(application(invoices=("ci 01",)))),
        fires("a receipt that policy asks for", case(policy=policy(required_papers=("receipt",)))),
        silent("a receipt that policy asks for is there", case(
            receipt(), policy=policy(required_papers=("receipt",)))),
        fires("a packing list of no invoice of the case", case(packing_list(invoice_numbers=("CI-99",)))),
    ]  # fmt: skip


def _issuer() -> list[Example]:
    fires, silent = of("ISSUER")
    no_bank = {**ROLES, "EximbankMSP": Role.FX_BUREAU}
    return [
        silent("each by its own", case(receipt())),
        fires("a declaration by a bank", case(record(declaration(), issuer="EximbankMSP")), REJECT),
        fires("a declaration by a bank, under a policy on the ledger", case(
            record(declaration(), issuer="EximbankMSP"), policy=record(policy())), REJECT),
        fires("a rate by customs", case(record(rate(), issuer="CustomsMSP")), REJECT),
        fires("a receipt by a bank", case(record(receipt(), issuer="TradebankMSP")), REJECT),
        fires("a contract by the bureau", case(record(contract(), issuer="SafeMSP")), REJECT),
        fires("by no member", case(record(invoice(), issuer="StrangerMSP")), REJECT),
        fires("the policy by the bureau", case(policy=record(policy(), issuer="SafeMSP")), REJECT),
        fires("a bank that is none", case(roles=no_bank), *[REJECT] * 5),
    ]  # fmt: skip


EXAMPLES = [
    *_balance(), *_amount(), *_tenor(), *_rule_set(), *_papers(), *_issuer(),
]  # fmt: skip
