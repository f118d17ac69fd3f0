"""The Dongyu case on real peers, from papers to a closed loan: documents, financing, loans on their channels."""

from __future__ import annotations

import json

import pytest
from tests.dongyu import CABLE, REPLACEMENT
from tests.fabric.consortium import Members
from tests.fabric.trade import DONGYU, LOAN, Bank, file_papers

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.rules import Decision, Verdict
from hlf_client.errors import Refused

pytestmark = pytest.mark.fabric


@pytest.fixture(scope="module")
def first(members: Members, lent: Verdict) -> Verdict:
    """Eximbank's check of Dongyu's first application."""
    assert lent.verdict is Decision.APPROVE
    bank = Bank.of(members, "eximbank")
    bank.apply(DONGYU / "application.json")
    return bank.check(LOAN)


def test_every_member_answers_what_its_channels_hold(members: Members) -> None:
    for name in ("eximbank", "tradebank", "safe", "customs"):
        assert json.loads(members.person(name).ask("customs", "consortium:members"))
    described = json.loads(members.person("safe").ask("fx", "org.hyperledger.fabric:GetMetadata"))
    assert set(described["contracts"]) == set(exim().contracts)


def test_the_planted_mistakes_forbid_the_loan(members: Members, first: Verdict) -> None:
    bank = Bank.of(members, "eximbank")
    assert first.verdict is not Decision.APPROVE
    assert {"BALANCE", "DECL-STATUS", "DUP-EXACT"} <= {finding.rule for finding in first.findings}
    assert bank.balance(CABLE).free == Money.of("59320.00", "USD")
    with pytest.raises(Refused, match="BALANCE"):
        bank.approve(LOAN, first)


def test_corrected_papers_support_the_loan_and_it_runs_to_its_end(members: Members, first: Verdict) -> None:
    bank = Bank.of(members, "eximbank")
    customs, safe = members.person("customs"), members.person("safe")
    for outcome in file_papers(customs, DONGYU / "corrected" / "customs"):
        customs.wait_until_known(outcome, "safe", "eximbank", "tradebank")
    bank.file(DONGYU / "corrected" / "eximbank")
    bank.apply(DONGYU / "corrected" / "application.json")
    verdict = bank.lend(LOAN)
    assert verdict.findings == ()
    assert verdict.eligible >= Money.of("7760000.00", "CNY")
    assert verdict.evidence_hash != first.evidence_hash
    held = bank.balance(REPLACEMENT)
    assert (held.held, held.free) == (held.value, Money.of("0.00", "USD"))

    for outcome in file_papers(safe, DONGYU / "receipt"):
        safe.wait_until_known(outcome, "eximbank")
    assert bank.pay(Step.REPAYMENT, LOAN).state is LoanState.CLOSED
    assert bank.balance(REPLACEMENT).held == Money.of("0.00", "USD")
    assert bank.balance(CABLE).held == Money.of("180000.00", "USD")  # tradebank's loan goes on


def test_two_peers_of_different_organisations_give_the_same_verdict(members: Members, first: Verdict) -> None:
    maker = members.person("eximbank")
    own, bureau = (maker.ask("bank", "loans:preview", LOAN, at=name) for name in ("eximbank", "safe"))
    assert own == bureau
    assert Verdict.model_validate_json(own).findings is not None
