"""Past cases judged again on a ledger: as they were when they were decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.dongyu import DONGYU
from tests.eximledger.desk.conftest import application_in, documents_in

from eximledger.desk import LoanDesk
from eximledger.rulebook import Replay, Replayed, ReplayReport
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.documents import CommercialInvoice, ExportDeclaration, TolerancePolicy
from eximledger_chaincode.lending.floors import Floors
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules import RULE_SET, Case, Counts, Decision, RuleSet, Severity, Verdict, reconcile
from hlf_client.errors import InvalidDocument, NotAuthorized, NotFound

LOAN = application_in(DONGYU / "tradebank").loan_id
STRICT = TolerancePolicy(bank="TradebankMSP", financed_percent=Decimal(1))


async def replayed(network: LedgerNetwork, who: str = "tradebank", **asked: object) -> Replayed:
    (one,) = (await Replay(network.connect(who)).run(**asked)).loans  # type: ignore[arg-type] # by their names
    return one


async def test_a_case_judged_by_what_it_was_judged_by_is_as_it_was(checked: LedgerNetwork) -> None:
    recorded = await _recorded(checked)
    one = await replayed(checked)
    assert (one.loan_id, one.reproduced, one.limits) == (LOAN, True, ())
    assert one.rule_set == recorded.rule_set
    assert (one.difference.gained, one.difference.lost) == ((), ())
    assert one.difference.before is one.difference.after is recorded.verdict


async def test_another_policy_shows_what_it_would_have_decided(checked: LedgerNetwork) -> None:
    report = await Replay(checked.connect("tradebank")).run(policy=STRICT)
    (one,) = report.changed
    assert one.difference.after is Decision.REJECT
    assert {each.rule for each in one.difference.gained} == {"AMOUNT"}
    assert one.difference.lost == ()


async def test_a_policy_counts_as_the_floors_bound_it(checked: LedgerNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modes that the consortium never finances stay so, whatever a file says; and whosever policy it is."""
    judged: list[Case] = []

    def seen(case: Case, rule_set: RuleSet | None = None) -> Verdict:
        judged.append(case)
        return reconcile(case, rule_set)

    monkeypatch.setattr("eximledger.rulebook._replay.reconcile", seen)
    modes = (*TolerancePolicy(bank="TradebankMSP").financeable_modes, "3010")
    free = TolerancePolicy(bank="OtherMSP", financeable_modes=modes, financed_percent=Decimal(100))
    await replayed(checked, policy=free)
    assert judged[-1].tolerances == Floors().bounded(free.model_copy(update={"bank": "TradebankMSP"}))
    assert "3010" not in judged[-1].tolerances.financeable_modes


async def test_another_set_shows_it_too(checked: LedgerNetwork) -> None:
    """What a set takes out is lost; what it counts otherwise is lost as the one and gained as the other."""
    await _strict_from_now_on(checked)
    recorded = await LoanDesk(checked.connect("tradebank")).check(LOAN)
    assert {each.rule: each.severity for each in recorded.findings} == {
        "AMOUNT": Severity.REJECT, "POLICY": Severity.REFER,
    }  # fmt: skip
    for draft, after, gained in (
        (replace(RULE_SET, name="draft", base=RULE_SET.name, without=("AMOUNT",)), Decision.REFER, []),
        (
            replace(
                RULE_SET, name="draft", base=RULE_SET.name,
                severities=(Counts("AMOUNT", Severity.REJECT, Severity.INFORM),),
            ),
            Decision.REFER, [("AMOUNT", Severity.INFORM)],
        ),
    ):  # fmt: skip
        one = await replayed(checked, rule_set=draft)
        assert (one.reproduced, one.difference.before, one.difference.after) == (True, Decision.REJECT, after)
        assert [each.rule for each in one.difference.lost] == ["AMOUNT"]
        assert [(each.rule, each.severity) for each in one.difference.gained] == gained


async def _strict_from_now_on(network: LedgerNetwork) -> None:
    """Two persons make a policy that finances next to nothing."""
    maker, risk = LoanDesk(network.connect("tradebank")), LoanDesk(network.connect("tradebank/risk"))
    day = day_in_china(maker.ledger.clock())
    book = await maker.propose_policy(STRICT.model_copy(update={"effective_from": day - timedelta(days=1)}))
    assert book.proposed is not None
    await risk.confirm_policy(book.proposed.sha256)


async def _recorded(network: LedgerNetwork) -> Verdict:
    verdict = (await LoanDesk(network.connect("tradebank")).loan(LOAN)).verdict
    assert verdict is not None
    return verdict


async def test_papers_are_those_of_the_decision_also_when_they_were_amended(checked: LedgerNetwork) -> None:
    """An invoice amended since, and a declaration that customs has cancelled since, change nothing of the past."""
    invoices = [each for each in documents_in(DONGYU / "tradebank") if isinstance(each, CommercialInvoice)]
    note = [each.model_copy(update={"notes": (*each.notes, "a later one")}) for each in invoices]
    desk = LoanDesk(checked.connect("tradebank"))
    await desk.file(note)
    number = application_in(DONGYU / "tradebank").declarations[0].declaration_number
    (declaration,) = (
        each for each in documents_in(DONGYU / "customs") if isinstance(each, ExportDeclaration) and each.id == number
    )
    gone = ExportDeclaration.parse({**declaration.model_dump(), "status": "cancelled"})
    await LoanDesk(checked.connect("customs")).file(gone)
    assert "DECL-STATUS" in {each.rule for each in (await desk.reconcile(LOAN)).findings}
    for who, asked in (("tradebank", {}), ("safe", {"bank": "TradebankMSP"})):
        one = await replayed(checked, who, **asked)
        assert one.reproduced, one.limits
        assert "DECL-STATUS" not in {each.rule for each in one.difference.gained}


async def test_a_policy_made_since_is_not_taken_for_the_one_then(checked: LedgerNetwork) -> None:
    await _strict_from_now_on(checked)
    one = await replayed(checked)
    assert (one.reproduced, one.difference.is_other_decision) == (True, False)
    now = await replayed(checked, in_force=True)
    assert {each.rule for each in now.difference.gained} == {"AMOUNT"}, "and not that the policy is another"
    assert now.difference.gained[0].severity is Severity.REJECT


async def test_what_the_ledger_does_not_keep_is_said_and_changes_no_decision(checked: LedgerNetwork) -> None:
    """Another export since: the exporter's totals are not what they were."""
    application = application_in(DONGYU / "tradebank")
    declarations = [each for each in documents_in(DONGYU / "customs") if isinstance(each, ExportDeclaration)]
    (mine,) = (each for each in declarations if each.id == application.declarations[0].declaration_number)
    another = mine.declaration_number[:-1] + str((int(mine.declaration_number[-1]) + 1) % 10)
    while another in {each.id for each in declarations}:
        another = another[:-1] + str((int(another[-1]) + 1) % 10)
    more = ExportDeclaration.parse({**mine.model_dump(), "declaration_number": another})
    await LoanDesk(checked.connect("customs")).file(more)
    one = await replayed(checked, "safe", bank="TradebankMSP")
    assert [each.en for each in one.limits] == [
        "As it is now, not as it was: what the exporter declared in twelve months."
    ]
    assert not one.difference.is_other_decision


async def test_a_bank_asks_over_its_own_and_safe_over_any(checked: LedgerNetwork) -> None:
    assert (await Replay(checked.connect("eximbank")).run()).loans == ()
    for asked in ({}, {"bank": "TradebankMSP"}, {"bank": "TradebankMSP", "loan_id": LOAN}):
        one = await replayed(checked, "safe", **asked)
        assert (one.bank, one.loan_id, one.reproduced) == ("TradebankMSP", LOAN, True)
    with pytest.raises(NotAuthorized):
        await Replay(checked.connect("eximbank")).run(bank="TradebankMSP")
    with pytest.raises(NotAuthorized):
        await Replay(checked.connect("customs")).run()
    with pytest.raises(InvalidDocument, match="there is no bank SafeMSP"):
        await Replay(checked.connect("safe")).run(bank="SafeMSP")
    with pytest.raises(NotFound):
        await Replay(checked.connect("eximbank")).run(loan_id=LOAN)


async def test_replay_writes_nothing(checked: LedgerNetwork) -> None:
    ledger = checked.connect("tradebank")
    desk = LoanDesk(ledger)
    before = (await desk.loan(LOAN)).step
    await Replay(ledger).run(policy=STRICT)
    assert (await desk.loan(LOAN)).step == before


async def test_a_loan_that_was_never_checked_is_told(checked: LedgerNetwork) -> None:
    desk = LoanDesk(checked.connect("tradebank"))
    loan = await desk.loan(LOAN)
    amended = loan.application.document.model_copy(update={"purpose": "another"})
    await desk.apply(amended)
    report: ReplayReport = await Replay(checked.connect("tradebank")).run()
    assert report.loans == ()
    assert [each.reasons[0].en for each in report.untold] == ["It was never checked."]
