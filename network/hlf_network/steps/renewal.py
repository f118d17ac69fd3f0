"""Nodes that still serve what they read at their start, though other files lie there by now: found, and restarted.

What stands on the disk and what a node serves are compared anew each time, so whoever was cut off between the two, by
Ctrl-C or a kill, is finished by the next `up` or renewal.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from hlf_network._session import Session
from hlf_network.engine.docker import wait_until_healthy
from hlf_network.engine.nodes import ADMIN_PORT, OPERATIONS_PORT, Container
from hlf_network.material.pem_files import leaf_of

__all__ = ["restart_stale", "stale_among"]

SECONDS = 3.0


def restart_stale(session: Session, containers: Sequence[Container]) -> list[str]:
    """Restart those of the containers that run with files of the past, and give their names.

    One after the other, each well before the next, so that orderers keep their majority.
    """
    restarted = []
    for container in stale_among(session, containers):
        with session.recorder.step(f"{container.name} restarted"):
            session.engine.restart(container.name)
            if container.operations is not None:
                wait_until_healthy(session.engine, container)
        restarted.append(container.name)
    return restarted


def stale_among(session: Session, containers: Sequence[Container]) -> Iterator[Container]:
    """Those that run, and whose files have changed since they started or are not what they serve."""
    running = {state.name: state.started for state in session.engine.containers() if state.status == "running"}
    for container in containers:
        started = running.get(container.name)
        if started and (_changed_since(container, started) or _serves_another(container)):
            yield container


def _changed_since(container: Container, started: datetime) -> bool:
    folders = [Path(mount.source) for mount in container.mounts if mount.source.startswith("/")]
    return any(
        datetime.fromtimestamp(path.stat().st_mtime, UTC) > started
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    )


def _serves_another(container: Container) -> bool:
    """Whether a node shows another TLS certificate than lies in its folder; one that shows none is no case of this."""
    mounted = [Path(mount.source) / "server.crt" for mount in container.mounts if mount.target.endswith("/tls")]
    service = next((port for port in container.ports if port.inside not in {ADMIN_PORT, OPERATIONS_PORT}), None)
    if service is None or not mounted or not mounted[0].is_file():
        return False
    try:
        served = ssl.get_server_certificate((service.address, service.host), timeout=SECONDS)
    except OSError:
        return False
    return served.split() != leaf_of(mounted[0].read_bytes()).decode().split()
