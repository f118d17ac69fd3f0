"""One file for whoever is asked for help: every node's log, its state and the settings, without secrets."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from hlf_client.errors import FabricError
from hlf_network._session import Session
from hlf_network.consortium import Consortium
from hlf_network.material.crypto import list_certificates
from hlf_network.material.layout import require_new_file
from hlf_network.monitoring.redaction import REMOVED, redacted, secret_values
from hlf_network.status import read_status

__all__ = ["write_bundle"]

LINES = 5000


def write_bundle(session: Session, target: Path, *, lines: int = LINES) -> tuple[str, ...]:
    """Write a tar.gz; the names in it. Text alone goes in, each through the same filter; no file of a key is opened."""
    require_new_file(target)
    secrets = secret_values(_settings(session.consortium))
    names = []
    partial = target.with_name(f".{target.name}.part")
    try:
        with partial.open("wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
            for name, text in _contents(session, lines):
                content = redacted(text, secrets).encode()
                entry = tarfile.TarInfo(f"{session.consortium.name}-bundle/{name}")
                entry.size, entry.mode, entry.mtime = len(content), 0o644, int(datetime.now(UTC).timestamp())
                archive.addfile(entry, io.BytesIO(content))
                names.append(name)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return tuple(names)


def _contents(session: Session, lines: int) -> Iterator[tuple[str, str]]:
    engine, layout = session.engine, session.layout
    described = session.consortium.model_dump(mode="json")
    yield "consortium.json", json.dumps(_without_values(described), indent=2, ensure_ascii=False)
    with session.recorder.step("state"):
        yield "status.txt", repr(read_status(session)).replace("NodeStatus(", "\nNodeStatus(")
    for state in engine.containers():
        about = f"{state.name} {state.status}, started {state.started:%Y-%m-%d %H:%M:%S}, restarts {state.restarts}"
        with session.recorder.step(f"log of {state.name}"):
            try:
                words = b"".join(engine.logs(state.name, tail=lines)).decode(errors="replace")
            except FabricError as error:
                words = str(error)
        yield f"logs/{state.name}.log", f"# {about}, {state.image}\n{words}"
    for path in sorted(layout.failed("x").parent.glob("*.log")):
        yield f"failed/{path.name}", path.read_text(errors="replace")
    rows = [
        f"{one.not_after:%Y-%m-%d} {one.days_left():>5} days  {one.organization}  {one.subject}"
        for one in list_certificates(session.consortium, layout)
    ]
    yield "certificates.txt", "\n".join(rows) + "\n"


def _settings(consortium: Consortium) -> Iterator[tuple[str, str]]:
    for owner in consortium.organizations:
        for environment in (*(peer.environment for peer in owner.peers), *(one.environment for one in owner.orderers)):
            yield from environment.items()
    for chaincode in consortium.all_chaincodes:
        yield from chaincode.environment.items()


def _without_values(described: object, *, within: str = "") -> object:
    """A description with the values of every `environment` taken out: its names are enough to ask about."""
    if isinstance(described, dict):
        if within == "environment":
            return dict.fromkeys(described, REMOVED)
        return {name: _without_values(value, within=name) for name, value in described.items()}
    if isinstance(described, list):
        return [_without_values(one) for one in described]
    return described
