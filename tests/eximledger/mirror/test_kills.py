"""A mirror that is killed 200 times, at statements and commits, has what one has that was never killed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.eximledger.mirror.rows import counts, rows_of

import eximledger
from eximledger.mirror import Mirror

ROOT = Path(__file__).resolve().parents[3]
KILLS, SEED = 200, 1811


@pytest.mark.slow
async def test_two_hundred_kills_lose_and_double_nothing(
    walked_copy: Path, database: str, engine: Engine, engines: Callable[[str], Engine], tmp_path: Path
) -> None:
    ledger = f"embedded:{walked_copy}"
    command = [sys.executable, "-m", "tests.eximledger.mirror.mortal", ledger, database, str(KILLS), str(SEED)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: ASYNC221  # nothing else is awaited
    assert ran.returncode == 0, ran.stderr
    ends = json.loads(ran.stdout)
    assert ends["killed"] == KILLS
    fresh = engines(f"sqlite:///{tmp_path / 'fresh.db'}")
    async with eximledger.connect(ledger, "eximbank") as connection:
        await Mirror(connection, engine).catch_up()
        await Mirror(connection, fresh).catch_up()
    survived, expected = rows_of(engine), rows_of(fresh)
    survived["mirrored"] = expected["mirrored"] = []  # each kind of database has its own views
    assert counts(survived) == counts(expected)
    assert survived == expected
    assert counts(expected)["loan_step"] == 9
