"""Proposal, transaction and status as separate stages: signed elsewhere, rebuilt from bytes, never taken tampered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.conformance.providers import Connect
from tests.conformance.stages import endorsed, ordered, words

from hlf_client import Ledger, PreparedTransaction, Proposal, SubmittedTransaction
from hlf_client.errors import FabricError

VALUE, OTHER = b"4700281936", b"9700281936"
"""A value that stands nowhere else in a transaction: certificates and versions are full of short numbers."""


async def test_every_stage_can_be_signed_elsewhere_and_rebuilt_from_its_bytes(exim: Ledger, connect: Connect) -> None:
    proposal = exim.propose("bank", "state:put", "a", "1")
    signature = await exim.sign(proposal.digest)
    courier = connect("safe")  # carries bytes, signs nothing
    rebuilt = Proposal(proposal.content, proposal.transaction_id, "bank", (), signature)
    prepared = await courier.endorse(rebuilt)
    assert json.loads(prepared.result) == "1"
    signed = PreparedTransaction(
        prepared.content, prepared.transaction_id, "bank", prepared.result, await exim.sign(prepared.digest)
    )
    submitted = await courier.order(signed)
    again = SubmittedTransaction(submitted.transaction_id, "bank", submitted.result)
    status = await connect("tradebank").commit_status(again)
    assert (status.code, status.is_valid, status.transaction_id) == ("VALID", True, proposal.transaction_id)
    assert json.loads(await courier.evaluate("bank", "state:get", "a")) == "1"


async def test_an_endorsed_transaction_tells_who_endorsed_it(exim: Ledger) -> None:
    prepared = await endorsed(exim, "fx", "state:put", "a", "1")
    assert {"EximbankMSP", "SafeMSP"} <= set(prepared.endorsing_organizations)


async def test_an_evaluation_can_be_signed_elsewhere(exim: Ledger, safe: Ledger) -> None:
    proposal = exim.propose("bank", "probe:creator")
    answer = await safe.evaluate_proposal(proposal.signed(await exim.sign(proposal.digest)))
    assert json.loads(answer) == [exim.msp_id, exim.certificate_hash, proposal.transaction_id]


async def test_nothing_is_changed_before_it_is_ordered(exim: Ledger) -> None:
    await endorsed(exim, "bank", "state:put", "a", "1")
    assert json.loads(await exim.evaluate("bank", "state:get", "a")) is None


@pytest.mark.parametrize("stage", ["evaluate_proposal", "endorse"])
async def test_an_unsigned_or_foreign_signature_is_refused(exim: Ledger, safe: Ledger, stage: str) -> None:
    proposal = exim.propose("bank", "state:put", "a", "1")
    method = exim.evaluate_proposal if stage == "evaluate_proposal" else exim.endorse
    other = exim.propose("bank", "state:put", "a", "2")
    for signature in (b"", await safe.sign(proposal.digest), await exim.sign(other.digest)):
        with pytest.raises(FabricError):
            await method(proposal.signed(signature))


async def test_a_tampered_proposal_is_refused(exim: Ledger) -> None:
    proposal = exim.propose("bank", "state:put", "a", VALUE.decode())
    signed = proposal.signed(await exim.sign(proposal.digest))
    for tampered in (
        replace(signed, content=signed.content.replace(VALUE, OTHER)),
        replace(signed, content=signed.content[:-1]),
        replace(signed, transaction_id="0" * 64),
        replace(signed, channel="fx"),
    ):
        with pytest.raises(FabricError):
            await exim.endorse(tampered)


async def test_a_transaction_that_its_creator_did_not_sign_is_refused(exim: Ledger, safe: Ledger) -> None:
    proposal = exim.propose("bank", "state:put", "a", "1")
    prepared = await exim.endorse(proposal.signed(await exim.sign(proposal.digest)))
    for signature in (b"", await safe.sign(prepared.digest), await exim.sign(proposal.digest)):
        with pytest.raises(FabricError):
            await ordered(exim, prepared.signed(signature))
    assert json.loads(await exim.evaluate("bank", "state:get", "a")) is None


async def test_a_tampered_transaction_is_refused(exim: Ledger) -> None:
    prepared = await endorsed(exim, "bank", "state:put", "a", VALUE.decode())
    with pytest.raises(FabricError):
        await ordered(exim, replace(prepared, content=prepared.content.replace(VALUE, OTHER)))
    assert json.loads(await exim.evaluate("bank", "state:get", "a")) is None


async def test_a_result_changed_after_endorsement_is_invalid_though_its_creator_signs_it(exim: Ledger) -> None:
    prepared = await endorsed(exim, "bank", "state:swap", "a", VALUE.decode())
    at = prepared.content.rindex(VALUE)
    forged = replace(prepared, content=prepared.content[:at] + OTHER + prepared.content[at + len(VALUE) :])
    assert await ordered(exim, forged.signed(await exim.sign(forged.digest))) == "ENDORSEMENT_POLICY_FAILURE"
    assert json.loads(await exim.evaluate("bank", "state:get", "a")) is None


async def test_an_envelope_ordered_twice_is_committed_once(exim: Ledger) -> None:
    prepared = await endorsed(exim, "bank", "state:add", "n", 1)
    first = await exim.commit_status(await exim.order(prepared))
    second = await exim.commit_status(await exim.order(prepared))
    assert first.is_valid
    assert second.block_number == first.block_number
    assert json.loads(await exim.evaluate("bank", "state:get", "n")) == "1"


async def test_a_proposal_of_a_committed_transaction_is_not_endorsed_again(exim: Ledger) -> None:
    proposal = exim.propose("bank", "state:put", "a", "1")
    signed = proposal.signed(await exim.sign(proposal.digest))
    prepared = await exim.endorse(signed)
    assert await ordered(exim, prepared.signed(await exim.sign(prepared.digest))) == "VALID"
    with pytest.raises(FabricError) as failure:
        await exim.endorse(signed)
    assert "duplicate" in words(failure.value)


async def test_what_is_no_stage_at_all_is_refused(exim: Ledger) -> None:
    with pytest.raises(FabricError):
        await exim.endorse(Proposal(b"nonsense", "0" * 64, "bank", (), b"x"))
    with pytest.raises(FabricError):
        await exim.order(PreparedTransaction(b"", "0" * 64, "bank", b"", b"x"))
