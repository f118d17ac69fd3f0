"""Fabric's messages in ledger/, generated."""
