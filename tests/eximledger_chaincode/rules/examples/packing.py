"""Examples of the rules on packing loans."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    SELLER,
    STRANGER,
    TODAY,
    case,
    cny,
    contract,
    credit,
    eur,
    packing,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import FinancedFrame, Money
from eximledger_chaincode.documents.parts.index import credit_account
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.packing.frames import FramePosition, accounts_of
from eximledger_chaincode.lending.register import PaperMatch, PaperStanding
from eximledger_chaincode.rules import Case
from eximledger_chaincode.rules.basis.case import ContractTotal

ON_CREDIT = (FinancedFrame(kind="letter-of-credit", number="LC/2026-77", amount=usd(100_000)),)
ON_BOTH = (FinancedFrame(kind="contract", number="DY-007", amount=usd(50_000)),
           FinancedFrame(kind="letter-of-credit", number="LC/2026-77", amount=usd(50_000)))  # fmt: skip


def held(paper: object, *amounts: Money) -> FramePosition:
    return FramePosition(account=accounts_of(paper)[0], held=amounts)  # type: ignore[arg-type] # a frame's paper


def _balance() -> list[Example]:
    fires, silent = of("PACK-BALANCE")

    def invoiced(amount: Money) -> Case:
        total = ContractTotal(contract_id=contract().id, invoices=1, amounts=(amount,))
        return case(packing(), contract_totals=(total,))

    drawn = ContractTotal(contract_id=credit_account(credit().id), invoices=1, amounts=(usd(1),))
    return [
        silent("all of the contract", case(packing())),
        fires("a cent more", case(packing(amount=usd("100000.01"))), REJECT),
        silent("all of the credit", case(packing(frames=ON_CREDIT), credit())),
        fires("of a credit under which is drawn", case(
            packing(frames=ON_CREDIT), credit(), contract_totals=(drawn,)), REJECT),
        fires("a cent is invoiced", invoiced(usd("0.01")), REJECT),
        silent("as much was credited", invoiced(usd("-0.01"))),
        fires("a cent is held", case(packing(), frame_positions=(held(contract(), usd("0.01")),)), REJECT),
        silent("another frame is held", case(
            packing(), frame_positions=(held(contract(contract_number="DY-008"), usd(9)),))),
        fires("the credit's contract is held", case(
            packing(frames=ON_CREDIT), credit(), frame_positions=(held(contract(), usd(1)),)), REJECT),
        fires("a credit whose contract is not among the papers", case(
            packing(frames=ON_CREDIT), credit(), without=("contract",)), REJECT),
        silent("a credit that is for no contract, and none is among the papers", case(
            packing(frames=ON_CREDIT), credit(contract_numbers=()), without=("contract",))),
        silent("a half of each", case(packing(frames=ON_BOTH), credit())),
        fires("a contract and its credit for the same goods", case(
            packing(frames=(ON_BOTH[0], *ON_CREDIT)), credit()), REJECT),
        silent("in another currency", case(packing(amount=cny(710_000)))),
        fires("in another currency, a fen more", case(packing(amount=cny("710000.01"))), REJECT),
        fires("in a currency without a quotation", case(packing(amount=eur(1))), REJECT),
    ]  # fmt: skip


def _amount() -> list[Example]:
    fires, silent = of("AMOUNT")

    def asked(amount: str, held: Money | None = None) -> Case:
        return case(packing(held).model_copy(update={"amount": cny(amount)}))

    return [
        silent("80 % of a contract", asked("568000.00")),
        fires("80 % of a contract, a fen more", asked("568000.01"), REJECT),
        fires("80 % of a part of a contract, a fen more", asked("284000.01", usd(50_000)), REJECT),
        fires("on a contract that nobody has filed", case(packing(), without=("contract",)), REJECT),
    ]


def _elsewhere() -> list[Example]:
    fires, silent = of("PACK-ELSEWHERE")

    def known(same_bank: bool, similarity: Similarity = Similarity.EXACT, kind: str = "contract") -> PaperMatch:
        return PaperMatch(kind=kind, id=contract().id if kind == "contract" else credit().id, similarity=similarity,
                          standing=PaperStanding.STANDING, same_bank=same_bank)  # fmt: skip

    return [
        fires("another bank's", case(packing(), matches=(known(False),))),
        fires("alike in all but the amount", case(packing(), matches=(known(False, Similarity.ALL_BUT_AMOUNT),))),
        fires("exact and near at once", case(
            packing(), matches=(known(False), known(False, Similarity.ALL_BUT_DATE)))),
        fires("a credit", case(packing(frames=ON_CREDIT), credit(), matches=(known(False, kind="letter-of-credit"),))),
        silent("this bank's own, which the balance counts", case(packing(), matches=(known(True),))),
        silent("none", case(packing())),
    ]  # fmt: skip


def _parties() -> list[Example]:
    fires, silent = of("PACK-PARTIES")
    return [
        silent("the seller asks", case(packing())),
        silent("the beneficiary asks", case(packing(frames=ON_CREDIT), credit())),
        fires("another seller", case(packing(), contract(seller=STRANGER)), REFER),
        fires("the seller without its legal form", case(
            packing(), contract(seller=SELLER.model_copy(update={"name": "Dongyu Electric", "uscc": None,
                                                                 "other_names": ()}))), INFORM),
        fires("another beneficiary", case(packing(frames=ON_CREDIT), credit(beneficiary=STRANGER)), REFER),
        silent("the seller by another of its names", case(
            packing(), contract(seller=SELLER.model_copy(update={"name": "DONGYU ELECTRIC", "uscc": None,
                                                                 "other_names": tuple(SELLER.names)})))),
    ]  # fmt: skip


def _dates() -> list[Example]:
    fires, silent = of("PACK-DATES")
    passed = TODAY - timedelta(days=1)
    return [
        silent("the last day", case(packing(), contract(latest_shipment_on=TODAY))),
        fires("the day after", case(packing(), contract(latest_shipment_on=passed))),
        fires("a contract that is not valid any more", case(
            packing(), contract(latest_shipment_on=None, valid_until=passed))),
        fires("a credit's latest shipment", case(
            packing(frames=ON_CREDIT), credit(latest_shipment_on=date(2026, 3, 31)))),
        fires("a credit that expired", case(
            packing(frames=ON_CREDIT), credit(latest_shipment_on=None, expires_on=passed))),
        silent("no day is said", case(packing(), contract(latest_shipment_on=None))),
        silent("after shipment", case(contract(latest_shipment_on=passed))),
    ]  # fmt: skip


EXAMPLES = [*_balance(), *_amount(), *_elsewhere(), *_parties(), *_dates()]
