"""A preview: one call of the member's own peer, with the verdict that the desk would come to itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.dongyu import DONGYU
from tests.eximledger.bank import authorised
from tests.eximledger.desk.conftest import application_in, documents_in
from tests.eximledger.desk.test_desk import LOAN

from eximledger.desk import LoanDesk
from eximledger.desk.calling import Boundary, Moment
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.contracts.state.names import BANK
from hlf_chaincode.canonical import canonical_json
from hlf_client.embedded.endorsing.peer import SnapshotPeer


class Asked:
    """The calls that a desk makes."""

    def __init__(self) -> None:
        self.functions: list[str] = []

    async def __call__(self, boundary: Boundary) -> None:
        if boundary.moment is Moment.ASKING:
            self.functions.append(boundary.function)


async def test_it_is_the_desks_own_verdict_in_one_call(checked: LedgerNetwork) -> None:
    own = await LoanDesk(checked.connect("tradebank")).reconcile(LOAN)
    asked = Asked()
    told = await LoanDesk(checked.connect("tradebank"), interceptor=asked).preview(LOAN)
    assert canonical_json(told) == canonical_json(own)
    assert asked.functions == ["loans:preview"]


async def test_what_is_not_there_is_pulled_first(exim_network: LedgerNetwork) -> None:
    for member in ("customs", "safe", "tradebank"):
        await LoanDesk(exim_network.connect(member)).file(documents_in(DONGYU / member))
    asked = Asked()
    desk = LoanDesk(exim_network.connect("tradebank"), interceptor=asked)
    application = application_in(DONGYU / "tradebank")
    await authorised(desk, application.exporter)
    await desk.apply(application)
    asked.functions.clear()
    told = await desk.preview(LOAN)
    # what it applied for here is known, and that nothing of it was pulled: so it is, before anybody is asked
    assert asked.functions == ["loans:preview", "documents:customs_facts", "loans:facts", "documents:fx_case"]
    asked.functions.clear()
    assert await desk.preview(LOAN) == told
    assert asked.functions == ["loans:preview"]


async def test_the_client_goes_by_its_own_rules_where_the_peer_has_others(
    checked: LedgerNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked()
    desk = LoanDesk(checked.connect("tradebank"), interceptor=asked)
    monkeypatch.setattr("eximledger.desk._desk.rule_set_id", lambda _: "0" * 64)
    await desk.preview(LOAN)
    assert asked.functions[:2] == ["loans:preview", "loans:facts"]


async def test_a_peer_is_asked_for_every_key_once_and_for_many_at_once(
    checked: LedgerNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request is a round trip between a peer and its chaincode; a case has hundreds of keys on three channels."""
    requests: list[tuple[SnapshotPeer, list[str], str]] = []
    single, many = SnapshotPeer.get_state, SnapshotPeer.get_states

    async def one(self: SnapshotPeer, key: str, collection: str = "") -> bytes:
        requests.append((self, [key], collection))
        return await single(self, key, collection)

    async def several(self: SnapshotPeer, keys: Sequence[str], collection: str = "") -> Sequence[bytes]:
        requests.append((self, list(keys), collection))
        return await many(self, keys, collection)

    monkeypatch.setattr(SnapshotPeer, "get_state", one)
    monkeypatch.setattr(SnapshotPeer, "get_states", several)
    await checked.connect("tradebank").evaluate(BANK, "loans:preview", LOAN)
    asked = [(id(peer), collection, key) for peer, keys, collection in requests for key in keys]
    assert len(asked) > 100
    assert len(set(asked)) == len(asked)
    assert len(requests) <= 32
