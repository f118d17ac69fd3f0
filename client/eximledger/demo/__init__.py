"""The Dongyu case from its first paper to the released balance, on any ledger.

`run` is what `eximledger demo` does; the papers are those of examples/dongyu. May import the desk, formats and reports;
the CLI imports it.
"""

from __future__ import annotations

from eximledger.demo._papers import papers_folder
from eximledger.demo._story import LOAN_ID, Outcome, Told, run

__all__ = ["LOAN_ID", "Outcome", "Told", "papers_folder", "run"]
