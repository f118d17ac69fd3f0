"""The conformance suite through hfc: the same network and probes as for the Gateway, reached by fabric-sdk-py."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.conformance.fabric import FabricProvider

from hlf_client import CommitStatus, Ledger, SubmittedTransaction
from hlf_client.errors import FabricError
from hlf_client.hfc import Environment, HfcLedger

__all__ = ["HfcProvider", "hfc_environment", "is_of_every_run"]

MODULES = ("test_stages", "test_events", "test_endorsement")
"""Where hfc itself decides something; the others try the contracts' stub, which is the same behind every client."""
OTHERS = (
    "test_a_submit_answers_and_changes_the_ledger",
    "test_large_values_survive",
    "test_concurrent_submits_lose_no_update",
    "test_an_invalid_transaction_raises_from_submit_and_takes_a_place_in_a_block",
    "test_a_contracts_error_keeps_its_type_words_and_details",
    "test_unknown_channels_are_refused",
    "test_a_stranger_to_a_channel_neither_reads_nor_writes_nor_listens",
    "test_transient_values_arrive_and_stay_out_of_the_result",
    "test_members_read_the_value_and_everyone_the_hash",
    "test_a_collection_open_for_writing_is_written_by_others_and_endorsed_by_its_member",
    "test_two_collections_of_different_members_need_named_endorsers",
    "test_a_collections_own_policy_replaces_the_chaincodes",
    "test_a_private_key_may_have_a_policy_of_its_own",
)


class PatientLedger(HfcLedger):
    """Knows of a commit when every member's peer does."""

    wait_everywhere: Callable[[SubmittedTransaction], Awaitable[None]]

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        status = await super().commit_status(transaction)
        await self.wait_everywhere(transaction)
        return status


class HfcProvider:
    """One test's probe, asked without the peers' gateway."""

    compares_endorsements = True

    def __init__(self, probe: FabricProvider, environment: Environment) -> None:
        self.chaincode = probe.chaincode
        self._probe = probe
        self._environment = environment

    def connect(self, identity: str) -> Ledger:
        profile, who = self._probe.who(identity)
        ledger = PatientLedger(profile, who, chaincode=self.chaincode, environment=self._environment)
        ledger.wait_everywhere = self._probe.wait_everywhere
        return ledger


def hfc_environment(config: pytest.Config) -> Environment:
    """EXIM_HFC_HOME, or one that pytest's cache keeps; installed when it is not there. Skips where it cannot be."""
    assert config.cache is not None
    home = os.environ.get("EXIM_HFC_HOME")
    environment = Environment(Path(home) if home else config.cache.mkdir("hfc") / "environment")
    try:
        environment.install()
    except FabricError as error:
        pytest.skip(str(error))
    return environment


def is_of_every_run(item: pytest.Item) -> bool:
    """Whether a test through hfc is run by `make test`; `make test-hfc` (EXIM_HFC=whole) runs them all."""
    if os.environ.get("EXIM_HFC") == "whole":
        return True
    assert isinstance(item, pytest.Function)
    return item.path.stem in MODULES or item.originalname in OTHERS
