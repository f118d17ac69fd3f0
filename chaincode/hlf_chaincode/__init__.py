"""Contracts for Hyperledger Fabric in Python: the contract API, the stub, policies, and the server that peers call.

Knows Fabric and no trade: any contract of any consortium. Depends on nothing above it (`hlf_client`, `hlf_network`),
nor on what knows trade (`eximledger_chaincode`). `contract`, `metadata` and `shim` need the extra `contract`; what the
client shares (`errors`, `protos`, `canonical`, policies) does without.
"""
