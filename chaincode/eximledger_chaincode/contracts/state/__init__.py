"""How the ledger's state is laid out: names, keys, records, index rows, pages, members, and calls to other channels.

Imported by every contract; imports no contract.
"""
