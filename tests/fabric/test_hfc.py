"""fabric-sdk-py's worker at real peers: the desk through it, and what is known after it was killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
from tests.conformance.hfc import hfc_environment
from tests.fabric.consortium import Members
from tests.fabric.settling import until_level
from tests.fabric.test_gateway import declaration, file, filing, invoice

from eximledger import connect as connect_by_url
from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import ExportDeclaration
from hlf_client import Commit, PreparedTransaction, SubmittedTransaction
from hlf_client.errors import CommitFailed, LedgerUnavailable, NotAuthorized, NotFound
from hlf_client.gateway import Profile, Timeouts
from hlf_client.hfc import Environment, HfcLedger
from hlf_client.hfc._pipe import Answer, Pipe

pytestmark = pytest.mark.fabric

Open = Callable[[str], HfcLedger]


@pytest.fixture(scope="module")
def environment(request: pytest.FixtureRequest) -> Environment:
    return hfc_environment(request.config)


@pytest.fixture
async def connect(members: Members, environment: Environment) -> AsyncIterator[Open]:
    opened: list[HfcLedger] = []
    folder = members.network.layout.root / "profiles"

    def connected(name: str) -> HfcLedger:
        organization, _, user = name.partition("/")
        profile = Profile.find(folder, organization)
        who = profile.identity(user or profile.default_user)
        opened.append(HfcLedger(profile, who, environment=environment, timeouts=Timeouts(commit=10), chaincode="exim"))
        return opened[-1]

    yield connected
    for ledger in opened:
        await ledger.close()


def worker_pids() -> list[int]:
    """The workers among this process's children."""
    children = [
        int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()
    ]
    return [pid for pid in children if b"hfc/worker.py" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def test_the_desk_files_and_reads_papers_open_and_private(connect: Open) -> None:
    paper, private = declaration(501), invoice("HFC-PRIVATE-1")
    customs, safe, bank = connect("customs"), connect("safe"), connect("eximbank")
    await LoanDesk(customs).file(paper)
    await until_level(safe, customs, "customs")
    assert (await LoanDesk(safe).document("declaration", paper.number)).document == paper
    (filed,) = await LoanDesk(bank).file(private)
    await until_level(safe, bank, "bank")
    read = await LoanDesk(safe).document("invoice", filed.entry.id, bank="EximbankMSP")
    assert read.document == private
    with pytest.raises(NotAuthorized):
        await LoanDesk(connect("tradebank")).document("invoice", filed.entry.id, bank="EximbankMSP")
    assert len(worker_pids()) == 1  # which all of them share


async def test_a_url_opens_it(members: Members, environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXIM_HFC_HOME", str(environment.folder))
    async with connect_by_url(f"hfc:{members.network.layout.root / 'profiles'}", "eximbank/checker") as ledger:
        assert isinstance(ledger, HfcLedger)
        found = json.loads(await ledger.evaluate("bank", "consortium:members"))
    assert "EximbankMSP" in {each["msp_id"] for each in found}
    assert not worker_pids()


async def test_the_signing_key_never_crosses_the_pipe(
    connect: Open, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    crossed: list[str] = []
    call = Pipe.call

    async def noting(self: Pipe, verb: str, values: Mapping[str, object]) -> Answer:
        crossed.append(repr(values))
        return await call(self, verb, values)

    monkeypatch.setattr(Pipe, "call", noting)
    await LoanDesk(connect("customs")).file(declaration(502))
    key = members.network.layout.root / "organizations/customs/users/officer/msp/keystore/key.pem"
    lines = [line for line in key.read_text().splitlines() if not line.startswith("-")]
    assert crossed
    assert lines
    assert not any(line in text for line in lines for text in crossed)


async def test_after_the_worker_was_killed_every_transactions_fate_is_known(connect: Open) -> None:
    customs = connect("customs")
    await LoanDesk(customs).file(declaration(510))
    papers = [declaration(number) for number in range(511, 523)]
    calls = [asyncio.create_task(file(customs, paper)) for paper in papers]
    await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    for pid in worker_pids():
        os.kill(pid, signal.SIGKILL)
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in outcomes:
        known = isinstance(outcome, LedgerUnavailable | CommitFailed)  # one exporter's month is one sum: some conflict
        assert known or not isinstance(outcome, BaseException), outcome
    fates = await asyncio.gather(*(is_committed(customs, outcome) for outcome in outcomes))
    assert fates == [await is_filed(customs, paper) for paper in papers]


async def is_committed(ledger: HfcLedger, outcome: Commit | BaseException) -> bool:
    """By what the call answered or, where it could not tell, by the transaction that it named."""
    if isinstance(outcome, Commit | CommitFailed):
        return isinstance(outcome, Commit)
    assert isinstance(outcome, LedgerUnavailable)
    name = outcome.details["transaction_id"]
    try:
        return (await ledger.commit_status(SubmittedTransaction(name, "customs", b""))).is_valid
    except LedgerUnavailable:
        return False


async def is_filed(ledger: HfcLedger, paper: ExportDeclaration) -> bool:
    try:
        await LoanDesk(ledger).document("declaration", paper.number)
    except NotFound:
        return False
    return True


async def test_who_waits_for_a_commit_outlives_the_worker(connect: Open) -> None:
    customs, safe = connect("customs"), connect("safe")
    known = await file(customs, declaration(529))
    await safe.commit_status(SubmittedTransaction(known.transaction_id, "customs", b""))
    proposal = customs.propose("customs", "documents:put", transient=filing(declaration(530)))
    prepared = await customs.endorse(proposal.signed(await customs.sign(proposal.digest)))
    submitted = SubmittedTransaction(prepared.transaction_id, prepared.channel, prepared.result)
    waiting = asyncio.create_task(safe.commit_status(submitted))
    await asyncio.sleep(0)
    for pid in worker_pids():
        os.kill(pid, signal.SIGKILL)
    await ordered(customs, prepared.signed(await customs.sign(prepared.digest)))
    assert (await waiting).is_valid


async def ordered(ledger: HfcLedger, transaction: PreparedTransaction) -> None:
    """Hand it in again while it meets a worker that is not yet known to be dead: that is harmless."""
    async with asyncio.timeout(30):
        while True:
            try:
                await ledger.order(transaction)
                return
            except LedgerUnavailable as error:
                assert error.details["transaction_id"] == transaction.transaction_id  # noqa: PT017 - then on
