"""What was signed and then changed: a byte of a proposal, of a transaction, of a signature, a value in transit.

Whatever is changed, wherever, by whomever: a typed error or an invalid transaction, and never another effect than the
one that was endorsed.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts import trade
from tests.trust.forgery.calling import Sent
from tests.trust.forgery.scene import OWN

from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.documents import Document
from hlf_chaincode.canonical import canonical_json
from hlf_client import Ledger, PreparedTransaction, Proposal, verify
from hlf_client.embedded.storage.call import SignedCall, encode_proposal
from hlf_client.errors import CommitFailed, FabricError, NotAuthorized, NotFound
from hlf_client.private import PrivateCall

# A byte may fall into a certificate's serial number, and make it one that is read with a warning.
pytestmark = pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
Result = TypeVar("Result")
EXAMPLES = 5000 if os.environ.get("EXIM_TRUST") else 100
many = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
places = st.floats(0, 1, exclude_max=True)
masks = st.integers(1, 255)
serials = itertools.count(1)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LedgerNetwork]:
    network = exim_ledger(tmp_path_factory.mktemp("tampering") / "exim.db")
    yield network
    network.close()
    assert verify(network.path).is_good


def run(network: LedgerNetwork, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """On an event loop of its own, for one example of many."""

    async def whole() -> Result:
        try:
            return await work()
        finally:
            await network.finish()

    return asyncio.run(whole())


def flipped(content: bytes, place: float, mask: int) -> bytes:
    """The same bytes but for one."""
    at = int(place * len(content))
    return content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]


def paper() -> Document:
    """A private paper that nobody has filed yet."""
    return trade.invoice(next(serials))


async def proposed(ledger: Ledger, document: Document) -> Proposal:
    proposal = Sent.of(ledger, "bank", "documents:put", (document.KIND, document), OWN).proposed(ledger)
    return proposal.signed(await ledger.sign(proposal.digest))


async def prepared(ledger: Ledger, document: Document) -> PreparedTransaction:
    endorsed = await ledger.endorse(await proposed(ledger, document))
    return endorsed.signed(await ledger.sign(endorsed.digest))


async def filed(ledger: Ledger, document: Document) -> bytes | None:
    try:
        return await ledger.evaluate("bank", "documents:get", document.KIND, document.id)
    except NotFound:
        return None


async def fate(ledger: Ledger, transaction: PreparedTransaction) -> str:
    """What becomes of it; how it was refused where it never came into a block."""
    try:
        return (await ledger.commit_status(await ledger.order(transaction))).code
    except CommitFailed as error:
        return error.code
    except FabricError as error:
        return type(error).__name__


@many
@given(places, masks, st.booleans())
def test_a_proposal_with_one_byte_changed_is_not_endorsed(
    network: LedgerNetwork, place: float, mask: int, in_signature: bool
) -> None:
    async def work() -> None:
        ledger = network.connect("tradebank")
        proposal = await proposed(ledger, paper())
        if in_signature:
            tampered = proposal.signed(flipped(proposal.signature, place, mask))
        else:
            tampered = replace(proposal, content=flipped(proposal.content, place, mask))
        for stage in (ledger.endorse, ledger.evaluate_proposal):
            with pytest.raises(FabricError):
                await stage(tampered)
        assert (await ledger.endorse(proposal)).transaction_id == proposal.transaction_id

    run(network, work)


@many
@given(places, masks, st.sampled_from(["", "tradebank", "eximbank", "safe"]))
def test_a_transaction_with_one_byte_changed_has_no_other_effect(
    network: LedgerNetwork, place: float, mask: int, signer: str
) -> None:
    """Under its first signature, or signed again: by its own creator, who may wish for more than was endorsed, too."""

    async def work() -> None:
        ledger, document = network.connect("tradebank"), paper()
        endorsed = await prepared(ledger, document)
        tampered = replace(endorsed, content=flipped(endorsed.content, place, mask))
        if signer:
            tampered = tampered.signed(await network.connect(signer).sign(tampered.digest))
        code = await fate(ledger, tampered)
        found = await filed(ledger, document)
        if code == "VALID":
            assert signer == "tradebank"
            assert found is not None
            assert canonical_json(document) in found
        else:
            assert found is None

    run(network, work)


@many
@given(places, masks)
def test_a_transaction_under_a_changed_signature_is_not_taken(network: LedgerNetwork, place: float, mask: int) -> None:
    async def work() -> None:
        ledger, document = network.connect("tradebank"), paper()
        endorsed = await prepared(ledger, document)
        with pytest.raises(NotAuthorized):
            await ledger.order(endorsed.signed(flipped(endorsed.signature, place, mask)))
        assert await fate(ledger, endorsed) == "VALID"

    run(network, work)


def test_another_transient_value_under_the_same_signature_is_not_endorsed(network: LedgerNetwork) -> None:
    async def work() -> None:
        ledger, document = network.connect("tradebank"), paper()
        proposal = await proposed(ledger, document)
        signed = SignedCall.decode(proposal.content)
        other = PrivateCall.of(document.KIND, paper()).transient
        with pytest.raises(NotAuthorized):
            await ledger.endorse(
                replace(proposal, content=encode_proposal(signed.call.data, signed.certificate, other))
            )
        assert (await ledger.endorse(proposal)).transaction_id == proposal.transaction_id

    run(network, work)


def test_another_private_value_than_was_endorsed_is_invalid(network: LedgerNetwork) -> None:
    """Somebody who may write the file changes what waits for its transaction."""

    async def work() -> None:
        ledger, document = network.connect("tradebank"), paper()
        endorsed = await prepared(ledger, document)
        await network.finish()
        change_waiting(network.path, bytes.fromhex(endorsed.transaction_id))
        assert await fate(ledger, endorsed) == "BAD_RWSET"
        assert await filed(ledger, document) is None

    run(network, work)


def change_waiting(path: Path, transaction: bytes) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        (content,) = connection.execute("SELECT content FROM transient WHERE id = ?", (transaction,)).fetchone()
        changed = content.replace(b"Electric motors", b"Electric rotors")
        assert changed != content
        connection.execute("UPDATE transient SET content = ? WHERE id = ?", (changed, transaction))


def test_a_thief_of_an_endorsed_transaction_cannot_make_it_his_own(network: LedgerNetwork) -> None:
    """Signed by another creator it is refused; the owner's own is taken still."""

    async def work() -> None:
        ledger, thief, document = network.connect("tradebank"), network.connect("eximbank"), paper()
        endorsed = await prepared(ledger, document)
        stolen = endorsed.signed(await thief.sign(endorsed.digest))
        with pytest.raises(NotAuthorized):
            await thief.order(stolen)
        assert await fate(thief, endorsed) == "VALID"

    run(network, work)
