"""The graph of channels: bank asks customs and fx, fx may ask customs, and nothing is ever asked back.

A peer holds its channel's lock while a chaincode reads another channel; reads in both directions deadlock with commits
that wait. So the calls are looked at twice: in the source, wherever a contract asks (`ask`, `Question`,
`invoke_chaincode`), and as they happen, when every function of every contract runs on a ledger that writes them down.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import ClassVar, TypeAlias

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.listing import Edition, entry, party
from tests.eximledger_chaincode.contracts.packing import CREDIT, bill, packing
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, MEMBERS, OFFICER, RISK, SAFE
from tests.eximledger_chaincode.contracts.vaults import opaque
from tests.eximledger_chaincode.lending.consent.issuing import (
    EXPORTER,
    ROOT,
    authorisation,
    signed,
    signed_revocation,
)
from tests.hlf_chaincode import memory_peer

import eximledger_chaincode.contracts
from eximledger_chaincode.contracts import BANK, CUSTOMS, FX, exim
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.keys import loan_key
from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.documents import LegalForce, Money, compared_number
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.screening.hits import Clearing
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.verdict import Verdict
from eximledger_chaincode.rules.sanctions import CLEARING
from hlf_chaincode.contract import Chaincode, Context, Contract, query
from hlf_chaincode.peer import Response
from hlf_chaincode.stub import LedgerStub

ORDER = (BANK, CUSTOMS, FX)
"""In which every function asks: first its own channel, then customs, then fx."""
ALLOWED = {(BANK, CUSTOMS), (BANK, FX), (FX, CUSTOMS)}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: a function, on its channel, in one transaction."""

    channel: str
    function: str
    transaction: str


@dataclass(slots=True)
class Recorder:
    """Writes down, for each call, from which channel which others were asked, in turn."""

    asked: dict[Asking, list[str]] = field(default_factory=dict)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = memory_peer.MemoryPeer.invoke_chaincode

        async def watched(
            peer: memory_peer.MemoryPeer, chaincode: str, arguments: Sequence[bytes], channel: str
        ) -> Response:
            transaction = peer._transaction
            asking = Asking(transaction.channel, transaction.arguments[0].decode(), transaction.id)
            self.asked.setdefault(asking, []).append(channel)
            return await genuine(peer, chaincode, arguments, channel)

        monkeypatch.setattr(memory_peer.MemoryPeer, "invoke_chaincode", watched)

    @property
    def edges(self) -> set[tuple[str, str]]:
        return {(asking.channel, other) for asking, others in self.asked.items() for other in others}


def require_acyclic(edges: set[tuple[str, str]]) -> None:
    """Raises `CycleError` where reads go round, `AssertionError` for an edge that nobody has thought about."""
    graph: dict[str, set[str]] = {}
    for own, other in edges:
        graph.setdefault(own, set()).add(other)
    TopologicalSorter(graph).prepare()
    assert edges <= ALLOWED


def require_in_order(asked: Mapping[Asking, list[str]]) -> None:
    """Every function asks the channels in one order, so that two of them never wait for each other crosswise."""
    for asking, others in asked.items():
        assert others == sorted(others, key=ORDER.index), asking


# -- in the source -----------------------------------------------------------------------------------------------------

_CHANNELS = {"BANK": BANK, "CUSTOMS": CUSTOMS, "FX": FX}
_FROM_BANK = {"loanbook/facts.py", "register/balance.py", "register/positions.py", "casefile/reading.py"}
"""Modules that ask; what is in them runs on the bank channel (`require_channel`)."""
_FROM_FX = {"papers/consents.py", "papers/pulling.py", "papers/currency.py"}
"""Modules that ask customs, where they do not run on its channel: what consent allows, and whose a declaration is."""
_PLACE = {"ask": 2, "Question": 1}
"""Which argument names the channel."""


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def sources() -> Iterator[tuple[str, ast.Module]]:
    root = Path(eximledger_chaincode.contracts.__file__).parent
    for path in sorted(root.rglob("*.py")):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def asks(tree: ast.Module) -> Iterator[tuple[str, list[ast.expr]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in {*_PLACE, "invoke_chaincode"}:
            yield _called(node), node.args


def test_the_bank_channel_asks_customs_and_fx_and_fx_asks_customs_alone() -> None:
    asking: dict[str, set[str]] = {}
    for name, tree in sources():
        for called, arguments in asks(tree):
            if called == "invoke_chaincode":
                assert name == "state/crosschannel.py", "channels are asked through `ask` alone"
                continue
            place = _PLACE[called]
            if called == "ask" and len(arguments) <= place:
                continue  # an `Asker`'s, whose question was looked at where it is made
            target = arguments[place]
            if isinstance(target, ast.Attribute):  # `question.channel`
                continue
            assert isinstance(target, ast.Name)
            asking.setdefault(name, set()).add(_CHANNELS[target.id])
    assert asking == {
        "casefile/reading.py": {CUSTOMS, FX},
        "loanbook/receipts.py": {FX},
        "register/balance.py": {CUSTOMS, FX},
        "register/positions.py": {CUSTOMS},
        **{name: {CUSTOMS} for name in _FROM_FX},
    }


def test_contracts_that_live_elsewhere_import_nothing_that_asks() -> None:
    """These are served on customs and fx, too; but for the modules that ask customs, from fx."""
    elsewhere = {"authorisations.py", "consortium.py", "copies.py", "documents.py", "watch.py"}
    for name, tree in sources():
        if (name in elsewhere or name.startswith(("papers/", "state/"))) and name not in _FROM_FX:
            imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            asking = {f"eximledger_chaincode.contracts.{each[:-3].replace('/', '.')}" for each in _FROM_BANK}
            crossing = {"eximledger_chaincode.contracts.state.crosschannel"}
            assert not imported & (asking | crossing), name


# -- as they happen ----------------------------------------------------------------------------------------------------


async def run_everything(lending: Lending) -> None:
    """Every function of every contract at least once, to its end."""
    ledger = lending.ledger
    policy = trade.policy(tenor_max_days=170)
    since, until, uscc = date(2026, 1, 1), date(2026, 12, 31), trade.DONGYU.uscc
    numbers = [trade.number_of(1)]
    named = {"currencies": ["USD"], "days": [since], "subjects": [], "foreign": [], "least": 88}
    await lending.file(trade.receipt("R-9", serial=None))
    await lending.apply(trade.application(receipts=("R-9",)))
    await lending.check()
    lending.ledger.commit(await lending.decision())
    await lending.take(Step.DISBURSEMENT)
    await lending.take(Step.REPAYMENT)
    for loan_id in ("L-4", "L-5"):
        await lending.apply(trade.application(loan_id, occupied="1.00", amount="1.00"))
        await lending.check(loan_id)
        lending.ledger.commit(await lending.decision(loan_id))
    await lending.take(Step.DISBURSEMENT, "L-4", amount=Money.of("1.00", "CNY"))
    await lending.file(CREDIT.model_copy(update={"contract_numbers": ()}))
    await lending.apply(packing("L-6"))
    await lending.check("L-6")
    lending.ledger.commit(await lending.decision("L-6"))
    await lending.take(Step.DISBURSEMENT, "L-6", amount=Money.of("30000.00", "USD"), conditions=())
    for loan_id, who, step in (("L-2", CHECKER, "reject"), ("L-3", EXIMBANK, "refer"), ("L-3", EXIMBANK, "withdraw")):
        await lending.apply(trade.application(loan_id))
        await lending.loan(who, step, loan_id, "so it is")
    queries: list[tuple[str, str, tuple[object, ...]]] = [
        *((BANK, f"loans:{name}", ("L-1",)) for name in ("preview", "get", "history", "facts", "offered")),
        (BANK, "loans:preview_bill", ("L-6", bill())),
        (BANK, "loans:named", (opaque(ledger, BANK, "papers-EximbankMSP", loan_key("L-1")),)),
        (BANK, "register:usage", ("EximbankMSP",)),
        (CUSTOMS, "documents:seals", (numbers,)),
        (FX, "documents:receipts_for", (uscc, numbers, [])),
        (CUSTOMS, "copies:owned", (uscc, numbers)),
        (CUSTOMS, "authorisations:standing", ([(uscc, "EximbankMSP", "receipts")],)),
        (CUSTOMS, "authorisations:book", (uscc,)),
        (BANK, "loans:version", ("L-1", 1)),
        (BANK, "loans:step", ("L-1", 1)),
        (BANK, "loans:written", ("L-1", 1)),
        (BANK, "loans:list", ()),
        (BANK, "financing:balance", (numbers[0],)),
        (BANK, "policies:book", ()),
        (BANK, "calendar:day", ()),
        (CUSTOMS, "documents:customs_facts", (numbers, uscc, since, until)),
        (FX, "documents:fx_facts", (uscc, numbers, [compared_number("INV-1")], ["R-9"], since, until)),
        (FX, "documents:fx_case", (uscc, numbers, [compared_number("INV-1")], ["R-9"], since, until, named)),
        (FX, "documents:rates", ([("USD", "2026-09-01")],)),
        *((CUSTOMS, f"documents:{name}", ("declaration", numbers[0])) for name in ("get", "find", "history")),
        (CUSTOMS, "documents:get_many", ("declaration", numbers)),
        (BANK, "documents:list", ("invoice",)),
        (BANK, "documents:attachments", ("invoice", trade.invoice(1).id)),
        (FX, "documents:list", ("receipt", uscc)),
        *(
            (channel, f"consortium:{name}", ())
            for channel in ORDER
            for name in ("members", "floors", "voters", "ballots")
        ),
    ]
    for channel, function, arguments in queries:
        await ledger.evaluate(EXIMBANK, channel, function, *arguments)
    for channel, function, arguments in (
        (CUSTOMS, "copies:recipients", (numbers,)),
        (CUSTOMS, "authorisations:list", ()),
        (BANK, "register:generations", ()),
        (BANK, "supervision:papers", ("EximbankMSP",)),
        (BANK, "supervision:balances", (numbers,)),
        (BANK, "supervision:usage", ("EximbankMSP", [])),
        (CUSTOMS, "supervision:kept", ([(uscc, "EximbankMSP")],)),
        (BANK, "register:pairs", ("EximbankMSP", ["L-1"])),
    ):
        await ledger.evaluate(SAFE, channel, function, *arguments)
    await run_consent(ledger, numbers)
    await run_lists(ledger)
    submits: list[tuple[memory_peer.Identity, str, str, tuple[object, ...]]] = [
        (EXIMBANK, BANK, "policies:propose", (policy,)),
        (EXIMBANK, BANK, "documents:attach", ("invoice", trade.invoice(1).id, trade.SCAN)),
        (RISK, BANK, "policies:confirm", (policy_hash(policy),)),
        (SAFE, BANK, "calendar:open", (trade.APPLIED,)),
        (OFFICER, CUSTOMS, "documents:put_many", ("declaration", [trade.declaration(8)])),
        (SAFE, FX, "documents:put", ("receipt", trade.receipt("R-10"))),
        (SAFE, FX, "documents:put_many", ("rate", [trade.rate(cny="700.00")])),
        (SAFE, CUSTOMS, "copies:begin", ()),
        (SAFE, CUSTOMS, "authorisations:open", (trade.APPLIED,)),
        (SAFE, BANK, "register:rotate", ()),
        (SAFE, BANK, "calendar:open", (trade.APPLIED, 2)),
        (SAFE, BANK, "register:rekey", ({"generation": 2},)),
        (SAFE, BANK, "register:retire", ()),
        *((SAFE, channel, "consortium:configure", (MEMBERS[:3],)) for channel in ORDER),
    ]
    for who, channel, function, arguments in submits:
        await ledger.submit(who, channel, function, *arguments)
    lending.later(days=(trade.application().matures_on - lending.day).days + 1)
    await lending.loan(EXIMBANK, "mark_overdue", "L-4")
    await lending.match("L-5")
    await lending.loan(EXIMBANK, "lapse", "L-5")


async def run_consent(ledger: memory_peer.MemoryLedger, numbers: list[str]) -> None:
    """What exporters allow and take back, and what becomes of copies."""
    exporters = [
        each | ({"exporters_authority": [ROOT.pem]} if each["role"] == "fx-bureau" else {}) for each in MEMBERS
    ]
    for voter in (SAFE, EXIMBANK, OFFICER):
        await ledger.submit(voter, CUSTOMS, "consortium:configure", exporters, trade.FLOORS)
    await ledger.submit(EXIMBANK, CUSTOMS, "authorisations:authorise", signed(authorisation(bank="EximbankMSP")))
    await ledger.submit(EXIMBANK, CUSTOMS, "authorisations:revoke", signed_revocation())
    for channel in (CUSTOMS, FX):
        await ledger.submit(EXIMBANK, channel, "copies:keep", trade.DONGYU.uscc, numbers)
        await ledger.submit(EXIMBANK, channel, "copies:purge", EXPORTER, "EximbankMSP")


async def run_lists(ledger: memory_peer.MemoryLedger) -> None:
    """Watch lists of SAFE's and of a bank's own; a hit, cleared; a loan held against them."""
    named = entry("Q-1", trade.BUYER.name)
    await Edition.of(named).file(ledger)
    await Edition.of(named, edition="2").file(ledger)
    await ledger.submit(SAFE, FX, "watch:discard", Edition.of(named).filing, 0)
    await Edition.of(named, own=True, force=LegalForce.INTERNAL).file(ledger, EXIMBANK)
    subject = party(trade.BUYER.name, country="DE")
    for channel, function, arguments in (
        (FX, "watch:lists", ()),
        (FX, "watch:entry", ("UN-SC", "Q-1")),
        (FX, "watch:listed", ([subject], [], 88)),
        (BANK, "watch:own", ([subject], [], 88)),
        (BANK, "screening:recorded", (["L-1"],)),
    ):
        await ledger.evaluate(EXIMBANK, channel, function, *arguments)
    verdict = Verdict.model_validate(await ledger.evaluate(EXIMBANK, BANK, "loans:preview", "L-1"))
    hit = next(each.value for one in verdict.findings for each in one.statements if each.field == CLEARING)
    clearing = Clearing.model_validate(await ledger.submit(EXIMBANK, BANK, "screening:propose", "L-1", hit, "no"))
    await ledger.submit(CHECKER, BANK, "screening:confirm", clearing.hit.subject, clearing.sha256)
    await ledger.submit(EXIMBANK, BANK, "screening:record", "L-1")


async def test_as_they_run_all_functions_ask_one_way_and_in_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    recorder.watch(monkeypatch)
    ran: set[str] = set()
    genuine = Chaincode.invoke

    async def counted(chaincode: Chaincode, stub: LedgerStub) -> Response:
        response = await genuine(chaincode, stub)
        if response.status == 200:
            ran.add(stub.transaction.arguments[0].decode())
        return response

    monkeypatch.setattr(Chaincode, "invoke", counted)
    await run_everything(await opened(1))
    declared = {f"{name}:{each}" for name, contract in exim().contracts.items() for each in contract.functions}
    assert ran == declared, "a function that this test does not run"
    assert recorder.edges == ALLOWED
    require_acyclic(recorder.edges)
    require_in_order(recorder.asked)
    assert {asking.function for asking in recorder.asked} == {
        "loans:check", "loans:preview", "loans:preview_bill", "loans:approve", "loans:confirm", "loans:facts",
        "loans:offered", "financing:balance",
        "supervision:balances",
        "screening:propose", "screening:record",
        "copies:exchange", "copies:purge", "documents:put",
        "documents:fx_facts", "documents:fx_case",  # on fx, of customs
    }  # fmt: skip


# -- and it can fail ---------------------------------------------------------------------------------------------------


Members: TypeAlias = list[Member]


class BackwardsContract(Contract):
    """What nobody may add: fx that asks bank."""

    name: ClassVar[str] = "backwards"

    @query
    async def held(self, context: Context) -> list[str]:
        """Asks the bank channel from fx."""
        await ask(context, Members, BANK, "consortium:members")
        return []

    @query
    async def crosswise(self, context: Context) -> list[str]:
        """Asks fx before customs."""
        for channel in (FX, CUSTOMS):
            await ask(context, Members, channel, "consortium:members")
        return []


@pytest.mark.parametrize(
    ("channel", "function", "caught"),
    [
        (FX, "held", lambda recorder: require_acyclic(recorder.edges)),
        (BANK, "crosswise", lambda recorder: require_in_order(recorder.asked)),
    ],
    ids=["fx asks bank", "fx before customs"],
)
async def test_a_function_that_asks_back_is_caught(
    monkeypatch: pytest.MonkeyPatch, channel: str, function: str, caught: Callable[[Recorder], None]
) -> None:
    lending = await opened(1)
    lending.ledger.chaincode = Chaincode("exim", [*exim().contracts.values(), BackwardsContract()])
    recorder = Recorder()
    recorder.watch(monkeypatch)
    await lending.balance()
    require_acyclic(recorder.edges)
    require_in_order(recorder.asked)
    await lending.ledger.evaluate(SAFE, channel, f"backwards:{function}")
    with pytest.raises((AssertionError, ValueError)):
        caught(recorder)


def test_a_circle_is_named() -> None:
    with pytest.raises(ValueError, match="cycle"):
        require_acyclic({(BANK, FX), (FX, BANK)})
    with pytest.raises(AssertionError):
        require_acyclic({(CUSTOMS, FX)})
