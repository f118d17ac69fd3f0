"""What a loan officer reads of a case: on a terminal, as one HTML page, as JSON; and the letter that an exporter reads.

May import the chaincode package's values (verdicts, loans, documents), the desk's letter, and `rich` or `jinja2`; asks
no ledger itself.
"""

from __future__ import annotations

from eximledger.reports._life import account_facts, percent, term_facts
from eximledger.reports._report import Report, Roles, Step, decider_of, life_of, member_with_role, moment
from eximledger.reports.html import html_report, write_html
from eximledger.reports.json import verdict_json
from eximledger.reports.letter import docx_letter, html_letter, write_letters
from eximledger.reports.life import account_table, conditions_table, offers_table, schedule_table, terms_table
from eximledger.reports.terminal import balance_table, loan_table, verdict_view
from eximledger.reports.wording.next import next_step
from eximledger.reports.wording.proposed import proposal_words
from eximledger.reports.writing import write_report
from eximledger.words import LANGUAGES, Language, word

__all__ = [
    "LANGUAGES",
    "Language",
    "Report",
    "Roles",
    "Step",
    "account_facts",
    "account_table",
    "balance_table",
    "conditions_table",
    "decider_of",
    "docx_letter",
    "html_letter",
    "html_report",
    "life_of",
    "loan_table",
    "member_with_role",
    "moment",
    "next_step",
    "offers_table",
    "percent",
    "proposal_words",
    "schedule_table",
    "term_facts",
    "terms_table",
    "verdict_json",
    "verdict_view",
    "word",
    "write_html",
    "write_letters",
    "write_report",
]
