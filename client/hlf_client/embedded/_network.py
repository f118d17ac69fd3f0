"""One ledger file, opened by this process: everything its connections share.

Usable from several event loops and threads: readers are pooled, each loop has a writer of its own, and between writers,
as between processes, SQLite's lock decides.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from hlf_chaincode.contract import Chaincode
from hlf_client._clock import Clock
from hlf_client.embedded._founding import load_channels, require_whole
from hlf_client.embedded._material import Material
from hlf_client.embedded.committing.committer import Committer
from hlf_client.embedded.committing.events import Announcer
from hlf_client.embedded.committing.syncing import Syncing
from hlf_client.embedded.endorsing.endorser import Endorser
from hlf_client.embedded.endorsing.signatures import Signatures
from hlf_client.embedded.endorsing.simulator import Simulator
from hlf_client.embedded.storage.certificates import Certificates
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.database import Storage
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
        """Of an existing ledger; `open_network` makes one where there is none."""
        self.storage = storage
        self.material = material
        self.clock = clock
        self.strict = strict
        self._presence = Presence(storage.path, lasting=storage.durable)
        self._disk_threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="hlf-disk")
        self._syncing = Syncing(storage, self._disk_threads) if storage.durable else None
        self.snapshots = Snapshots(storage, self._presence, self._syncing)
        noted = noted_heights(storage.path)
        try:
            with self.snapshots.ahead() as snapshot:
                self.channels: Mapping[str, Channel] = load_channels(storage.path, snapshot.rows)
                require_whole(storage.path, noted, snapshot.rows)
        except BaseException:
            self._close_files()
            raise
        self.announcer = Announcer()
        self.signatures = Signatures()
        self.certificates = Certificates()
        self._organizations = {
            member.msp_id: member.name for channel in self.channels.values() for member in channel.config.members
        }
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="hlf-calls")
        self._committers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Committer] = weakref.WeakKeyDictionary()
        self._peer = lru_cache(maxsize=None)(self._read_peer)
        self._orderer = lru_cache(maxsize=1)(material.orderer)
        simulator = Simulator(self.channels, chaincodes, self._threads)
        self.endorser = Endorser(
            self.channels, simulator, self.snapshots, self.signatures, self._peer, clock, strict=strict
        )

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
                self.storage, self._presence, self._syncing, self.certificates, self.signatures, self._orderer,
                self.clock, self._disk_threads, self.announcer.announce,
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
        self._close_files()
        self._threads.shutdown(wait=False)

    def _close_files(self) -> None:
        self.snapshots.close()
        self._presence.close()
        if self._syncing is not None:
            self._syncing.close()
        self._disk_threads.shutdown(wait=False)
