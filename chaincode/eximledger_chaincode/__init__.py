"""What every endorsing peer runs: documents, rules, contracts, and the stub through which they reach a ledger.

Depends on nothing above it: neither on `eximledger` (the client) nor on `eximledger_network`.
Deterministic by law: no clock but the transaction's, no float, no set order, no I/O.
"""
