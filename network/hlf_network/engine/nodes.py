"""What to run: every node of a consortium as a plain description of its container.

The descriptions feed the Docker driver and `render` alike, so compose.yaml cannot drift from what `up` starts.
Settings are environment variables as Fabric's official images read them (core.yaml, orderer.yaml).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hlf_network.channels.config import Address
from hlf_network.consortium import Chaincode, Consortium, Orderer, Organization, Peer, chaincode_host
from hlf_network.engine.ports import PortBook
from hlf_network.material.layout import Layout

__all__ = [
    "CHAINCODE_PORT",
    "FABRIC_SETTINGS",
    "LABEL",
    "Container",
    "Mount",
    "PublishedPort",
    "chaincode_container",
    "database_host",
    "database_secret",
    "node_address",
    "node_containers",
]

LABEL = "org.eximledger.network"
"""On everything that the driver makes; the value is the network's name."""

PEER_PORT = 7051
ORDERER_PORT = 7050
ADMIN_PORT = 7053
OPERATIONS_PORT = 9443
CHAINCODE_PORT = 9999
DATABASE_PORT = 5984
LOOPBACK = "127.0.0.1"

GOSSIP_INTERVALS = {
    "CORE_PEER_GOSSIP_PUBLISHSTATEINFOINTERVAL": "2s",
    "CORE_PEER_GOSSIP_ALIVETIMEINTERVAL": "3s",
    "CORE_PEER_GOSSIP_ALIVEEXPIRATIONTIMEOUT": "10s",
    "CORE_PEER_GOSSIP_RECONNECTINTERVAL": "2s",
    "CORE_PEER_GOSSIP_MEMBERSHIPTRACKERINTERVAL": "2s",
}
"""With Fabric's defaults (4 to 25 s) a gateway takes long to know the others' peers, and to know that one has gone.
What they pull and request keeps the default of 4 s: at half a second it took most of what an idle network took."""

PRIVATE_DATA = {
    "CORE_PEER_GOSSIP_PVTDATA_SKIPPULLINGINVALIDTRANSACTIONSDURINGCOMMIT": "true",
    "CORE_PEER_GOSSIP_PVTDATA_PULLRETRYTHRESHOLD": "10s",
}
"""By default a peer looks up to 60 s for private data before it commits a block, that of invalid transactions too: one
copied or badly endorsed envelope with private writes would hold up its channel for a minute, and a peer whose disk is
lost stands a minute at each block whose private data nobody else has. What comes later is reconciled."""

GATEWAY = {"CORE_PEER_GATEWAY_BROADCASTTIMEOUT": "5s"}
"""By default a gateway waits 30 s for an orderer before it asks the next. One behind a cut cable answers nothing, and
clients give up after 15 s (`Timeouts.order`) with a fate that nobody knows."""

_LOGGING = "info:grpc=warn:comm.grpc.server=warn"
PEER_LOGGING = {"FABRIC_LOGGING_SPEC": f"{_LOGGING}:endorser=warn:gossip.privdata=warn:committer.txvalidator=warn"}
ORDERER_LOGGING = {"FABRIC_LOGGING_SPEC": f"{_LOGGING}:orderer.common.broadcast=warn"}
"""Without the lines for every call and every proposal, and with one for a block instead of four: all lines at info took
a seventh of what a consortium takes that is half busy (docs/decisions/0061). What goes wrong is at warn and above."""

FABRIC_SETTINGS = "/etc/hyperledger/fabric"
_TLS = f"{FABRIC_SETTINGS}/tls"

PEER_CLIENT_AUTH = {
    "CORE_PEER_TLS_CLIENTAUTHREQUIRED": "true",
    "CORE_PEER_TLS_CLIENTROOTCAS_FILES": f"{_TLS}/ca.crt",
    "CORE_PEER_TLS_CLIENTCERT_FILE": f"{_TLS}/server.crt",
    "CORE_PEER_TLS_CLIENTKEY_FILE": f"{_TLS}/server.key",
}
ORDERER_CLIENT_AUTH = {
    "ORDERER_GENERAL_TLS_CLIENTAUTHREQUIRED": "true",
    "ORDERER_GENERAL_TLS_CLIENTROOTCAS": f"[{_TLS}/ca.crt]",
}
"""A node takes clients of its own organisation from its start, and of all members of a channel that it has joined. A
peer shows its certificate to other nodes only when it demands theirs, so all nodes demand them, or none."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder of the host (absolute path) or a named volume, inside the container."""

    source: str
    target: str
    read_only: bool = True


@dataclass(frozen=True, slots=True)
class PublishedPort:
    """A container's port on the host."""

    inside: int
    host: int
    address: str


@dataclass(frozen=True, slots=True)
class Container:
    """One container, wholly described."""

    name: str
    kind: str
    organization: str
    image: str
    hostname: str
    command: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    ports: tuple[PublishedPort, ...] = ()
    mounts: tuple[Mount, ...] = ()
    user: str = ""
    locked_down: bool = False
    """No capabilities and a read-only file system: for code that needs neither."""

    @property
    def volumes(self) -> tuple[str, ...]:
        """The named volumes among the mounts."""
        return tuple(mount.source for mount in self.mounts if not mount.source.startswith("/"))

    @property
    def operations(self) -> tuple[str, int] | None:
        """Where on the host the node tells of its health: address and port."""
        return next(((port.address, port.host) for port in self.ports if port.inside == OPERATIONS_PORT), None)

    @property
    def fingerprint(self) -> str:
        """Changes when anything in the description does."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def node_address(ports: PortBook, organization: Organization, node: Peer | Orderer) -> Address:
    """Where other nodes reach a node: by its name in the Docker network, or at its host when that is another."""
    if organization.reached_at is not None:
        return Address(organization.reached_at, ports.published(organization, node))
    return Address(organization.host_of(node), PEER_PORT if isinstance(node, Peer) else ORDERER_PORT)


def database_host(owner: Organization, peer: Peer) -> str:
    """Where a peer finds its state database."""
    return f"couchdb-{peer.name}.{owner.domain}"


def database_secret(layout: Layout, owner: Organization, peer: Peer) -> str:
    """A database's password; "" before the first `up`."""
    path = layout.database_secret(owner, peer)
    return path.read_text() if path.is_file() else ""


def node_containers(consortium: Consortium, layout: Layout, ports: PortBook) -> Iterator[Container]:
    """Orderers first: a channel needs them before its peers can do anything."""
    for owner in consortium.here:
        for orderer in owner.orderers:
            yield _orderer(consortium, layout, ports, owner, orderer)
    for owner in consortium.here:
        for peer in owner.peers:
            yield _peer(consortium, layout, ports, owner, peer)


def _orderer(
    consortium: Consortium, layout: Layout, ports: PortBook, owner: Organization, orderer: Orderer
) -> Container:
    name = f"{orderer.name}.{owner.name}"
    environment = {
        "ORDERER_GENERAL_LISTENADDRESS": "0.0.0.0",  # noqa: S104 - inside its own container
        "ORDERER_GENERAL_LISTENPORT": str(ORDERER_PORT),
        "ORDERER_GENERAL_LOCALMSPID": owner.msp,
        "ORDERER_GENERAL_LOCALMSPDIR": f"{FABRIC_SETTINGS}/msp",
        "ORDERER_GENERAL_BOOTSTRAPMETHOD": "none",
        "ORDERER_GENERAL_TLS_ENABLED": "true",
        "ORDERER_GENERAL_TLS_PRIVATEKEY": f"{_TLS}/server.key",
        "ORDERER_GENERAL_TLS_CERTIFICATE": f"{_TLS}/server.crt",
        "ORDERER_GENERAL_TLS_ROOTCAS": f"[{_TLS}/ca.crt]",
        "ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE": f"{_TLS}/server.crt",
        "ORDERER_GENERAL_CLUSTER_CLIENTPRIVATEKEY": f"{_TLS}/server.key",
        "ORDERER_GENERAL_CLUSTER_ROOTCAS": f"[{_TLS}/ca.crt]",
        "ORDERER_CHANNELPARTICIPATION_ENABLED": "true",
        "ORDERER_CHANNELPARTICIPATION_MAXREQUESTBODYSIZE": "32 MB",  # 1 MB is too little for 240 members
        "ORDERER_ADMIN_LISTENADDRESS": f"0.0.0.0:{ADMIN_PORT}",
        "ORDERER_ADMIN_TLS_ENABLED": "true",
        "ORDERER_ADMIN_TLS_PRIVATEKEY": f"{_TLS}/server.key",
        "ORDERER_ADMIN_TLS_CERTIFICATE": f"{_TLS}/server.crt",
        "ORDERER_ADMIN_TLS_ROOTCAS": f"[{_TLS}/ca.crt]",
        "ORDERER_ADMIN_TLS_CLIENTROOTCAS": f"[{_TLS}/ca.crt]",
        "ORDERER_ADMIN_TLS_CLIENTAUTHREQUIRED": "true",
        "ORDERER_OPERATIONS_LISTENADDRESS": f"0.0.0.0:{OPERATIONS_PORT}",
        "ORDERER_METRICS_PROVIDER": "prometheus",
        "ORDERER_FILELEDGER_LOCATION": "/var/hyperledger/production/orderer",
        "ORDERER_CONSENSUS_WALDIR": "/var/hyperledger/production/orderer/etcdraft/wal",
        "ORDERER_CONSENSUS_SNAPDIR": "/var/hyperledger/production/orderer/etcdraft/snapshot",
        **(ORDERER_CLIENT_AUTH if consortium.is_mutual_tls else {}),
        **ORDERER_LOGGING,
        **orderer.environment,
    }
    return Container(
        name=f"{consortium.name}-{name}",
        kind="orderer",
        organization=owner.name,
        image=consortium.orderer_image,
        hostname=owner.host_of(orderer),
        environment=environment,
        ports=_published(consortium, ports, owner, name, ((ORDERER_PORT, "orderer"), (ADMIN_PORT, "admin"))),
        mounts=_mounts(consortium, layout.node(owner, orderer), name),
    )


def _peer(consortium: Consortium, layout: Layout, ports: PortBook, owner: Organization, peer: Peer) -> Container:
    name = f"{peer.name}.{owner.name}"
    address = f"{owner.host_of(peer)}:{PEER_PORT}"
    others = [f"{owner.host_of(other)}:{PEER_PORT}" for other in owner.peers if other != peer] or [address]
    environment = {
        "CORE_PEER_ID": owner.host_of(peer),
        "CORE_PEER_NETWORKID": consortium.name,
        "CORE_PEER_LOCALMSPID": owner.msp,
        "CORE_PEER_MSPCONFIGPATH": f"{FABRIC_SETTINGS}/msp",
        "CORE_PEER_ADDRESS": address,
        "CORE_PEER_LISTENADDRESS": f"0.0.0.0:{PEER_PORT}",
        "CORE_PEER_CHAINCODELISTENADDRESS": "127.0.0.1:7052",
        "CORE_PEER_GOSSIP_BOOTSTRAP": " ".join(others),
        "CORE_PEER_GOSSIP_EXTERNALENDPOINT": str(node_address(ports, owner, peer)),
        **GOSSIP_INTERVALS,
        **PRIVATE_DATA,
        **GATEWAY,
        "CORE_PEER_DELIVERYCLIENT_RECONNECTBACKOFFTHRESHOLD": "2s",
        "CORE_PEER_TLS_ENABLED": "true",
        "CORE_PEER_TLS_CERT_FILE": f"{_TLS}/server.crt",
        "CORE_PEER_TLS_KEY_FILE": f"{_TLS}/server.key",
        "CORE_PEER_TLS_ROOTCERT_FILE": f"{_TLS}/ca.crt",
        "CORE_PEER_FILESYSTEMPATH": "/var/hyperledger/production",
        "CORE_LEDGER_SNAPSHOTS_ROOTDIR": "/var/hyperledger/production/snapshots",
        "CORE_OPERATIONS_LISTENADDRESS": f"0.0.0.0:{OPERATIONS_PORT}",
        "CORE_METRICS_PROVIDER": "prometheus",
        "CORE_VM_ENDPOINT": "",
        **_database(layout, owner, peer),
        **(PEER_CLIENT_AUTH if consortium.is_mutual_tls else {}),
        **PEER_LOGGING,
        **peer.environment,
    }
    return Container(
        name=f"{consortium.name}-{name}",
        kind="peer",
        organization=owner.name,
        image=consortium.peer_image,
        hostname=owner.host_of(peer),
        environment=environment,
        ports=_published(consortium, ports, owner, name, ((PEER_PORT, "peer"),)),
        mounts=_mounts(consortium, layout.node(owner, peer), name),
    )


def chaincode_container(
    consortium: Consortium,
    layout: Layout,
    owner: Organization,
    chaincode: Chaincode,
    *,
    version: str,
    image: str,
    package_id: str,
) -> Container:
    """An organisation's chaincode server."""
    host = chaincode_host(chaincode, owner, version)
    return Container(
        name=f"{consortium.name}-{host.removesuffix('.' + owner.domain)}.{owner.name}",
        kind="chaincode",
        organization=owner.name,
        image=image,
        hostname=host,
        command=chaincode.image.command,
        environment={
            **chaincode.environment,
            **chaincode_environment(package_id, f"0.0.0.0:{CHAINCODE_PORT}", "/etc/chaincode"),
        },
        mounts=(Mount(str(layout.chaincode_tls(owner)), "/etc/chaincode"),),
        user=f"{os.getuid()}:{os.getgid()}",
        locked_down=True,
    )


def chaincode_environment(package_id: str, address: str, folder: str | Path) -> dict[str, str]:
    """How a chaincode server is told who it is and whom to trust; names as the official shims have them."""
    return {
        "CHAINCODE_ID": package_id,
        "CHAINCODE_SERVER_ADDRESS": address,
        "CHAINCODE_TLS_DISABLED": "false",
        "CHAINCODE_TLS_CERT_FILE": f"{folder}/server.crt",
        "CHAINCODE_TLS_KEY_FILE": f"{folder}/server.key",
        "CHAINCODE_TLS_CLIENT_CACERT_FILE": f"{folder}/ca.crt",
    }


def _database(layout: Layout, owner: Organization, peer: Peer) -> dict[str, str]:
    if peer.state_database == "leveldb":
        return {}
    return {
        "CORE_LEDGER_STATE_STATEDATABASE": "CouchDB",
        "CORE_LEDGER_STATE_COUCHDBCONFIG_COUCHDBADDRESS": f"{database_host(owner, peer)}:{DATABASE_PORT}",
        "CORE_LEDGER_STATE_COUCHDBCONFIG_USERNAME": owner.name,
        "CORE_LEDGER_STATE_COUCHDBCONFIG_PASSWORD": database_secret(layout, owner, peer),
    }


def _published(
    consortium: Consortium, ports: PortBook, owner: Organization, name: str, services: Sequence[tuple[int, str]]
) -> tuple[PublishedPort, ...]:
    """A node's ports on its host. What only the member itself asks stays on the host where others reach it."""
    inner = consortium.address if owner.reached_at is None else LOOPBACK
    return tuple(
        PublishedPort(inside, ports[name, key], inner if key in {"admin", "operations"} else consortium.address)
        for inside, key in (*services, (OPERATIONS_PORT, "operations"))
    )


def _mounts(consortium: Consortium, folder: Path, name: str) -> tuple[Mount, ...]:
    return (
        Mount(str(folder / "msp"), f"{FABRIC_SETTINGS}/msp"),
        Mount(str(folder / "tls"), f"{FABRIC_SETTINGS}/tls"),
        Mount(f"{consortium.name}-{name}", "/var/hyperledger", read_only=False),
    )
