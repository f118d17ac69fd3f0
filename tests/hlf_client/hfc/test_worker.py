"""The worker's own program, with an hfc of a few lines in place of the real one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hlf_client.errors import FabricError, LedgerUnavailable, NotAuthorized, PeerRefusal
from hlf_client.gateway import Endpoint
from hlf_client.hfc import worker as program
from hlf_client.hfc._errors import Refused, is_away, of_refusal, of_request
from hlf_client.hfc._pipe import Pipe, RequestFailed
from hlf_client.hfc._wire import Node, Signed, Wire

HFC = {
    "hfc/__init__.py": 'print("a greeting where frames go")',
    "hfc/fabric/__init__.py": "",
    "hfc/fabric/orderer.py": "class Orderer: pass",
    "hfc/fabric/peer.py": """
import asyncio, enum, os
class Code(enum.Enum):
    UNAVAILABLE = 14
class Away(Exception):
    def code(self): return Code.UNAVAILABLE
    def details(self): return "connection refused"
class Answer:
    def __init__(self, content): self.content = content
    def SerializeToString(self): return self.content
class Peer:
    def __init__(self, name, endpoint, **more): self.name = name
    async def send_proposal(self, signed):
        print("proposal", signed.content)
        if signed.content == b"away": raise Away()
        if signed.content == b"late": await asyncio.Event().wait()
        if signed.content == b"die": os._exit(3)
        if signed.content == b"bug": raise ValueError("with secret contents")
        return Answer(self.name.encode() + b" signed " + signed.signature)
    def delivery(self, envelope, filtered): return Stream()
class Stream:
    async def __anext__(self): await asyncio.Event().wait()
    def cancel(self): pass
""",
    "hfc/protos/__init__.py": "",
    "hfc/protos/utils.py": "def create_envelope(signature, payload): return payload",
    "hfc/protos/peer/__init__.py": "",
    "hfc/protos/peer/proposal_pb2.py": """
class SignedProposal:
    def __init__(self, proposal_bytes, signature): self.content, self.signature = proposal_bytes, signature
""",
}
START = "import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[2], run_name='__main__')"
PEER = Node("peer", "BankMSP", Endpoint("127.0.0.1:7051", name="peer0.bank"))


@pytest.fixture
async def pipe(tmp_path: Path) -> AsyncIterator[Pipe]:
    for name, text in HFC.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    pipe = Pipe(lambda: (sys.executable, "-I", "-c", START, str(tmp_path), str(program.__file__)))
    yield pipe
    await pipe.close()


@pytest.fixture
def wire(pipe: Pipe) -> Wire:
    return Wire(lambda: pipe)


async def test_a_node_is_opened_when_it_is_first_used_and_what_hfc_prints_is_no_answer(wire: Wire) -> None:
    assert await wire.propose(PEER, Signed(b"content", b"by me"), 30) == b"peer0.bank signed by me"


async def test_a_worker_that_was_started_anew_is_told_of_the_nodes_again(wire: Wire) -> None:
    assert await wire.propose(PEER, Signed(b"content", b"one"), 30) == b"peer0.bank signed one"
    with pytest.raises(LedgerUnavailable, match="exit code 3"):
        await wire.propose(PEER, Signed(b"die", b""), 30)
    assert await wire.propose(PEER, Signed(b"content", b"two"), 30) == b"peer0.bank signed two"


async def test_grpcs_failures_keep_their_code(wire: Wire) -> None:
    with pytest.raises(RequestFailed) as failure:
        await wire.propose(PEER, Signed(b"away", b""), 30)
    assert (failure.value.kind, failure.value.code) == ("rpc", "UNAVAILABLE")
    assert isinstance(of_request(failure.value, "propose", PEER, "a"), LedgerUnavailable)


def test_a_node_that_demands_a_client_certificate_is_not_away() -> None:
    said = "failed to connect to all addresses; last error: UNAVAILABLE: ipv4:127.0.0.1:7051: Unwrap failed"
    failed = RequestFailed("rpc", "UNAVAILABLE", said)
    assert isinstance(of_request(failed, "blocks of fx", PEER), NotAuthorized)
    refused = Refused(PeerRefusal("peer0.bank", "BankMSP", said), is_away=True)
    assert isinstance(of_refusal(refused, "a"), NotAuthorized)
    assert isinstance(of_request(failed, "order", PEER, "a"), LedgerUnavailable)  # an earlier orderer may have it


async def test_a_fault_in_hfc_is_named_without_what_it_says(wire: Wire) -> None:
    with pytest.raises(RequestFailed) as failure:
        await wire.propose(PEER, Signed(b"bug", b""), 30)
    assert (failure.value.kind, failure.value.code, failure.value.details) == ("program", "ValueError", "")
    error = of_request(failure.value, "propose", PEER)
    assert type(error) is FabricError
    assert "ValueError" in error.message


async def test_a_node_that_lets_its_time_pass_is_away(wire: Wire) -> None:
    await wire.propose(PEER, Signed(b"content", b""), 30)
    with pytest.raises(RequestFailed) as failure:
        await wire.propose(PEER, Signed(b"late", b""), 0.2)
    assert is_away(failure.value)


async def test_a_listener_that_waits_holds_nobody_up(wire: Wire) -> None:
    waiting = asyncio.create_task(anext(wire.deliver(PEER, Signed(b"seek", b""), filtered=True)))
    assert await wire.propose(PEER, Signed(b"content", b"me"), 30) == b"peer0.bank signed me"
    assert not waiting.done()
    waiting.cancel()
    await asyncio.wait({waiting})


async def test_a_delivery_of_a_worker_that_died_is_not_taken_for_another(pipe: Pipe) -> None:
    with pytest.raises(RequestFailed) as failure:
        await pipe.call("next", {"stream": "of a worker before"})
    assert failure.value.kind == "unknown"
    assert isinstance(of_request(failure.value, "blocks", PEER), LedgerUnavailable)


async def test_more_listeners_than_hfc_can_bear_are_refused(pipe: Pipe) -> None:
    node = {**PEER.described(), "handle": "peer"}
    await pipe.call("open", node)
    request = {"node": "peer", "payload": b"", "signature": b"", "filtered": True}
    streams = [(await pipe.call("deliver", request))["stream"] for _ in range(program.MAX_STREAMS)]
    with pytest.raises(RequestFailed) as failure:
        await pipe.call("deliver", request)
    assert failure.value.kind == "limit"
    pipe.tell("end", {"stream": streams[0]})
    assert (await pipe.call("deliver", request))["stream"] not in streams
