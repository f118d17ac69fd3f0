"""Containers in the register of all banks: the same one on two banks' bills, which share nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.registering import Register, founded_register, loses, theirs
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, EXPORTED, TRADEBANK

from eximledger_chaincode.documents import Container, LoanApplication, Party, TransportDocument
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.matching import MatchingUsage
from eximledger_chaincode.lending.register import PaperStanding
from eximledger_chaincode.lending.steps import Step
from hlf_chaincode.errors import Refused

BOX, OTHER_BOX = Container(number="CSQU3054383"), Container(number="MSKU6011672")
SHIP = ("Pearl Lotus", "2614S")


@pytest.fixture
async def register() -> Register:
    found = await founded_register()
    await found.lending.file(bill(), bank=EXIMBANK)
    return found


def bill(
    days: int = 0, *, number: str = "BL-1", boxes: tuple[Container, ...] = (BOX,), **more: object
) -> TransportDocument:
    """Eximbank's; under another number it has nothing of it but the containers."""
    day = EXPORTED + timedelta(days=days)
    changes: dict[str, object] = {"bill_number": number, "containers": boxes, "on_board_on": day, **more}
    if number != "BL-1":
        changes |= {"consignee": Party(name="Blue Lagoon Trading FZE"), "packages": 7, "gross_weight_kg": 333}
    return trade.transport().model_copy(update=changes)


def their_loan() -> LoanApplication:
    named = {"transport_documents": ("BL-77",), "invoices": (), "packing_lists": ()}
    return theirs().model_copy(update=named)


async def at_tradebank(register: Register, *papers: TransportDocument) -> None:
    await register.lending.file(*papers, bank=TRADEBANK)
    await register.apply(their_loan(), TRADEBANK)


async def containers(register: Register, loan_id: str = "T-1") -> set[tuple[str, Similarity, bool]]:
    matches = (await register.facts(loan_id)).matches
    return {(each.container, each.similarity, each.same_bank) for each in matches if each.container}


async def test_a_container_on_two_banks_bills_is_told_of(register: Register) -> None:
    await register.apply(trade.application())
    await register.approve("L-1")
    await at_tradebank(register, bill(2, number="BL-77"))
    facts = await register.facts("T-1")
    assert {(each.kind, each.similarity, each.standing) for each in facts.matches} == {
        ("transport", Similarity.UNDER_WAY, PaperStanding.STANDING)
    }
    assert await containers(register) == {(BOX.number, Similarity.UNDER_WAY, False)}
    assert "DUP-SHIPMENT" in await register.rules("T-1")


@pytest.mark.parametrize("first", ["L-1", "T-1"])
async def test_of_two_banks_with_one_container_at_the_same_instant_one_commits(register: Register, first: str) -> None:
    """Both matched first, both approvals endorsed, then both submitted: nothing but the container's rows meets."""
    await register.apply(trade.application())
    await at_tradebank(register, bill(number="BL-77"))
    assert "DUP-SHIPMENT" not in await register.rules("L-1") | await register.rules("T-1")
    envelopes = {loan: await register.decision(loan) for loan in ("L-1", "T-1")}
    public = {key for key in envelopes["L-1"].writes if key in envelopes["T-1"].reads and not key[0]}
    assert {key.split("\x00")[1] for _, key in public} == {"financed"}
    second = "T-1" if first == "L-1" else "L-1"
    register.lending.ledger.commit(envelopes[first])
    loses(register, envelopes[second])
    assert "DUP-SHIPMENT" in await register.rules(second)


async def test_a_container_that_is_back_is_not_told_of(register: Register) -> None:
    await register.apply(trade.application())
    await register.approve("L-1")
    await at_tradebank(register, bill(30, number="BL-77"))
    assert await containers(register) == set()


async def test_one_sailing_is_told_of_however_the_bills_are_dated(register: Register) -> None:
    await register.lending.file(bill(vessel=SHIP[0], voyage=SHIP[1]), bank=EXIMBANK)
    await register.apply(trade.application())
    await register.approve("L-1")
    await at_tradebank(register, bill(40, number="BL-77", vessel="PEARL LOTUS", voyage="2614-s"))
    assert await containers(register) == {(BOX.number, Similarity.SAME_SAILING, False)}


async def test_another_container_is_not_told_of(register: Register) -> None:
    await register.apply(trade.application())
    await register.approve("L-1")
    await at_tradebank(register, bill(number="BL-77", boxes=(OTHER_BOX,)))
    assert await containers(register) == set()


async def test_the_same_bill_is_told_of_as_that_alone(register: Register) -> None:
    await register.lending.file(bill(), bank=TRADEBANK)
    await register.both_applied()
    await register.approve("L-1")
    assert await containers(register) == set()
    assert {each.similarity for each in (await register.facts("T-1")).matches} == {Similarity.EXACT}


async def test_the_banks_own_paper_is_told_of_as_its_own(register: Register) -> None:
    await register.apply(trade.application())
    await register.approve("L-1")
    await register.lending.file(bill(number="BL-77"), bank=EXIMBANK)
    named = {
        "transport_documents": ("BL-77",),
        "invoices": (),
        "packing_lists": (),
        "declarations": their_loan().declarations,
    }
    await register.apply(trade.application("L-2").model_copy(update=named))
    assert await containers(register, "L-2") == {(BOX.number, Similarity.UNDER_WAY, True)}


async def test_a_container_stays_known_when_it_was_paid_out_on(register: Register) -> None:
    await register.apply(trade.application())
    await register.approve("L-1")
    await register.lending.take(Step.DISBURSEMENT)
    await at_tradebank(register, bill(number="BL-77"))
    assert await register.standings("T-1") == {(PaperStanding.DISBURSED, False)}


async def test_a_loans_own_container_is_not_told_of_when_its_bill_was_amended(register: Register) -> None:
    await register.apply(trade.application())
    await register.approve("L-1")
    await register.lending.file(bill(packages=11), bank=EXIMBANK)
    await register.lending.loan(EXIMBANK, "propose", "L-1", register.lending.proposal(Step.DISBURSEMENT))
    await register.lending.match()
    facts = await register.facts("L-1")
    assert (facts.matches, facts.unmatched) == ((), ())


async def test_a_container_that_was_put_in_later_is_looked_up(register: Register) -> None:
    """Its exact traits stand as they were: the containers alone are another paper before the register."""
    await at_tradebank(register, bill(number="BL-77", boxes=(OTHER_BOX,)))
    await register.apply(trade.application())
    await register.approve("L-1")
    await register.lending.file(bill(number="BL-77", boxes=(OTHER_BOX, BOX)), bank=TRADEBANK)
    assert [each.number for each in (await register.facts("T-1")).unmatched] == ["BL-77"]
    with pytest.raises(Refused, match="DUP-UNMATCHED"):
        await register.decision("T-1")


async def test_each_container_counts_as_a_paper(register: Register) -> None:
    """Else one bill would ask for as many containers as a bank likes."""

    async def used() -> int:
        answer = (await register.lending.endorse(TRADEBANK, "register:usage", "TradebankMSP")).result
        return MatchingUsage.model_validate_json(answer).papers

    before = await used()
    await at_tradebank(register, bill(number="BL-77", boxes=(BOX, OTHER_BOX)))
    assert await used() - before == 3


async def test_rekeyed_containers_are_still_told_of(register: Register) -> None:
    await register.apply(trade.application())
    await register.approve("L-1")
    await register.rotate()
    await register.open(2)
    await register.match_by_safe("L-1", "EximbankMSP")
    await register.rekey(await register.pairs("EximbankMSP", "L-1"), ("SafeMSP", "EximbankMSP"))
    await register.retire()
    await at_tradebank(register, bill(number="BL-77"))
    assert await containers(register) == {(BOX.number, Similarity.UNDER_WAY, False)}


async def test_public_rows_name_no_container(register: Register) -> None:
    await register.apply(trade.application())
    await register.approve("L-1")
    rows = register.public("financed")
    assert len(rows) == 5 + 5 + 2  # an invoice, a bill, and the two weeks that its container is under way
    assert not any(BOX.number in key or BOX.number.encode() in value for key, value in rows.items())
