"""EXIM_DAY: an embedded ledger's day, and no other's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Exim = Callable[..., "Answer"]


class Answer:
    code: int
    out: str
    err: str
    json: dict[str, object]


def test_an_embedded_ledger_goes_by_it(exim: Exim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXIM_DAY", "2026-12-31")
    opened = exim("day", "open", "--as", "safe", "--json").json
    assert (opened["day"], opened["opened_at"]) == ("2026-12-31", "2026-12-31T02:00:00Z")
    monkeypatch.setenv("EXIM_DAY", "2027-01-04")
    assert exim("day", "open", "--as", "safe", "--json").json["day"] == "2027-01-04"
    assert exim("ledger", "verify").code == 0


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "20261231T00"])
def test_what_is_no_day_is_refused_and_nothing_made(exim: Exim, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setenv("EXIM_DAY", day)
    refused = exim("day", "open", "--as", "safe")
    assert (refused.code, "EXIM_DAY: write a day as" in refused.err) == (1, True)
    assert "no ledger" in exim("day", "show").err


@pytest.mark.parametrize("ledger", ["bank.yaml", "hfc:bank.yaml"])
def test_no_other_ledger_takes_it(exim: Exim, monkeypatch: pytest.MonkeyPatch, ledger: str) -> None:
    monkeypatch.setenv("EXIM_DAY", "2026-12-31")
    refused = exim("day", "open", "--as", "safe", "--ledger", ledger)
    assert (refused.code, "is for embedded ledgers" in refused.err) == (1, True)
