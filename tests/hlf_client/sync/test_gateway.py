"""The Gateway without asyncio: from threads, for keys that sign elsewhere, and in forked workers."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("grpc", reason="needs the extra `fabric`")

from tests.eximledger.bank import bank_maker
from tests.hlf_client.gateway.fake import FakePeer
from tests.hlf_client.gateway.test_listening import BLOCKS, NAMES, block

from eximledger.sync import Ledger
from hlf_client import Ledger as AsyncLedger
from hlf_client.errors import LedgerUnavailable
from hlf_client.gateway import CommitQuery, Timeouts, prepared_from, proposal_from
from hlf_client.gateway import GatewayLedger as AsyncGatewayLedger
from hlf_client.gateway import OfflineListening as AsyncOfflineListening
from hlf_client.identity import Identity, PrivateKeySigner
from hlf_client.sync._loop import wait_for
from hlf_client.sync.gateway import GatewayLedger, OfflineListening


@pytest.fixture
def identity() -> Identity:
    return bank_maker()


@pytest.fixture
def peer() -> Iterator[FakePeer]:
    """A gateway peer on the background loop."""
    found = wait_for(FakePeer.start())
    yield found
    wait_for(found.stop())


@pytest.fixture
def ledger(peer: FakePeer, identity: Identity) -> Iterator[GatewayLedger]:
    with GatewayLedger(AsyncGatewayLedger([peer.endpoint], identity, chaincode="exim")) as ledger:
        yield ledger


def parameters(function: Callable[..., object]) -> list[tuple[str, object, object, object]]:
    found = inspect.signature(function).parameters.values()
    return [(one.name, one.kind, one.default, one.annotation) for one in found]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [(Ledger, AsyncLedger), (GatewayLedger, AsyncGatewayLedger), (OfflineListening, AsyncOfflineListening)],
)
def test_every_method_is_there_with_its_parameters(mine: type, theirs: type) -> None:
    names = {name for name in vars(theirs) if not name.startswith("_") and name != "close"}
    assert names <= set(dir(mine))
    for name in sorted(names):
        if inspect.isfunction(found := getattr(theirs, name)):
            assert parameters(getattr(mine, name)) == parameters(found), name


def test_many_threads_use_one_connection(ledger: GatewayLedger, peer: FakePeer) -> None:
    def work(number: int) -> str:
        assert ledger.with_timeouts(evaluate=60).evaluate("fx", "f", str(number)) == b"answer"
        return ledger.submit("fx", "f", str(number)).transaction_id

    with ThreadPoolExecutor(16) as pool:
        ids = set(pool.map(work, range(100)))
    assert len(ids) == 100
    assert {each.transaction_id for each in peer.calls("Submit")} == ids


def test_stages_are_signed_elsewhere(ledger: GatewayLedger, peer: FakePeer, identity: Identity) -> None:
    signer = identity.signer
    assert isinstance(signer, PrivateKeySigner)

    def vault(content: bytes) -> bytes:
        return signer.sign(hashlib.sha256(content).digest())

    keyless = GatewayLedger(
        AsyncGatewayLedger([peer.endpoint], Identity(identity.msp_id, identity.certificate), chaincode="exim")
    )
    made = keyless.propose("fx", "f")
    proposal = proposal_from(made.content, signature=vault(made.content))
    assert keyless.evaluate_proposal(proposal) == b"answer"
    endorsed = keyless.endorse(proposal)
    submitted = keyless.order(prepared_from(endorsed.content, signature=vault(endorsed.content)))
    asked = keyless.commit_query(submitted)
    assert keyless.query_commit(CommitQuery.from_content(asked.content, signature=vault(asked.content))).is_valid
    assert ledger.commit_status(submitted).is_valid
    assert ledger.timeouts == Timeouts()
    peer.events = BLOCKS
    request = keyless.offline.chaincode_events_request("fx", start=3)
    events = keyless.offline.chaincode_events(request.signed(vault(request.content)))
    assert [next(events).name for _ in NAMES] == NAMES
    events.close()
    keyless.close()


def test_blocks_of_every_kind_are_iterated(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.blocks = [block(number, b"\x00") for number in range(4)]
    request = ledger.offline.block_events_request("fx", start=1)
    signed = request.signed(ledger.sign_content(request.content))
    for blocks in (ledger.block_events("fx", start=1), ledger.offline.block_events(signed)):
        assert [next(blocks).number for _ in range(3)] == [1, 2, 3]
        blocks.close()
    for filtered in (ledger.filtered_block_events("fx", start=1), ledger.offline.filtered_block_events(signed)):
        assert [next(filtered).number for _ in range(3)] == [1, 2, 3]
        filtered.close()
    for private in (ledger.private_data_events("fx", start=1), ledger.offline.private_data_events(signed)):
        assert [next(private).block.number for _ in range(3)] == [1, 2, 3]
        private.close()


@pytest.fixture
async def other_peer() -> AsyncIterator[FakePeer]:
    peer = await FakePeer.start()
    yield peer
    await peer.stop()


PROGRAM = """
import os, sys
from hlf_client.errors import LedgerUnavailable
from hlf_client.identity import Identity, PrivateKeySigner
from hlf_client.gateway import Endpoint, GatewayLedger as Async
from hlf_client.sync.gateway import GatewayLedger
from hlf_client.identity import CertificateAuthority, NodeRole, PrivateKeySigner, Subject, generate_key

key = generate_key()
authority = CertificateAuthority.create(Subject("ca.bank.test", "Bank"))
certificate = authority.enrol(Subject("maker", "Bank", NodeRole.CLIENT), key.public_key())
identity = Identity("BankMSP", certificate, PrivateKeySigner(key))
ledger = GatewayLedger(Async([Endpoint(sys.argv[1])], identity, chaincode="exim"))
if sys.argv[2] == "late":
    ledger.evaluate("fx", "f")
child = os.fork()
if child == 0:
    try:
        ledger.evaluate("fx", "f")
        os._exit(7)
    except LedgerUnavailable as error:
        os._exit(8 if "forked" in str(error) else 9)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
ledger.evaluate("fx", "f")
sys.exit(status)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize(("when", "status"), [("early", 7), ("late", 8)])
async def test_a_forked_worker_calls_unless_its_parent_has_called_before(
    other_peer: FakePeer, when: str, status: int
) -> None:
    """gRPC does not survive the fork; that is said, where otherwise the worker would crash."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-c", PROGRAM, f"127.0.0.1:{other_peer.port}", when,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await asyncio.wait_for(process.wait(), 60) == status


def test_an_error_names_the_transaction_from_a_thread_too(ledger: GatewayLedger, peer: FakePeer) -> None:
    peer.hangs_in = "Evaluate"
    with pytest.raises(LedgerUnavailable) as caught:
        ledger.with_timeouts(evaluate=0.2).evaluate("fx", "f")
    assert caught.value.transaction_id == peer.calls("Evaluate")[0].transaction_id
