"""Real peers of a channel with many members: to make, to join, to deploy, a transaction, and one bank more."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path

from tests.fabric.servers import Servers

from bench._figures import Figure
from bench.members.consortium import CHANNEL, bank, msp_of, on_fabric
from bench.members.contract import CHAINCODE
from bench.scale.usage import Usage
from eximledger_network.founding import tell_roles
from hlf_chaincode.protos.common.common_pb2 import Block, ChannelHeader, Envelope, HeaderType, Payload, SignatureHeader
from hlf_chaincode.protos.common.configtx_pb2 import ConfigEnvelope, ConfigUpdateEnvelope
from hlf_chaincode.protos.common.ledger_pb2 import BlockchainInfo
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_client.admin.lifecycle import Definition, approve, commit, committed, wait_until_ready
from hlf_client.admin.nodes import PeerError
from hlf_client.errors import EndorsementFailed, LedgerUnavailable
from hlf_client.gateway import GatewayLedger, Profile
from hlf_network._session import Session
from hlf_network.channels.config import block_config
from hlf_network.consortium import Consortium
from hlf_network.driver import Network, Report
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import PortBook
from hlf_network.progress import Recorder
from hlf_network.testing import running_network

__all__ = ["PRIVATE_KEY", "figures"]

PRIVATE_KEY = "a private key of many in one transaction: CPU of a peer"

FACTORY = "bench.members.contract:members"
SECONDS = 60.0
KEYS, TRANSACTIONS = 400, 10


def figures(folder: Path, banks: int, seats: int, fabric: str) -> list[Figure]:
    """Brings all up and takes it away again; a bank more joins in between."""
    consortium = on_fabric(banks, seats, fabric)
    started = time.perf_counter()
    with (
        running_network(consortium, folder / "network", deploy=False) as network,
        opened(network) as session,
    ):
        bare = time.perf_counter() - started
        found = [Figure(f"{seats + 2} peers and {banks + 2} members on the channel, no chaincode yet", bare, "s")]
        deployed = network.up()
        found += _steps(deployed, "chaincode installed", "chaincode committed")
        servers = Servers(network, folder)
        try:
            servers.run_all(FACTORY)
            found += _working(session, network)
            found += _blocks(session)
            found += _joining(network, banks, seats, fabric)
            servers.run_all(FACTORY)
            found += _not_approving(network.layout.root, on_fabric(banks + 1, seats, fabric))
        finally:
            servers.stop_all()
    return found


@contextmanager
def opened(network: Network) -> Iterator[Session]:
    engine = Engine.connect(network.consortium.name)
    ports = PortBook.open(network.layout.ports, network.consortium)
    try:
        with Session(network.consortium, network.layout, ports, engine, Recorder()) as session:
            yield session
    finally:
        engine.close()


def _steps(report: Report, *titles: str) -> list[Figure]:
    return [Figure(step.title, step.seconds, "s") for step in report.steps if step.title in titles]


# a working channel --------------------------------------------------------------


def _working(session: Session, network: Network) -> list[Figure]:
    chaincode = session.consortium.chaincode
    assert chaincode is not None
    started = time.perf_counter()
    assert tell_roles(session, chaincode, session.consortium.channels) == (f"roles told on {CHANNEL}",)
    told = time.perf_counter() - started
    first, later = asyncio.run(_puts(network))
    each = asyncio.run(_private_keys(session, network))
    return [
        Figure("consortium:configure of all members, committed on every peer", told, "s"),
        Figure("a bank's first private write through its gateway", first, "s"),
        Figure("a private write, endorsed by the bank and SAFE, committed", later * 1000, "ms"),
        Figure(PRIVATE_KEY, each * 1000, "ms"),
    ]


async def _puts(network: Network, owner: str = bank(0), count: int = 30) -> tuple[float, float]:
    """Seconds of the first, with the wait for discovery, and the median of the others."""
    organization = network.consortium.organization(owner)
    async with _officer(network, owner) as ledger:

        async def put(key: str) -> float:
            started = time.perf_counter()
            await _submit(ledger, organization.msp, "papers:put", key)
            return time.perf_counter() - started

        first = await _when_discovered(put)
        return first, statistics.median([await put(f"paper-{number}") for number in range(count)])


async def _private_keys(session: Session, network: Network, owner: str = bank(0)) -> float:
    """Seconds of CPU that a peer takes for one private key more in a transaction, in the mean of all peers."""
    usage, msp = Usage(session.engine, {}), network.consortium.organization(owner).msp
    async with _officer(network, owner) as ledger:

        async def taken(keys: int) -> float:
            before = usage.cpu()["peers"]
            for number in range(TRANSACTIONS):
                await _submit(ledger, msp, "papers:put_many", f"{keys}-{number}", keys)
            return usage.cpu()["peers"] - before

        await taken(1)
        few, many = await taken(1), await taken(KEYS)
    peers = sum(len(each.peers) for each in network.consortium.organizations)
    return (many - few) / (TRANSACTIONS * (KEYS - 1) * peers)


def _officer(network: Network, owner: str) -> AbstractAsyncContextManager[GatewayLedger]:
    profile = Profile.read(network.layout.profile(network.consortium.organization(owner), "json"))
    return GatewayLedger.connect(profile, profile.identity("officer"), chaincode=CHAINCODE)


async def _submit(ledger: GatewayLedger, msp: str, function: str, *arguments: object) -> None:
    await ledger.submit(
        CHANNEL,
        function,
        *arguments,
        transient={"paper": b"p" * 500},
        endorsing_organizations=[msp, "SafeMSP"],
    )


async def _when_discovered(put: Callable[[str], Awaitable[object]]) -> float:
    started = time.monotonic()
    deadline = started + SECONDS
    while True:
        try:
            await put("first")
        except (EndorsementFailed, LedgerUnavailable):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)
        else:
            return time.monotonic() - started


# what stands in blocks ----------------------------------------------------------


def _blocks(session: Session) -> list[Figure]:
    """Sizes of the genesis block, of an approval's, of the definition's and of the members'."""
    names = {b"ApproveChaincodeDefinitionForMyOrg": "an approval", b"CommitChaincodeDefinition": "the definition"}
    names[b"consortium:configure"] = "the members as ledger state"
    found = {"the genesis block": _block(session, 0).ByteSize()}
    for number in range(1, _height(session)):
        block = _block(session, number)
        for envelope in block.data.data:
            name = next((name for word, name in names.items() if word in envelope), None)
            if name:
                found.setdefault(name, len(envelope))
    return [Figure(f"size of {name}", size / 1000, "kB") for name, size in found.items()]


def _height(session: Session) -> int:
    answer = _at_safe(session, b"GetChainInfo", CHANNEL.encode())
    return int(BlockchainInfo.FromString(answer).height)


def _block(session: Session, number: int) -> Block:
    return Block.FromString(_at_safe(session, b"GetBlockByNumber", CHANNEL.encode(), str(number).encode()))


def _at_safe(session: Session, *args: bytes) -> bytes:
    safe = session.consortium.organization("safe")
    return session.peer(safe, safe.peers[0]).query(session.admin(safe), CHANNEL, "qscc", *args)


# one more -----------------------------------------------------------------------


def _joining(network: Network, banks: int, seats: int, fabric: str) -> list[Figure]:
    """The next bank, without a peer: its place in the config and in a new definition, and who signed."""
    larger = Network(on_fabric(banks + 1, seats, fabric), folder=network.layout.root)
    started = time.perf_counter()
    report = larger.add_organization(bank(banks))
    seconds = time.perf_counter() - started
    with opened(larger) as session:
        update, signers = _last_update(session)
        config = _config_block(session)
        definition = _definition_size(session)
    print(f"the update by which {msp_of(banks)} joined was signed by {', '.join(signers)}")
    return [
        Figure("one bank more: all steps", seconds, "s"),
        *(
            Figure(f"one bank more: {step.title}", step.seconds, "s")
            for step in report.steps
            if step.title in {"certificates", "channels up to date", "chaincode committed"}
        ),
        Figure("one bank more: signatures on the config update", len(signers), ""),
        Figure("one bank more: the config update", update / 1000, "kB"),
        Figure("one bank more: the config block", config / 1000, "kB"),
        Figure("one bank more: the new definition's transaction", definition / 1000, "kB"),
    ]


def _config_block(session: Session) -> int:
    safe = session.consortium.organization("safe")
    return session.peer(safe, safe.peers[0]).config_block(session.admin(safe), CHANNEL).ByteSize()


def _last_update(session: Session) -> tuple[int, list[str]]:
    """Bytes of the newest config update, and who signed it."""
    safe = session.consortium.organization("safe")
    block = session.peer(safe, safe.peers[0]).config_block(session.admin(safe), CHANNEL)
    assert len(block_config(block).channel_group.groups["Application"].groups) == len(session.consortium.organizations)
    update = ConfigEnvelope.FromString(Payload.FromString(Envelope.FromString(block.data.data[0]).payload).data)
    content = Payload.FromString(update.last_update.payload)
    assert ChannelHeader.FromString(content.header.channel_header).type == HeaderType.CONFIG_UPDATE
    signatures = ConfigUpdateEnvelope.FromString(content.data).signatures
    return update.last_update.ByteSize(), [_signer(one.signature_header) for one in signatures]


def _signer(header: bytes) -> str:
    return str(SerializedIdentity.FromString(SignatureHeader.FromString(header).creator).mspid)


def _definition_size(session: Session) -> int:
    for number in range(_height(session) - 1, 0, -1):
        for envelope in _block(session, number).data.data:
            if b"CommitChaincodeDefinition" in envelope:
                return len(envelope)
    raise LookupError("no definition is committed")


# who must approve ---------------------------------------------------------------


def _not_approving(root: Path, consortium: Consortium) -> list[Figure]:
    """A new sequence that two have approved and committed; what the last bank's peer says until it approves too."""
    network = Network(consortium, folder=root)
    last = consortium.seated(consortium.channels[0])[-1]
    with opened(network) as session:
        few = [session.participant(consortium.organization(name)) for name in ("safe", "customs")]
        late = session.participant(last)
        now = committed(few[0], CHANNEL, CHAINCODE)
        assert now is not None
        channel = consortium.channels[0]
        assert channel.chaincode is not None
        text = consortium.policy_text(channel, channel.chaincode.endorsement)
        wanted = Definition(CHAINCODE, now.version, now.sequence + 1, text, consortium.collections(channel))
        packages = {msp: _package(session, name) for msp, name in (("SafeMSP", "safe"), ("CustomsMSP", "customs"))}
        started = time.perf_counter()
        for one in few:
            approve(one, session.orderers(), CHANNEL, wanted, packages[one.msp_id])
        wait_until_ready(few, CHANNEL, wanted)
        commit(few, session.orderers(), CHANNEL, wanted)
        by_two = time.perf_counter() - started
        print(f"not yet approved by {last.msp}: {_answer(session, last.name)}")
        started = time.perf_counter()
        approve(late, session.orderers(), CHANNEL, wanted, _package(session, last.name))
        approved = time.perf_counter() - started
        print(f"approved by {last.msp}: {_answer(session, last.name)}")
    return [
        Figure("a new sequence approved by SAFE and customs, and committed", by_two, "s"),
        Figure("a bank's own approval afterwards", approved, "s"),
    ]


def _package(session: Session, name: str) -> str:
    lines = (session.layout.chaincode / f"{name}.env").read_text().splitlines()
    return next(line.split("=", 1)[1] for line in lines if line.startswith("CHAINCODE_ID="))


def _answer(session: Session, name: str) -> str:
    owner = session.consortium.organization(name)
    deadline = time.monotonic() + 5
    while True:
        try:
            answer = session.peer(owner, owner.peers[0]).query(
                session.admin(owner), CHANNEL, CHAINCODE, b"consortium:voters"
            )
            return f"it answers {answer.decode()}"
        except (PeerError, LedgerUnavailable) as error:
            if time.monotonic() > deadline:
                return f"it refuses ({error})"
            time.sleep(0.2)
