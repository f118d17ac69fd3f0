"""Why a proposal is refused, each reason by its name.

NetworkError
└── ProposalRefused
    ├── ForgedProposal        what it holds does not fit what it says
    ├── WrongChannel          it was made for another channel, perhaps one of the same name
    ├── OutdatedProposal      the channel's configuration has moved on: propose anew
    ├── NotYetSeen            the reader's own node is behind the configuration that it was made for
    ├── BadSignature          a signature is not its signer's over this proposal
    ├── NotAnAdministrator    a signer is no administrator of a member
    ├── SignedTwice           one and the same has signed before
    └── TooFewSignatures      names the policies that want more
"""

from __future__ import annotations

from hlf_network.errors import NetworkError

__all__ = [
    "BadSignature",
    "ForgedProposal",
    "NotAnAdministrator",
    "NotYetSeen",
    "OutdatedProposal",
    "ProposalRefused",
    "SignedTwice",
    "TooFewSignatures",
    "WrongChannel",
]


class ProposalRefused(NetworkError):
    """A proposal is not shown, signed or submitted as it is."""


class ForgedProposal(ProposalRefused):
    """What it holds does not fit what it says."""

    def __init__(self, reason: str, *, source: str = "The proposal") -> None:
        super().__init__(f"{source} is forged: {reason}. Ask its proposer for the right one.")
        self.reason = reason


class WrongChannel(ProposalRefused):
    """It was made for another channel."""


class OutdatedProposal(ProposalRefused):
    """The channel's configuration is not the one that it was made for."""


class NotYetSeen(ProposalRefused):
    """The reader's own node has not come to the configuration that it was made for."""


class BadSignature(ProposalRefused):
    """A signature does not verify."""


class NotAnAdministrator(ProposalRefused):
    """Who signs must be an administrator of one of the channel's organisations."""


class SignedTwice(ProposalRefused):
    """One signature of each is enough."""


class TooFewSignatures(ProposalRefused):
    """The channel's policies ask for more."""
