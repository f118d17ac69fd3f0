"""Fabric's messages in ledger/rwset/, generated."""
