"""Files attached to papers, as state: what the ledger says of them, in the vault of the paper.

Imported by the contracts; imports `papers` and `state`.
"""
