"""Looking papers up in the register of all banks."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.contracts.state.keys import paper_exact_key, paper_near_key
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.lending.fingerprints import Similarity
from eximledger_chaincode.lending.register import (
    FinancedPapers,
    PaperFingerprint,
    PaperMatch,
    PaperStanding,
    near_hashes,
)
from hlf_chaincode.contract import Context

__all__ = ["read_matches"]


async def read_matches(context: Context, loan_id: str, papers: Sequence[PaperFingerprint]) -> tuple[PaperMatch, ...]:
    """What other loans have of these papers, the closest likeness for each paper and loan; one batch of reads."""
    asked = [(paper, similarity, key) for paper in papers for similarity, key in _keys(paper)]
    values = await context.stub.get_states(list(dict.fromkeys(key for _, _, key in asked)))
    stored = dict(zip(dict.fromkeys(key for _, _, key in asked), values, strict=True))
    found: dict[tuple[str, str, str], PaperMatch] = {}
    for paper, similarity, key in asked:
        value = stored[key]
        for other in decode(FinancedPapers, value).papers if value else ():
            if other.loan_id != loan_id:
                match = PaperMatch(
                    kind=paper.kind,
                    id=paper.id,
                    similarity=similarity,
                    standing=PaperStanding.STANDING,
                    same_bank=other.bank == context.creator.msp_id,
                )
                found.setdefault((paper.kind, paper.id, other.loan_id), match)
    return tuple(found[key] for key in sorted(found))


def _keys(paper: PaperFingerprint) -> list[tuple[Similarity, str]]:
    """The closest likeness first."""
    near = [(trait, paper_near_key(trait, value)) for trait, value in near_hashes(paper.fingerprint).items()]
    return [(Similarity.EXACT, paper_exact_key(paper.fingerprint.exact)), *near]
