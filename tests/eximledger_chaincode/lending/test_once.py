"""What is worked out of a paper once."""

from __future__ import annotations

import gc

from tests.dongyu import DONGYU

from eximledger.formats import read
from eximledger_chaincode.documents import Document
from eximledger_chaincode.lending.likeness.once import OncePerPaper


def paper() -> Document:
    (found,) = read(DONGYU / "tradebank/invoice-DY-CI-260326-04.xml").documents
    return found


def test_it_is_worked_out_once_for_each_paper_and_forgotten_with_it() -> None:
    worked: list[str] = []

    def work(each: Document) -> str:
        worked.append(each.number)
        return each.number

    number = OncePerPaper(work)
    first, second = paper(), paper()
    assert first == second
    assert [number(each) for each in (first, second, first)] == [first.number] * 3
    assert len(worked) == 2  # equal papers are two all the same
    assert len(number._known) == 2
    del first
    gc.collect()
    assert len(number._known) == 1
    assert number(second.model_copy()) == second.number
    assert len(worked) == 3
