"""The chaincode on every channel: servers started, packages installed, definitions approved and committed.

An upgrade is a new version under the next sequence. Its servers run beside the old ones until every channel has
committed it, so there is always one that answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from hlf_client.admin.lifecycle import (
    ApprovalLost,
    Definition,
    Participant,
    approve,
    approved_package,
    commit,
    committed,
    install,
    readiness,
    wait_until_ready,
)
from hlf_client.admin.nodes import PeerError
from hlf_client.admin.package import ChaincodePackage, ServerConnection, package_chaincode
from hlf_client.errors import CommitFailed, InvalidDocument
from hlf_network._session import Session
from hlf_network.consortium import (
    HOST_GATEWAY,
    Chaincode,
    Channel,
    Consortium,
    Organization,
    ServerPlace,
    chaincode_host,
    may_commit,
)
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

__all__ = [
    "Deployment",
    "Settled",
    "install_packages",
    "plan_deployment",
    "record_of",
    "recorded",
    "retire_old_servers",
    "settle_channels",
]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One version of the chaincode: its image and each organisation's package id."""

    version: str
    image: str | None
    packages: Mapping[str, str]

    def save(self, path: Path) -> None:
        write_public(path, json.dumps(asdict(self), indent=2, sort_keys=True).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Plan:
    """A deployment and what has to be run and installed for it."""

    chaincode: Chaincode
    deployment: Deployment
    packages: Mapping[str, ChaincodePackage]
    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A channel after its definition was settled: whether it has it now, and who has not approved it yet."""

    channel: str
    is_new: bool
    is_committed: bool = True
    missing: tuple[str, ...] = ()


def record_of(consortium: Consortium, layout: Layout, chaincode: Chaincode) -> Path:
    """Where it is kept what was deployed of a chaincode."""
    is_further = chaincode.name in {one.name for one in consortium.chaincodes}
    return layout.deployed_of(chaincode.name) if is_further else layout.deployed


def recorded(layout: Layout, path: Path | None = None) -> Deployment | None:
    """What was deployed last, of the first chaincode or by another record; None before the first time."""
    path = path or layout.deployed
    try:
        content = json.loads(path.read_text())
        return Deployment(content["version"], content["image"], content["packages"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidDocument(f"{path} is damaged: delete it, then `network deploy`.") from error


def plan_deployment(session: Session, chaincode: Chaincode, *, keep: Deployment | None = None) -> Plan:
    """Decide version and image, building one when it is not there; with `keep`, repeat an earlier deployment."""
    consortium = session.consortium
    owners = _servers(consortium, chaincode)
    in_containers = any(consortium.server_place(owner, chaincode) is ServerPlace.CONTAINER for owner in owners)
    if keep is not None and keep.version.split("+")[0] == chaincode.version:
        version, image = keep.version, keep.image
    elif in_containers:
        built = ensure_image(session.engine, consortium.name, chaincode, session.layout.root)
        version, image = consortium.version_of(chaincode, built.digest), built.name
    else:
        version, image = chaincode.version, None
    if image is not None:
        session.engine.require_image(image)
    packages = {owner.name: _package(session, chaincode, owner, version) for owner in owners}
    ids = {name: package.id for name, package in packages.items()}
    containers = tuple(
        chaincode_container(
            consortium, session.layout, owner, chaincode, version=version, image=image, package_id=ids[owner.name]
        )
        for owner in owners
        if image is not None and consortium.server_place(owner, chaincode) is ServerPlace.CONTAINER
    )
    for owner in owners:
        if consortium.server_place(owner, chaincode) is ServerPlace.HOST:
            _write_host_settings(session, owner, chaincode, ids[owner.name])
    return Plan(chaincode, Deployment(version, image, ids), packages, containers)


def install_packages(session: Session, plan: Plan) -> int:
    """Install each organisation's package on its peers; the number of installs that were needed."""
    owners = _servers(session.consortium, plan.chaincode)
    jobs = [partial(install, session.participant(owner), plan.packages[owner.name]) for owner in owners]
    return sum(in_parallel(jobs))


def settle_channels(session: Session, chaincode: Chaincode, deployment: Deployment) -> tuple[Settled, ...]:
    """Approve on every channel for the members of this host, and commit where enough have approved."""
    channels = session.consortium.running(chaincode)
    return tuple(in_parallel([partial(_settle, session, chaincode, deployment, channel) for channel in channels]))


def served_by_all(session: Session, chaincode: Chaincode) -> tuple[Channel, ...]:
    """Channels whose members that run peers have all approved, and so serve, what is committed there.

    Whoever comes last founds the state, which all of them endorse.
    """
    consortium = session.consortium
    channels = consortium.running(chaincode)
    if not consortium.is_spread:
        return channels
    return tuple(channel for channel in channels if _all_serve(session, chaincode, channel))


def _all_serve(session: Session, chaincode: Chaincode, channel: Channel) -> bool:
    seated = session.consortium.seated(channel)
    asked = next((member for member in seated if session.consortium.is_here(member)), None)
    now = committed(session.participant(asked), channel.name, chaincode.name) if asked else None
    return now is not None and now.approvals >= {member.msp for member in seated}


def retire_old_servers(session: Session, plans: Sequence[Plan]) -> tuple[str, ...]:
    """Remove the chaincode servers of earlier versions; their names."""
    current = {container.name for plan in plans for container in plan.containers}
    servers = [state.name for state in session.engine.containers() if state.kind == "chaincode"]
    old = [name for name in servers if name not in current]
    session.engine.remove(old)
    return tuple(old)


def _settle(session: Session, chaincode: Chaincode, deployment: Deployment, channel: Channel) -> Settled:
    terms = session.consortium.terms(channel, chaincode)
    assert terms is not None  # noqa: S101 - the caller's channels all run it
    consortium, orderers = session.consortium, session.orderers(channel)
    ours = [session.participant(member) for member in consortium.seated(channel) if consortium.is_here(member)]
    names = {member.msp: member.name for member in consortium.seated(channel)}
    if not ours:
        return Settled(channel.name, is_new=False)
    now = committed(ours[0], channel.name, chaincode.name)
    wanted = Definition(
        name=chaincode.name,
        version=deployment.version,
        sequence=now.sequence if now else 1,
        endorsement=consortium.policy_text(channel, terms.endorsement),
        collections=consortium.collections(channel, chaincode),
    )
    is_new = now is None or not now.has_terms_of(wanted)
    if now is not None and is_new:
        wanted = replace(wanted, sequence=now.sequence + 1)
    try:
        known = _approved(ours, channel, wanted)
    except ApprovalLost:  # by a peer that was alone and lost its disk
        is_new, wanted = True, replace(wanted, sequence=wanted.sequence + 1)
        known = _approved(ours, channel, wanted)
    packages = [deployment.packages[names[one.msp_id]] for one in ours]
    in_parallel(
        [
            partial(approve, one, orderers, channel.name, wanted, package)
            for one, package, has in zip(ours, packages, known, strict=True)
            if has != package
        ]
    )
    if not is_new:
        return Settled(channel.name, is_new=False)
    return _commit_when_enough(session, channel, wanted, ours)


def _commit_when_enough(session: Session, channel: Channel, wanted: Definition, ours: Sequence[Participant]) -> Settled:
    """Commit a definition if enough members have approved it and answer, or see that another has been faster."""
    try:
        return _commit(session, channel, wanted, ours)
    except (PeerError, CommitFailed):
        now = committed(ours[0], channel.name, wanted.name)
        if now is None or now.sequence != wanted.sequence or not now.has_terms_of(wanted):
            raise
        return Settled(channel.name, is_new=True)


def _commit(session: Session, channel: Channel, wanted: Definition, ours: Sequence[Participant]) -> Settled:
    consortium = session.consortium
    wait_until_ready(ours, channel.name, wanted)
    approvals = readiness(ours[0], channel.name, wanted)
    approved = [member for member in consortium.seated(channel) if approvals.get(member.msp)]
    missing = tuple(sorted(msp for msp, given in approvals.items() if not given))
    answering = [member for member in approved if consortium.is_here(member) or session.answers(member)]
    if not may_commit(consortium, channel, [member.msp for member in answering]):
        return Settled(channel.name, is_new=True, is_committed=False, missing=missing)
    participants = [session.participant(member) for member in answering]
    participants.sort(key=lambda one: one.msp_id not in {our.msp_id for our in ours})
    wait_until_ready(participants, channel.name, wanted, approved_by=[member.msp for member in approved])
    commit(participants, session.orderers(channel), channel.name, wanted)
    return Settled(channel.name, is_new=True, missing=missing)


def _approved(participants: Sequence[Participant], channel: Channel, wanted: Definition) -> list[str | None]:
    """What each has approved of this definition."""
    return in_parallel(
        [partial(approved_package, one, channel.name, wanted.name, wanted.sequence) for one in participants]
    )


def _package(session: Session, chaincode: Chaincode, owner: Organization, version: str) -> ChaincodePackage:
    folder = session.layout.chaincode_tls(owner)
    if session.consortium.server_place(owner, chaincode) is ServerPlace.HOST:
        address = f"{HOST_GATEWAY}:{_host_port(session, owner, chaincode)}"
    else:
        address = f"{chaincode_host(chaincode, owner, version)}:{CHAINCODE_PORT}"
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


def _servers(consortium: Consortium, chaincode: Chaincode) -> tuple[Organization, ...]:
    """Who of this host serves a chaincode: the first everybody with peers, a further one its channels' members."""
    if chaincode.name not in {one.name for one in consortium.chaincodes}:
        return tuple(owner for owner in consortium.here if owner.peers)
    names = {name for channel in consortium.running(chaincode) for name in channel.members}
    return tuple(owner for owner in consortium.here if owner.peers and owner.name in names)


def _host_port(session: Session, owner: Organization, chaincode: Chaincode) -> int:
    is_further = chaincode.name in {one.name for one in session.consortium.chaincodes}
    return session.ports[owner.name, f"chaincode {chaincode.name}" if is_further else "chaincode"]


def _write_host_settings(session: Session, owner: Organization, chaincode: Chaincode, package_id: str) -> None:
    """The environment for a server that someone starts on this host, for `set -a; . FILE` or a debugger."""
    address = f"0.0.0.0:{_host_port(session, owner, chaincode)}"
    own = chaincode_environment(package_id, address, session.layout.chaincode_tls(owner))
    settings = {**chaincode.environment, **own}
    text = "".join(f"{name}={value}\n" for name, value in settings.items())
    is_further = chaincode.name in {one.name for one in session.consortium.chaincodes}
    name = f"{owner.name}-{chaincode.name}" if is_further else owner.name
    write_private(session.layout.chaincode / f"{name}.env", text.encode())
