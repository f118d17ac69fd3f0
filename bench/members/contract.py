"""What the members run in the benchmark: the consortium's roles, and papers that a bank shares with SAFE alone."""

from __future__ import annotations

from typing import ClassVar, Final

from eximledger_chaincode.contracts.consortium import ConsortiumContract
from hlf_chaincode.contract import Chaincode, Context, Contract, transaction

__all__ = ["CHAINCODE", "members"]

CHAINCODE: Final = "exim"


class PapersContract(Contract):
    """Writes into the caller's own collection."""

    name: ClassVar[str] = "papers"

    @transaction
    async def put(self, context: Context, key: str) -> None:
        await context.stub.put_private_data(f"papers-{context.creator.msp_id}", key, context.stub.transient["paper"])

    @transaction
    async def put_many(self, context: Context, prefix: str, count: int) -> None:
        """The same paper under so many keys."""
        paper = context.stub.transient["paper"]
        papers = {f"{prefix}-{number}": paper for number in range(count)}
        await context.stub.put_private_data_many(f"papers-{context.creator.msp_id}", papers)


def members() -> Chaincode:
    return Chaincode(CHAINCODE, [ConsortiumContract(), PapersContract()])
