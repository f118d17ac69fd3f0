"""The description of the interface: whole, in words, and true by schemathesis against a running server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from tests.eximledger.api.real import served
from tests.eximledger.server import running

from eximledger.api import OPEN, TABLE
from eximledger.testing import LedgerNetwork

_SECONDS: Final = 60
_MOST: Final = 400


async def described(network: LedgerNetwork) -> dict[str, Any]:
    async with running(network) as server:
        found: dict[str, Any] = (await (await server.client()).get("/api/v1/openapi.json")).json()
        return found


async def test_every_operation_says_what_it_does_and_how_it_fails(exim_network: LedgerNetwork) -> None:
    found = await described(exim_network)
    for path, methods in found["paths"].items():
        for method, said in methods.items():
            where = f"{method} {path}"
            assert path.startswith("/api/v1/"), where
            assert said["description"].endswith((".", "`.")), where
            assert said["operationId"] in TABLE.keys() | OPEN
            assert bool(said["security"]) is (said["operationId"] not in OPEN), where
            for status in ("400", "500", "503"):
                assert list(said["responses"][status]["content"]) == ["application/problem+json"], where
            if method != "get" and said["operationId"] not in UNKEYED:
                assert "Idempotency-Key" in {each["name"] for each in said["parameters"]}, where
    assert "HTTPValidationError" not in found["components"]["schemas"]
    assert set(found["components"]["securitySchemes"]) == {"token", "session", "certificate"}


UNKEYED: Final = {"make_token", "revoke_token", "preview_bill", "compute_price_bands", "replay_cases"}
"""They write nothing, or a secret that is not kept."""


@pytest.mark.slow
def test_schemathesis_finds_no_fault(tmp_path: Path) -> None:
    """Examples, the edges of every schema, and chance, within a bounded time; every check that it has."""
    pytest.importorskip("schemathesis")
    with served(tmp_path, ["eximbank/maker"]) as real:
        httpx.get(f"{real.address}/api/v1/openapi.json", timeout=120)  # made at its first use
        bearer = f"Authorization: Bearer {real.tokens['eximbank/maker']}"
        command = [
            sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
            "--config-file", str(Path(__file__).with_name("schemathesis.toml")),
            "run", f"{real.address}/api/v1/openapi.json", "--header", bearer,
            "--phases", "examples,coverage,fuzzing", "--max-examples", "3", "--max-time", str(_SECONDS),
            "--exclude-operation-id", "loan_events",  # it does not end by itself
            "--continue-on-failure", "--generation-deterministic", "--no-color", "--request-timeout", "30",
        ]  # fmt: skip
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=_MOST, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "passed" in done.stdout
