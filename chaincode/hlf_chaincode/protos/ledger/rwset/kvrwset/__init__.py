"""Fabric's messages in ledger/rwset/kvrwset/, generated."""
