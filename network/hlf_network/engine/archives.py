"""Folders of containers as tar files, also of containers that do not run: what a backup copies, and a restore puts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docker.errors import NotFound

from hlf_network.engine.api import spoken
from hlf_network.engine.docker import Engine
from hlf_network.engine.nodes import Container
from hlf_network.errors import NetworkError

__all__ = ["hold_container", "list_folder", "put_archive", "read_archive"]


def read_archive(engine: Engine, name: str, folder: str) -> Iterator[bytes] | None:
    """A folder as a tar whose one entry on top is that folder; None where there is none."""
    with spoken():
        try:
            chunks, _ = engine.client.containers.get(name).get_archive(folder)
        except NotFound:
            return None
    return chunks


def list_folder(engine: Engine, name: str, folder: str) -> tuple[str, ...]:
    """The names in a folder of a container that runs; none where there is no such folder."""
    with spoken():
        done = engine.client.containers.get(name).exec_run(["ls", "-1", folder])
    names = done.output if isinstance(done.output, bytes) and done.exit_code == 0 else b""
    return tuple(names.decode().split())


def put_archive(engine: Engine, name: str, folder: str, archive: Path) -> None:
    """Unpack a tar into a folder that is there. Raises NetworkError where there is none."""
    with spoken(), archive.open("rb") as file:
        if not engine.client.containers.get(name).put_archive(folder, file):
            raise NetworkError(f"{name} does not take {archive} into {folder}.")


def hold_container(engine: Engine, wanted: Container) -> None:
    """Make a container with its volumes, as `up` would, and leave it stopped."""
    engine.ensure_network()
    engine.ensure_container(wanted)
    engine.stop([wanted.name])
