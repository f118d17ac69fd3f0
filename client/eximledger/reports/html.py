"""The report as one self-contained HTML page: no script, nothing loaded from elsewhere, good to print and keep."""

from __future__ import annotations

from functools import lru_cache, partial
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from eximledger.reports._files import write_whole
from eximledger.reports._life import account_facts, condition_rows, percent, term_facts
from eximledger.reports._report import Report, decider_of, member_with_role, moment
from eximledger.reports.wording.next import next_step
from eximledger.reports.wording.proposed import proposal_words
from eximledger.words import Language, word
from eximledger_chaincode.documents import shown
from eximledger_chaincode.lending.accounts.account import schedule_of
from eximledger_chaincode.lending.time import day_in_china

__all__ = ["html_report", "write_html"]


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_seen
    )
    source = files("eximledger.reports").joinpath("templates", "report.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)


def _seen(value: object) -> object:
    """What a paper says, without what would turn the direction of reading or hide."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def html_report(report: Report, language: Language = "en") -> str:
    """The page as text; every value of a paper is escaped."""
    return _template().render(
        report=report,
        verdict=report.verdict,
        lang=language,
        w=partial(word, language=language),
        percent=percent,
        proposal_words=proposal_words,
        moment=partial(moment, zone=report.zone),
        decider=decider_of,
        who=partial(member_with_role, language=language, roles=report.roles),
        next=_next(report, language),
        **_life(report, language),
    )


def _next(report: Report, language: Language) -> str:
    loan = report.loan
    return "" if loan is None else next_step(loan, report.day or day_in_china(loan.updated_at), language)


def _life(report: Report, language: Language) -> dict[str, object]:
    """The loan after its approval."""
    loan, account = report.loan, report.account
    return {
        "terms": [] if loan is None else list(term_facts(loan, language)),
        "account": account,
        "facts": [] if account is None else list(account_facts(account, language)),
        "periods": () if loan is None or account is None else schedule_of(loan, max(account.day, loan.matures_on)),
        "conditions": [] if loan is None else list(condition_rows(loan, language)),
    }


def write_html(report: Report, path: Path, language: Language = "en") -> Path:
    """Write the page, whole or not at all. Raises OSError where the folder cannot be written."""
    return write_whole(path, html_report(report, language).encode())
