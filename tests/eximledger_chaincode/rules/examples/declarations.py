"""Examples of the rules on declarations."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    APPLIED_AT,
    OTHER_NUMBER,
    STRANGER,
    TODAY,
    application,
    case,
    declaration,
    financed,
    policy,
    record,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, REJECT, Example, of

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration


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
        fires("general trade, which this policy leaves out", case(policy=policy(financeable_modes=("0615",))), REJECT),
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


EXAMPLES = [*_exists(), *_status(), *_owner(), *_mode(), *_age()]
