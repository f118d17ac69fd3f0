"""The Gateway client at real peers: the behaviours that Fabric's own SDKs are held to, and what it adds to them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner
from tests.fabric.consortium import Members

from eximledger.cli import main
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger_chaincode.documents import Document, ExportDeclaration
from hlf_client import Checkpoint, Commit, Ledger, PreparedTransaction, Proposal, SubmittedTransaction
from hlf_client.errors import EndorsementFailed, InvalidDocument, LedgerUnavailable, NotAuthorized, NotFound
from hlf_client.gateway import (
    BlocksRequest,
    CommitQuery,
    Endpoint,
    EventsRequest,
    GatewayLedger,
    Profile,
    prepared_from,
    proposal_from,
)
from hlf_client.identity import CertificateAuthority, Identity, NodeRole, PrivateKeySigner, Subject, generate_key
from hlf_client.private import PrivateCall, submit_private
from hlf_network.engine.docker import Engine

pytestmark = pytest.mark.fabric

DONGYU = Path(__file__).resolve().parents[2] / "examples" / "dongyu"
EventT = TypeVar("EventT")
Open = Callable[..., GatewayLedger]


@pytest.fixture
def profile(members: Members) -> Callable[[str], Profile]:
    folder = members.network.layout.root / "profiles"
    return lambda organization: Profile.find(folder, organization)


@pytest.fixture
async def connect(profile: Callable[[str], Profile]) -> AsyncIterator[Open]:
    """Connects a member's user at its own peer; `chaincode`, `first` (an endpoint to be asked first)."""
    opened: list[GatewayLedger] = []

    def connected(name: str, chaincode: str = "exim", first: Endpoint | None = None) -> GatewayLedger:
        organization, _, user = name.partition("/")
        own = profile(organization)
        endpoints = [*([first] if first else []), *own.endpoints()]
        identity = own.identity(user or own.default_user)
        opened.append(GatewayLedger(endpoints, identity, chaincode=chaincode, channels=own.channel_names))
        return opened[-1]

    yield connected
    for ledger in opened:
        await ledger.close()


def declaration(number: int) -> ExportDeclaration:
    model = read(DONGYU / "customs" / "declarations-2026.csv").documents[0]
    assert isinstance(model, ExportDeclaration)
    return model.model_copy(update={"declaration_number": f"22482026011{number:07}"})


def invoice(number: str) -> Document:
    (found,) = read(DONGYU / "eximbank" / "invoice-DY-CI-260401-05.xml").documents
    return found.model_copy(update={"invoice_number": number})


def filing(paper: Document) -> dict[str, bytes]:
    """The transient map of a call that files a paper."""
    return dict(PrivateCall.of(paper.KIND, paper).transient)


async def file(customs: Ledger, paper: Document) -> Commit:
    """In one call that is made once."""
    return await submit_private(
        customs, "customs", "documents:put", paper.KIND, paper, endorsing_organizations=["CustomsMSP"]
    )


async def take(events: AsyncIterator[EventT], count: int) -> list[EventT]:
    found: list[EventT] = []
    async with asyncio.timeout(30), aclosing(events):  # type: ignore[type-var]  # an asynchronous generator
        async for event in events:
            found.append(event)
            if len(found) == count:
                break
    return found


async def learn_of(reader: GatewayLedger, channel: str, transaction_id: str) -> LoanDesk:
    """A desk at a peer that has the transaction; it may be a block behind the one that acknowledged it."""
    await reader.commit_status(SubmittedTransaction(transaction_id, channel, b""))
    return LoanDesk(reader)


async def test_a_submit_gives_its_result_and_changes_the_ledger(connect: Open) -> None:
    customs = connect("customs")
    paper = declaration(1)
    (filed,) = await LoanDesk(customs).file(paper)
    assert filed.entry.issuer == "CustomsMSP"
    desk = await learn_of(connect("safe"), "customs", filed.entry.transaction_id)
    assert (await desk.document("declaration", paper.number)).document == paper
    bank = await learn_of(connect("tradebank"), "customs", filed.entry.transaction_id)
    with pytest.raises(NotFound):  # no exporter has let it read that
        await bank.document("declaration", paper.number)


async def test_a_private_paper_travels_in_the_transient_map_and_only_members_read_it(connect: Open) -> None:
    paper = invoice("GW-PRIVATE-1")
    (filed,) = await LoanDesk(connect("eximbank")).file(paper)
    assert filed.entry.collection == "papers-EximbankMSP"
    for reader in ("eximbank/checker", "safe"):
        desk = await learn_of(connect(reader), "bank", filed.entry.transaction_id)
        assert (await desk.document("invoice", filed.entry.id, bank="EximbankMSP")).document == paper
    outsider = await learn_of(connect("tradebank"), "bank", filed.entry.transaction_id)
    with pytest.raises((NotAuthorized, NotFound)):
        await outsider.document("invoice", filed.entry.id, bank="EximbankMSP")


async def test_blocks_with_private_data_show_it_to_members_of_the_collection_only(connect: Open) -> None:
    bank = connect("eximbank")
    paper = invoice("GW-PRIVATE-2")
    start = (await bank.channel_info("bank")).height
    (filed,) = await LoanDesk(bank).file(paper)

    async def written(reader: str) -> set[str]:
        (event,) = await take(connect(reader).private_data_events("bank", start=start), 1)
        assert filed.entry.transaction_id in {each.transaction_id for each in event.block.transactions}
        return {write.collection for write in event.writes if write.transaction_id == filed.entry.transaction_id}

    assert await written("eximbank/checker") == {"papers-EximbankMSP"}
    assert await written("safe") == {"papers-EximbankMSP"}
    assert await written("tradebank") == set()


async def test_filtered_blocks_tell_ids_codes_and_names_of_events(connect: Open) -> None:
    customs = connect("customs")
    start = (await customs.channel_info("customs")).height
    (filed,) = await LoanDesk(customs).file(declaration(60))
    whole = await take(customs.block_events("customs", start=start), 1)
    (filtered,) = await take(connect("tradebank").filtered_block_events("customs", after=Checkpoint(start)), 1)
    assert filtered.number == whole[0].number == start
    assert [(each.transaction_id, each.code) for each in filtered.transactions] == [
        (each.transaction_id, each.code) for each in whole[0].transactions
    ]
    (transaction,) = [each for each in filtered.transactions if each.transaction_id == filed.entry.transaction_id]
    assert transaction.code == "VALID"
    assert [chaincode for chaincode, _ in transaction.events] == ["exim"]


NOPE = dict(PrivateCall.of("NOPE").transient)
BOTH = ("EximbankMSP", "SafeMSP")


async def test_a_contracts_error_is_typed_in_evaluate_and_in_submit(connect: Open) -> None:
    bank = connect("eximbank")
    for call in (bank.evaluate, bank.submit):
        with pytest.raises(NotFound, match="there is no loan NOPE"):
            await call("bank", "loans:check", transient=NOPE, endorsing_organizations=BOTH)


async def test_evaluate_asks_the_peer_of_the_organisation_that_is_named(connect: Open) -> None:
    bank = connect("eximbank")
    for organization in ("EximbankMSP", "TradebankMSP", "SafeMSP", "CustomsMSP"):
        assert await bank.evaluate("customs", "consortium:members", endorsing_organizations=[organization])


async def test_what_does_not_exist_is_said_so(connect: Open) -> None:
    with pytest.raises(EndorsementFailed, match="nowhere"):
        await connect("eximbank", chaincode="nowhere").evaluate("bank", "f")
    with pytest.raises(NotFound, match="has no channel no-such-channel: its profile names bank, customs, fx"):
        await connect("eximbank").evaluate("no-such-channel", "consortium:members")
    with pytest.raises(LedgerUnavailable):
        await connect("eximbank").submit("bank", "loans:check", transient=NOPE, endorsing_organizations=["NobodyMSP"])


async def test_an_identity_that_the_channel_does_not_know_is_refused(profile: Callable[[str], Profile]) -> None:
    key = generate_key()
    authority = CertificateAuthority.create(Subject("ca.nobody", "Nobody"))
    certificate = authority.enrol(Subject("maker", "Nobody", NodeRole.CLIENT), key.public_key())
    for msp_id in ("NobodyMSP", "EximbankMSP"):
        identity = Identity(msp_id, certificate, PrivateKeySigner(key))
        async with GatewayLedger(profile("eximbank").endpoints(), identity, chaincode="exim") as ledger:
            with pytest.raises(NotAuthorized):
                await ledger.evaluate("bank", "consortium:members")


async def test_every_stage_can_be_signed_elsewhere_and_none_goes_unsigned(connect: Open) -> None:
    here, elsewhere = connect("customs"), connect("customs")
    proposal = here.propose("customs", "documents:put", transient=filing(declaration(2)))
    with pytest.raises((NotAuthorized, EndorsementFailed)):
        await here.evaluate_proposal(proposal)
    signature = await elsewhere.sign(proposal.digest)
    prepared = await here.endorse(Proposal(proposal.content, proposal.transaction_id, "customs", signature=signature))
    signature = await elsewhere.sign(prepared.digest)
    rebuilt = PreparedTransaction(prepared.content, prepared.transaction_id, "customs", prepared.result, signature)
    submitted = await here.order(rebuilt)
    query = here.commit_query(submitted)
    with pytest.raises((NotAuthorized, EndorsementFailed)):
        await here.query_commit(query)
    signed = CommitQuery(query.content, query.transaction_id, "customs", await elsewhere.sign(query.digest))
    assert (await here.query_commit(signed)).is_valid


async def test_every_stage_is_rebuilt_from_its_bytes_alone(connect: Open) -> None:
    """Nothing but contents and signatures passes between who calls and who signs."""
    here, vault = connect("customs"), connect("customs")
    made = here.propose("customs", "documents:put", transient=filing(declaration(3)))
    proposal = proposal_from(made.content, signature=await vault.sign_content(made.content))
    endorsed = await here.endorse(proposal)
    assert "CustomsMSP" in endorsed.endorsing_organizations
    prepared = prepared_from(endorsed.content, signature=await vault.sign_content(endorsed.content))
    assert prepared.result == endorsed.result
    submitted = await here.order(prepared)
    asked = here.commit_query(submitted)
    query = CommitQuery.from_content(asked.content, signature=await vault.sign_content(asked.content))
    assert (await here.query_commit(query)).is_valid


async def test_events_and_blocks_are_asked_for_with_signatures_from_elsewhere(connect: Open) -> None:
    customs, vault = connect("customs"), connect("customs")
    start = (await customs.channel_info("customs")).height
    commit = await file(customs, declaration(4))
    offline = customs.offline
    wanted = offline.chaincode_events_request("customs", start=start)
    events = EventsRequest.from_content(wanted.content, signature=await vault.sign_content(wanted.content))
    assert (await take(offline.chaincode_events(events), 1))[0].transaction_id == commit.transaction_id
    asked = offline.block_events_request("customs", start=start)
    blocks = BlocksRequest.from_content(asked.content, signature=await vault.sign_content(asked.content))
    whole = await take(offline.block_events(blocks), 1)
    filtered = await take(offline.filtered_block_events(blocks), 1)
    private = await take(offline.private_data_events(blocks), 1)
    assert {whole[0].number, filtered[0].number, private[0].block.number} == {start}
    with pytest.raises((NotAuthorized, EndorsementFailed, InvalidDocument)):
        await take(offline.chaincode_events(wanted), 1)
    with pytest.raises(NotAuthorized):
        await take(offline.block_events(asked), 1)


async def test_a_request_without_a_place_hears_of_what_comes_next(connect: Open) -> None:
    customs = connect("customs")
    request = customs.offline.chaincode_events_request("customs")
    signed = request.signed(await customs.sign_content(request.content))
    hearing = asyncio.create_task(take(customs.offline.chaincode_events(signed), 1))
    async with asyncio.timeout(30):
        for number in range(70, 90):  # until the listener is there
            await file(customs, declaration(number))
            if hearing.done():
                break
    assert (await hearing)[0].channel == "customs"


async def test_errors_name_the_transaction_the_status_and_every_peer(connect: Open) -> None:
    bank = connect("eximbank")
    for call in (bank.evaluate, bank.submit):
        with pytest.raises(NotFound) as caught:
            await call("bank", "loans:check", transient=NOPE, endorsing_organizations=BOTH)
        assert len(caught.value.transaction_id) == 64
        assert caught.value.grpc_code in {"UNKNOWN", "ABORTED"}
        assert caught.value.peers
        assert all("there is no loan NOPE" in peer.message for peer in caught.value.peers)
        assert all(peer.address and peer.msp_id for peer in caught.value.peers)


def test_the_ledger_commands_work_on_a_profile(members: Members) -> None:
    folder = members.network.layout.root / "profiles"
    for arguments in (("ledger", "info"), ("ledger", "verify")):
        answer = CliRunner().invoke(main, [*arguments, "--ledger", str(folder / "safe.yaml"), "--json"])
        assert answer.exit_code == 0, answer.output
        assert {each.get("name") or each["channel"] for each in json.loads(answer.stdout)["channels"]} == {
            "bank", "customs", "fx",
        }  # fmt: skip


async def test_events_are_replayed_and_go_on_after_a_checkpoint(connect: Open) -> None:
    customs, bank = connect("customs"), connect("eximbank")
    start = (await customs.channel_info("customs")).height
    for number in range(10, 14):
        await file(customs, declaration(number))
    events = await take(bank.chaincode_events("customs", start=start), 4)
    assert len({event.transaction_id for event in events}) == 4
    rest = await take(bank.chaincode_events("customs", after=events[1].checkpoint), 2)
    assert rest == events[2:]
    last = await take(bank.chaincode_events("customs", after=Checkpoint(events[3].block_number)), 1)
    assert last[0].block_number == events[3].block_number


async def test_a_listener_hears_of_what_comes_and_another_is_closed_meanwhile(connect: Open) -> None:
    customs, safe = connect("customs"), connect("safe")
    start = (await customs.channel_info("customs")).height
    one, other = safe.chaincode_events("customs", start=start), safe.chaincode_events("customs", start=start)
    hearing = asyncio.create_task(take(other, 2))
    commit = await file(customs, declaration(20))
    assert (await take(one, 1))[0].transaction_id == commit.transaction_id
    await file(customs, declaration(21))
    assert len(await hearing) == 2


async def test_blocks_are_chained_by_the_hashes_that_are_computed_here(connect: Open) -> None:
    safe = connect("safe")
    info = await safe.channel_info("fx")
    found = await take(safe.block_events("fx", start=0), info.height)
    assert found[0].previous_hash == ""
    assert all(later.previous_hash == earlier.hash for earlier, later in pairwise(found))
    assert found[-1].hash == info.last_hash
    codes = {transaction.code for block in found for transaction in block.transactions}
    assert "VALID" in codes
    again = await take(safe.block_events("fx", after=found[1].checkpoint), 1)
    assert again[0] == found[2]


async def test_a_gateway_that_is_away_is_passed_over(connect: Open) -> None:
    bank = connect("eximbank", first=Endpoint("127.0.0.1:1", roots=b"", name="nobody"))
    assert await bank.evaluate("bank", "consortium:members")


async def test_the_outcome_is_known_after_the_gateway_restarted_in_the_middle(members: Members, connect: Open) -> None:
    """Submits while their own peer is restarted: each is either answered, or its fate can be asked for afterwards."""
    customs, owner = connect("customs"), members.network.consortium.organization("customs")
    papers = [declaration(number) for number in range(100, 130)]
    container = f"{members.network.consortium.name}-{owner.peers[0].name}.{owner.name}"
    engine = Engine.connect(members.network.consortium.name)
    try:
        unknown, done = await _file_while(engine, container, customs, papers)
    finally:
        engine.close()
    assert done
    assert all(len(transaction_id) == 64 for transaction_id in unknown)
    filed = await LoanDesk(customs).file(papers)  # again: written once each, whatever became of the first try
    assert [(one.entry.version, one.entry.issuer) for one in filed] == [(1, "CustomsMSP")] * len(papers)


async def _file_while(
    engine: Engine, container: str, customs: GatewayLedger, papers: list[ExportDeclaration]
) -> tuple[list[str], int]:
    unknown: list[str] = []
    done = 0
    restarting = asyncio.create_task(asyncio.to_thread(engine.client.containers.get(container).restart, timeout=1))
    for paper in papers:
        try:
            await file(customs, paper)
            done += 1
        except LedgerUnavailable as error:
            if "transaction_id" in error.details:
                unknown.append(error.details["transaction_id"])
            await asyncio.sleep(0.1)  # a bank's backend would wait, too
        except EndorsementFailed:
            await asyncio.sleep(0.1)
    await restarting
    async with asyncio.timeout(60):
        while True:
            try:
                await file(customs, papers[0])
                return unknown, done + 1
            except (LedgerUnavailable, EndorsementFailed):
                await asyncio.sleep(0.2)
