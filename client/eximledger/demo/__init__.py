"""Two cases from their first paper to the released balance, on any ledger.

`run` is what `eximledger demo` does; the papers are those of examples/dongyu and examples/packing, which `write_papers`
dates from any day.
May import the desk, formats and reports; the CLI imports it.
"""

from __future__ import annotations

from eximledger.demo._consent import write_consents
from eximledger.demo._dating import PAPERS_DAY, write_papers
from eximledger.demo._packing import run_packing
from eximledger.demo._papers import CASES, DONGYU, PACKING, papers_folder
from eximledger.demo._story import LOAN_ID, Outcome, Told, run

__all__ = [
    "CASES",
    "DONGYU",
    "LOAN_ID",
    "PACKING",
    "PAPERS_DAY",
    "Outcome",
    "Told",
    "papers_folder",
    "run",
    "run_packing",
    "write_consents",
    "write_papers",
]
