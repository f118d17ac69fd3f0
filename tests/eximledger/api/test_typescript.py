"""A client that TypeScript's tools generate from the description walks the Dongyu case, checked by their types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import httpx
import pytest
from tests.dongyu import DONGYU
from tests.eximledger.api.case import authorisation
from tests.eximledger.api.real import served

from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

HERE: Final = Path(__file__).with_name("typescript")
TOOLS: Final = "EXIM_NODE_MODULES"
"""Where what package.json names is installed; beside it by default."""
USERS: Final = (
    "eximbank/maker", "eximbank/checker", "tradebank/maker", "tradebank/checker", "safe/officer", "customs/officer"
)  # fmt: skip


def tools() -> Path:
    """The installed packages. Skips where they, or node, are not at hand: nothing is fetched for a test."""
    found = Path(os.environ.get(TOOLS) or HERE / "node_modules")
    if shutil.which("node") is None or not (found / "openapi-typescript").is_dir():
        pytest.skip(f"needs node, and `npm install --no-package-lock` in {HERE.name}/ or {TOOLS}")
    return found


def ran(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.slow
def test_a_generated_client_walks_the_case(tmp_path: Path) -> None:
    modules, folder = tools(), tmp_path / "walk"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("node_modules"))
    (folder / "node_modules").symlink_to(modules)
    with served(tmp_path, USERS) as real:
        (folder / "openapi.json").write_bytes(httpx.get(f"{real.address}/api/v1/openapi.json", timeout=120).content)
        given = {
            "url": real.address, "papers": str(DONGYU), "today": str(day_in_china(utc_now())), "tokens": real.tokens,
            "authorisations": {bank: authorisation(bank) for bank in ("EximbankMSP", "TradebankMSP")},
        }  # fmt: skip
        (folder / "given.json").write_text(json.dumps(given))
        ran(folder, "node", "node_modules/openapi-typescript/bin/cli.js", "openapi.json", "-o", "api.d.ts")
        ran(folder, "node", "node_modules/typescript/bin/tsc")
        assert ran(folder, "node", "built/walk.js", "given.json").strip() == "closed"
