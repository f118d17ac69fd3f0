"""Declarations in any number, by exporters that no loan is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from stdnum.cn import uscc

from bench._papers import declaration_model
from eximledger_chaincode.documents import ExportDeclaration

__all__ = ["FILERS", "LENT_TO", "Lane", "filer"]

LENT_TO: Final = 1000
"""Exporters of loans have the numbers below, who only export those from it on: a country has 780,000 exporters, so that
an exporter's next declaration falls into the tenth of a second of its check hardly ever."""
FILERS: Final = 8192
_DAYS: Final = 300


@lru_cache(maxsize=FILERS)
def filer(number: int) -> str:
    """The code of a company that only exports."""
    body = f"91520600{LENT_TO + number % FILERS:09}"
    return body + str(uscc.calc_check_digit(body))


@dataclass(frozen=True, slots=True)
class Lane:
    """What one stream of batches files: declarations of exporters of its own, so that no two batches under way change
    one exporter's sums."""

    number: int
    of: int

    def declarations(self, first: int, count: int) -> Iterator[ExportDeclaration]:
        """Different declarations, by number, exporter and day."""
        model = declaration_model()
        days = {name: day for name, day in model if isinstance(day, date)}
        for number in range(first, first + count):
            seller = model.consignor.model_copy(update={"uscc": filer(self.number + self.of * (number // 7))})
            moved = {name: day - timedelta(days=number % _DAYS) for name, day in days.items()}
            said = {"declaration_number": f"224820260{number + 1:09}", "consignor": seller}
            yield model.model_copy(update=said | moved)
