"""Looking papers up in the register of all banks, and leaving a loan's marks there.

By the tokens that SAFE's peer gave the loan (`keying`): whoever endorses an approval, the bank's peer or SAFE's, reads
and writes the same public rows, and knows nothing of the secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eximledger_chaincode.contracts.state.calendar import read_matching_generation
from eximledger_chaincode.contracts.state.keys import financed_key, mark_key, tokens_key
from eximledger_chaincode.contracts.state.names import shared_with
from eximledger_chaincode.contracts.state.records import decode, decode_once, encode
from eximledger_chaincode.contracts.state.vault import Vault, open_vault
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.matching import FinancedRow, LoanTokens, mark_of, matches_in
from eximledger_chaincode.lending.register import Holding, PaperFingerprint, PaperMatch, PaperStanding
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import Refused

__all__ = ["Lookup", "enter_papers", "open_lookup", "open_tokens", "read_matches", "read_rows", "rows_of", "write_rows"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What SAFE's peer shares with a bank for one loan, and the generation that holds on the business day."""

    tokens: LoanTokens
    generation: int
    shared: Vault

    def missing(self, papers: Iterable[PaperFingerprint]) -> list[PaperFingerprint]:
        """Papers that were not looked up under the day's generation as they are now."""
        return [paper for paper in papers if not self.tokens.has(paper, self.generation)]


async def open_lookup(context: Context, bank: str, loan_id: str) -> Lookup:
    """The loan's tokens as they stand; none before its papers were looked up."""
    shared, tokens = await open_tokens(context, bank, loan_id)
    return Lookup(tokens, await read_matching_generation(context), shared)


async def open_tokens(context: Context, bank: str, loan_id: str) -> tuple[Vault, LoanTokens]:
    """What SAFE's peer shares with a bank, and the loan's tokens there."""
    shared = await open_vault(context, shared_with(bank), [tokens_key(loan_id)])
    stored = await shared.get(tokens_key(loan_id))
    return shared, LoanTokens() if stored is None else decode_once(LoanTokens, stored)


def rows_of(papers: Sequence[PaperFingerprint], tokens: LoanTokens) -> list[str]:
    """The keys of the public rows in which these papers stand or would stand."""
    return [financed_key(token) for paper in papers if (found := tokens.of_paper(paper)) for token in found.every]


async def read_matches(
    context: Context, loan: Loan, papers: Sequence[PaperFingerprint], lookup: Lookup, holding: Holding | None
) -> tuple[PaperMatch, ...]:
    """What other loans have of these papers. The bank's own are known by their marks, other banks' by nothing; the
    loan's own marks follow from its `holding`, where it has one, and are not asked for."""
    looked_up = [found for paper in papers if (found := lookup.tokens.of_paper(paper)) is not None]
    rows = await read_rows(context, [token for each in looked_up for token in each.every])
    own = {} if holding is None else {mark_of(holding.secret, token): loan.loan_id for token in rows}
    marks = sorted({mark for row in rows.values() for mark in row.marks} - own.keys())
    loans = await lookup.shared.get_many([mark_key(mark) for mark in marks])
    own |= {mark: found.decode() for mark, found in zip(marks, loans, strict=True) if found is not None}
    return matches_in(loan.loan_id, papers, lookup.tokens, rows, own)


async def enter_papers(context: Context, holding: Holding, standing: PaperStanding) -> None:
    """Leave the loan's mark in the row of every token of its papers, of the day's generation; what it left under
    another one is taken along. Raises `Refused` where a paper was not looked up under the day's.

    Each row is read and written whatever stands there: of two banks with one paper one commits.
    """
    lookup = await open_lookup(context, holding.bank, holding.loan_id)
    if lookup.missing(holding.papers):
        raise Refused(
            f"papers of loan {holding.loan_id} are to be looked up in the register of all banks first, under "
            f"generation {lookup.generation} (register:match)",
            loan_id=holding.loan_id,
        )
    now: dict[str, str] = {}
    stale: dict[str, str] = {}
    for found in (lookup.tokens.of_paper(paper) for paper in holding.papers):
        for each in found.sets if found is not None else ():
            marks = now if each.generation == lookup.generation else stale
            marks |= {token: mark_of(holding.secret, token) for token in each.every}
    rows = await read_rows(context, [*now, *stale])
    entered = sorted({mark for token, mark in now.items() if mark not in rows[token].marks})
    after = {token: rows[token].with_mark(mark, standing) for token, mark in now.items()}
    after |= {token: rows[token].without(mark) for token, mark in stale.items() if mark in rows[token].marks}
    await write_rows(context, after)
    # The bank is to know its marks again; of those that stood before it was told when they were entered.
    await lookup.shared.put_many({mark_key(mark): holding.loan_id.encode() for mark in entered})


async def read_rows(context: Context, tokens: Iterable[str]) -> dict[str, FinancedRow]:
    """The public rows by token, in one batch of reads; empty ones where nothing stands."""
    wanted = list(dict.fromkeys(tokens))
    stored = await context.stub.get_states([financed_key(token) for token in wanted])
    return {
        token: FinancedRow() if value is None else decode(FinancedRow, value)
        for token, value in zip(wanted, stored, strict=True)
    }


async def write_rows(context: Context, rows: Mapping[str, FinancedRow]) -> None:
    """Write rows; those without marks go."""
    await context.stub.put_states({financed_key(token): encode(row) for token, row in rows.items() if row.marks})
    for token in sorted(token for token, row in rows.items() if not row.marks):
        await context.stub.delete_state(financed_key(token))
