"""The transactions: consortium, documents, financing, loans.

May import `rules`, `documents`, `contract` and `stub`; nothing of the package imports it but the entry points.
"""
