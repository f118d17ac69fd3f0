"""The chaincode's image: what is installed on this host, or wheels that it collected, installed without an index.

The build itself needs no network at all, so it also works behind a proxy that intercepts TLS, and offline.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests
from docker.errors import BuildError, DockerException

from hlf_client.identity.wallet import make_private_folder
from hlf_network.consortium import Chaincode, ChaincodeImage
from hlf_network.engine.docker import Engine
from hlf_network.errors import NetworkError
from hlf_network.lifecycle.installed import installed_files
from hlf_network.lifecycle.wheels import (
    collect_wheels,
    installed_closure,
    package_files,
    package_folder,
    source_checkout,
)

__all__ = ["BuiltImage", "ensure_image"]

SURROUNDINGS = "ENV PYTHONPATH=/opt/chaincode PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1\n"
DOCKERFILE = """\
COPY wheels /tmp/wheels
RUN python -m pip install --no-index --no-cache-dir --disable-pip-version-check --root-user-action=ignore \\
    --find-links /tmp/wheels {requirements} && rm -rf /tmp/wheels
COPY packages /opt/chaincode
"""
COPIED = "COPY packages /opt/chaincode\n"
WHEELS_BEING_COLLECTED = "wheels-being-collected"
"""Below the network's own folder, where what a kill leaves is found by the next build and by `down --purge`."""


@dataclass(frozen=True, slots=True)
class BuiltImage:
    """An image to run; `digest` changes with what is in it, and is "" for one that somebody else built."""

    name: str
    digest: str


def ensure_image(engine: Engine, network: str, chaincode: Chaincode, folder: Path) -> BuiltImage:
    """The image that consortium.yaml asks for, built unless one of the same content is there.

    Raises NetworkError when wheels cannot be collected or the build fails, with pip's or Docker's words.
    """
    settings = chaincode.image
    if settings.name is not None:
        return BuiltImage(settings.name, "")
    engine.require_image(settings.base)
    base_id = engine.image_id(settings.base) or ""
    digest = _content_digest(settings, base_id)
    tag = f"{network}-{chaincode.name}-chaincode:{digest}"
    scratch = folder / WHEELS_BEING_COLLECTED
    shutil.rmtree(scratch, ignore_errors=True)
    if engine.image_id(tag) is None:
        installed = installed_files(settings, engine.architecture)
        if settings.wheels is not None:
            _build(engine, tag, settings, wheels=settings.wheels)
        elif installed is not None:
            _build(engine, tag, settings, installed=installed)
        else:
            make_private_folder(scratch)
            try:
                collect_wheels(settings, scratch, engine.architecture)
                _build(engine, tag, settings, wheels=scratch)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    return BuiltImage(tag, digest)


def _build(
    engine: Engine,
    tag: str,
    settings: ChaincodeImage,
    *,
    wheels: Path | None = None,
    installed: Mapping[str, Path] | None = None,
) -> None:
    """Every layer carries our labels from the first on, so that what a build leaves that was cut off is found."""
    if wheels and not any(wheels.glob("*.whl")):
        raise NetworkError(f"There are no wheels in {wheels}: collect them with `pip download`, or remove the setting.")
    labels = " ".join(f"{name}={json.dumps(value)}" for name, value in engine.labels.items())
    requirements = " ".join(f"'{requirement}'" for requirement in settings.requirements)
    steps = DOCKERFILE.format(requirements=requirements) if wheels else COPIED
    dockerfile = f"FROM {settings.base}\nLABEL {labels}\n{SURROUNDINGS}{steps}"
    try:
        engine.client.images.build(
            fileobj=_context(settings, dockerfile.encode(), wheels, installed or {}),
            custom_context=True,
            tag=tag,
            rm=True,
            forcerm=True,
            network_mode="none",
            labels=engine.labels,
        )
    except BuildError as error:
        lines = [str(entry["stream"]).strip() for entry in error.build_log if "stream" in entry]
        words = "; ".join(line for line in lines[-3:] if line)
        raise NetworkError(f"The chaincode's image cannot be built: {words or error}.") from error
    except (DockerException, requests.RequestException) as error:
        raise NetworkError(f"The chaincode's image cannot be built: {error}.") from error


def _context(
    settings: ChaincodeImage, dockerfile: bytes, wheels: Path | None, installed: Mapping[str, Path]
) -> io.BytesIO:
    """The build context: a Dockerfile, wheels or what is installed, and packages."""
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(dockerfile)
        archive.addfile(entry, io.BytesIO(dockerfile))
        for wheel in sorted(wheels.glob("*.whl")) if wheels else ():
            archive.add(wheel, arcname=f"wheels/{wheel.name}")
        folder = tarfile.TarInfo("packages")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(folder)
        for name, path in sorted(installed.items()):
            archive.add(path, arcname=f"packages/{name}", filter=_readable)
        for name in settings.packages:
            package = package_folder(name)
            for file in package_files(package):
                archive.add(file, arcname=f"packages/{name}/{file.relative_to(package)}", filter=_readable)
    context.seek(0)
    return context


def _readable(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """For the user that the server runs as, whoever that is; times stay, by which Python knows its compiled files."""
    entry.mode, entry.uid, entry.gid, entry.uname, entry.gname = 0o644, 0, 0, "", ""
    return entry


def _content_digest(settings: ChaincodeImage, base_id: str) -> str:
    """What decides the image's content, known without collecting anything."""
    content: list[object] = [SURROUNDINGS, DOCKERFILE, COPIED, base_id, settings.python, list(settings.requirements)]
    for name in settings.packages:
        package = package_folder(name)
        content.append([name, sorted(_hashes(package_files(package), package))])
    if settings.wheels is not None:
        content.append(sorted(_hashes(settings.wheels.glob("*.whl"), settings.wheels)))
    else:
        for distribution in installed_closure(settings.requirements):
            source = source_checkout(distribution)
            if source is not None:
                content.append(sorted(_hashes(_sources(source), source)))
            else:
                origin = distribution.read_text("direct_url.json")
                content.append([distribution.metadata["Name"], distribution.version, origin])
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]


def _hashes(paths: Iterator[Path], base: Path) -> Iterator[tuple[str, str]]:
    for path in paths:
        yield str(path.relative_to(base)), hashlib.sha256(path.read_bytes()).hexdigest()


def _sources(checkout: Path) -> Iterator[Path]:
    """The files of a checkout that go into its wheel: pyproject.toml and whatever lies in an importable package."""
    yield checkout / "pyproject.toml"
    for pattern in ("*/*/__init__.py", "*/__init__.py"):
        for package in checkout.glob(pattern):
            if not package.relative_to(checkout).parts[0].startswith("."):
                yield from package_files(package.parent)
