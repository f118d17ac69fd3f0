"""Loans as server-sent events, from a real server: what changes is told, in order, and goes on where it broke off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from tests.dongyu import DONGYU
from tests.eximledger.api.case import LOAN, authorisation
from tests.eximledger.api.real import served


def events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Events as a browser puts them together."""
    found: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if not line and found:
            yield found
            found = {}
        elif name in {"id", "event"}:
            found[name] = value
        elif name == "data":
            found[name] = json.loads(value)


def test_a_loan_that_changes_is_told_once_and_from_where_it_broke_off(tmp_path: Path) -> None:
    with served(tmp_path, ["eximbank/maker", "customs/officer"]) as real:
        maker, customs = (
            httpx.Client(base_url=real.address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
            for token in real.tokens.values()
        )
        with maker, customs:
            assert customs.get("/api/v1/events").status_code == 403
            maker.post("/api/v1/authorisations", json=authorisation("EximbankMSP")).raise_for_status()
            body = (DONGYU / "application.json").read_bytes()
            with maker.stream("GET", "/api/v1/events", params={"seconds": 60}) as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
                told = events(stream.iter_lines())
                for state in ("applied", "withdrawn"):
                    if state == "applied":
                        headers = {"Content-Type": "application/json"}
                        maker.post("/api/v1/loans", content=body, headers=headers).raise_for_status()
                    else:
                        maker.post(f"/api/v1/loans/{LOAN}/withdrawal", json={"reason": "no more"}).raise_for_status()
                    event = next(told)
                    assert event["event"] == "loan"
                    assert (event["data"]["loan_id"], event["data"]["state"]) == (LOAN, state)
            after = {"Last-Event-ID": str(int(event["id"]) - 1)}
            with maker.stream("GET", "/api/v1/events", params={"seconds": 30}, headers=after) as stream:
                again = next(events(stream.iter_lines()))
            assert (again["id"], again["data"]["state"]) == (event["id"], "withdrawn")
