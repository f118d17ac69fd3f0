"""Examples of the rule on containers that stand on several papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    CONTAINER,
    EXPORTED,
    NUMBER,
    ON_BOARD,
    OTHER_CONTAINER,
    OTHER_NUMBER,
    bill,
    case,
    declaration,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, Example, of

from eximledger_chaincode.documents import Container, TransportStage
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.register import PaperMatch, PaperStanding
from eximledger_chaincode.rules import Case

_SHIP = {"vessel": "Pearl Lotus", "voyage": "2614S"}
_SECOND = "COSU 6302"


def _match(
    similarity: Similarity, standing: PaperStanding = PaperStanding.STANDING, *, id_: str = "", same_bank: bool = False
) -> PaperMatch:
    return PaperMatch(
        kind="transport", id=id_ or bill().id, similarity=similarity, standing=standing, same_bank=same_bank,
        container=CONTAINER,
    )  # fmt: skip


def _two(first: Mapping[str, object] | None = None, **second: object) -> Case:
    """Two bills with one container, the second of another declaration."""
    other = {"bill_number": _SECOND, "declaration_numbers": (OTHER_NUMBER,), **second}
    return case(bill(**(first or {})), bill(**other))


def _bills() -> list[Example]:
    fires, silent = of("DUP-SHIPMENT")
    week: dict[str, object] = {"on_board_on": ON_BOARD + timedelta(days=7)}
    arrived = (TransportStage(departed_on=ON_BOARD, arrived_on=ON_BOARD + timedelta(days=20)),)
    both = (Container(number=CONTAINER), Container(number=OTHER_CONTAINER))
    return [
        fires("the same container on two bills of one day", _two()),
        fires("six days later it is still away", _two(on_board_on=ON_BOARD + timedelta(days=6))),
        fires("six days earlier", _two(on_board_on=ON_BOARD - timedelta(days=6))),
        silent("a week later", _two(None, **week)),
        fires("a week later, before the first bill's ship arrived", _two({"stages": arrived}, **week)),
        silent("after the first bill's ship arrived", _two(
            {"stages": arrived}, on_board_on=ON_BOARD + timedelta(days=21))),
        fires("months later on the same sailing", _two(
            {**_SHIP}, vessel="PEARL LOTUS", voyage="2614-S", on_board_on=ON_BOARD + timedelta(days=60))),
        silent("months later on the ship's next voyage", _two(
            {**_SHIP}, vessel="PEARL LOTUS", voyage="2620S", on_board_on=ON_BOARD + timedelta(days=60))),
        fires("both containers", _two({"containers": both}, containers=both), REFER, REFER),
        silent("another container", _two(containers=both[1:])),
        silent("the carrier's bill and its forwarder's", _two(carrier_number="COSU6301")),
    ]  # fmt: skip


def _declarations() -> list[Example]:
    fires, silent = of("DUP-SHIPMENT")

    def two(days: int = 0, bill_number: str | None = "COSU 6399") -> Case:
        other = declaration(
            declaration_number=OTHER_NUMBER, bill_number=bill_number, exported_on=EXPORTED + timedelta(days=days)
        )
        return case(declaration(), other, bill(declaration_numbers=(NUMBER,)))

    return [
        fires("the same container on two declarations", two()),
        fires("declared for six days later", two(6)),
        silent("declared for a week later", two(7)),
        silent("two declarations of one bill", two(bill_number="COSU6301")),
        silent("two declarations that one bill carries", case(
            declaration(), declaration(declaration_number=OTHER_NUMBER, bill_number="H-2"),
            bill(declaration_numbers=(NUMBER, OTHER_NUMBER)))),
        fires("the bills say it", case(
            declaration(), declaration(declaration_number=OTHER_NUMBER, bill_number=_SECOND), bill(),
            bill(bill_number=_SECOND, declaration_numbers=(OTHER_NUMBER,)))),
    ]  # fmt: skip


def _elsewhere() -> list[Example]:
    fires, silent = of("DUP-SHIPMENT")
    sailing, away = Similarity.SAME_SAILING, Similarity.UNDER_WAY
    return [
        fires("on a sailing of another bank's paper", case(matches=(_match(sailing),))),
        fires("away by another bank's paper", case(matches=(_match(away),))),
        fires("both are one finding", case(matches=(_match(sailing), _match(away)))),
        fires("and so are two loans of one bank", case(matches=(_match(away), _match(away, PaperStanding.DISBURSED)))),
        fires("however far the loan came", case(matches=(_match(away, PaperStanding.UNDRAWN),))),
        fires("on a paper of this bank", case(matches=(_match(away, same_bank=True),))),
        fires("of both", case(matches=(_match(away), _match(sailing, same_bank=True))), REFER, REFER),
        fires("a bill that the case has lost", case(matches=(_match(away, id_="SOMEBODY:X1"),))),
        silent("the same paper", case(matches=(_match(Similarity.EXACT),))),
        silent("nothing known", case(today=date(2026, 4, 12))),
    ]


EXAMPLES = [*_bills(), *_declarations(), *_elsewhere()]
