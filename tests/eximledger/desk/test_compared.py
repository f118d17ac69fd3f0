"""A check compares the peers' verdict with the client's own, where both have read the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eximledger.desk import LoanDesk
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.rules import Case, Verdict, reconcile
from hlf_client.errors import Conflict

LOAN = "TB-2026-044"


@pytest.fixture
def network(checked_copy: Path) -> Iterator[LedgerNetwork]:
    network = exim_ledger(checked_copy)
    yield network
    network.close()


def otherwise(monkeypatch: pytest.MonkeyPatch, change: Callable[[Verdict], Verdict]) -> list[Verdict]:
    """The client's own verdict another than the peers'; what it computed."""
    made: list[Verdict] = []

    def own(case: Case) -> Verdict:
        made.append(change(reconcile(case)))
        return made[-1]

    monkeypatch.setattr("eximledger.desk._desk.reconcile", own)
    return made


async def test_other_findings_on_the_same_evidence_are_never_taken(
    network: LedgerNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = otherwise(monkeypatch, lambda verdict: verdict.model_copy(update={"evidence_hash": "0" * 64}))
    with pytest.raises(Conflict, match="does not run the rules it claims") as raised:
        await LoanDesk(network.connect("tradebank")).check(LOAN)
    assert raised.value.details["own_evidence_hash"] == "0" * 64
    assert len(made) == 3


async def test_where_others_hold_more_every_time_the_peers_verdict_stands(
    network: LedgerNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    otherwise(monkeypatch, lambda verdict: verdict.model_copy(update={"read": ()}))
    desk = LoanDesk(network.connect("tradebank"))
    recorded = await desk.check(LOAN)
    assert recorded.read
    assert (await desk.loan(LOAN)).verdict == recorded


async def test_where_papers_change_every_time_it_is_to_be_checked_again(
    network: LedgerNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    otherwise(monkeypatch, lambda verdict: verdict.model_copy(update={"evidence": verdict.evidence[:-1]}))
    with pytest.raises(Conflict, match="check it again"):
        await LoanDesk(network.connect("tradebank")).check(LOAN)
