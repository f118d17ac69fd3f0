"""The case file: what each channel tells of a case, and the case put together from it. Peers and desk use the same.

Imports `state`, `lending`, `rules`; no stub.
"""
