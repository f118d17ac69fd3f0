"""Containers through the Docker Engine's API (20.10 and later): make, start, watch, remove; nothing of Fabric here.

Everything made carries the label `org.eximledger.network=<name>`, so that `down` finds
exactly that, also after a crash.
"""

from __future__ import annotations

import http
import http.client
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.models.containers import Container as DockerContainer
from docker.types import EndpointConfig, Mount

from hlf_network.engine.api import connected, reason, spoken
from hlf_network.engine.nodes import LABEL, Container, PublishedPort
from hlf_network.engine.ports import holder, is_free
from hlf_network.errors import NetworkError

__all__ = ["ContainerState", "Engine", "ailment", "wait_until_healthy", "wait_until_listening"]

KIND_LABEL = f"{LABEL}.kind"
ORGANIZATION_LABEL = f"{LABEL}.organization"
FINGERPRINT_LABEL = f"{LABEL}.fingerprint"
LOG_BYTES = {"max-size": "20m", "max-file": "3"}


@dataclass(frozen=True, slots=True)
class ContainerState:
    """A container of ours as it is now."""

    name: str
    kind: str
    organization: str
    status: str
    fingerprint: str
    image: str
    started: datetime
    restarts: int
    """How often Docker has had to start it again since it was made; an operator's own restarts are not counted."""


class Engine:
    """The Docker engine, seen by one network. Methods may be called from several threads."""

    def __init__(self, network: str, labels: Mapping[str, str] | None = None) -> None:
        """Not connected yet: that happens when it is first asked for something."""
        self._network = network
        self.labels = {**(labels or {}), LABEL: network}

    @classmethod
    def connect(cls, network: str, labels: Mapping[str, str] | None = None) -> Self:
        """`labels` are put on everything that is made, beside our own.

        Raises NetworkError with what to do when there is no engine, no permission, or one too old."""
        engine = cls(network, labels)
        _ = engine.client
        return engine

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> docker.DockerClient:
        return connected()

    @property
    def client(self) -> docker.DockerClient:
        """The SDK's client, for what this class does not offer (building images)."""
        return self._client

    @property
    def architecture(self) -> str:
        """The engine's processor, as Docker spells it: amd64, arm64."""
        with spoken():
            return str(self._client.version()["Arch"])

    def image_id(self, image: str) -> str | None:
        """The id of a local image; None when it is not there."""
        with spoken():
            try:
                return str(self._client.images.get(image).id)
            except ImageNotFound:
                return None

    def require_image(self, image: str) -> None:
        """Make sure that an image is at hand, pulling it when it is not. Raises NetworkError."""
        if self.image_id(image) is not None:
            return
        try:
            self._client.images.pull(image)
        except (DockerException, requests.RequestException) as error:
            raise NetworkError(
                f"Image {image} is not on this machine and cannot be pulled ({reason(error)}). "
                f"Load it with `docker load`, or name another in `images` of consortium.yaml."
            ) from error

    def containers(self) -> tuple[ContainerState, ...]:
        """Every container of this network, running or not, by name."""
        with spoken():
            found = [self._state(container) for container in self._ours()]
        return tuple(sorted(found, key=lambda state: state.name))

    def ensure_network(self) -> bool:
        """Make the bridge network; False when it is there."""
        with spoken():
            if self._client.networks.list(names=[f"^{self._network}$"]):
                return False
            self._client.networks.create(self._network, driver="bridge", check_duplicate=True, labels=self.labels)
        return True

    def ensure_container(self, wanted: Container) -> bool:
        """Make and start a container, replace one that is described otherwise, start one that is stopped.

        True when anything was done. Raises NetworkError, for a port in use with its holder.
        """
        with spoken():
            present = self._get(wanted.name)
            if present is not None and present.labels.get(LABEL) != self._network:
                raise NetworkError(
                    f"A container named {wanted.name} exists and is not of network {self._network}: "
                    f"rename the network in consortium.yaml, or remove that container."
                )
            if present is not None and present.labels.get(FINGERPRINT_LABEL) == wanted.fingerprint:
                if present.status == "running":
                    return False
                self._check_ports(wanted)
                present.start()
                return True
            if present is not None:
                present.remove(force=True, v=True)
            self._check_ports(wanted)
            self._create(wanted).start()
        return True

    def stop(self, names: Sequence[str], *, seconds: int = 10) -> None:
        """Ask containers to end, and kill those that do not within `seconds`."""
        for name in names:
            with spoken():
                container = self._get(name)
                if container is not None:
                    container.stop(timeout=seconds)

    def start(self, name: str) -> None:
        with spoken():
            container = self._get(name)
            if container is None:
                raise NetworkError(f"There is no container {name}: run `network up`.")
            container.start()

    def restart(self, name: str) -> None:
        with spoken():
            container = self._get(name)
            if container is not None:
                container.restart(timeout=10)

    def kill(self, name: str) -> None:
        """End a container at once, as a power cut would."""
        with spoken():
            container = self._get(name)
            if container is not None:
                container.kill()

    def remove(self, names: Sequence[str]) -> None:
        """Remove containers with their anonymous volumes; named volumes stay."""
        for name in names:
            with spoken(), suppress(NotFound):
                container = self._client.containers.get(name)
                if container.labels.get(LABEL) == self._network:
                    container.remove(force=True, v=True)

    def remove_network(self) -> bool:
        """Remove the bridge network; False when there is none of ours."""
        with spoken():
            ours = self._client.networks.list(filters={"label": f"{LABEL}={self._network}"})
            for network in ours:
                with suppress(NotFound):
                    network.remove()
        return bool(ours)

    def volumes(self) -> tuple[str, ...]:
        """This network's named volumes: the ledgers."""
        with spoken():
            found = self._client.volumes.list(filters={"label": f"{LABEL}={self._network}"})
        return tuple(sorted(str(volume.name) for volume in found))

    def remove_volumes(self, names: Sequence[str]) -> None:
        """Remove volumes, and mind not when somebody else has: Docker's own clean-up, the reaper of a test run."""
        for name in names:
            with spoken(), suppress(NotFound):
                self._client.volumes.get(name).remove(force=True)

    def images(self) -> tuple[str, ...]:
        """The images built for this network: tags first, then the ids of what has none, as a build leaves it that was
        cut off or whose tag another build has taken."""
        with spoken():
            found = self._client.images.list(filters={"label": f"{LABEL}={self._network}"})
        tags = sorted(tag for image in found for tag in image.tags)
        return (*tags, *sorted(str(image.id) for image in found if not image.tags))

    def remove_images(self, names: Sequence[str]) -> None:
        """Remove images by tag or id, with the untagged ones that they stand on."""
        for name in names:
            with spoken(), suppress(NotFound):
                self._client.images.remove(name)

    def logs(self, name: str, *, tail: int | None = None, follow: bool = False) -> Iterator[bytes]:
        """A container's output, oldest first; with `follow` it goes on until the container ends."""
        with spoken():
            container = self._get(name)
            if container is None:
                raise NetworkError(f"There is no container {name}; `network status` lists them.")
            lines = container.logs(stream=True, follow=follow, tail="all" if tail is None else tail)
            yield from lines

    def listens(self, name: str, port: int) -> bool | None:
        """Whether something listens inside a container, asked from inside it; None when its image has no Python."""
        probe = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2).close()"
        with spoken():
            container = self._get(name)
            if container is None or container.status != "running":
                return False
            started = container.attrs["State"]["StartedAt"]
            try:
                code = container.exec_run(["python", "-c", probe]).exit_code
            except APIError as error:
                if error.status_code in {http.HTTPStatus.NOT_FOUND, http.HTTPStatus.CONFLICT}:
                    return False  # it ended between the look and the question
                raise
            if code not in {126, 127}:
                return bool(code == 0)
            # "Cannot be executed" is also the answer of a container that ends while it is asked.
            again = self._get(name)
        same = again is not None and again.status == "running" and again.attrs["State"]["StartedAt"] == started
        return None if same else False

    def exit_reason(self, name: str) -> str | None:
        """Why a container is not running, with its last words; None while it runs."""
        with spoken():
            container = self._get(name)
            if container is None:
                return "it was removed"
            if container.status in {"running", "created"}:
                return None
            code = container.attrs["State"].get("ExitCode")
            words = container.logs(tail=5).decode(errors="replace").strip()
        return f"it ended with code {code}: {words or 'without a word'}"

    def _state(self, container: DockerContainer) -> ContainerState:
        labels = container.labels
        return ContainerState(
            name=str(container.name),
            kind=labels.get(KIND_LABEL, ""),
            organization=labels.get(ORGANIZATION_LABEL, ""),
            status=str(container.status),
            fingerprint=labels.get(FINGERPRINT_LABEL, ""),
            image=str(container.attrs["Config"]["Image"]),
            started=_moment(container.attrs["State"]["StartedAt"]),
            restarts=int(container.attrs.get("RestartCount", 0)),
        )

    def _ours(self) -> list[DockerContainer]:
        return self._client.containers.list(
            all=True, filters={"label": f"{LABEL}={self._network}"}, ignore_removed=True
        )

    def _get(self, name: str) -> DockerContainer | None:
        try:
            return self._client.containers.get(name)
        except NotFound:
            return None

    def _create(self, wanted: Container) -> DockerContainer:
        for volume in wanted.volumes:
            self._client.volumes.create(volume, labels=self.labels)
        return self._client.containers.create(
            wanted.image,
            command=list(wanted.command) or None,
            name=wanted.name,
            hostname=wanted.hostname,
            environment=wanted.environment,
            labels={
                **self.labels,
                KIND_LABEL: wanted.kind,
                ORGANIZATION_LABEL: wanted.organization,
                FINGERPRINT_LABEL: wanted.fingerprint,
            },
            mounts=[
                Mount(
                    mount.target,
                    mount.source,
                    type="bind" if mount.source.startswith("/") else "volume",
                    read_only=mount.read_only,
                )
                for mount in wanted.mounts
            ],
            ports={f"{port.inside}/tcp": (port.address, port.host) for port in wanted.ports},
            network=self._network,
            networking_config={self._network: EndpointConfig(self._client.api.api_version, aliases=[wanted.hostname])},
            extra_hosts={"host.docker.internal": "host-gateway"},
            user=wanted.user or None,
            read_only=wanted.locked_down,
            cap_drop=["ALL"] if wanted.locked_down else None,
            security_opt=["no-new-privileges:true"] if wanted.locked_down else None,
            tmpfs={"/tmp": "size=64m"} if wanted.locked_down else None,  # noqa: S108 - inside the container
            restart_policy={"Name": "unless-stopped"},  # type: ignore[arg-type]  # a policy that the stubs lack
            log_config=docker.types.LogConfig(type="json-file", config=LOG_BYTES),
        )

    def _check_ports(self, wanted: Container) -> None:
        for port in wanted.ports:
            if not is_free(port.address, port.host):
                raise NetworkError(
                    f"Port {port.host} for {wanted.name} is held by {self._holder(port)}: "
                    f"end that, or choose another port in consortium.yaml."
                )

    def _holder(self, port: PublishedPort) -> str:
        for container in self._client.containers.list(ignore_removed=True):
            bindings = container.attrs.get("HostConfig", {}).get("PortBindings") or {}
            for hosts in bindings.values():
                if any(str(port.host) == binding.get("HostPort") for binding in hosts or ()):
                    return f"container {container.name}"
        return holder(port.host)


def _moment(text: str) -> datetime:
    """Docker's time to the microsecond: Python's own reading knows no nanoseconds."""
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{seconds}.{fraction[:6]:0<6}+00:00")


def wait_until_healthy(engine: Engine, container: Container, *, seconds: float = 60.0) -> None:
    """Wait until the node's operations endpoint says that all is well.

    Raises NetworkError with the last reason when it does not within `seconds`, or at once when the container has ended.
    """
    operations = container.operations
    assert operations is not None, "only nodes with an operations endpoint can be waited for"  # noqa: S101
    deadline = time.monotonic() + seconds
    next_look = time.monotonic() + 1.0
    last = "no answer yet"
    while time.monotonic() < deadline:
        found = ailment(*operations)
        if found is None:
            return
        last = found
        if time.monotonic() > next_look:
            ended = engine.exit_reason(container.name)
            if ended is not None:
                raise NetworkError(f"{container.name} does not start: {ended}")
            next_look = time.monotonic() + 1.0
        time.sleep(0.05)
    raise NetworkError(f"{container.name} is not healthy after {seconds:.0f} s: {last}")


def wait_until_listening(engine: Engine, container: Container, port: int, *, seconds: float = 60.0) -> None:
    """Wait until a server listens inside its container. Raises NetworkError with its last words when it has ended."""
    deadline = time.monotonic() + seconds
    while engine.listens(container.name, port) is False:
        ended = engine.exit_reason(container.name)
        if ended is not None:
            raise NetworkError(f"{container.name} does not start: {ended}")
        if time.monotonic() > deadline:
            raise NetworkError(f"{container.name} runs but does not listen on port {port} after {seconds:.0f} s.")
        time.sleep(0.1)


def ailment(address: str, port: int) -> str | None:
    """What an operations endpoint says is wrong with its node; None when it is well.

    That a peer cannot reach a Docker engine is no ailment: Fabric 2.5 always looks for one, and we give it none,
    because chaincode runs as a service.
    """
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        body = answer.read(10_000)
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()
    if answer.status == http.HTTPStatus.OK:
        return None
    try:
        failed = [check for check in json.loads(body)["failed_checks"] if check["component"] != "docker"]
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace")
    return "; ".join(f"{check['component']}: {check['reason']}" for check in failed) or None
