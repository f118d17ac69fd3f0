"""One paper at several banks: fingerprints of all loans' papers laid side by side, exact and near.

The register's tokens hide who has a paper, from SAFE's officers, too; the banks' own fingerprints, which SAFE may read,
do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from eximledger.supervision._spool import Spool
from eximledger_chaincode.contracts.supervision import LoanPapers
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.matching import likenesses
from eximledger_chaincode.lending.register import PaperStanding

__all__ = ["Duplicate", "FinancedPaper", "PaperIndex"]

_SCHEMA: Final = """
CREATE TABLE paper (serial INTEGER PRIMARY KEY, bank TEXT, loan TEXT, kind TEXT, id TEXT, standing TEXT);
CREATE TABLE trait (similarity INTEGER, hash BLOB, paper INTEGER, bank TEXT);
"""
_INDEX: Final = "CREATE INDEX IF NOT EXISTS by_hash ON trait (similarity, hash, bank, paper)"
_SIMILARITIES: Final = tuple(Similarity)
_SHARED: Final = """
SELECT similarity, hash FROM trait GROUP BY similarity, hash
HAVING MIN(bank) < MAX(bank) ORDER BY similarity, MIN(paper)
"""
_OF_HASH: Final = """
SELECT DISTINCT paper.bank, loan, kind, id, standing FROM trait JOIN paper ON paper.serial = trait.paper
WHERE similarity = ? AND hash = ? ORDER BY paper.bank, loan, kind, id
"""


@dataclass(frozen=True, slots=True)
class FinancedPaper:
    """A paper by its bank, loan and name. `standing` is None where the loan was applied for and never approved."""

    bank: str
    loan_id: str
    kind: str
    id: str
    standing: PaperStanding | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Papers of two banks or more that are the same, alike in all but one trait, or of one container at one time."""

    similarity: Similarity
    papers: tuple[FinancedPaper, ...]


class PaperIndex:
    """All banks' papers by what makes them alike."""

    def __init__(self) -> None:
        self._spool = Spool(_SCHEMA)
        self._papers = 0

    def close(self) -> None:
        self._spool.close()

    def add(self, bank: str, loan: LoanPapers) -> None:
        """Add a loan's papers."""
        papers, traits = [], []
        for paper in loan.papers:
            self._papers += 1
            papers.append((self._papers, bank, loan.loan_id, paper.kind, paper.id, loan.standing))
            traits += [
                (_SIMILARITIES.index(similarity), bytes.fromhex(found), self._papers, bank)
                for similarity, found in likenesses(paper.fingerprint)
            ]
        self._spool.put("INSERT INTO paper VALUES (?, ?, ?, ?, ?, ?)", papers)
        self._spool.put("INSERT INTO trait VALUES (?, ?, ?, ?)", traits)

    def duplicates(self) -> Iterator[Duplicate]:
        """Papers that banks share: the same first, then by how they are alike. A group of papers is told once, by its
        closest likeness."""
        self._spool.run(_INDEX)
        told: set[tuple[FinancedPaper, ...]] = set()
        for place, found in self._spool.rows(_SHARED):
            papers = tuple(_paper(*row) for row in self._spool.rows(_OF_HASH, (place, found)))
            if papers not in told:
                told.add(papers)
                yield Duplicate(_SIMILARITIES[int(str(place))], papers)


def _paper(bank: object, loan_id: object, kind: object, id_: object, standing: object) -> FinancedPaper:
    known = None if standing is None else PaperStanding(str(standing))
    return FinancedPaper(str(bank), str(loan_id), str(kind), str(id_), known)
