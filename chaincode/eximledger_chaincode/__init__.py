"""What every endorsing peer runs for exim: documents, lending, rules and contracts.

Depends on nothing above it: neither on `eximledger` (the client) nor on `hlf_network`.
Deterministic by law: no clock but the transaction's, no float, no set order, no I/O.
"""
