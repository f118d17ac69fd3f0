"""The chaincode on every channel: servers started, packages installed, definitions approved and committed.

An upgrade is a new version under the next sequence. Its servers run beside the old ones until every channel has
committed it, so there is always one that answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial

from hlf_client.admin.lifecycle import (
    ApprovalLost,
    Definition,
    Participant,
    approve,
    approved_package,
    commit,
    committed,
    install,
    wait_until_ready,
)
from hlf_client.admin.package import ChaincodePackage, ServerConnection, package_chaincode
from hlf_client.errors import InvalidDocument
from hlf_network._session import Session
from hlf_network.consortium import HOST_GATEWAY, Chaincode, Channel, Organization, ServerPlace, chaincode_host
from hlf_network.engine.nodes import (
    CHAINCODE_PORT,
    Container,
    chaincode_container,
    chaincode_environment,
)
from hlf_network.errors import NetworkError
from hlf_network.lifecycle.image import ensure_image
from hlf_network.material.layout import Layout, write_private, write_public
from hlf_network.progress import in_parallel

__all__ = ["Deployment", "install_packages", "plan_deployment", "recorded", "retire_old_servers", "settle_channels"]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One version of the chaincode: its image and each organisation's package id."""

    version: str
    image: str | None
    packages: Mapping[str, str]

    def save(self, layout: Layout) -> None:
        write_public(layout.deployed, json.dumps(asdict(self), indent=2, sort_keys=True).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Plan:
    """A deployment and what has to be run and installed for it."""

    deployment: Deployment
    packages: Mapping[str, ChaincodePackage]
    containers: tuple[Container, ...]


def recorded(layout: Layout) -> Deployment | None:
    """What was deployed last; None before the first time."""
    try:
        content = json.loads(layout.deployed.read_text())
        return Deployment(content["version"], content["image"], content["packages"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidDocument(f"{layout.deployed} is damaged: delete it, then `network deploy`.") from error


def plan_deployment(session: Session, chaincode: Chaincode, *, keep: Deployment | None = None) -> Plan:
    """Decide version and image, building one when it is not there; with `keep`, repeat an earlier deployment."""
    consortium = session.consortium
    owners = [owner for owner in consortium.organizations if owner.peers]
    in_containers = any(consortium.server_place(owner) is ServerPlace.CONTAINER for owner in owners)
    if keep is not None and keep.version.split("+")[0] == chaincode.version:
        version, image = keep.version, keep.image
    elif in_containers:
        built = ensure_image(session.engine, consortium.name, chaincode, session.layout.root)
        version, image = f"{chaincode.version}+{built.digest}" if built.digest else chaincode.version, built.name
    else:
        version, image = chaincode.version, None
    if image is not None:
        session.engine.require_image(image)
    packages = {owner.name: _package(session, chaincode, owner, version) for owner in owners}
    ids = {name: package.id for name, package in packages.items()}
    containers = tuple(
        chaincode_container(consortium, session.layout, owner, version=version, image=image, package_id=ids[owner.name])
        for owner in owners
        if image is not None and consortium.server_place(owner) is ServerPlace.CONTAINER
    )
    for owner in owners:
        if consortium.server_place(owner) is ServerPlace.HOST:
            _write_host_settings(session, owner, ids[owner.name])
    return Plan(Deployment(version, image, ids), packages, containers)


def install_packages(session: Session, plan: Plan) -> int:
    """Install each organisation's package on its peers; the number of installs that were needed."""
    owners = [owner for owner in session.consortium.organizations if owner.peers]
    jobs = [partial(install, session.participant(owner), plan.packages[owner.name]) for owner in owners]
    return sum(in_parallel(jobs))


def settle_channels(session: Session, chaincode: Chaincode, deployment: Deployment) -> tuple[str, ...]:
    """Approve and commit on every channel that does not have this very definition; the names of those committed."""
    channels = [channel for channel in session.consortium.channels if channel.chaincode]
    done = in_parallel([partial(_settle, session, chaincode, deployment, channel) for channel in channels])
    return tuple(channel.name for channel, was in zip(channels, done, strict=True) if was)


def retire_old_servers(session: Session, plan: Plan) -> tuple[str, ...]:
    """Remove the chaincode servers of earlier versions; their names."""
    current = {container.name for container in plan.containers}
    servers = [state.name for state in session.engine.containers() if state.kind == "chaincode"]
    old = [name for name in servers if name not in current]
    session.engine.remove(old)
    return tuple(old)


def _settle(session: Session, chaincode: Chaincode, deployment: Deployment, channel: Channel) -> bool:
    assert channel.chaincode is not None  # noqa: S101 - the caller's channels all run it
    consortium = session.consortium
    members = consortium.seated(channel)
    participants = {member.name: session.participant(member) for member in members}
    now = committed(participants[members[0].name], channel.name, chaincode.name)
    wanted = Definition(
        name=chaincode.name,
        version=deployment.version,
        sequence=now.sequence if now else 1,
        endorsement=consortium.policy_text(channel, channel.chaincode.endorsement),
        collections=consortium.collections(channel),
    )
    is_new = now is None or not now.has_terms_of(wanted)
    if now is not None and is_new:
        wanted = replace(wanted, sequence=now.sequence + 1)
    orderers = session.orderers()
    package = {name: deployment.packages[name] for name in participants}
    names = list(participants)
    try:
        known = _approved(participants, channel, wanted)
    except ApprovalLost:  # by a peer that was alone and lost its disk
        is_new, wanted = True, replace(wanted, sequence=wanted.sequence + 1)
        known = _approved(participants, channel, wanted)
    in_parallel(
        [
            partial(approve, participants[name], orderers, channel.name, wanted, package[name])
            for name, has in zip(names, known, strict=True)
            if has != package[name]
        ]
    )
    if is_new:
        wait_until_ready(list(participants.values()), channel.name, wanted)
        commit(list(participants.values()), orderers, channel.name, wanted)
    return is_new


def _approved(participants: Mapping[str, Participant], channel: Channel, wanted: Definition) -> list[str | None]:
    """What each has approved of this definition."""
    return in_parallel(
        [partial(approved_package, one, channel.name, wanted.name, wanted.sequence) for one in participants.values()]
    )


def _package(session: Session, chaincode: Chaincode, owner: Organization, version: str) -> ChaincodePackage:
    folder = session.layout.chaincode_tls(owner)
    if session.consortium.server_place(owner) is ServerPlace.HOST:
        address = f"{HOST_GATEWAY}:{session.ports[owner.name, 'chaincode']}"
    else:
        address = f"{chaincode_host(session.consortium, owner, version)}:{CHAINCODE_PORT}"
    try:
        connection = ServerConnection(
            address=address,
            root_certificate=(folder / "ca.crt").read_bytes(),
            client_certificate=(folder / "client.crt").read_bytes(),
            client_key=(folder / "client.key").read_bytes(),
        )
    except OSError as error:
        raise NetworkError(f"The TLS files of {owner.name}'s chaincode cannot be read: {error}.") from error
    return package_chaincode(f"{chaincode.name}_{version}", connection)


def _write_host_settings(session: Session, owner: Organization, package_id: str) -> None:
    """The environment for a server that someone starts on this host, for `set -a; . FILE` or a debugger."""
    address = f"0.0.0.0:{session.ports[owner.name, 'chaincode']}"
    chaincode = session.consortium.chaincode
    own = chaincode_environment(package_id, address, session.layout.chaincode_tls(owner))
    settings = {**(chaincode.environment if chaincode else {}), **own}
    text = "".join(f"{name}={value}\n" for name, value in settings.items())
    write_private(session.layout.chaincode / f"{owner.name}.env", text.encode())
