"""Reconciliation rules: pure, deterministic functions over one Case.

May import `documents`, `canonical` and `errors`; contracts and the client import it. No clock, no I/O, no float.
"""
