"""Readers against public suites of papers: every value that a reader gives beside what the file says by other means.

Nothing here uses a reader of ours to know what is right.
"""
