"""A peer's state database in a container of its own, where `state_database: couchdb` asks for one beside LevelDB."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from hlf_network.consortium import Consortium, Organization, Peer
from hlf_network.engine.nodes import Container, Mount, database_host, database_secret
from hlf_network.material.layout import Layout, write_private

__all__ = ["database_containers", "ensure_secrets"]

SECRET_BYTES = 24


def ensure_secrets(consortium: Consortium, layout: Layout) -> None:
    """Give each database a password that its peer alone is told."""
    for owner, peer in _with_database(consortium):
        path = layout.database_secret(owner, peer)
        if not path.is_file():
            write_private(path, secrets.token_urlsafe(SECRET_BYTES).encode())


def database_containers(consortium: Consortium, layout: Layout) -> Iterator[Container]:
    """The databases of this host's peers. They publish no port: who reaches one reads private data past the peer."""
    for owner, peer in _with_database(consortium):
        name = f"{consortium.name}-couchdb-{peer.name}.{owner.name}"
        yield Container(
            name=name,
            kind="database",
            organization=owner.name,
            image=consortium.images.couchdb,
            hostname=database_host(owner, peer),
            environment={
                "COUCHDB_USER": owner.name,
                "COUCHDB_PASSWORD": database_secret(layout, owner, peer),
            },
            mounts=(Mount(name, "/opt/couchdb/data", read_only=False),),
        )


def _with_database(consortium: Consortium) -> Iterator[tuple[Organization, Peer]]:
    for owner in consortium.here:
        for peer in owner.peers:
            if peer.state_database == "couchdb":
                yield owner, peer
