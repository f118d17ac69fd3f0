"""Looking papers up in the register of all banks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eximledger_chaincode.contracts.state.keys import paper_exact_key, paper_near_key
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.lending.fingerprints import Similarity
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.register import FinancedPapers, PaperFingerprint, PaperMatch, near_hashes
from hlf_chaincode.contract import Context

__all__ = ["paper_keys", "read_matches"]


def paper_keys(paper: PaperFingerprint) -> Mapping[Similarity, str]:
    """The keys under which a paper stands in the register, the closest likeness first."""
    near = {trait: paper_near_key(trait, value) for trait, value in near_hashes(paper.fingerprint).items()}
    return {Similarity.EXACT: paper_exact_key(paper.fingerprint.exact), **near}


async def read_matches(context: Context, loan: Loan, papers: Sequence[PaperFingerprint]) -> tuple[PaperMatch, ...]:
    """What other loans have of these papers, the closest likeness for each paper and loan; one batch of reads."""
    asked = [(paper, similarity, key) for paper in papers for similarity, key in paper_keys(paper).items()]
    keys = list(dict.fromkeys(key for _, _, key in asked))
    stored = dict(zip(keys, await context.stub.get_states(keys), strict=True))
    found: dict[tuple[str, str, str], PaperMatch] = {}
    for paper, similarity, key in asked:
        value = stored[key]
        for other in decode(FinancedPapers, value).papers if value else ():
            if other.loan_id != loan.loan_id:
                match = PaperMatch(
                    kind=paper.kind,
                    id=paper.id,
                    similarity=similarity,
                    standing=other.standing,
                    same_bank=other.bank == loan.bank,
                )
                found.setdefault((paper.kind, paper.id, other.loan_id), match)
    return tuple(found[key] for key in sorted(found))
