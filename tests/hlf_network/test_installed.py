"""What goes into the chaincode's image as it is installed here, and when pip is asked instead."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from hlf_network.consortium import ChaincodeImage
from hlf_network.lifecycle.installed import installed_files

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only what is installed on Linux runs in the image")


def settings(*requirements: str, **changes: object) -> ChaincodeImage:
    return ChaincodeImage(python=HERE, requirements=requirements or ("hlf-chaincode[contract]",)).model_copy(
        update=changes
    )


def test_a_copy_of_it_imports_alone_and_knows_its_version(tmp_path: Path) -> None:
    found = installed_files(settings(), platform.machine())
    assert found is not None
    for name, source in found.items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    script = (
        "import importlib.metadata as m, sys, grpc, pydantic, cryptography, hlf_chaincode;"
        "assert all(x.__file__.startswith(sys.argv[1]) for x in (grpc, pydantic, cryptography, hlf_chaincode));"
        "print(m.version('hlf-chaincode'))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, sys.argv[1]); {script}", str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_nothing_of_the_developers_goes_in() -> None:
    found = installed_files(settings(), platform.machine())
    assert found is not None
    assert {name.partition("/")[0] for name in found}.isdisjoint({"pytest", "mypy", "hlf_client", "hlf_network"})


@pytest.mark.parametrize(
    "changed",
    [
        settings("pydantic>=2"),
        settings("no-such-distribution"),
        settings(python="3.99"),
        settings(base="python:3.11-alpine"),
        settings(wheels=Path("elsewhere")),
    ],
)
def test_pip_is_asked_where_copying_would_guess(changed: ChaincodeImage) -> None:
    assert installed_files(changed, platform.machine()) is None


def test_pip_is_asked_for_another_processor() -> None:
    assert installed_files(settings(), "riscv64") is None
