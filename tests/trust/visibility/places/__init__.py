"""Where it is played: what a place offers, an embedded ledger, real peers, and a curious member's chaincode."""
