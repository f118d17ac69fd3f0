"""How soon a newcomer's first test is green: an empty folder, a new environment, wheels of this checkout, one file."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.docs.snippets import DOCS, python_blocks

ROOT = Path(__file__).parents[2]
LINES = 15
WORK_SECONDS = 30.0
"""Of CPU, which what else the machine does hardly moves; building the wheels is none of it."""
OURS = ("hlf_", "eximledger", "__editable__")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Walk:
    """What the walk printed, and what it cost."""

    place: str
    own: str
    project: str
    cpu_seconds: float


def run(folder: Path, *command: str | Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def spent() -> float:
    """CPU seconds of all programs started so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def toy() -> str:
    """The test that docs/toolkit/README.md shows."""
    ((_, text),) = python_blocks(DOCS / "toolkit/README.md")
    return text


def _others(folder: Path) -> Path:
    """What this interpreter has of others, and nothing of ours."""
    place = folder / "others"
    place.mkdir()
    for site in (path for path in map(Path, sys.path) if path.name == "site-packages" and path.is_dir()):
        for found in site.iterdir():
            if not found.name.startswith(OURS) and found.suffix != ".pth" and not (place / found.name).exists():
                (place / found.name).symlink_to(found)
    return place


@pytest.fixture(scope="module")
def walk(toy: str, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """The walk once. Others' packages come from this interpreter's folder: no index is asked."""
    folder, wheels = tmp_path_factory.mktemp("newcomer"), tmp_path_factory.mktemp("wheels")
    run(folder, sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--disable-pip-version-check", "-w", wheels, ROOT / "chaincode", ROOT / "client")  # fmt: skip
    begun = spent()
    venv.create(folder / "env", with_pip=True)
    bin_, site = folder / "env/bin", next((folder / "env/lib").glob("python*/site-packages"))
    (site / "others.pth").write_text(f"{_others(folder)}\n")
    pip = (bin_ / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--find-links", wheels)
    run(folder, *pip, "--no-deps", "--ignore-installed", "hlf-chaincode", "hlf-client")
    run(folder, *pip, "hlf-client[cli,embedded]", "pytest", "pytest-asyncio")
    (folder / "test_assets.py").write_text(toy)
    own = run(folder, bin_ / "python", "-m", "pytest", "-q", "test_assets.py")
    run(folder, bin_ / "hlf", "init", "basic")
    project = run(folder / "basic", bin_ / "python", "-m", "pytest", "-q")
    place = run(folder, bin_ / "python", "-c", "import hlf_client; print(hlf_client.__file__)")
    return Walk(place, own, project, spent() - begun)


def test_a_first_test_has_few_lines(toy: str) -> None:
    assert len(toy.splitlines()) <= LINES


def test_it_is_green_in_a_new_environment_with_wheels_of_this_checkout(walk: Walk) -> None:
    assert "/env/lib/" in walk.place
    assert "1 passed" in walk.own
    assert "1 passed" in walk.project


def test_that_is_little_work(walk: Walk) -> None:
    assert walk.cpu_seconds <= WORK_SECONDS
