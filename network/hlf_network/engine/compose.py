"""compose.yaml: the same containers for `docker compose`, for those who would rather run them without us.

Without `name` and `version`, each of which one of the two generations of Compose does not like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from hlf_network.consortium import Consortium
from hlf_network.engine.nodes import FABRIC_SETTINGS, LABEL, Container, Mount
from hlf_network.material.layout import Layout

__all__ = ["compose_file"]

HEADER = """\
# Written by `network render`; written anew by the next one. Start: docker compose -f {path} up -d
# The containers, volumes and network are those that `network up` makes, under the same names: use one or
# the other. Channels, chaincode and profiles are then `network up`'s work, which finds the nodes running.
"""


def compose_file(consortium: Consortium, layout: Layout, containers: Sequence[Container]) -> str:
    """The text of compose.yaml; folders are given relative to it."""
    named = [name for one in containers for name in (*one.volumes, *_settings_volume(one))]
    volumes = {name: {"name": name, "labels": _labels(consortium)} for name in named}
    content = {
        "services": {one.name: _service(consortium, layout.root, one) for one in containers},
        "networks": {"default": {"name": consortium.name, "labels": _labels(consortium)}},
        "volumes": volumes,
    }
    return HEADER.format(path="compose.yaml") + yaml.safe_dump(content, sort_keys=False)


def _service(consortium: Consortium, root: Path, container: Container) -> dict[str, object]:
    service: dict[str, object] = {
        "image": container.image,
        "container_name": container.name,
        "hostname": container.hostname,
        "environment": dict(container.environment),
        "labels": {
            **_labels(consortium),
            f"{LABEL}.kind": container.kind,
            f"{LABEL}.organization": container.organization,
            f"{LABEL}.fingerprint": container.fingerprint,
        },
        "networks": {"default": {"aliases": [container.hostname]}},
        "extra_hosts": ["host.docker.internal:host-gateway"],
        "restart": "unless-stopped",
        "volumes": [*_settings_volume(container).values(), *(_volume(root, mount) for mount in container.mounts)],
    }
    if container.ports:
        service["ports"] = [f"{port.address}:{port.host}:{port.inside}" for port in container.ports]
    if container.command:
        service["command"] = list(container.command)
    if container.user:
        service["user"] = container.user
    if container.locked_down:
        service |= {
            "read_only": True,
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges:true"],
            "tmpfs": ["/tmp:size=64m"],  # noqa: S108 - inside the container
        }
    return service


def _settings_volume(container: Container) -> dict[str, str]:
    """By its name, the volume of a node's settings. Fabric's images declare one there, which without a name would stay
    behind, nameless, after every `docker compose down`. A new image fills a new one."""
    if container.kind not in {"peer", "orderer"}:
        return {}
    tag = re.sub(r"[^A-Za-z0-9_.-]", "-", container.image.rpartition(":")[2])
    name = f"{container.name}-settings-{tag}"
    return {name: f"{name}:{FABRIC_SETTINGS}"}


def _volume(root: Path, mount: Mount) -> str:
    source = Path(mount.source)
    is_ours = source.is_absolute() and source.is_relative_to(root)
    name = f"./{source.relative_to(root)}" if is_ours else mount.source
    return f"{name}:{mount.target}{':ro' if mount.read_only else ''}"


def _labels(consortium: Consortium) -> dict[str, str]:
    return {LABEL: consortium.name}
