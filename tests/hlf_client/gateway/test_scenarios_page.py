"""docs/sdk/scenarios.md names the test of each behaviour: those tests are there, on Fabric, and none is left out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/sdk/scenarios.md"
ROW = re.compile(r"^\| [^|]+ \| `([^`]+)` \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def collected() -> set[str]:
    """Every test on Fabric of the ledgers, from `tests/` on and without parameters, as pytest itself finds them."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "fabric", "-p", "no:cacheprovider"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    asked = subprocess.run(
        [*command, "tests/conformance", "tests/fabric"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    return {line.partition("[")[0].removeprefix("tests/") for line in asked.stdout.splitlines() if "::" in line}


def rows() -> list[str]:
    """The tests that the page names, in its order."""
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_every_row_names_a_test(collected: set[str]) -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    headings = lines.count("| behaviour | test |")
    assert len(rows()) == len(lines) - 2 * headings > 60
    assert set(rows()) <= collected


def test_every_scenario_stands_on_the_page_once(collected: set[str]) -> None:
    scenarios = {name for name in collected if name.startswith("fabric/gateway/")}
    assert scenarios <= set(rows())
    assert len(rows()) == len(set(rows()))
