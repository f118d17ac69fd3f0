"""Loans as state: applying, the facts of a loan, what an approval demands, the book itself.

Imported by the `loans` contract; imports `state`, `papers`, `casefile` and `lending`.
"""
