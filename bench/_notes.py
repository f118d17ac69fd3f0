"""The smallest contract: a key and its value. What remains of a submit's cost is the ledger's own."""

from __future__ import annotations

from typing import ClassVar

from eximledger.consortium import DEFAULT_CONSORTIUM
from hlf_chaincode.contract import Chaincode, Context, Contract, transaction
from hlf_client.embedded import ChaincodeDefinition, HostedConsortium

__all__ = ["NotesContract", "chaincode_with", "only"]


class NotesContract(Contract):
    """Writes what it is told."""

    name: ClassVar[str] = "notes"

    @transaction
    async def put(self, context: Context, key: str, value: str) -> None:
        await context.stub.put_state(key, value.encode())


def chaincode_with(contract: type[Contract]) -> Chaincode:
    """A chaincode of one contract."""
    return Chaincode(contract.name, [contract()])


def only(chaincode: Chaincode) -> HostedConsortium:
    """The default consortium with this chaincode in place of its own, endorsed by customs on its channel."""
    channels = tuple(
        channel.model_copy(
            update={
                "chaincodes": (ChaincodeDefinition(name=chaincode.name, policy="OR('CustomsMSP.peer')"),),
                "initial": (),
            }
        )
        for channel in DEFAULT_CONSORTIUM.channels
        if channel.name == "customs"
    )
    return HostedConsortium(DEFAULT_CONSORTIUM.model_copy(update={"channels": channels}), lambda: [chaincode])
