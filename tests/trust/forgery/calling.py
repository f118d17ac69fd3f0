"""How a call of the story goes to a ledger: privately where its contract says so, to peers that have what it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from tests.eximledger_chaincode.contracts import trade
from tests.trust.forgery.persons import LENDER_MSP

from eximledger.desk.calling import endorsers_of
from eximledger_chaincode.contracts import exim
from eximledger_chaincode.contracts.state.members import Member
from hlf_client import Commit, Ledger, Proposal
from hlf_client.private import PrivateCall

__all__ = ["OTHER_MSP", "Sent", "submit"]

OTHER_MSP: Final = "EximbankMSP"
_MEMBERS: Final = tuple(Member.model_validate(each) for each in trade.MEMBERS)
_PRIVATE: Final = frozenset(
    f"{name}:{function}"
    for name, contract in exim().contracts.items()
    for function, found in contract.functions.items()
    if found.private
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One call as it goes on its way."""

    channel: str
    function: str
    arguments: Sequence[object]
    transient: Mapping[str, bytes] | None
    endorsers: Sequence[str] | None
    secrets: PrivateCall | None

    @classmethod
    def of(
        cls, ledger: Ledger, channel: str, function: str, arguments: Sequence[object], endorsers: Sequence[str] = ()
    ) -> Self:
        """By whoever `ledger` is; at the peers of another bank than the lender only where that one calls."""
        if function not in _PRIVATE:
            return cls(channel, function, arguments, None, endorsers or None, None)
        secrets = PrivateCall.of(*arguments)
        own = ledger.msp_id if ledger.msp_id == OTHER_MSP else LENDER_MSP
        usual = endorsers or endorsers_of(channel, function, own, _MEMBERS)
        return cls(channel, function, (), secrets.transient, usual, secrets)

    def proposed(self, ledger: Ledger) -> Proposal:
        """To be signed."""
        return ledger.propose(
            self.channel, self.function, *self.arguments, transient=self.transient,
            endorsing_organizations=self.endorsers,
        )  # fmt: skip

    def opened(self, transaction_id: str, result: bytes) -> bytes:
        """What the contract answered."""
        return result if self.secrets is None else self.secrets.opened(transaction_id, result)


async def submit(ledger: Ledger, channel: str, function: str, *arguments: object) -> Commit:
    """A call taken to its end, with the answer opened."""
    sent = Sent.of(ledger, channel, function, arguments)
    commit = await ledger.submit(
        channel, function, *sent.arguments, transient=sent.transient, endorsing_organizations=sent.endorsers
    )
    return Commit(commit.transaction_id, commit.block_number, sent.opened(commit.transaction_id, commit.result))
