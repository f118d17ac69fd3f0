"""Real peers as a venue: blocks as each member's peer has them, what it hands out of private data, its nodes' logs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Final

from tests.fabric.consortium import Members, host_consortium
from tests.fabric.servers import Servers
from tests.fabric.venue import FabricVenue
from tests.trust.visibility.places.venue import HASHES, Part
from tests.trust.visibility.planted.planting import GUEST, MSP

from hlf_chaincode.protos.common.common_pb2 import Block, ChannelHeader, Envelope, HeaderType, Payload
from hlf_chaincode.protos.ledger.rwset.kvrwset.kv_rwset_pb2 import HashedRWSet, KVRWSet
from hlf_chaincode.protos.ledger.rwset.rwset_pb2 import TxReadWriteSet
from hlf_chaincode.protos.peer.chaincode_event_pb2 import ChaincodeEvent
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeInvocationSpec
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction, ChaincodeProposalPayload
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction
from hlf_client import CommitStatus, Ledger, SubmittedTransaction
from hlf_client.gateway import GatewayLedger, Profile
from hlf_network.consortium import Consortium
from hlf_network.testing import missing_for, running_network

__all__ = ["PeersVenue", "guests", "missing", "peers_venue"]

_EAVESDROPPER: Final = "tests.trust.visibility.places.eavesdropper:eavesdropping"


def guests() -> Consortium:
    """The default consortium with a third bank, every chaincode server on this host."""
    consortium = host_consortium("exim-visible-test")
    host = consortium.organization("tradebank")
    named = {"name": GUEST, "msp": MSP[GUEST], "title": "A bank that looks on", "domain": f"{GUEST}.internal"}
    guest = host.model_copy(update=named | {"orderers": ()})
    channels = tuple(
        each.model_copy(update={"members": (*each.members, GUEST)}) if host.name in each.members else each
        for each in consortium.channels
    )
    organizations = (*consortium.organizations, guest)
    return consortium.model_copy(update={"organizations": organizations, "channels": channels})


def missing() -> str | None:
    """Why no such network can run here."""
    return missing_for(guests())


class _PatientLedger(GatewayLedger):
    """Knows of a commit when every member's peer does, so that nobody's step meets a peer that is behind."""

    settled: FabricVenue

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        status = await super().commit_status(transaction)
        await self.settled.settle()
        return status


class PeersVenue:
    """A `Venue` over a running network."""

    def __init__(self, members: Members) -> None:
        self._members = members
        self._consortium = members.network.consortium
        self._all = FabricVenue(members)
        self._ledgers: dict[str, _PatientLedger] = {}

    async def close(self) -> None:
        for ledger in self._ledgers.values():
            await ledger.close()
        await self._all.close()

    @property
    def channels(self) -> Mapping[str, Sequence[str]]:
        return {each.name: each.members for each in self._consortium.channels}

    def people(self, member: str) -> Sequence[str]:
        names = [each.name for each in self._consortium.organization(member).users]
        return [f"{member}/{name}" for name in dict.fromkeys([names[0], *names, "admin"]) if name != "risk"]

    def connect(self, person: str) -> Ledger:
        return self._ledger(person)

    def _ledger(self, person: str) -> _PatientLedger:
        if person not in self._ledgers:
            member = person.partition("/")[0]
            profile = Profile.find(self._members.network.layout.root / "profiles", member)
            ledger = _PatientLedger.connect(profile, self._all.identity(person), chaincode="exim")
            ledger.settled = self._all
            self._ledgers[person] = ledger
        return self._ledgers[person]

    def collections(self, channel: str) -> Sequence[str]:
        (found,) = (each for each in self._consortium.channels if each.name == channel)
        return [each.name for each in self._consortium.collections(found)]

    async def blocks(self, member: str, channel: str) -> Sequence[Part]:
        ledger = self._ledger(self.people(member)[0])
        height = (await ledger.channel_info(channel)).height
        return [part for number in range(height) for part in _taken_apart(await ledger.stored_block(channel, number))]

    async def own(self, member: str, channel: str) -> Sequence[Part]:
        """What stands in the state was written in blocks; private data the peer hands out with them."""
        ledger, found = self._ledger(self.people(member)[0]), []
        last = (await ledger.channel_info(channel)).height - 1
        async with aclosing(ledger.private_data_events(channel, start=0)) as events:  # type: ignore[type-var]  # a generator
            async for event in events:
                for write in event.writes:
                    where = f"own collection {write.collection}"
                    found += [Part(where, write.key.encode()), Part(where, write.value or b"")]
                if event.block.number == last:
                    break
        return found

    def logs(self, member: str) -> Iterable[Part]:
        owner = self._consortium.organization(member)
        yield Part("log of the chaincode server", self._members.servers.log(member).encode())
        for node in (*(each.name for each in owner.peers), *(each.name for each in owner.orderers)):
            yield Part("log of a node", b"".join(self._members.network.logs(f"{node}.{member}")))

    async def settle(self) -> None:
        await self._all.settle()

    async def bend(self, member: str) -> None:
        """The member starts its server anew with chaincode of its own."""
        self._members.servers.run(member, _EAVESDROPPER)


@asynccontextmanager
async def peers_venue(folder: Path) -> AsyncIterator[PeersVenue]:
    """A network of five members for as long as one test module needs it."""
    (folder / "logs").mkdir()
    with running_network(guests(), folder / "network") as network:
        servers = Servers(network, folder / "logs")
        try:
            servers.run_all()
            with Members.of(network, servers) as members:
                members.configure()
                venue = PeersVenue(members)
                yield venue
                await venue.close()
        finally:
            servers.stop_all()


def _taken_apart(data: bytes) -> Iterator[Part]:
    """A block: its bytes as they are, and the parts of each transaction for themselves."""
    yield Part("block", data)
    for envelope in Block.FromString(data).data.data:
        payload = Payload.FromString(Envelope.FromString(envelope).payload)
        header = ChannelHeader.FromString(payload.header.channel_header)
        if header.type == HeaderType.ENDORSER_TRANSACTION:
            for each in Transaction.FromString(payload.data).actions:
                yield from _action(ChaincodeActionPayload.FromString(each.payload))


def _action(payload: ChaincodeActionPayload) -> Iterator[Part]:
    proposal = ChaincodeProposalPayload.FromString(payload.chaincode_proposal_payload)
    called = ChaincodeInvocationSpec.FromString(proposal.input)
    yield from (Part("block: argument", each) for each in called.chaincode_spec.input.args[1:])
    response = ProposalResponsePayload.FromString(payload.action.proposal_response_payload)
    action = ChaincodeAction.FromString(response.extension)
    yield from (
        Part("block: answer", action.response.payload), Part("block: message", action.response.message.encode()),
    )  # fmt: skip
    event = ChaincodeEvent.FromString(action.events)
    yield from (Part("block: event", event.event_name.encode()), Part("block: event", event.payload))
    for space in TxReadWriteSet.FromString(action.results).ns_rwset:
        rows = KVRWSet.FromString(space.rwset)
        yield from (Part("block: key read", each.key.encode()) for each in rows.reads)
        for written in rows.writes:
            yield Part("block: key written", written.key.encode())
            yield Part("block: value written", written.value)
        for hashed in space.collection_hashed_rwset:
            yield from _hashes(HashedRWSet.FromString(hashed.hashed_rwset))


def _hashes(hashed: HashedRWSet) -> Iterator[Part]:
    yield Part(HASHES, b"".join(each.key_hash for each in hashed.hashed_reads))
    yield Part(HASHES, b"".join(each.key_hash for each in hashed.hashed_writes))
    yield Part(HASHES, b"".join(each.value_hash for each in hashed.hashed_writes))
    yield Part(HASHES, b"".join(each.key_hash for each in hashed.metadata_writes))
