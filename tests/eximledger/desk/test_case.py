"""One case, whoever reads it: the desk's is the peer's, and both ask in one order, each in its own way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, Rules, opened, stand_in
from tests.hlf_chaincode.memory_peer import Identity

from eximledger.desk._reading import ChannelAsker
from eximledger.desk.calling import Calls, Retry, no_interceptor
from eximledger_chaincode.contracts import loans
from eximledger_chaincode.contracts.casefile.reading import read_case
from eximledger_chaincode.contracts.state import crosschannel
from eximledger_chaincode.documents import Allocation, DeclarationStatus, ExportDeclaration, FxReceipt, Money
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.rules import Case, reconcile
from eximledger_chaincode.rules.basis.eligibility import balance_in
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.errors import FabricError, Refused
from hlf_client import Ledger

ORDER = ["loans:facts", "documents:customs_facts", "documents:fx_case"]
DAYS = st.integers(0, 40).map(lambda days: trade.EXPORTED + timedelta(days=days))


@dataclass(slots=True)
class Evaluating:
    """As much of a Ledger as reading a case takes, over the ledger in memory."""

    lending: Lending
    asked: list[str] = field(default_factory=list)
    failing: str = ""
    msp_id: str = "EximbankMSP"

    async def evaluate(self, channel: str, function: str, *arguments: object) -> bytes:
        self.asked.append(function)
        if function == self.failing:
            raise Refused(f"{function} is refused")
        return (await self.lending.ledger.endorse(trade.EXIMBANK, channel, function, *arguments)).result

    def calls(self) -> Calls:
        return Calls(cast("Ledger", self), Retry(), no_interceptor)


@dataclass(frozen=True, slots=True)
class World:
    """What the ledgers may know of loan L-1 beside its sound papers."""

    receipts: tuple[FxReceipt, ...]
    amended: tuple[ExportDeclaration, ...]
    held_elsewhere: str | None
    quoted: tuple[tuple[str, date], ...]
    approved: bool


@st.composite
def receipts(draw: st.DrawFn) -> FxReceipt:
    currency = draw(st.sampled_from(("USD", "EUR", "JPY")))
    amount = Money.of(draw(st.integers(1, 90_000)), currency)
    allocations = tuple(
        Allocation(declaration_number=trade.number_of(serial), amount=amount)
        for serial in draw(st.lists(st.sampled_from((1, 2, 3)), max_size=1))
    )
    paper = trade.receipt(draw(st.sampled_from(("R-1", "R-2"))), on=draw(DAYS))
    return paper.model_copy(update={"amount": amount, "allocations": allocations})


@st.composite
def declarations(draw: st.DrawFn) -> ExportDeclaration:
    return trade.declaration(
        draw(st.sampled_from((1, 2))),
        total=draw(st.sampled_from(("100000.00", "60000.00"))),
        status=draw(st.sampled_from((DeclarationStatus.SETTLED, DeclarationStatus.CANCELLED))),
        remarks="amended",
    )


worlds = st.builds(
    World,
    receipts=st.lists(receipts(), max_size=3).map(tuple),
    amended=st.lists(declarations(), max_size=2).map(tuple),
    held_elsewhere=st.none() | st.sampled_from(("0.01", "30000.00", "100000.00")),
    quoted=st.lists(st.tuples(st.sampled_from(("EUR", "JPY")), DAYS), max_size=4).map(tuple),
    approved=st.booleans(),
)


async def read(ledger: Evaluating, lending: Lending) -> Case:
    """The case as the desk reads it, pulling nothing."""
    return (await read_case(ChannelAsker(ledger.calls(), "L-1", ""), lending.ledger.now, None)).case


async def made(world: World) -> Lending:
    """The loan applied for, on two declarations, and where it is not approved on one that customs has not; what the
    ledgers refuse stays undone."""
    lending = await opened(1, 2)
    await lending.file(*(trade.rate(day, currency=currency) for currency, day in world.quoted))
    if world.held_elsewhere is not None:
        await lending.apply(trade.application("T-1", occupied=world.held_elsewhere), trade.TRADEBANK)
        await approved(lending, "T-1", trade.TRADEBANK, trade.TRADEBANK_CHECKER)
    serials = (1, 2) if world.approved else (1, 2, 3)  # nothing is held of what nobody has
    await lending.apply(trade.application(serials=serials, occupied="40000.00", receipts=("R-1", "R-9")))
    if world.approved:
        await approved(lending, "L-1", trade.EXIMBANK, trade.CHECKER)
    for paper in (*world.receipts, *world.amended):
        with suppress(FabricError):
            await lending.file(paper)
    return lending


async def approved(lending: Lending, loan_id: str, maker: Identity, checker: Identity) -> None:
    """Approved by rules that say yes to everything, so that the loan holds its balance."""
    with pytest.MonkeyPatch.context() as patched:
        stand_in(patched)
        await lending.check(loan_id, maker)
        await lending.approve(loan_id, checker)


async def as_the_peer(lending: Lending, monkeypatch: pytest.MonkeyPatch) -> Case:
    """The case that a peer judges in a preview."""
    rules = Rules()
    with monkeypatch.context() as patched:
        patched.setattr(loans, "reconcile", rules.reconcile)
        await lending.endorse(trade.EXIMBANK, "loans:preview", "L-1")
    (case,) = rules.cases
    return case


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds)
def test_the_desks_case_is_the_peers(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    async def compare() -> None:
        lending = await made(world)
        own = await read(Evaluating(lending), lending)
        peers = await as_the_peer(lending, monkeypatch)
        assert own == peers
        assert canonical_json(reconcile(own)) == canonical_json(reconcile(peers))
        if not world.approved:
            await compare_balances(lending, own)

    asyncio.run(compare())


async def compare_balances(lending: Lending, case: Case) -> None:
    """What the register answers of a declaration is what the rules go by, or both miss the same quotation."""
    assert len(case.declarations) == 2
    for serial in (1, 2):
        (declaration,) = [each.document for each in case.declarations if each.number == trade.number_of(serial)]
        try:
            ruled: Balance | str = balance_in(case, declaration)
        except Refused as refused:
            ruled = str(refused)
        try:
            answered: Balance | str = await lending.balance(serial)
        except Refused as refused:
            answered = str(refused)
        assert answered == ruled


async def applied() -> Lending:
    lending = await opened(1, 2)
    await lending.apply()
    return lending


async def test_the_desk_asks_each_channel_once_and_its_refusal_is_the_channels() -> None:
    lending = await applied()
    ledger = Evaluating(lending)
    await read(ledger, lending)
    assert ledger.asked == ORDER
    for failing in ORDER:
        with pytest.raises(Refused, match=f"^{failing} is refused$"):
            await read(Evaluating(lending, failing=failing), lending)


async def test_a_peer_asks_each_other_channel_once_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    lending = await applied()
    under_way: list[str] = []
    asked: list[str] = []
    invoke: Callable[..., Awaitable[object]] = crosschannel.ask

    async def watched(*arguments: object) -> object:
        assert not under_way, "a peer refuses a second cross-channel call under one transaction id"
        under_way.append(str(arguments[3]))
        asked.append(str(arguments[3]))
        answer = await invoke(*arguments)
        under_way.pop()
        return answer

    monkeypatch.setattr("eximledger_chaincode.contracts.loanbook.facts.ask", watched)
    await lending.endorse(trade.EXIMBANK, "loans:preview", "L-1")
    assert asked == ORDER[1:]
