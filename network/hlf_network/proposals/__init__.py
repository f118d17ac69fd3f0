"""Changes of a channel, as files that members propose, show, sign and submit, each with its own key alone.

`changes` says what may change; `review` holds a proposal against the channel as it is, and tells what it would do.
Builds on `channels`; what it needs of a peer, an orderer or a folder stands in `seats`.
"""

from __future__ import annotations

from hlf_network.proposals.proposal import Basis, Proposal, fingerprint
from hlf_network.proposals.review import Review, propose, review, sign, submit

__all__ = ["Basis", "Proposal", "Review", "fingerprint", "propose", "review", "sign", "submit"]
