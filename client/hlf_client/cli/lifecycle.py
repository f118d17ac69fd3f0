"""`hlf package`, `install`, `approve`, `check`, `commit`: a chaincode's life, each member for itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from hlf_chaincode.canonical import Json
from hlf_client.admin import (
    CHANNELS_OWN,
    ChaincodePackage,
    ChannelLifecycle,
    Committed,
    Definition,
    Participant,
    Readiness,
    ServerConnection,
    package_chaincode,
    read_collections,
)
from hlf_client.admin import (
    install as install_package,
)
from hlf_client.admin import (
    installed as installed_packages,
)
from hlf_client.cli._output import Output
from hlf_client.cli._session import OutputCommand, Session, SessionCommand
from hlf_client.errors import InvalidDocument
from hlf_client.ledger import Commit, Ledger

__all__ = ["approve", "check", "commit", "committed", "install", "installed", "package"]

CommandT = TypeVar("CommandT", bound=Callable[..., Any])

_LIFECYCLE: Final = "_lifecycle"
_NOT_READY: Final = 3
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(cls=OutputCommand)
@click.option("--label", required=True, help="As peers list it: a name and a version.")
@click.option("--address", required=True, metavar="HOST:PORT", help="Where peers reach the chaincode's server.")
@click.option("--tls-ca", type=_file, metavar="FILE", help="Who issued the server's certificate; without it no TLS.")
@click.option("--tls-cert", type=_file, metavar="FILE", help="What peers show to the server.")
@click.option("--tls-key", type=_file, metavar="FILE", help="Its key.")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.tar.gz")
@click.pass_obj
def package(
    output: Output, label: str, address: str, tls_ca: Path | None, tls_cert: Path | None, tls_key: Path | None,
    target: Path,
) -> None:  # fmt: skip
    """Package a chaincode as a service: where its server is. The same input gives the same package id."""
    if (tls_cert is None) is not (tls_key is None) or (tls_cert is not None and tls_ca is None):
        raise InvalidDocument("--tls-cert and --tls-key go together, and with --tls-ca", field="tls", reason="half")
    root, certificate, key = (b"" if each is None else each.read_bytes() for each in (tls_ca, tls_cert, tls_key))
    connection = ServerConnection(address, root, certificate, key)
    made = package_chaincode(label, connection)
    target.write_bytes(made.content)
    output.answer({"package_id": made.id, "file": str(target)}, made.id)


@click.command(cls=SessionCommand)
@click.option("--peer", "peers", multiple=True, metavar="NAME", help="Only on this peer; may be repeated.")
@click.argument("package", type=_file)
@click.pass_obj
def install(session: Session, peers: Sequence[str], package: Path) -> None:
    """Install a package on one's own peers; where it is already it stays."""
    read = ChaincodePackage.read(package)
    admin = session.administrator()
    with ExitStack() as stack:
        clients = tuple(stack.enter_context(peer) for peer in session.peers(peers))
        done = install_package(Participant(admin.msp_id, admin, clients), read)
    told = {"package_id": read.id, "installed": done, "peers": len(clients)}
    session.output.answer(told, read.id, f"installed on {done} of {len(clients)} peers, the others had it")


@click.command(cls=SessionCommand)
@click.pass_obj
def installed(session: Session) -> None:
    """List what is installed on one's own peers."""
    admin = session.administrator()
    with ExitStack() as stack:
        clients = [stack.enter_context(peer) for peer in session.peers()]
        found = {str(peer.endpoint): sorted(installed_packages(peer, admin)) for peer in clients}
    rows = [(name, package_id) for name, ids in found.items() for package_id in ids]
    session.output.answer(found, *session.output.table(("PEER", "PACKAGE"), rows))


@dataclass(frozen=True, slots=True)
class _Terms:
    """A definition as the options say it; the sequence is found out where it is left out."""

    name: str
    version: str
    sequence: int | None
    endorsement: str
    collections: Path | None
    init_required: bool

    async def definition(self, lifecycle: ChannelLifecycle) -> Definition:
        collections = read_collections(self.collections) if self.collections else ()
        sequence = self.sequence
        if sequence is None:
            now = await lifecycle.committed(self.name)
            sequence = now.sequence + 1 if now else 1
        return Definition(self.name, self.version, sequence, self.endorsement, collections, self.init_required)


def _terms(command: CommandT) -> CommandT:
    for option in (
        click.option("--init-required", is_flag=True, help="The first call must be the chaincode's Init."),
        click.option("--collections", type=_file, metavar="FILE", help="Private collections, as Fabric's JSON file."),
        click.option("--policy", "endorsement", default=CHANNELS_OWN, show_default=True, metavar="POLICY",
                     help="Who endorses: a policy's text, or the path of one of the channel's."),
        click.option("--sequence", type=click.IntRange(1), show_default="the next one"),
        click.option("--version", required=True),
        click.option("--name", required=True, help="The chaincode's name."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command(cls=SessionCommand)
@_terms
@click.option("--package-id", default="", help="What `install` printed; without it one's peers endorse nothing.")
@click.argument("channel")
@click.pass_obj
def approve(session: Session, /, package_id: str, channel: str, **terms: Any) -> None:
    """Approve a definition for one's own organisation."""

    async def work(ledger: Ledger) -> tuple[Definition, Commit]:
        lifecycle = ChannelLifecycle(ledger, channel)
        definition = await _Terms(**terms).definition(lifecycle)
        return definition, await lifecycle.approve(definition, package_id)

    definition, done = session.on_ledger(_LIFECYCLE, work, admin=True)
    _told(session, "approved", definition, done)


@click.command(cls=SessionCommand)
@_terms
@click.argument("channel")
@click.pass_obj
def check(session: Session, /, channel: str, **terms: Any) -> None:
    """Say who has approved this very definition; exit code 3 while somebody has not."""

    async def work(ledger: Ledger) -> tuple[Definition, Readiness]:
        lifecycle = ChannelLifecycle(ledger, channel)
        definition = await _Terms(**terms).definition(lifecycle)
        return definition, await lifecycle.check(definition)

    definition, ready = session.on_ledger(_LIFECYCLE, work, admin=True)
    told = {
        "name": definition.name,
        "sequence": definition.sequence,
        "approvals": dict(ready.approvals),
        "mismatches": {msp: list(items) for msp, items in ready.mismatches.items()},
    }
    rows = [
        (msp, "approved" if given else "not approved", "; ".join(ready.mismatches.get(msp, ())))
        for msp, given in ready.approvals.items()
    ]
    session.output.answer(told, *session.output.table(("MEMBER", "", "DIFFERS IN"), rows))
    if not all(ready.approvals.values()):
        click.get_current_context().exit(_NOT_READY)


@click.command(cls=SessionCommand)
@_terms
@click.argument("channel")
@click.pass_obj
def commit(session: Session, /, channel: str, **terms: Any) -> None:
    """Commit a definition that enough members have approved."""

    async def work(ledger: Ledger) -> tuple[Definition, Commit]:
        lifecycle = ChannelLifecycle(ledger, channel)
        definition = await _Terms(**terms).definition(lifecycle)
        return definition, await lifecycle.commit(definition)

    definition, done = session.on_ledger(_LIFECYCLE, work, admin=True)
    _told(session, "committed", definition, done)


@click.command(cls=SessionCommand)
@click.argument("channel")
@click.pass_obj
def committed(session: Session, channel: str) -> None:
    """List what is committed on a channel, with policies and collections."""

    async def work(ledger: Ledger) -> dict[str, Committed | None]:
        lifecycle = ChannelLifecycle(ledger, channel)
        return {name: await lifecycle.committed(name) for name in await lifecycle.all_committed()}

    found = {name: each for name, each in session.on_ledger(_LIFECYCLE, work, admin=True).items() if each is not None}
    told = {name: _committed_json(each) for name, each in found.items()}
    rows = [
        (name, each.version, str(each.sequence), str(told[name]["endorsement"]), ", ".join(sorted(each.approvals)))
        for name, each in found.items()
    ]
    table = session.output.table(("NAME", "VERSION", "SEQUENCE", "ENDORSEMENT", "APPROVED BY"), rows)
    session.output.answer(told, *table)


def _committed_json(found: Committed) -> dict[str, Json]:
    from hlf_chaincode.protos.peer.collection_pb2 import CollectionConfigPackage
    from hlf_client.wire.plain import collections_json, endorsement_text

    return {
        "version": found.version,
        "sequence": found.sequence,
        "endorsement": endorsement_text(found.validation_parameter),
        "collections": collections_json(CollectionConfigPackage.FromString(found.collections)),
        "approvals": list[Json](sorted(found.approvals)),
    }


def _told(session: Session, what: str, definition: Definition, done: Commit) -> None:
    told = {
        "name": definition.name,
        "version": definition.version,
        "sequence": definition.sequence,
        "transaction_id": done.transaction_id,
        "block_number": done.block_number,
    }
    line = (
        f"{definition.name} {definition.version}, sequence {definition.sequence}, {what} in block {done.block_number}"
    )
    session.output.answer(told, line)
