"""Whether a ledger's file is what its blocks lead to."""
