"""The financing register as state: balances, holds and fingerprints, read and written by one transaction.

Imported by the `financing` contract; imports `state`, `papers` and `lending`.
"""
