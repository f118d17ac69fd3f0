"""Runs a chaincode for one call on one snapshot, as the peer of one organisation.

Small calls run on the caller's event loop: a read takes microseconds, a change of thread a hundred. A call with large
arguments takes its processor time on a thread of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.peer import Response, Transaction
from hlf_chaincode.stub import LedgerStub
from hlf_client.embedded.endorsing.metering import Meter, MeteredPeer, invoke
from hlf_client.embedded.endorsing.peer import Frame, Reach, SnapshotPeer
from hlf_client.embedded.storage.call import SignedCall
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.snapshots import Snapshot
from hlf_client.embedded.storage.writeset import PrivateValues, Result
from hlf_client.errors import LedgerUnavailable, NotAuthorized, NotFound, from_message

__all__ = ["Simulation", "Simulator", "is_result"]

_DISK: Final = f'"error":"{LedgerUnavailable.__name__}"'
_LARGE: Final = 64 * 1024
"""Bytes of arguments and transient values from which on a call runs on a thread."""


def is_result(response: Response) -> bool:
    """Whether a chaincode's answer is a result; anything else is an error, which is not endorsed."""
    return 200 <= response.status < 400


@dataclass(frozen=True, slots=True)
class Simulation:
    """What one organisation's peer answers: the response, the result that it would sign, the private values."""

    organization: str
    response: Response
    result: Result
    private_values: PrivateValues
    reach: Reach

    def needs_more_than(self, organization: str, channels: Mapping[str, Channel], *, writes: bool) -> str:
        """What an organisation lacks to have answered like this, in words; "" when it lacks nothing."""
        for name in sorted(self.reach.channels):
            if organization not in channels[name].members:
                return f"{organization} has not joined channel {name}"
        shared = self.reach.read | (self.reach.written if writes else set())
        for name, chaincode, collection in sorted(shared):
            if organization not in channels[name].collection(chaincode, collection).members:
                return f"{organization} is no member of private collection {collection}"
        return ""


class Simulator:
    """Answers calls on any channel with the chaincodes at hand."""

    def __init__(self, channels: Mapping[str, Channel], chaincodes: Mapping[str, Chaincode], threads: Executor) -> None:
        self._channels = channels
        self._chaincodes = chaincodes
        self._threads = threads

    async def run(self, signed: SignedCall, organization: str, snapshot: Snapshot) -> Simulation:
        """Raises `NotFound` for an unknown chaincode and `LedgerUnavailable`; a contract's error is a response."""
        size = sum(map(len, signed.call.arguments)) + sum(map(len, signed.transient.values()))
        if size < _LARGE:
            return await self._run(signed, organization, snapshot)
        work = self._run(signed, organization, snapshot)
        return await asyncio.get_running_loop().run_in_executor(self._threads, asyncio.run, work)

    async def _run(self, signed: SignedCall, organization: str, snapshot: Snapshot) -> Simulation:
        call = signed.call
        channel = self._channels[call.channel]
        self._check_chaincode(channel, call.chaincode)
        transaction = Transaction(
            id=call.transaction_id,
            channel=call.channel,
            timestamp=call.timestamp,
            creator_msp=call.creator_msp,
            creator_certificate=signed.certificate,
            arguments=call.arguments,
            transient=signed.transient,
        )
        frames = frozenset({(call.channel, call.chaincode)})
        reach = Reach()
        peer = SnapshotPeer(
            channel, call.chaincode, transaction, organization, snapshot, self._answer_nested, frames, reach
        )
        response, event = await self._answer(peer)
        result = Result(call.digest, response.status, response.message, response.payload, event, peer.finish())
        return Simulation(organization, response, result, peer.private_values, reach)

    async def _answer(
        self, peer: SnapshotPeer, *, is_called: bool = False
    ) -> tuple[Response, tuple[str, bytes] | None]:
        meter = Meter()
        stub = LedgerStub(peer.transaction, MeteredPeer(peer, meter))
        response = await invoke(self._chaincodes[peer.chaincode], stub, meter, is_called=is_called)
        if (
            response.status == LedgerUnavailable.status and _DISK in response.message
        ):  # the disk's failure, not the contract's
            raise LedgerUnavailable(from_message(response.status, response.message).message)
        return response, stub.event

    def _check_chaincode(self, channel: Channel, chaincode: str) -> None:
        if chaincode not in self._chaincodes or not channel.has_chaincode(chaincode):
            raise NotFound(f"channel {channel.name} has no chaincode {chaincode}", chaincode=chaincode)

    async def _answer_nested(self, caller: SnapshotPeer, frame: Frame, arguments: Sequence[bytes]) -> Response:
        """A call from a chaincode to another one, with the same creator: part of its transaction on its own channel;
        on another one it reads, and what it writes is lost."""
        name, chaincode = frame
        channel = self._channels.get(name)
        if channel is None:
            raise NotFound(f"there is no channel {name}", channel=name)
        self._check_chaincode(channel, chaincode)
        is_joined = name == caller.channel.name
        creator = caller.transaction
        channel.certify_writer(
            creator.creator_msp, creator.creator_certificate, creator.timestamp, caller.snapshot.rows
        )
        caller.reach.channels.add(name)
        if caller.organization not in channel.members:
            caller.reach.denied.add((name, chaincode, ""))
            raise NotAuthorized(f"the peer of {caller.organization} has not joined channel {name}", channel=name)
        transaction = Transaction(
            id=creator.id,
            channel=name,
            timestamp=creator.timestamp,
            creator_msp=creator.creator_msp,
            creator_certificate=creator.creator_certificate,
            arguments=tuple(arguments),
            transient=creator.transient,
        )
        peer = SnapshotPeer(
            channel, chaincode, transaction, caller.organization, caller.snapshot, self._answer_nested,
            caller.frames | {frame}, caller.reach, is_called=is_joined,
        )  # fmt: skip
        if is_joined:  # what it has read and written is one with what it did when it was called before
            peer.changes = caller.root.changes.others.setdefault(chaincode, peer.changes)
        peer.root = caller.root if is_joined else peer
        response, _ = await self._answer(peer, is_called=True)
        peer.finish()
        return response
