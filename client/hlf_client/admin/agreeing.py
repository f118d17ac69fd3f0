"""A chaincode's definition on one channel, agreed through the gateway of one's own peer.

What `lifecycle` does with connections to every peer and orderer this does with one: the peer's gateway finds the
endorsers and hands in what they endorse.

    async with hlf_client.connect("org1.yaml", "org1/admin", chaincode="_lifecycle") as ledger:
        agreeing = ChannelLifecycle(ledger, "mychannel")
        await agreeing.approve(Definition("basic", "1.0", 1, CHANNELS_OWN), package_id)
        print(await agreeing.check(definition))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from google.protobuf.message import Message

from hlf_chaincode.protos.peer.lifecycle.lifecycle_pb2 import (
    ApproveChaincodeDefinitionForMyOrgArgs,
    CheckCommitReadinessArgs,
    CheckCommitReadinessResult,
    CommitChaincodeDefinitionArgs,
    QueryChaincodeDefinitionArgs,
    QueryChaincodeDefinitionResult,
    QueryChaincodeDefinitionsArgs,
    QueryChaincodeDefinitionsResult,
)
from hlf_client.admin.lifecycle import Committed, Definition, committed_of, filled
from hlf_client.errors import FabricError
from hlf_client.ledger import Commit, Ledger

__all__ = ["ChannelLifecycle", "Readiness"]

_UNKNOWN: Final = "is not defined"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Who has approved a definition, by MSP; of those who approved another one, in what it differs (Fabric 3)."""

    approvals: Mapping[str, bool]
    mismatches: Mapping[str, tuple[str, ...]]


class ChannelLifecycle:
    """Install first (`install`); then every member approves for itself, and one of them commits."""

    def __init__(self, ledger: Ledger, channel: str) -> None:
        """`ledger` is connected to the chaincode `_lifecycle`, in the name of an administrator."""
        self._ledger, self._channel = ledger, channel

    async def approve(self, definition: Definition, package_id: str = "") -> Commit:
        """Approve a definition for the ledger's own organisation. Without a package it endorses nothing itself."""
        arguments = filled(ApproveChaincodeDefinitionForMyOrgArgs(), definition)
        if package_id:
            arguments.source.local_package.package_id = package_id
        else:
            arguments.source.unavailable.SetInParent()
        function = "ApproveChaincodeDefinitionForMyOrg"
        own = [self._ledger.msp_id]
        return await self._ledger.submit(self._channel, function, _bytes(arguments), endorsing_organizations=own)

    async def check(self, definition: Definition) -> Readiness:
        """Who has approved this very definition."""
        answer = await self._ask("CheckCommitReadiness", filled(CheckCommitReadinessArgs(), definition))
        result = CheckCommitReadinessResult.FromString(answer)
        mismatches = {msp: tuple(each.items) for msp, each in sorted(result.mismatches.items())}
        return Readiness(dict(sorted(result.approvals.items())), mismatches)

    async def commit(self, definition: Definition) -> Commit:
        """Commit a definition that enough members have approved."""
        arguments = filled(CommitChaincodeDefinitionArgs(), definition)
        return await self._ledger.submit(self._channel, "CommitChaincodeDefinition", _bytes(arguments))

    async def committed(self, name: str) -> Committed | None:
        """What the channel has committed under a name; None when it has nothing."""
        try:
            answer = await self._ask("QueryChaincodeDefinition", QueryChaincodeDefinitionArgs(name=name))
        except FabricError as error:
            if _UNKNOWN in str(error) or any(_UNKNOWN in peer.message for peer in error.peers):
                return None
            raise
        return committed_of(QueryChaincodeDefinitionResult.FromString(answer))

    async def all_committed(self) -> tuple[str, ...]:
        """The names of everything that is committed on the channel, sorted."""
        answer = await self._ask("QueryChaincodeDefinitions", QueryChaincodeDefinitionsArgs())
        found = QueryChaincodeDefinitionsResult.FromString(answer).chaincode_definitions
        return tuple(sorted(each.name for each in found))

    async def _ask(self, function: str, arguments: Message) -> bytes:
        own = [self._ledger.msp_id]
        return await self._ledger.evaluate(self._channel, function, _bytes(arguments), endorsing_organizations=own)


def _bytes(message: Message) -> bytes:
    return message.SerializeToString(deterministic=True)
