"""What a loan officer reads of a case: on a terminal, as one HTML page, as JSON.

May import the chaincode package's values (verdicts, loans, documents) and `rich` or `jinja2`; asks no ledger itself.
"""

from __future__ import annotations

from eximledger.reports._report import Report, life_of
from eximledger.reports._words import LANGUAGES, Language, word
from eximledger.reports.html import html_report, write_html
from eximledger.reports.json import verdict_json
from eximledger.reports.terminal import balance_table, loan_table, verdict_view

__all__ = [
    "LANGUAGES",
    "Language",
    "Report",
    "balance_table",
    "html_report",
    "life_of",
    "loan_table",
    "verdict_json",
    "verdict_view",
    "word",
    "write_html",
]
