"""Opening a ledger file, which founds the ledger where it is new: keys, tables, first blocks, first transactions."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
import threading
import weakref
from collections.abc import Mapping
from pathlib import Path

from hlf_chaincode.contract import Chaincode
from hlf_client._clock import Clock, utc_now
from hlf_client.embedded._founding import create, founding_lock, is_founded, mark_founded, require_new
from hlf_client.embedded._ledger import EmbeddedLedger
from hlf_client.embedded._material import Material
from hlf_client.embedded._network import EmbeddedNetwork
from hlf_client.embedded.definition import ConsortiumDefinition, HostedConsortium
from hlf_client.embedded.storage.database import Storage, check_place, storage_errors
from hlf_client.errors import LedgerUnavailable
from hlf_client.private import submit_private

__all__ = ["open_network"]


def open_network(
    path: Path | None, consortium: HostedConsortium, *, strict: bool = False, clock: Clock = utc_now
) -> EmbeddedNetwork:
    """The ledger in the file `path` (None: in memory), founded as its consortium is defined when it does not exist
    yet. Raises `LedgerUnavailable`.
    """
    definition = consortium.definition
    served = {each.name: each for each in consortium.chaincodes()}
    if path is None:
        return _in_memory(definition, served, strict, clock)
    check_place(path)
    return _open(Storage(path), definition, served, strict=strict, clock=clock)


def _in_memory(
    definition: ConsortiumDefinition, served: Mapping[str, Chaincode], strict: bool, clock: Clock
) -> EmbeddedNetwork:
    """A file in shared memory that goes when it is closed: the same code, without the disk's wait."""
    shared = Path("/dev/shm")  # noqa: S108  # a fresh private folder is made inside
    folder = Path(tempfile.mkdtemp(prefix="eximledger-", dir=shared if shared.is_dir() else None))
    try:
        storage = Storage(folder / "exim.db", durable=False)
        network = _open(storage, definition, served, strict=strict, clock=clock)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(network, shutil.rmtree, folder, ignore_errors=True)
    return network


def _open(
    storage: Storage, definition: ConsortiumDefinition, served: Mapping[str, Chaincode], *, strict: bool, clock: Clock
) -> EmbeddedNetwork:
    material = Material(storage.path.with_name(storage.path.name + ".msp"))
    if _is_whole(storage):
        with contextlib.suppress(LedgerUnavailable):  # renewal may wait for someone who may write there
            material.ensure(definition, clock(), new=False)
        return EmbeddedNetwork(storage, material, served, strict=strict, clock=clock)
    with founding_lock(material.folder):
        storage.guard()
        material.ensure(definition, clock(), new=True)
        with contextlib.closing(storage.connect()) as connection:
            if not storage.is_created(connection):
                require_new(storage.path)
                create(storage, connection, material, definition, clock())
        network = EmbeddedNetwork(storage, material, served, strict=strict, clock=clock)
        if not _is_whole(storage):
            _run_aside(network, definition)
    return network


def _is_whole(storage: Storage) -> bool:
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
                await _found(network, definition)
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


async def _found(network: EmbeddedNetwork, definition: ConsortiumDefinition) -> None:
    """Submit the transactions that begin the channels' state; those already there are not repeated."""
    for channel in definition.channels:
        for number, call in enumerate(channel.initial, start=1):
            organization = definition.organization(call.member)
            identity = network.material.user(organization.name, organization.msp_id, call.user)
            async with EmbeddedLedger(network, identity, chaincode=call.chaincode) as ledger:
                if (await ledger.channel_info(channel.name)).height > number:
                    continue
                submit = submit_private if call.private else EmbeddedLedger.submit
                await submit(
                    ledger,
                    channel.name,
                    call.function,
                    *call.arguments,
                    endorsing_organizations=call.endorsing_organizations or None,
                )
    with contextlib.closing(network.storage.connect()) as connection, storage_errors(network.storage.path):
        mark_founded(connection, network.channels.values())
