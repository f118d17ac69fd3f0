"""What is installed on this host and runs in the chaincode's image as it lies here, its compiled files too.

Where host and image have the same Python, pip has nothing to decide there any more: copying takes a fraction of the
time of an installation. Whatever speaks against that leaves the image to wheels and pip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

from hlf_network.consortium import ChaincodeImage
from hlf_network.lifecycle.wheels import (
    distribution_named,
    installed_closure,
    is_of_this_machine_alone,
    package_files,
    runs_here,
    source_checkout,
)

__all__ = ["installed_files"]

BARE = re.compile(r"[A-Za-z0-9._-]+(\[[A-Za-z0-9._,\s-]*\])?")
"""A requirement without a version, a marker or an address: with any of these, pip is to judge."""


def installed_files(settings: ChaincodeImage, architecture: str) -> dict[str, Path] | None:
    """By their path below a folder of packages, the files of all that the image requires; None where that is not
    enough: another Python, a C library that is not the GNU one, a requirement that pip must judge or that is not here,
    a distribution that was built on this machine."""
    if settings.wheels is not None or not runs_here(settings, architecture) or "alpine" in settings.base:
        return None
    bare = all(BARE.fullmatch(requirement.strip()) for requirement in settings.requirements)
    if not bare or any(distribution_named(requirement) is None for requirement in settings.requirements):
        return None
    found: dict[str, Path] = {}
    for distribution in installed_closure(settings.requirements):
        source = source_checkout(distribution)
        if source is None and is_of_this_machine_alone(distribution):
            return None
        found.update(_of_checkout(source, distribution) if source else _of(distribution))
    return found


def _of(distribution: Distribution) -> Iterator[tuple[str, Path]]:
    for file in distribution.files or ():
        path = Path(str(file.locate()))
        if ".." not in file.parts and path.is_file():  # a console script lies elsewhere, and nobody calls it there
            yield str(file), path


def _of_checkout(source: Path, distribution: Distribution) -> Iterator[tuple[str, Path]]:
    """The packages of a source checkout, and the dist-info by which they know their version."""
    for start in sorted(source.glob("*/__init__.py")):
        for path in package_files(start.parent):
            yield str(path.relative_to(source)), path
    for file in distribution.files or ():
        if file.parts[0].endswith(".dist-info") and file.name == "METADATA":
            yield str(file), Path(str(file.locate()))
