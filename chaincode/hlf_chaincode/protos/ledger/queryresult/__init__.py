"""Fabric's messages in ledger/queryresult/, generated."""
