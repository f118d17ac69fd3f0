"""More than one case may ask of lists and quotations is refused in a sentence, wherever it is found out."""

from __future__ import annotations

from datetime import date

import pytest
from tests.eximledger_chaincode.contracts.lending import opened

from eximledger_chaincode.contracts.casefile import wanted
from eximledger_chaincode.contracts.casefile.facts import FxFacts
from eximledger_chaincode.contracts.casefile.wanted import MAX_RATE_REQUESTS, NamedElsewhere
from eximledger_chaincode.lending.screening.subjects import MAX_SUBJECTS, Subject, SubjectKind
from hlf_chaincode.errors import Refused


def named(*, currencies: int = 1, days: int = 1, subjects: int = 0) -> NamedElsewhere:
    return NamedElsewhere(
        currencies=("EUR", "GBP", "JPY", "USD")[:currencies],
        days=tuple(date.fromordinal(739_000 + each) for each in range(days)),
        subjects=tuple(Subject(kind=SubjectKind.GOODS, code=f"{each:010}") for each in range(subjects)),
        foreign=(),
        least=88,
    )


def test_as_many_quotations_as_one_call_reads() -> None:
    assert len(named(currencies=3, days=MAX_RATE_REQUESTS // 3).with_fx(FxFacts()).rates) == MAX_RATE_REQUESTS
    with pytest.raises(Refused, match="4 foreign currencies on 401 days"):
        named(currencies=4, days=401).with_fx(FxFacts())


def test_as_many_subjects_as_one_call_screens() -> None:
    assert len(named(subjects=MAX_SUBJECTS).with_fx(FxFacts()).subjects) == MAX_SUBJECTS
    with pytest.raises(Refused, match=f"{MAX_SUBJECTS + 1} parties"):
        named(subjects=MAX_SUBJECTS + 1).with_fx(FxFacts())


async def test_more_than_may_be_told_is_refused_before_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "_MAX_NAMED_SUBJECTS", 1)

    lending = await opened(1)
    await lending.apply()
    with pytest.raises(Refused, match="are screened at once"):
        await lending.check()
