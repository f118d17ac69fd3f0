"""The wheels that a chaincode image is built from, collected by this host.

What is installed here and fits the image is packed into wheels again: the chaincode then runs with the very versions
that this host has, and no index is asked, so it works offline and behind a proxy that intercepts TLS. What is missing,
or was built for another Python, is fetched by the host's pip with the host's settings.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution
from pathlib import Path
from urllib.parse import unquote, urlparse

from hlf_network.consortium import ChaincodeImage
from hlf_network.errors import NetworkError

__all__ = [
    "collect_wheels",
    "distribution_named",
    "installed_closure",
    "is_of_this_machine_alone",
    "package_files",
    "package_folder",
    "runs_here",
    "source_checkout",
]

PIP_SECONDS = 600
OF_THE_INSTALLATION = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"}
"""Files of a dist-info folder that tell of this installation and not of the distribution."""


def collect_wheels(settings: ChaincodeImage, target: Path, architecture: str) -> None:
    """Collect wheels for the image's Python into a folder. Raises NetworkError with pip's last words.

    A requirement that is installed from a source checkout is built from there.
    """
    wanted = [_wanted(requirement, target) for requirement in settings.requirements]
    if runs_here(settings, architecture):
        for distribution in installed_closure(settings.requirements):
            if source_checkout(distribution) is None:
                _pack(distribution, target)
        if _download(settings, target, architecture, wanted, "--no-index").returncode == 0:
            return
    done = _download(settings, target, architecture, wanted)
    if done.returncode:
        raise _uncollected(done)


def installed_closure(requirements: Sequence[str]) -> Iterator[Distribution]:
    """The installed distributions among requirements and all that they need; each once, in the order of discovery.

    Environment markers are not evaluated: what is installed here was needed here, and pip in the image judges again.
    """
    waiting, seen = list(requirements), set[tuple[str, str]]()
    given = set[str]()
    while waiting:
        requirement = waiting.pop(0)
        name, extras = _name(requirement), _extras(requirement)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        distribution = _distribution(name)
        if distribution is None:
            continue
        if name not in given:
            given.add(name)
            yield distribution
        for needed in distribution.requires or ():
            marker = re.search(r"""extra\s*==\s*['"]([^'"]+)""", needed)
            if marker is None or marker[1] in extras.split(","):
                waiting.append(needed.partition(";")[0])


def source_checkout(distribution: Distribution) -> Path | None:
    """The folder that a distribution is installed from in editable form (PEP 610); None for all others."""
    origin = _origin(distribution)
    if not origin.get("editable"):
        return None
    return Path(unquote(urlparse(origin["url"]).path))


def distribution_named(requirement: str) -> Distribution | None:
    """The installed distribution that a requirement names, whatever its version."""
    return _distribution(_name(requirement))


def is_of_this_machine_alone(distribution: Distribution) -> bool:
    """Whether it was built here, against whatever this machine has, or not installed from a wheel at all."""
    tags = re.findall(r"^Tag: \S+-\S+-(\S+)$", distribution.read_text("WHEEL") or "", re.MULTILINE)
    return not tags or not distribution.files or any(machine.startswith("linux_") for machine in tags)


def package_folder(name: str) -> Path:
    """Where an import package of this host lies. Raises `NetworkError` when there is none."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None or not found.submodule_search_locations:
        raise NetworkError(f"`chaincode.image.packages` names {name}, and there is no such package on this host.")
    return Path(found.origin).parent


def package_files(folder: Path) -> Iterator[Path]:
    """The files of a package, without what Python leaves beside them."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)


def _wanted(requirement: str, target: Path) -> str:
    """What to ask pip for: a wheel made here of what is on no index, else the requirement as it is written."""
    distribution = _distribution(_name(requirement))
    if distribution is None or not _origin(distribution):
        return requirement
    source = source_checkout(distribution)
    wheel = _build(source, target) if source else _pack(distribution, target)
    extras = _extras(requirement)
    return f"{wheel}[{extras}]" if wheel and extras else str(wheel or requirement)


def _build(source: Path, target: Path) -> Path:
    """A wheel of a source checkout, by the build tool that is installed when there is one: it then needs no index."""
    isolation = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    done = _pip("wheel", "--no-deps", *isolation, "--wheel-dir", str(target), str(source))
    if done.returncode:
        raise _uncollected(done)
    return max(target.glob("*.whl"), key=lambda path: path.stat().st_mtime_ns)


def _pack(distribution: Distribution, target: Path) -> Path | None:
    """A wheel of an installed distribution; None for one that was built on this machine, or not from a wheel."""
    if is_of_this_machine_alone(distribution):
        return None
    tags = re.findall(r"^Tag: (\S+)-(\S+)-(\S+)$", distribution.read_text("WHEEL") or "", re.MULTILINE)
    pythons, abis, machines = (".".join(dict.fromkeys(parts)) for parts in zip(*tags, strict=True))
    name = re.sub(r"[-_.]+", "_", distribution.metadata["Name"])
    path = target / f"{name}-{distribution.version.replace('-', '_')}-{pythons}-{abis}-{machines}.whl"
    record, folder = [], ""
    with zipfile.ZipFile(path, "w") as archive:
        for file in distribution.files or ():
            if file.suffix == ".pyc" or ".." in file.parts:
                continue
            in_info = file.parts[0].endswith(".dist-info")
            folder = file.parts[0] if in_info else folder
            if in_info and file.name in OF_THE_INSTALLATION:
                continue
            content = Path(str(file.locate())).read_bytes()
            archive.writestr(_entry(str(file)), content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{file},sha256={digest},{len(content)}\n")
        archive.writestr(_entry(f"{folder}/RECORD"), "".join(record) + f"{folder}/RECORD,,\n")
    return path


def _entry(name: str) -> zipfile.ZipInfo:
    """A file in a wheel, without the clock in it."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o644 << 16
    return entry


def runs_here(settings: ChaincodeImage, architecture: str) -> bool:
    """Whether what is installed here would run in the image: the same Python, on Linux, on the same processor."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (sys.platform, here, platform.machine()) == ("linux", settings.python, _machine(architecture))


def _download(
    settings: ChaincodeImage, target: Path, architecture: str, wanted: Sequence[str], *index: str
) -> subprocess.CompletedProcess[str]:
    machines = [f"manylinux{tag}_{_machine(architecture)}" for tag in ("2014", "_2_17", "_2_28", "_2_34")]
    return _pip(
        "download",
        *index,
        "--only-binary=:all:",
        "--dest",
        str(target),
        "--find-links",
        str(target),
        "--python-version",
        settings.python,
        "--implementation",
        "cp",
        *(part for name in machines for part in ("--platform", name)),
        *wanted,
    )


def _machine(architecture: str) -> str:
    """Docker's word for a processor as wheels spell it."""
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(architecture, architecture)


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", arguments[0], "--quiet", "--disable-pip-version-check", *arguments[1:]]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=PIP_SECONDS, check=False)  # noqa: S603 - our own arguments, no shell
    except subprocess.TimeoutExpired as error:
        raise NetworkError(f"pip has not collected the chaincode's wheels within {PIP_SECONDS} s.") from error


def _uncollected(done: subprocess.CompletedProcess[str]) -> NetworkError:
    words = done.stderr.strip().splitlines()[-1:] or ["without a word"]
    return NetworkError(
        f"The chaincode's wheels cannot be collected: {words[0]}. Mend pip's access to an index, or collect the "
        f"wheels elsewhere and name their folder in `chaincode.image.wheels`."
    )


def _name(requirement: str) -> str:
    found = re.match(r"\s*([A-Za-z0-9._-]+)", requirement)
    return re.sub(r"[-_.]+", "-", found[1]).lower() if found else ""


def _extras(requirement: str) -> str:
    """The extras of a requirement as `a,b`; "" without any."""
    found = re.search(r"\[([^\]]*)\]", requirement)
    return ",".join(sorted(part.strip() for part in found[1].split(","))) if found else ""


def _distribution(name: str) -> Distribution | None:
    try:
        return importlib.metadata.distribution(name) if name else None
    except importlib.metadata.PackageNotFoundError:
        return None


def _origin(distribution: Distribution) -> dict[str, str]:
    """Where a distribution came from when not from an index: `url`, and `editable` when it is (PEP 610)."""
    text = distribution.read_text("direct_url.json")
    if text is None:
        return {}
    content = json.loads(text)
    return {"url": content["url"], **({"editable": "yes"} if content.get("dir_info", {}).get("editable") else {})}
