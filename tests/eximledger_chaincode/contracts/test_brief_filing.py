"""The short answer to a filing: nothing of the entries is lost, and of a block it takes little."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, OFFICER, SAFE
from tests.hlf_chaincode.memory_peer import Identity

from eximledger_chaincode.contracts.papers.answers import brief_entries, whole_entries
from eximledger_chaincode.contracts.state.records import document_json
from eximledger_chaincode.documents import KINDS, Document
from hlf_chaincode.canonical import plain_json
from hlf_chaincode.contract import Encoded

DECLARATIONS = [trade.declaration(serial) for serial in range(21, 31)]
AMENDED = DECLARATIONS[3].model_copy(update={"settled_on": trade.APPLIED})


async def both(lending: Lending, who: Identity, documents: Sequence[Document]) -> tuple[bytes, bytes]:
    """The whole answer and the short one to one filing, which is then committed."""
    kind = documents[0].KIND
    channel = KINDS[kind].channel
    envelope = await lending.ledger.endorse(who, channel, "documents:put_many", kind, documents)
    lending.ledger.commit(envelope)
    return envelope.result, brief_entries(Encoded(envelope.result)).data


def read_back(brief: bytes, documents: Sequence[Document]) -> bytes | None:
    return whole_entries(brief, [(each, document_json(each)) for each in documents])


@pytest.mark.parametrize(
    ("who", "documents"),
    [(OFFICER, DECLARATIONS), (SAFE, [trade.rate()]), (EXIMBANK, [trade.invoice(9)])],
    ids=lambda value: value[0].KIND if isinstance(value, list) else "",
)
async def test_whole_entries_come_of_what_was_filed(who: Identity, documents: list[Document]) -> None:
    whole, brief = await both(await opened(), who, documents)
    assert read_back(brief, documents) == whole


async def test_new_amended_and_unchanged_ones_in_one_call() -> None:
    lending = await opened()
    await both(lending, OFFICER, DECLARATIONS[:6])
    mixed = [*DECLARATIONS[:3], AMENDED, *DECLARATIONS[4:]]
    whole, brief = await both(lending, OFFICER, mixed)
    assert read_back(brief, mixed) == whole
    assert [each["version"] for each in json.loads(whole)] == [1, 1, 1, 2, 1, 1, 1, 1, 1, 1]
    history = await lending.ledger.evaluate(OFFICER, "customs", "documents:history", "declaration", AMENDED.id)
    assert isinstance(history, list)
    assert [document_json(each) for each in (AMENDED, DECLARATIONS[3])] == [
        plain_json(each["document"]) for each in history
    ]


async def test_what_peers_did_not_answer_is_not_made_up() -> None:
    """Of other documents, of a changed answer, or where peers describe documents otherwise."""
    _, brief = await both(await opened(), OFFICER, DECLARATIONS)
    assert read_back(brief, [AMENDED, *DECLARATIONS[1:]]) is None
    told = json.loads(brief)
    told["same"]["version"] = 2
    assert read_back(plain_json(told), DECLARATIONS) is None
    assert read_back(plain_json(told | {"sha256": "0" * 64}), DECLARATIONS) is None


async def test_it_is_short() -> None:
    whole, brief = await both(await opened(), OFFICER, DECLARATIONS)
    assert len(whole) > 10 * 400
    assert len(brief) < 700
    told = json.loads(brief)
    said = {*told["same"], *(name for each in told["own"] for name in each)}
    assert said.isdisjoint({"dated", "exporter", "id", "kind", "number", "sha256"})  # the document tells these


@pytest.mark.parametrize(
    ("entries", "own"),
    [
        (b'[{"note":"n","version":1},{"version":1}]', [{}, {"note": None}]),
        (b'[{"version":1},{"note":"n","version":1}]', [{}, {"note": "n"}]),
        (b'[{"version":1},{"version":2}]', [{}, {"version": 2}]),
        (b"[]", []),
    ],
)
def test_what_one_entry_says_and_another_does_not(entries: bytes, own: list[object]) -> None:
    """All is told beside what the first one says."""
    assert json.loads(brief_entries(Encoded(entries)).data)["own"] == own


async def test_who_asks_for_it_gets_it() -> None:
    lending = await opened()
    envelope = await lending.ledger.endorse(
        OFFICER, "customs", "documents:put_many", "declaration", DECLARATIONS, transient={"brief": b"1"}
    )
    assert set(json.loads(envelope.result)) == {"same", "own", "sha256"}
