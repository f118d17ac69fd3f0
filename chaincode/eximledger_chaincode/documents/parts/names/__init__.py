"""Names of parties: which form of company one ends in, in which letters it is written, and how like two of them are.

One normalisation for rules, ids and fingerprints. Imports `spelling` alone; its tables are made by tools/make_names.py.
"""
