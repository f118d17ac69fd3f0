"""The papers of the Dongyu case dated from today, for tests on ledgers that go by the host's clock."""

from __future__ import annotations

import atexit
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from eximledger.demo import write_papers
from eximledger.formats import read
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

__all__ = ["CABLE", "DONGYU", "REPLACEMENT", "declaration_number"]

DONGYU: Final = write_papers(Path(mkdtemp(prefix="dongyu-")), day_in_china(utc_now()))
atexit.register(shutil.rmtree, DONGYU, ignore_errors=True)


def declaration_number(serial: str) -> str:
    """The number of this year's declaration that ends so: which year it names depends on today."""
    papers = read(DONGYU / "customs" / "declarations-2026.csv").documents
    (found,) = (paper.id for paper in papers if paper.id.endswith(serial))
    return found


CABLE: Final = declaration_number("0000410593")
REPLACEMENT: Final = declaration_number("0000284210")
