"""The console's demo ledger is whole or made anew: a walk that was broken off leaves none that is half."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Session
from eximledger.cli.hosting import console
from eximledger.desk import LoanDesk
from hlf_client import Ledger


def test_a_walk_that_was_broken_off_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bool] = []
    left = tmp_path / "demo" / "console.db"

    async def walk(connected: Callable[[str], Ledger], _papers: Path, _tell: object) -> None:
        made.append(left.exists())
        async with connected("eximbank/maker") as ledger:
            await LoanDesk(ledger).members()
        if len(made) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr("eximledger.demo.run", walk)
    monkeypatch.setattr("eximledger.demo.run_packing", walk)
    session, folder = Session("", None, Output(as_json=True, language="en")), tmp_path / "demo"
    with pytest.raises(KeyboardInterrupt):
        console._demo_ledger(folder, session)
    assert left.exists()
    url = console._demo_ledger(folder, session)
    assert url == f"embedded:{left}"
    assert made == [False, False, True], "what was half stayed"
    assert console._demo_ledger(folder, session) == url
    assert len(made) == 3, "a whole ledger was made again"
