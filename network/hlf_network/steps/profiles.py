"""Connection profiles: how a member's applications find the network, in the form that Fabric's SDKs share."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from hlf_network._session import Session, host_address
from hlf_network.consortium import Channel, Consortium, Orderer, Organization, Peer
from hlf_network.material.layout import write_public

__all__ = ["connection_profile", "write_profiles"]


def connection_profile(session: Session, client: Organization) -> dict[str, object]:
    """The common connection profile of one organisation.

    Paths are absolute, certificates stand in the profile. Addresses are those published on this host; each node's own
    name, which its certificate carries, is given for the TLS check.
    """
    consortium = session.consortium
    return {
        "name": f"{consortium.name}-{client.name}",
        "description": client.title or client.name,
        "version": "1.0",
        "client": {
            "organization": client.name,
            "connection": {"timeout": {"peer": {"endorser": "30"}, "orderer": "30"}},
            **({"tlsCerts": _tls_certificate(session, client)} if consortium.is_mutual_tls else {}),
        },
        "channels": {
            channel.name: {
                "peers": {
                    member.host_of(peer): {
                        "endorsingPeer": True,
                        "chaincodeQuery": member == client,
                        "ledgerQuery": member == client,
                        "eventSource": member == client,
                    }
                    for member in consortium.members(channel)
                    for peer in member.peers
                },
                "orderers": [owner.host_of(node) for owner in consortium.ordering(channel) for node in owner.orderers],
                **({"chaincodes": names} if (names := _chaincodes(consortium, channel)) else {}),
            }
            for channel in consortium.channels_of(client)
        },
        "organizations": {
            owner.name: {
                "mspid": owner.msp,
                "peers": [owner.host_of(peer) for peer in owner.peers],
                **({"users": _users(session, owner)} if owner == client else {}),
            }
            for owner in consortium.organizations
        },
        "peers": {owner.host_of(peer): _node(session, owner, peer) for owner, peer in consortium.peers},
        "orderers": {owner.host_of(orderer): _node(session, owner, orderer) for owner, orderer in consortium.orderers},
    }


def write_profiles(session: Session) -> tuple[Path, ...]:
    """Write every organisation's profile as YAML and JSON."""
    written = []
    for organization in session.consortium.here:
        if not organization.peers:
            continue
        profile = connection_profile(session, organization)
        texts = {
            "yaml": yaml.safe_dump(profile, sort_keys=False, allow_unicode=True),
            "json": json.dumps(profile, indent=2, ensure_ascii=False) + "\n",
        }
        for suffix, text in texts.items():
            path = session.layout.profile(organization, suffix)
            if not path.is_file() or path.read_text() != text:
                write_public(path, text.encode())
            written.append(path)
    return tuple(written)


def _node(session: Session, owner: Organization, node: Peer | Orderer) -> dict[str, object]:
    port, host = session.ports.published(owner, node), owner.host_of(node)
    return {
        "url": f"grpcs://{host_address(session.consortium, owner)}:{port}",
        "tlsCACerts": {"pem": session.layout.tls_authorities(owner).decode()},
        "grpcOptions": {"ssl-target-name-override": host, "hostnameOverride": host},
    }


def _chaincodes(consortium: Consortium, channel: Channel) -> list[str]:
    return [one.name for one in consortium.all_chaincodes if consortium.terms(channel, one)]


def _tls_certificate(session: Session, client: Organization) -> dict[str, object]:
    """What applications show to nodes: the certificate of the first user who is no administrator."""
    user = next((user.name for user in client.users), "admin")
    tls = session.layout.user(client, user) / "tls"
    return {"client": {"cert": {"path": str(tls / "client.crt")}, "key": {"path": str(tls / "client.key")}}}


def _users(session: Session, owner: Organization) -> dict[str, object]:
    """Where each user's certificate and key lie; the keys themselves stay out of the profile."""
    folders = {name: session.layout.user(owner, name) / "msp" for name in ("admin", *(u.name for u in owner.users))}
    return {
        name: {
            "cert": {"path": str(folder / "signcerts/cert.pem")},
            "key": {"path": str(folder / "keystore/key.pem")},
        }
        for name, folder in folders.items()
    }
