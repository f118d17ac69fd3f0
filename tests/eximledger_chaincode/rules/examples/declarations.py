"""Examples of the rules on declarations."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    APPLIED_AT,
    BUYER,
    OTHER_NUMBER,
    STRANGER,
    THIRD_PARTY,
    TODAY,
    application,
    case,
    contract,
    declaration,
    declaration_copy,
    declared,
    eur,
    financed,
    policy,
    record,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration
from eximledger_chaincode.lending.floors import Floors
from eximledger_chaincode.rules import Case


def _with_status(status: DeclarationStatus, settled_on: date | None = None) -> ExportDeclaration:
    return declaration(status=status, settled_on=settled_on)


def _exists() -> list[Example]:
    fires, silent = of("DECL-EXISTS")
    two = application(declarations=(financed(), financed(OTHER_NUMBER)))
    return [
        fires("one of two is unknown to customs", case(two), REJECT),
        silent("customs knows both", case(two, declaration(), declaration(declaration_number=OTHER_NUMBER))),
    ]


def _status() -> list[Example]:
    fires, silent = of("DECL-STATUS")
    second = APPLIED_AT + timedelta(seconds=1)
    amended = _with_status(DeclarationStatus.AMENDED, date(2026, 3, 25))
    return [
        fires("cancelled", case(_with_status(DeclarationStatus.CANCELLED)), REJECT),
        fires("declared", case(_with_status(DeclarationStatus.DECLARED))),
        fires("released", case(_with_status(DeclarationStatus.RELEASED))),
        fires("amended before it was settled", case(_with_status(DeclarationStatus.AMENDED))),
        fires("amended a second after the application", case(record(declaration(), version=2, written_at=second))),
        fires(
            "cancelled after the application",
            case(record(_with_status(DeclarationStatus.CANCELLED), version=3, written_at=second)),
            REJECT,
            REFER,
        ),
        silent("settled", case()),
        silent("settled, then amended", case(amended)),
        silent(
            "amended in the second of the application",
            case(record(declaration(), version=2, written_at=APPLIED_AT)),
        ),
        silent("first filed after the application", case(record(declaration(), written_at=second))),
        silent("amended, on papers alone", case(record(declaration(), version=2, written_at=second), applied_at=None)),
    ]


def _owner() -> list[Example]:
    fires, silent = of("DECL-OWNER")
    return [
        fires("of another exporter", case(declaration(consignor=STRANGER)), REJECT),
        silent("of the applicant", case()),
    ]


def _mode() -> list[Example]:
    fires, silent = of("DECL-MODE")
    return [
        fires("samples", case(declaration(supervision_mode="3010")), REJECT),
        fires(
            "gifts, whatever policy finances",
            case(declaration(supervision_mode="3339"), policy=policy(financeable_modes=("3339",))),
            REJECT,
        ),
        fires(
            "a mode that the consortium's floors add",
            case(policy=Floors(never_financed_modes=("0110",)).bounded(policy())),
            REJECT,
        ),
        fires("general trade, which this policy leaves out", case(policy=policy(financeable_modes=("0615",)))),
        fires("market purchase, which policies leave out", case(declaration(supervision_mode="1039"))),
        fires(
            "to an overseas warehouse, whatever policy finances",
            case(declaration(supervision_mode="9810"), policy=policy(financeable_modes=("9810",))),
        ),
        fires("supplied materials, and no fee on the contract", case(declaration(supervision_mode="0214"))),
        fires("supplied materials, and no contract", case(declaration(supervision_mode="0214"), without=("contract",))),
        silent(
            "supplied materials, and the contract's fee",
            case(declaration(supervision_mode="0214"), contract(processing_fee=usd(20_000))),
        ),
        silent("summaries of e-commerce", case(declaration(supervision_mode="9610"))),
        silent("general trade", case()),
        silent("processing with imported materials", case(declaration(supervision_mode="0615"))),
    ]


def _age() -> list[Example]:
    fires, silent = of("DECL-AGE")

    def exported(days_before: int) -> ExportDeclaration:
        day = TODAY - timedelta(days=days_before)
        return declaration(exported_on=day, declared_on=day)

    return [
        fires("181 days old", case(exported(181))),
        fires("exported the day after the decision", case(exported(-1)), REJECT),
        fires("30 days under a policy of 20", case(exported(30), policy=policy(declaration_max_age_days=20))),
        silent("180 days old", case(exported(180))),
        silent("exported on the day of the decision", case(exported(0))),
    ]


def _copy() -> list[Example]:
    fires, silent = of("DECL-COPY")
    line, other = declared(), declared(quantity=501)

    def copied(**changes: object) -> Case:
        return case(declaration(consignee=BUYER), declaration_copy(**{"consignee": BUYER, **changes}))

    def after(*earlier: ExportDeclaration, **changes: object) -> Case:
        """Of a declaration that was amended since."""
        versions = tuple(record(each, version=number) for number, each in enumerate(earlier, 1))
        now = record(declaration(), version=len(earlier) + 1)
        return case(now, declaration_copy(**changes), earlier_declarations=versions)

    dear = {"lines": (declared(amount=usd(120_000)),), "total": usd(120_000)}
    return [
        silent("a true copy", copied()),
        fires("the consignee spelt otherwise", copied(
            consignee=BUYER.model_copy(update={"name": "Nordlicht Handels"})), INFORM),
        fires("another amount", copied(total=usd("100000.01")), REJECT),
        fires("another currency", copied(lines=(declared(amount=eur(100_000)),), total=eur(100_000)), REJECT),
        fires("another quantity", copied(lines=(other,)), REJECT),
        fires("another unit", copied(lines=(declared(unit="箱"),)), REJECT, REJECT),
        silent("another word for the unit", copied(lines=(declared(unit="SET"),))),
        silent("the same goods on two lines", copied(lines=(
            declared(quantity=200, amount=usd(40_000)), declared(number=2, quantity=300, amount=usd(60_000))))),
        fires("another HS code", copied(lines=(declared(hs_code="8504403000"),))),
        silent("eight digits of the HS code", copied(lines=(declared(hs_code="85044020"),))),
        fires("other goods", copied(lines=(declared(description="变压器"),))),
        silent("goods spelt otherwise", copied(lines=(declared(description="整流 柜"),))),
        fires("another consignee", copied(consignee=THIRD_PARTY)),
        fires("a consignee that customs does not name", case(declaration(), declaration_copy(consignee=BUYER))),
        fires("amount and goods", copied(total=usd(1), lines=(declared(description="变压器", amount=usd(1)),)),
              REJECT, REFER),
        fires("of a declaration that is not asked on", case(
            declaration_copy(declaration_number=OTHER_NUMBER)), REJECT),
        silent("of one that customs does not know, as DECL-EXISTS says", case(
            without=("declaration",), declaration_copies=(record(declaration_copy()),))),
        fires("equal to the version before", after(declaration(**dear), **dear)),
        fires("equal to one further back", after(declaration(**dear), declaration(packages=3, total=usd(5)), **dear)),
        fires("equal to no version", after(declaration(total=usd(5)), **dear), REJECT),
        silent("equal to the last of three", after(declaration(**dear), declaration(total=usd(5)))),
        fires("equal to a version of another declaration", case(
            declaration_copy(**dear), earlier_declarations=(
                record(declaration(declaration_number=OTHER_NUMBER, **dear)),)), REJECT),
        fires("a copy and another copy", case(declaration(), declaration_copy(), declaration_copy(
            consignor=STRANGER, lines=(line,), total=usd(3))), REJECT),
    ]  # fmt: skip


EXAMPLES = [*_exists(), *_status(), *_owner(), *_mode(), *_age(), *_copy()]
