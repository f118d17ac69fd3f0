"""Who acts: a person by organisation and name, whatever the certificate; and which persons are kept apart."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, RISK
from tests.hlf_chaincode.memory_peer import Identity, identity

from eximledger_chaincode.documents import Document, TolerancePolicy
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.matching import Rekeying
from eximledger_chaincode.lending.steps import Step
from hlf_chaincode.errors import NotAuthorized


def of_eximbank(name: str, role: str = "checker", enrolled: str = "", issue: int = 1) -> Identity:
    return identity("EximbankMSP", name, role, enrolled=enrolled, issue=issue)


REISSUED = [
    of_eximbank("maker", issue=2),
    of_eximbank("MAKER"),
    of_eximbank("ｍａｋｅｒ"),
    of_eximbank("m\u200baker"),
    of_eximbank("m\u0430ker"),  # a Cyrillic letter that looks like an a
    of_eximbank("  maker "),
    of_eximbank("somebody else", enrolled="maker"),
    of_eximbank("", enrolled="Maker"),
]
"""Certificates of one person: of the maker who applied."""


@pytest.fixture
async def lending() -> Lending:
    """Under the rules themselves: nothing stands in for them."""
    return await opened(1)


async def approved_by(lending: Lending, who: Identity, loan_id: str = "L-1") -> LoanState:
    lending.ledger.commit(await lending.decision(loan_id, who))
    return (await lending.get(loan_id)).state


@pytest.mark.parametrize("again", REISSUED, ids=lambda _: "")
async def test_a_new_certificate_is_no_new_person(lending: Lending, again: Identity) -> None:
    assert again.certificate_hash != EXIMBANK.certificate_hash
    await lending.apply()
    await lending.check()
    with pytest.raises(NotAuthorized, match="maker-checker"):
        await lending.decision(who=again)
    with pytest.raises(NotAuthorized, match="maker-checker"):
        await lending.loan(again, "reject", "L-1", "no")
    assert await approved_by(lending, CHECKER) is LoanState.APPROVED


async def test_a_new_certificate_with_the_role_repeats_what_the_person_did(lending: Lending) -> None:
    await lending.apply()
    await lending.check()
    evidence = (await lending.check()).evidence_hash
    await lending.approve(evidence_hash=evidence)
    again = await lending.endorse(of_eximbank("Checker", issue=2), "loans:approve", "L-1", 1, evidence, [])
    assert again.writes == {}


async def test_the_enrolled_name_comes_before_the_common_name(lending: Lending) -> None:
    loan = await lending.apply(who=of_eximbank("desk 7", enrolled="wang.li"))
    assert str(loan.applied_by) == "wang.li of EximbankMSP"
    await lending.check()
    with pytest.raises(NotAuthorized, match="maker-checker"):
        await lending.decision(who=of_eximbank("wang.li"))
    assert await approved_by(lending, of_eximbank("desk 7")) is LoanState.APPROVED  # the name that it says


async def test_the_same_name_at_two_banks_is_two_persons(lending: Lending) -> None:
    """Tradebank's `maker` filed and applied; Eximbank's `maker` decides on another's loan."""
    await lending.file_papers(1, bank=trade.TRADEBANK)
    await lending.apply(trade.application("T-1"), trade.TRADEBANK)
    await lending.check("T-1", trade.TRADEBANK)
    lending.ledger.commit(await lending.decision("T-1", identity("TradebankMSP", "checker", "checker")))
    assert (await lending.get("T-1", trade.TRADEBANK)).state is LoanState.APPROVED


NOBODY = [of_eximbank(""), of_eximbank(" "), of_eximbank("\u200b"), of_eximbank("..."), of_eximbank("", enrolled=" ")]


@pytest.mark.parametrize("who", NOBODY, ids=lambda _: "")
async def test_a_certificate_that_names_nobody_acts_for_nobody(lending: Lending, who: Identity) -> None:
    await lending.apply()
    await lending.check()
    proposal = lending.proposal(Step.DISBURSEMENT)
    acts: list[tuple[str, tuple[object, ...]]] = [
        ("loans:apply", (trade.application("L-2"),)),
        ("loans:check", ("L-1",)),
        ("loans:approve", ("L-1", 1, "a" * 64, [])),
        ("loans:reject", ("L-1", "no")),
        ("loans:refer", ("L-1", "no")),
        ("loans:withdraw", ("L-1", "no")),
        ("loans:propose", ("L-1", proposal)),
        ("loans:confirm", ("L-1", proposal.id)),
        ("loans:lapse", ("L-1",)),
        ("loans:mark_overdue", ("L-1",)),
        ("register:match", ("L-1",)),
        ("policies:propose", (TolerancePolicy(bank="EximbankMSP"),)),
        ("policies:confirm", ("a" * 64,)),
    ]
    for function, arguments in acts:
        with pytest.raises(NotAuthorized, match="names nobody"):
            await lending.endorse(who, function, *arguments)
    with pytest.raises(NotAuthorized, match="names nobody"):
        await lending.file(trade.invoice(9), bank=who)
    of_safe: list[tuple[str, tuple[object, ...]]] = [
        ("calendar:open", (trade.APPLIED,)),
        ("register:rotate", ()),
        ("register:rekey", (Rekeying(generation=1),)),
        ("register:retire", ()),
    ]
    for function, arguments in of_safe:
        with pytest.raises(NotAuthorized, match="names nobody"):
            await lending.ledger.endorse(identity("SafeMSP", ""), "bank", function, *arguments, at="SafeMSP")


@pytest.mark.parametrize(
    ("who", "decides"),
    [
        (identity("EximbankMSP", "boss", units=("admin",)), False),
        (identity("EximbankMSP", "boss", "maker", units=("admin", "checker")), False),
        (identity("EximbankMSP", "boss", "checkers"), False),
        (identity("EximbankMSP", "boss", "Checker"), False),
        (identity("EximbankMSP", "boss", "policy"), False),
        (identity("EximbankMSP", "boss", "maker,checker"), True),
        (identity("EximbankMSP", "boss", "policy , checker"), True),
        (identity("EximbankMSP", "boss", "checker", units=("admin",)), True),
    ],
    ids=["admin", "a unit", "a word more", "a capital", "policy", "several", "with spaces", "admin and checker"],
)
async def test_roles_are_those_of_the_attribute_alone(lending: Lending, who: Identity, decides: bool) -> None:
    await lending.apply()
    await lending.check()
    if decides:
        assert await approved_by(lending, who) is LoanState.APPROVED
        return
    with pytest.raises(NotAuthorized, match=r"exim\.role=checker"):
        await lending.decision(who=who)


async def test_who_applied_for_any_version_does_not_decide(lending: Lending) -> None:
    await lending.apply(who=CHECKER)
    await lending.apply(trade.application(purpose="amended"))
    await lending.check()
    with pytest.raises(NotAuthorized, match="applied for loan L-1"):
        await lending.decision()
    assert await approved_by(lending, of_eximbank("another")) is LoanState.APPROVED


@pytest.mark.parametrize(
    "paper", [trade.contract(), trade.invoice(), trade.transport(), trade.packing_list()], ids=lambda paper: paper.KIND
)
async def test_who_wrote_a_paper_does_not_decide(lending: Lending, paper: Document) -> None:
    await lending.file(paper.model_copy(update={"notes": ("typed again",)}), bank=of_eximbank("writer"))
    await lending.apply()
    await lending.check()
    with pytest.raises(NotAuthorized, match=f"filed {paper.KIND}"):
        await lending.decision(who=of_eximbank("WRITER"))
    assert await approved_by(lending, CHECKER) is LoanState.APPROVED


async def test_who_wrote_any_version_of_a_paper_does_not_decide(lending: Lending) -> None:
    writers = (of_eximbank("writer"), of_eximbank("second"), of_eximbank("third"))
    for who, notes in zip(writers, ("typed again", "and again", "once more"), strict=True):
        await lending.file(trade.invoice().model_copy(update={"notes": (notes,)}), bank=who)
    await lending.apply()
    await lending.check()
    for name in ("Writer", "second", "third"):
        with pytest.raises(NotAuthorized, match="filed invoice"):
            await lending.decision(who=of_eximbank(name, issue=2))
    assert await approved_by(lending, CHECKER) is LoanState.APPROVED


async def test_who_made_the_policy_does_not_decide(lending: Lending) -> None:
    policy = TolerancePolicy(bank="EximbankMSP", tenor_max_days=170)
    proposer = of_eximbank("planner")
    await lending.ledger.submit(proposer, "bank", "policies:propose", policy)
    await lending.ledger.submit(of_eximbank("risk", "policy"), "bank", "policies:confirm", policy_hash(policy))
    await lending.apply()
    await lending.check()
    for who in (proposer, of_eximbank("Risk", "checker,policy", issue=2)):
        with pytest.raises(NotAuthorized, match="made the policy"):
            await lending.decision(who=who)
    with pytest.raises(NotAuthorized, match=r"exim\.role=checker"):
        await lending.decision(who=RISK)
    assert await approved_by(lending, CHECKER) is LoanState.APPROVED


async def test_a_certificate_that_names_nobody_acts_on_no_loan(lending: Lending) -> None:
    await lending.apply()
    with pytest.raises(NotAuthorized, match="names nobody"):
        await lending.check(who=of_eximbank(""))
    assert (await lending.get("L-1")).state is LoanState.APPLIED
