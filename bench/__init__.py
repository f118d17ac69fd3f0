"""Benchmarks: each measures beside a physical limit or a peer, in the same run, and reports the ratio.

`python -m bench` is the embedded ledger and the desk; `python -m bench.network`, `bench.chaincode` and `bench.sdk` need
a Docker engine. Nothing here asserts that anything is correct: the tests do.
"""
