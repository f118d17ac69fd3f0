"""One ledger file, opened by this process: everything its connections share.

Usable from several event loops and threads: readers are pooled, each loop has a writer of its own, and between writers,
as between processes, SQLite's lock decides.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
import threading
import weakref
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Self

from hlf_chaincode.contract import Chaincode
from hlf_client._clock import Clock, utc_now
from hlf_client.embedded._founding import (
    create,
    founding_lock,
    is_founded,
    load_channels,
    mark_founded,
    require_new,
    require_whole,
)
from hlf_client.embedded._material import Material
from hlf_client.embedded.committing.committer import Committer
from hlf_client.embedded.committing.events import Announcer
from hlf_client.embedded.definition import ConsortiumDefinition, HostedConsortium
from hlf_client.embedded.endorsing.endorser import Endorser
from hlf_client.embedded.endorsing.signatures import Signatures
from hlf_client.embedded.endorsing.simulator import Simulator
from hlf_client.embedded.storage.certificates import Certificates
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.database import Storage, check_place, storage_errors
from hlf_client.embedded.storage.presence import Presence, noted_heights
from hlf_client.embedded.storage.snapshots import Snapshots
from hlf_client.errors import LedgerUnavailable, NotAuthorized
from hlf_client.identity import Identity

__all__ = ["EmbeddedNetwork"]

_THREADS = 2


class EmbeddedNetwork:
    """Members, channels, peers and orderer of a consortium, all in one SQLite file.

    `strict` lets every endorsing organisation run each transaction for itself and refuses results that differ. `clock`
    is the time of proposals and of certificate checks.
    """

    def __init__(
        self,
        storage: Storage,
        material: Material,
        chaincodes: Mapping[str, Chaincode],
        *,
        strict: bool,
        clock: Clock,
    ) -> None:
        """Of an existing ledger; `open` makes one where there is none."""
        self.storage = storage
        self.material = material
        self.clock = clock
        self.strict = strict
        self._presence = Presence(storage.path, lasting=storage.durable)
        self.snapshots = Snapshots(storage, self._presence)
        noted = noted_heights(storage.path)
        with self.snapshots.open() as snapshot:
            self.channels: Mapping[str, Channel] = load_channels(storage.path, snapshot.rows)
            require_whole(storage.path, noted, snapshot.rows)
        self.announcer = Announcer()
        self.signatures = Signatures()
        self.certificates = Certificates()
        self._organizations = {
            member.msp_id: member.name for channel in self.channels.values() for member in channel.config.members
        }
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="hlf-calls")
        self._disk_threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="hlf-disk")
        self._committers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Committer] = weakref.WeakKeyDictionary()
        self._peer = lru_cache(maxsize=None)(self._read_peer)
        self._orderer = lru_cache(maxsize=1)(material.orderer)
        simulator = Simulator(self.channels, chaincodes, self._threads)
        self.endorser = Endorser(
            self.channels, simulator, self.snapshots, self.signatures, self._peer, clock, strict=strict
        )

    @classmethod
    def open(
        cls,
        path: Path | None,
        consortium: HostedConsortium,
        *,
        strict: bool = False,
        clock: Clock = utc_now,
    ) -> Self:
        """The ledger in the file `path` (None: in memory), founded as its consortium is defined when it does not exist
        yet. Raises `LedgerUnavailable`.
        """
        definition = consortium.definition
        served = {each.name: each for each in consortium.chaincodes()}
        if path is None:
            return cls._in_memory(definition, served, strict, clock)
        check_place(path)
        return cls._open(Storage(path), definition, served, strict=strict, clock=clock)

    @classmethod
    def _in_memory(
        cls, definition: ConsortiumDefinition, served: Mapping[str, Chaincode], strict: bool, clock: Clock
    ) -> Self:
        """A file in shared memory that goes when it is closed: the same code, without the disk's wait."""
        shared = Path("/dev/shm")  # noqa: S108  # a fresh private folder is made inside
        folder = Path(tempfile.mkdtemp(prefix="eximledger-", dir=shared if shared.is_dir() else None))
        try:
            network = cls._open(
                Storage(folder / "exim.db", durable=False), definition, served, strict=strict, clock=clock
            )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        weakref.finalize(network, shutil.rmtree, folder, ignore_errors=True)
        return network

    @classmethod
    def _open(
        cls,
        storage: Storage,
        definition: ConsortiumDefinition,
        served: Mapping[str, Chaincode],
        *,
        strict: bool,
        clock: Clock,
    ) -> Self:
        material = Material(storage.path.with_name(storage.path.name + ".msp"))
        founded = _look(storage)
        if founded:
            with contextlib.suppress(LedgerUnavailable):  # renewal may wait for someone who may write there
                material.ensure(definition, clock(), new=False)
            return cls(storage, material, served, strict=strict, clock=clock)
        with founding_lock(material.folder):
            storage.guard()
            material.ensure(definition, clock(), new=True)
            with contextlib.closing(storage.connect()) as connection:
                if not storage.is_created(connection):
                    require_new(storage.path)
                    create(storage, connection, material, definition, clock())
            network = cls(storage, material, served, strict=strict, clock=clock)
            if not _look(storage):
                _run_aside(network, definition)
        return network

    async def found(self, definition: ConsortiumDefinition) -> None:
        """Submit the transactions that begin the channels' state; those already there are not repeated."""
        from hlf_client.embedded._ledger import EmbeddedLedger

        for channel in definition.channels:
            for number, call in enumerate(channel.initial, start=1):
                organization = definition.organization(call.member)
                identity = self.material.user(organization.name, organization.msp_id, call.user)
                async with EmbeddedLedger(self, identity, chaincode=call.chaincode) as ledger:
                    if (await ledger.channel_info(channel.name)).height > number:
                        continue
                    await ledger.submit(
                        channel.name,
                        call.function,
                        *call.arguments,
                        endorsing_organizations=call.endorsing_organizations or None,
                    )
        with contextlib.closing(self.storage.connect()) as connection, storage_errors(self.storage.path):
            mark_founded(connection, self.channels.values())

    async def revoke(self, member: str, user: str, *, reissue: bool = False) -> tuple[str, ...]:
        """Declare a user's certificate void on all channels of its organisation, whose names this gives.

        With `reissue` the user has another certificate, for another key, in the ledger's folder; else the user is out.
        What was endorsed for the old one and not ordered yet is lost. Repeat it when it was interrupted. Raises
        `NotAuthorized` for an unknown user, `LedgerUnavailable`.
        """
        from hlf_client.embedded._revoking import revoke

        return await revoke(self, member, user, reissue=reissue)

    @property
    def members(self) -> Mapping[str, str]:
        """The organisations' MSP ids by the names that people use."""
        return {name: msp_id for msp_id, name in sorted(self._organizations.items(), key=lambda item: item[1])}

    def identity(self, member: str, user: str) -> Identity:
        """A user of a member, with the key in the ledger's own folder. Raises `NotAuthorized` for unknown ones."""
        msp_id = self.members.get(member)
        if msp_id is None:
            raise NotAuthorized(f"there is no member {member!r}: there are {', '.join(self.members)}")
        return self.material.user(member, msp_id, user)

    def committer(self) -> Committer:
        """The writer of the running event loop."""
        loop = asyncio.get_running_loop()
        committer = self._committers.get(loop)
        if committer is None:
            committer = self._committers[loop] = Committer(
                self.storage, self._presence, self.certificates, self.signatures, self._orderer, self.clock,
                self._disk_threads, self.announcer.announce,
            )  # fmt: skip
        return committer

    def _read_peer(self, msp_id: str) -> Identity:
        try:
            return self.material.peer(self._organizations[msp_id], msp_id)
        except NotAuthorized as error:
            raise LedgerUnavailable(f"the peer of {msp_id} cannot endorse: {error}") from error

    async def close(self) -> None:
        """Write what waits on this event loop and close the file."""
        await self.finish()
        self.close_now()

    async def finish(self) -> None:
        """Write what waits on this event loop and let go of its writer."""
        committer = self._committers.pop(asyncio.get_running_loop(), None)
        if committer is not None:
            await committer.close()

    def close_now(self) -> None:
        """Close from outside an event loop, when nothing is at work any more."""
        for committer in self._committers.values():
            committer.close_now()
        self.snapshots.close()
        self._presence.close()
        self._threads.shutdown(wait=False)
        self._disk_threads.shutdown(wait=False)


def _look(storage: Storage) -> bool:
    """Whether a complete ledger is there."""
    if not storage.path.exists():
        return False
    with contextlib.closing(storage.reader()) as connection, storage_errors(storage.path):
        return storage.is_created(connection) and is_founded(connection)


def _run_aside(network: EmbeddedNetwork, definition: ConsortiumDefinition) -> None:
    """Found the ledger on an event loop of its own, so that a synchronous caller may open it, inside a loop or not."""
    failures: list[BaseException] = []

    def run() -> None:
        async def found() -> None:
            try:
                await network.found(definition)
            finally:
                await network.finish()

        try:
            asyncio.run(found())
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="hlf-founding")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
