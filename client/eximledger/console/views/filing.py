"""Papers filed as far as the ledger takes them: which are there, and which were refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from eximledger.desk import Filed, LoanDesk
from eximledger_chaincode.documents import Document, LoanApplication
from eximledger_chaincode.lending.loan import Loan
from hlf_client.errors import Conflict, FabricError, InvalidDocument, NotAuthorized, NotFound, Refused

__all__ = ["Done", "RefusedPaper", "file_each"]

_REFUSED: Final = (InvalidDocument, NotAuthorized, Refused, Conflict, NotFound)
"""What is said of one paper; a ledger that does not answer is an error of the whole."""


@dataclass(frozen=True, slots=True)
class RefusedPaper:
    """A paper that is not on the ledger, and what was said of it."""

    document: Document
    error: FabricError


@dataclass(frozen=True, slots=True)
class Done:
    """What became of papers: all are in one of these. `waiting` are applications whose papers were refused."""

    filed: tuple[Filed, ...]
    loans: tuple[Loan, ...]
    refused: tuple[RefusedPaper, ...]
    waiting: tuple[LoanApplication, ...]


async def file_each(desk: LoanDesk, documents: Sequence[Document]) -> Done:
    """File papers kind by kind, and one by one where a kind is refused together, so that one bad paper keeps no other
    out; then apply for the loans among them, where no paper was refused."""
    applications = [each for each in documents if isinstance(each, LoanApplication)]
    papers = sorted((each for each in documents if not isinstance(each, LoanApplication)), key=lambda each: each.KIND)
    filed, refused = list[Filed](), list[RefusedPaper]()
    for _, group in groupby(papers, key=lambda each: each.KIND):
        of_kind = list(group)
        try:
            filed += await desk.file(of_kind)
        except _REFUSED as error:
            if len(of_kind) == 1:
                refused.append(RefusedPaper(of_kind[0], error))
                continue
            await _one_by_one(desk, of_kind, filed, refused)
    if refused:
        return Done(tuple(filed), (), tuple(refused), tuple(applications))
    loans = list[Loan]()
    for application in applications:
        try:
            loans.append(await desk.apply(application))
        except _REFUSED as error:
            refused.append(RefusedPaper(application, error))
    return Done(tuple(filed), tuple(loans), tuple(refused), ())


async def _one_by_one(
    desk: LoanDesk, documents: Sequence[Document], filed: list[Filed], refused: list[RefusedPaper]
) -> None:
    for each in documents:
        try:
            filed += await desk.file(each)
        except _REFUSED as error:
            refused.append(RefusedPaper(each, error))
