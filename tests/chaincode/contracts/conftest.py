"""Leaves out the tests of financing and loans where the rules that these contracts rest on are not there."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore: list[str] = []
if find_spec("eximledger_chaincode.rules.fingerprints") is None:
    collect_ignore += ["test_financing.py", "test_holding_invariants.py", "test_loans.py", "test_races.py"]
