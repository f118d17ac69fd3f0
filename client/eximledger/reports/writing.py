"""The report as a file, in the form that its name asks for."""

from __future__ import annotations

from pathlib import Path

from eximledger.reports._files import write_whole
from eximledger.reports._report import Report
from eximledger.reports.html import html_report
from eximledger.words import Language
from hlf_client.errors import FabricError

__all__ = ["write_report"]


def write_report(report: Report, path: Path, language: Language = "en") -> Path:
    """Write a PDF where the name ends in .pdf, else a page; whole or not at all.

    Raises OSError where the folder cannot be written, `FabricError` where the library that makes a PDF is missing.
    """
    if path.suffix.lower() != ".pdf":
        return write_whole(path, html_report(report, language).encode())
    try:
        from eximledger.reports.pdf import pdf_report
    except ImportError as error:
        raise FabricError(f"a report as PDF needs {error.name}: pip install 'eximledger[serve]'") from None
    return write_whole(path, pdf_report(report, language))
