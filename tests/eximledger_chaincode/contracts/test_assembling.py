"""A case is made of all that the channels know: nothing that a rule reads is left behind."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from tests.eximledger_chaincode.contracts.known import known
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import CHECKER, MAKER, NUMBER, TODAY, record, usd
from tests.eximledger_chaincode.rules.listing import against, entry, heading

from eximledger_chaincode.contracts.casefile.assembling import Questions, assemble, paper_fingerprints
from eximledger_chaincode.documents import LegalForce
from eximledger_chaincode.documents.customs.exported import Exported
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.packing.frames import FramePosition
from eximledger_chaincode.lending.register import PaperMatch, PaperStanding
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.verdict import DocumentName
from eximledger_chaincode.rules.basis.case import Case, ContractTotal

FACTS: dict[str, object] = {
    "policy_by": (MAKER, CHECKER),
    "applicants": (MAKER,),
    "declaration_copies": (record(cases.declaration_copy()),),
    "contracts": (record(cases.contract()),),
    "letters_of_credit": (record(cases.credit()),),
    "invoices": (record(cases.invoice()),),
    "transport_documents": (record(cases.bill()),),
    "packing_lists": (record(cases.packing_list()),),
    "insurance_documents": (record(cases.insurance()),),
    "contract_totals": (ContractTotal(contract_id="C", invoices=1),),
    "other_financings": (usd(1),),
    "positions": (cases.held(usd(2)),),
    "frame_positions": (FramePosition(account="C", held=(usd(3),)),),
    "matches": (
        PaperMatch(
            kind="invoice", id="I", similarity=Similarity.EXACT, standing=PaperStanding.STANDING, same_bank=False
        ),
    ),
    "unmatched": (DocumentName(kind="invoice", number="I"),),
    "roles": {"SafeMSP": Role.FX_BUREAU, "EximbankMSP": Role.BANK},
    "earlier": (record(cases.declaration(remarks="before")),),
    "price_bands": (record(cases.price_band()),),
    "classifications": (record(cases.classification()),),
    "total_differences": (record(cases.total_difference()),),
    "namings": (cases.naming(usd(4), [NUMBER]),),
    "unallocated": (cases.unallocated(usd(5)),),
    "declared": (usd(6),),
    "exported": Exported(counts={"exports": 1}),
    "received": (usd(7),),
    "since": date(2025, 5, 1),
    "until": TODAY,
}


def screened() -> tuple[Screened, Screened]:
    """What SAFE's lists and the bank's own say of the buyer."""
    shared = against(cases.case(), entry(name=cases.BUYER.name))
    own = against(
        cases.case(), entry(name=cases.BUYER.name), listed=heading("OWN", LegalForce.INTERNAL), cleared="a bakery"
    )
    return (
        Screened(lists=shared.watch_lists, hits=shared.hits, omitted=1),
        Screened(own_lists=own.own_watch_lists, hits=own.hits, omitted=2, clearings=own.clearings),
    )


def assembled() -> Case:
    loan, customs, fx = known(**FACTS)
    rates = [record(cases.rate(quoted_on=TODAY)), None, record(cases.rate()), record(cases.rate(quoted_on=TODAY))]
    return assemble(loan, customs, fx, rates, screened(), today=TODAY, approving=CHECKER)


def test_whatever_a_rule_reads_is_told_to_it() -> None:
    case = assembled()
    loan, customs, fx = known(**FACTS)
    nothing = Case(application=loan.application, policy=loan.policy, today=TODAY)
    for name in (
        each.name for each in fields(Case) if each.init and each.name not in ("application", "policy", "today")
    ):
        assert getattr(case, name) != getattr(nothing, name), name
        for facts in (loan, customs, fx):
            if name in type(facts).model_fields:
                assert getattr(case, name) == getattr(facts, name), name
    assert (case.application, case.policy, case.today) == (loan.application, loan.policy, TODAY)
    assert (case.earlier_declarations, case.policy_before) == (customs.earlier, loan.policy_sha256)
    totals = case.exporter_totals
    assert totals is not None
    assert (totals.since, totals.until) == (customs.since, customs.until)
    assert (totals.declared, totals.exported, totals.received) == (customs.declared, customs.exported, fx.received)


def test_what_both_kinds_of_lists_say_is_told() -> None:
    case, (shared, own) = assembled(), screened()
    assert (case.watch_lists, case.own_watch_lists) == (shared.lists, own.own_lists)
    assert (case.hits, case.omitted_hits, case.clearings) == ((*shared.hits, *own.hits), 3, own.clearings)


def test_each_quotation_stands_once_and_in_order() -> None:
    assert [each.document.quoted_on for each in assembled().rates] == [cases.rate().quoted_on, TODAY]


def test_a_decision_asks_for_its_papers_and_the_twelve_months_before() -> None:
    loan, _, _ = known(application=record(cases.application(receipts=("FX-01",))), invoices=())
    asked = Questions.of(loan, TODAY)
    assert (asked.exporter, asked.numbers, asked.receipts) == (cases.SELLER.uscc, (NUMBER,), ("FX-01",))
    assert (asked.invoices, asked.since, asked.until) == (("CI01",), date(2025, 5, 1), TODAY)


def test_only_frames_that_the_loan_is_on_are_registered() -> None:
    """The same contract and credit are named by loans after shipment, which are on their invoices."""
    frames = {name: FACTS[name] for name in ("contracts", "letters_of_credit")}
    on_contract = record(cases.packing())
    loan, _, _ = known(**frames, application=on_contract)
    assert [(each.kind, each.id) for each in paper_fingerprints(loan)] == [("contract", cases.contract().id)]
    other = record(cases.contract(contract_number="DY-008"))
    loan, _, _ = known(contracts=(other, *loan.contracts), application=on_contract)
    assert [each.id for each in paper_fingerprints(loan)] == [cases.contract().id]
    shipped, _, _ = known(**frames, invoices=FACTS["invoices"], transport_documents=FACTS["transport_documents"])
    assert [(each.kind, each.id) for each in paper_fingerprints(shipped)] == sorted(
        (each.KIND, each.id) for each in (cases.invoice(), cases.bill())
    )


def test_fingerprints_of_a_loan_stand_in_one_order() -> None:
    invoices = tuple(record(cases.invoice(invoice_number=number)) for number in ("CI-02", "CI-01"))
    bill = record(cases.bill(bill_number="A-1"))
    named = record(cases.application(invoices=("CI-02", "CI-01"), transport_documents=("A-1",)))
    loan, _, _ = known(application=named, invoices=invoices, transport_documents=(bill,))
    found = [(each.kind, each.id) for each in paper_fingerprints(loan)]
    assert found == sorted(found)
    assert len(found) == 3
